"""A plain HTTP client for tests of the real server: one request per connection, no cookies unless given."""

import csv
import re
import urllib.error
import urllib.request
from dataclasses import dataclass
from http.client import HTTPException
from io import StringIO
from urllib.parse import urlencode

from werkzeug.test import encode_multipart

RECEIPT = re.compile(r'<output id="receipt"[^>]*>([\d ]+)</output>')
MINIMAL = {"theme": "drugs", "place": "vasby_centrum"}
TIMEOUT_SECONDS = 20


class KeepStatus(urllib.request.HTTPRedirectHandler):
    """Shows redirects instead of following them."""

    def redirect_request(self, *args):
        return None


_opener = urllib.request.build_opener(KeepStatus, urllib.request.ProxyHandler({}))


@dataclass(frozen=True)
class Answer:
    """What came back, header names in small letters. ``receipt`` is None unless a report was acknowledged."""

    status: int
    headers: dict
    body: bytes

    @property
    def receipt(self):
        found = RECEIPT.search(self.body.decode("utf-8", "replace"))
        return found[1] if found else None


def ask(url, *, form=None, method=None, headers=None, files=False):
    """GET, or POST when there is a form. Raises ``OSError`` when no whole answer comes back."""
    headers, body = dict(headers or {}), None
    if files:
        boundary, body = encode_multipart(form)
        headers["Content-Type"] = f"multipart/form-data; boundary={boundary}"
    elif form is not None:
        body = urlencode(form, doseq=True).encode()
    request = urllib.request.Request(url, data=body, method=method, headers=headers)
    try:
        with _opener.open(request, timeout=TIMEOUT_SECONDS) as answer:
            return _answer(answer.status, answer)
    except urllib.error.HTTPError as answer:
        with answer:
            return _answer(answer.code, answer)
    except HTTPException as half_an_answer:
        raise ConnectionError(url) from half_an_answer


def _answer(status, message):
    return Answer(status, {name.lower(): value for name, value in message.headers.items()}, message.read())


def exported(server):
    """Every stored report as the command line gives it out, as dictionaries."""
    text = server.run("reports", "export", "--for", "machines").stdout.decode("utf-8")
    return list(csv.DictReader(StringIO(text, newline="")))
