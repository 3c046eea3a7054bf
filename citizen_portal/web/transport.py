"""What the connection was: HSTS on every answer that went over TLS, and a word about a proxy that nobody trusts.

The outermost layer but for the one that believes the trusted proxy, so that kept pages and assets pass through it too.
"""

import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from flask import Flask

ONE_YEAR_IN_SECONDS = 31_536_000
HSTS = ("Strict-Transport-Security", f"max-age={ONE_YEAR_IN_SECONDS}")
FORWARDED_MARK = "forwarded-without-proxy"

Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class Transport:
    """The layer. ``always`` is for a site whose public address is https; ``mark`` is the file to make, or None."""

    def __init__(self, app: Wsgi, *, always: bool, mark: Path | None) -> None:
        self._app, self._always, self._mark = app, always, mark

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if self._mark and "HTTP_X_FORWARDED_FOR" in environ:
            make_mark(self._mark)
            self._mark = None
        if not self._always and environ["wsgi.url_scheme"] != "https":
            return self._app(environ, start_response)

        def start(status: str, headers: list[tuple[str, str]], *rest: object) -> object:
            return start_response(status, [*headers, HSTS], *rest)

        return self._app(environ, start)


def make_mark(mark: Path) -> None:
    """Make an empty file that says that something happened, and not when: its time is the beginning of 1970."""
    try:
        mark.touch(mode=0o600)
        os.utime(mark, (0, 0))
    except OSError:  # nobody's page may wait for a mark
        return


def init_transport(app: Flask, *, https: bool, mark: Path | None) -> None:
    """Wrap the app, after every other layer and before the one that believes a proxy."""
    app.wsgi_app = Transport(app.wsgi_app, always=https, mark=mark)
