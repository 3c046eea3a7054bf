"""What is answered from memory, in the event loop: kept pages, and the pages of refusals."""

from typing import Any

from citizen_portal.front.calls import Call, Headers, Wsgi, environ_for_memory
from citizen_portal.web.kept import REFUSED, KeptPages
from citizen_portal.web.transport import HSTS

METHODS = {"GET", "HEAD"}


class Memory:
    """Kept pages and refusals of an app.

    ``https`` says that visitors come over TLS in any case, ``trusted_proxies`` how many may say so of one.
    """

    def __init__(self, app: Wsgi, kept: KeptPages, *, https: bool, trusted_proxies: int) -> None:
        self._app, self._kept = app, kept
        self._https, self._trusted_proxies = https, trusted_proxies

    def answer(self, scope: Any) -> tuple[int, Headers, bytes] | None:
        """Status, headers and bytes of a page that is kept."""
        query = scope.query_string
        page = self._kept.pages.get(f"{scope.path}?{query}" if query else scope.path)
        if page is None or scope.method not in METHODS:
            return None
        asked = scope.headers.get
        over_tls = self._over_tls(asked)
        if over_tls is None:
            return self._from_app(environ_for_memory(scope))
        status, headers, body = page.answer(asked("accept-encoding", ""), asked("if-none-match", ""))
        headers = [*headers, HSTS] if over_tls else headers
        return int(status[:3]), headers, b"" if scope.method == "HEAD" else body

    def refuse(self, scope: Any, status: int) -> tuple[int, Headers, bytes]:
        """Status, headers and bytes of a refusal."""
        environ = environ_for_memory(scope)
        environ[REFUSED] = status
        return self._from_app(environ)

    def _over_tls(self, asked: Any) -> bool | None:
        """Whether the visitor came over TLS; None when that takes the layers around the app to say."""
        if not self._trusted_proxies:
            return self._https if asked("x-forwarded-for") is None else None
        told = asked("x-forwarded-proto")
        if told in {"http", "https", None} and self._trusted_proxies == 1:
            return self._https or told == "https"
        return None

    def _from_app(self, environ: dict[str, Any]) -> tuple[int, Headers, bytes]:
        call = Call(self._app, environ)
        answer = call.begin()
        return call.status, call.headers, answer.first
