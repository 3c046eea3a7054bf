"""The guard: refuses other host names, posts from other sites and broken ones, and puts the security headers on.

Cross-site refusal reads ``Sec-Fetch-Site`` and ``Origin``, so it needs neither a cookie nor a hidden token and
a resident's page can be the same bytes for everyone. A request with neither header is no browser's doing,
and without a browser there is nobody to trick.
"""

from urllib.parse import urlsplit

from flask import Flask, Response, request
from werkzeug.exceptions import Forbidden, MisdirectedRequest, NotFound

from citizen_portal.web.forms import readable_text
from citizen_portal.web.kept import FOR_GOOD
from citizen_portal.web.throttle import WINDOW_MINUTES

SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
RETRY_AFTER_SECONDS = {429: WINDOW_MINUTES * 60, 503: 60}

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "img-src 'self'",
        "style-src 'self'",
        "script-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)

HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    # "no-referrer" would have Chromium post the form with "Origin: null" and the guard refuse it.
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(self)",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class CrossSitePost(Forbidden):
    """A form on another site tried to post here."""


def init_guard(app: Flask, *, own_hosts: frozenset[str]) -> None:
    """Register the refusals and the headers.

    A request for a host that is not among ``own_hosts`` (when there are any) is refused, so that no address on a page
    or in the feed begins with a name that a visitor made up. A page that is kept for everyone holds no such address.
    """
    headers = {**HEADERS, "Cache-Control": "no-store"}

    @app.before_request
    def refuse_other_hosts() -> None:
        if own_hosts and _host_name(request.host) not in own_hosts:
            raise MisdirectedRequest

    @app.before_request
    def refuse_unreadable_addresses() -> None:
        # A part of the address may be looked up in a database, which would break on it.
        if readable_text(request.path) != (request.path.strip(), False):
            raise NotFound

    @app.before_request
    def refuse_cross_site_and_broken_posts() -> None:
        if request.method in SAFE_METHODS:
            return
        if _comes_from_another_site():
            raise CrossSitePost
        # Before any view, one that looks at no field included: what came by half changes nothing anywhere.
        request.take_body()

    @app.after_request
    def add_headers(response: Response) -> Response:
        if response.headers.get("Cache-Control") == FOR_GOOD:
            return response  # an asset, which is no document: it brings the headers it needs
        already = {name.lower() for name, _value in response.headers}
        response.headers.extend((name, value) for name, value in headers.items() if name.lower() not in already)
        if response.status_code in RETRY_AFTER_SECONDS:
            response.headers.setdefault("Retry-After", str(RETRY_AFTER_SECONDS[response.status_code]))
        return response


def _host_name(host: str) -> str | None:
    """The name in a Host header without its port, in small letters; None for what is no host."""
    try:
        return urlsplit(f"//{host}").hostname
    except ValueError:
        return None


def _comes_from_another_site() -> bool:
    fetch_site = request.headers.get("Sec-Fetch-Site")
    if fetch_site is not None:
        return fetch_site not in {"same-origin", "none"}
    origin = request.headers.get("Origin")
    return origin is not None and origin.partition("://")[2] != request.host
