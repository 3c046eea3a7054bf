"""Requests as a phone's browser sends them, as bytes."""

import itertools
from collections.abc import Callable
from urllib.parse import urlencode

from citizen_portal.municipality import Municipality

URLENCODED = "application/x-www-form-urlencoded"
BOUNDARY = "----WebKitFormBoundaryqR7mYk2TzE9xLwPd"
BROWSER = (
    "Host: 127.0.0.1\r\n"
    "User-Agent: Mozilla/5.0 (Linux; Android 14; Pixel 7) AppleWebKit/537.36 Chrome/140.0.0.0 Mobile Safari/537.36\r\n"
    "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8\r\n"
    "Accept-Encoding: gzip, deflate, br, zstd\r\n"
    "Accept-Language: sv-SE,sv;q=0.9,en;q=0.8\r\n"
    "Sec-Fetch-Site: same-origin\r\n"
    "Sec-Fetch-Mode: navigate\r\n"
    "Connection: keep-alive\r\n"
)


def filled_in(municipality: Municipality) -> list[tuple[str, str]]:
    """A filled-in report, every field of the form in the page's order; what was left empty is sent empty."""
    return [
        ("website", ""),
        ("theme", municipality.themes[0].code),
        ("place", municipality.places[0].code),
        ("place_text", "gången bakom biblioteket"),
        ("latitude", ""),
        ("longitude", ""),
        ("precision", "street"),
        ("happened", "week"),
        ("happened", ""),
        ("unsafe", "3"),
        ("light", "dark"),
        ("reasons", municipality.reasons[0].code),
        ("description", "Två av tre lampor är trasiga sedan en vecka. Flera av oss går en omväg hem på kvällen."),
    ]


def getter(path: str) -> Callable[[], bytes]:
    """A function that gives the GET of a page."""
    request = f"GET {path} HTTP/1.1\r\n{BROWSER}\r\n".encode()
    return lambda: request


class Posts:
    """Makes POSTs of reports, no two alike, as if each came through a proxy from a visitor of its own.

    ``urlencoded`` sends what a plain client would; otherwise the multipart form of a browser, with the part of
    the photos left empty. ``keyed`` adds the submission key that the page's JavaScript makes.
    """

    def __init__(self, fields: list[tuple[str, str]], *, urlencoded: bool = False, keyed: bool = True) -> None:
        self._numbers = itertools.count()
        self._fields, self._urlencoded, self._keyed = fields, urlencoded, keyed

    def __call__(self) -> bytes:
        number = next(self._numbers)
        fields = [(name, f"{value} ({number})" if name == "description" else value) for name, value in self._fields]
        fields.insert(0, ("submission_key", f"{number:032x}" if self._keyed else ""))
        body = urlencode(fields).encode() if self._urlencoded else _multipart(fields)
        content_type = URLENCODED if self._urlencoded else f"multipart/form-data; boundary={BOUNDARY}"
        visitor = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
        head = (
            f"POST /sv/report HTTP/1.1\r\n{BROWSER}Origin: http://127.0.0.1\r\nX-Forwarded-For: {visitor}\r\n"
            f"Content-Type: {content_type}\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        return head.encode() + body


def _multipart(fields: list[tuple[str, str]]) -> bytes:
    parts = [f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}' for name, value in fields]
    parts.append(
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="photos"; filename=""\r\n'
        "Content-Type: application/octet-stream\r\n\r\n"
    )
    return "\r\n".join([*parts, f"--{BOUNDARY}--\r\n"]).encode()
