"""Kept pages: bytes that are the same for every visitor, answered before Flask is entered.

A resident's page holds no secret and no per-visitor state, so it is rendered once per language, compressed at
the highest level and kept in memory, as every asset is. Only addresses a view has vouched for are kept, so the
store is as finite as the site is.
"""

import gzip
import hashlib
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import brotli
from flask import Flask, Response, current_app, g, request

from citizen_portal.web.compression import coding_of

P = ParamSpec("P")
R = TypeVar("R")
StartResponse = Callable[..., Any]
WsgiApp = Callable[[dict[str, Any], StartResponse], Iterable[bytes]]

MOST_TEXTS = 100
# How long a proxy that keeps pages, too, may answer with one before it asks again: nginx's own word for it, which it
# takes out. What says 0 is never kept there.
FOR_PROXY, PROXY_SECONDS = "X-Accel-Expires", 10
FOR_GOOD = "max-age=31536000, immutable"  # what the bytes of an asset may be cached for
# The name in the environ of a request's status, when it is refused before the framework sees it.
REFUSED = "citizen_portal.refused"
MADE_PER_ANSWER = {"content-length", "content-encoding", "etag", "vary"}


@dataclass(frozen=True, slots=True)
class KeptPage:
    """One address's bytes, ready to send: the answer per content coding, each with its headers.

    ``etag`` is empty for bytes that never change at their address.
    """

    answers: dict[str, tuple[list[tuple[str, str]], bytes]]
    etag: str
    not_modified: list[tuple[str, str]]

    @classmethod
    def of(cls, body: bytes, headers: Iterable[tuple[str, str]]) -> "KeptPage":
        """Compress ``body`` into every coding a browser may ask for."""
        shared = [(name, value) for name, value in headers if name.lower() not in MADE_PER_ANSWER]
        shared.append(("Vary", "Accept-Encoding"))
        if FOR_PROXY not in dict(shared):
            shared.append((FOR_PROXY, str(PROXY_SECONDS)))
        etag = ""
        # What never changes is never asked for again. Weak, because the same page has other bytes in every coding.
        if ("Cache-Control", FOR_GOOD) not in shared:
            etag = f'W/"{hashlib.sha256(body).hexdigest()[:16]}"'
            shared.append(("ETag", etag))
        bodies = {"": body, "gzip": gzip.compress(body, 9, mtime=0), "br": brotli.compress(body, quality=11)}
        answers = {coding: (_with_length(shared, coding, content), content) for coding, content in bodies.items()}
        return cls(answers, etag, shared)

    def answer(self, accepted: str, known: str) -> tuple[str, list[tuple[str, str]], bytes]:
        """Status, headers (the kept ones: copy them) and bytes for an ``Accept-Encoding`` and an ``If-None-Match``."""
        if self.etag and self.etag in known:
            return "304 NOT MODIFIED", self.not_modified, b""
        headers, body = self.answers[coding_of(accepted)]
        return "200 OK", headers, body


@dataclass(slots=True)
class KeptPages:
    """The WSGI layer around the app, and the store it answers from."""

    app: WsgiApp
    pages: dict[str, KeptPage] = field(default_factory=dict)
    texts: dict[Hashable, str] = field(default_factory=dict)
    # By the first part of the address and the status; those of the first part that is none are for all others.
    refusals: dict[tuple[str, int], tuple[str, list[tuple[str, str]], bytes]] = field(default_factory=dict)

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        if REFUSED in environ:
            return self._refuse(environ, start_response)
        if environ["REQUEST_METHOD"] in {"GET", "HEAD"}:
            query = environ.get("QUERY_STRING")
            address = f"{environ['PATH_INFO']}?{query}" if query else environ["PATH_INFO"]
            page = self.pages.get(address)
            if page is not None:
                asked = environ.get
                status, headers, body = page.answer(asked("HTTP_ACCEPT_ENCODING", ""), asked("HTTP_IF_NONE_MATCH", ""))
                start_response(status, list(headers))
                return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]
        return self.app(environ, start_response)

    def _refuse(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        prefix, status = environ["PATH_INFO"].split("/", 2)[1:2], environ[REFUSED]
        refusal = self.refusals.get(("".join(prefix), status)) or self.refusals[("", status)]
        status_line, headers, body = refusal
        start_response(status_line, list(headers))
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]

    def keep(self, address: str, body: bytes, headers: Iterable[tuple[str, str]]) -> KeptPage:
        """Keep these bytes for this path (with its query, if any)."""
        page = self.pages[address] = KeptPage.of(body, headers)
        return page

    def text(self, key: Hashable, render: Callable[[], str]) -> str:
        """A text that depends on nothing but ``key``; rendered when it is not kept yet."""
        text = self.texts.get(key)
        if text is None:
            text = render()
            # The key may hold an address that a visitor made up, so there is an end to them.
            if len(self.texts) >= MOST_TEXTS:
                self.texts.clear()
            self.texts[key] = text
        return text


def init_kept_pages(app: Flask) -> KeptPages:
    """Wrap the app. Register before every other after_request, so that it sees the finished headers."""
    kept = KeptPages(app.wsgi_app)
    app.wsgi_app = kept  # the way Flask documents to wrap it
    app.extensions["kept_pages"] = kept

    @app.after_request
    def keep_vouched_pages(response: Response) -> Response:
        if g.get("keep_page") and response.status_code == 200 and request.method == "GET":
            response.headers["Cache-Control"] = "no-cache"
            page = kept.keep(request.full_path.rstrip("?"), response.get_data(), response.headers.items())
            # The first visitor after a start gets the same small bytes as everyone after them.
            headers, body = page.answers[coding_of(request.headers.get("Accept-Encoding", ""))]
            return Response(body, headers=headers)
        return response

    return kept


def kept_text(key: Hashable, render: Callable[[], str]) -> str:
    """The app's kept text of this key at the address of the request (so in its language, and naming its host)."""
    address = (request.scheme, request.host, request.root_path, request.path)
    return current_app.extensions["kept_pages"].text((address, key), render)


def keep_this_page() -> None:
    """Vouch for the page being made: at this address it is the same bytes for everyone until the server restarts."""
    g.keep_page = True


def kept_page(view: Callable[P, R]) -> Callable[P, R]:
    """A view whose page, without a query, is always one to keep."""

    @wraps(view)
    def vouched(*args: P.args, **kwargs: P.kwargs) -> R:
        if not request.query_string:
            keep_this_page()
        return view(*args, **kwargs)

    return vouched


def _with_length(headers: list[tuple[str, str]], coding: str, body: bytes) -> list[tuple[str, str]]:
    content_coding = [("Content-Encoding", coding)] if coding else []
    return [*headers, *content_coding, ("Content-Length", str(len(body)))]
