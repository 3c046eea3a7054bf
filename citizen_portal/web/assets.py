"""Assets: style sheets, scripts and images, under addresses that hold their own digest.

There is no build step: at start the style sheets are joined and stripped of comments and blanks, each file gets an
immutable address and is kept compressed in memory. A new release has new addresses, so nothing is ever stale.
"""

import hashlib
from collections.abc import Iterable
from pathlib import Path

import rcssmin
import rjsmin
from flask import Response, current_app, request

from citizen_portal.web.kept import FOR_GOOD, KeptPages

PORTAL_STYLES = ("tokens", "base", "layout", "components", "report", "survey", "print")
# Each a sheet of its own, for the few pages that want it.
SHEETS_APART = ("staff", "results")
CONTENT_TYPES = {
    # Without a charset: scripts are always UTF-8, and style sheets are read as their page is.
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
}
DIGEST_LENGTH = 10


class Assets:
    """Names of assets and the addresses they are served at."""

    def __init__(self, kept: KeptPages) -> None:
        self._kept = kept
        self._addresses: dict[str, str] = {}

    def add(self, name: str, body: bytes) -> None:
        """Serve ``body`` under an address made of its name and digest."""
        path = Path(name)
        digest = hashlib.sha256(body).hexdigest()[:DIGEST_LENGTH]
        address = f"/static/{path.with_suffix('')}.{digest}{path.suffix}"
        self._addresses[name] = address
        self._kept.keep(address, body, _headers(path.suffix))

    def address(self, name: str) -> str:
        """Where an asset is served. Raises ``KeyError`` for a name there is no file for."""
        return self._addresses[name]


def load_assets(assets: Assets, folder: Path, *, accent: str, accent_dark: str) -> None:
    """Add every file of the static folder; the municipality's two accent colours lead the style sheet."""
    colours = f":root{{--accent:{accent};--accent-dark:{accent_dark}}}"
    assets.add("portal.css", _joined(folder, PORTAL_STYLES, colours))
    for name in SHEETS_APART:
        assets.add(f"{name}.css", _joined(folder, [name], ""))
    for path in sorted(folder.glob("js/**/*.js")):
        assets.add(path.relative_to(folder).as_posix(), rjsmin.jsmin(path.read_text("utf-8")).encode())
    for path in sorted(folder.glob("img/*.svg")):
        assets.add(path.relative_to(folder).as_posix(), path.read_bytes())


def answer_for_good(suffix: str, body: bytes) -> Response:
    """Answer with what never changes at the address of this request; from now on it is answered from memory."""
    headers = _headers(suffix)
    current_app.extensions["kept_pages"].keep(request.path, body, headers)
    return Response(body, headers=headers)


def _joined(folder: Path, names: Iterable[str], start: str) -> bytes:
    sheets = [(folder / "css" / f"{name}.css").read_text("utf-8") for name in names]
    return rcssmin.cssmin("\n".join([start, *sheets])).encode()


def _headers(suffix: str) -> list[tuple[str, str]]:
    # Only a drawing can be opened as a page of its own; a page's own policy rules over what it loads.
    policy = [("Content-Security-Policy", "default-src 'none'")] if suffix == ".svg" else []
    return [
        ("Content-Type", CONTENT_TYPES[suffix]),
        ("Cache-Control", FOR_GOOD),
        ("X-Content-Type-Options", "nosniff"),
        *policy,
    ]
