"""A connection to PostgreSQL that does not wait for an answer without end."""

import threading
import time
from typing import Any

import psycopg
from psycopg.errors import ConnectionTimeout
from psycopg.pq import TransactionStatus

from citizen_portal.storage.waits import ANSWER_SECONDS

# After a connection that was not made in time, how long nobody else tries.
BETWEEN_TRIES_SECONDS = 2


class BoundedConnection(psycopg.Connection[Any]):
    """Closes itself when the server has said nothing for ``longest_wait`` seconds, and raises ``OperationalError``.

    psycopg bounds the making of a connection only, and PostgreSQL's own limits need a server that runs.
    """

    longest_wait: float = ANSWER_SECONDS

    def wait(self, *args: Any, timeout: float | None = None, **kwargs: Any) -> Any:
        """Wait for what was asked of the server."""
        try:
            return super().wait(*args, timeout=self.longest_wait if timeout is None else timeout, **kwargs)
        except psycopg.OperationalError:
            if self.pgconn.transaction_status == TransactionStatus.ACTIVE:
                # The answer may still come, and would be taken for that of the next question.
                self.pgconn.finish()
            raise


class Connecting:
    """Makes connections. Where one was not made in time, the next callers are told so at once and not one by one."""

    def __init__(self) -> None:
        self._lock, self._not_before = threading.Lock(), 0.0

    def __call__(self, _dialect: object, _record: object, arguments: Any, options: dict[str, Any]) -> BoundedConnection:
        """Connect as SQLAlchemy would."""
        with self._lock:
            if time.monotonic() < self._not_before:
                raise ConnectionTimeout("PostgreSQL did not answer a moment ago")
        try:
            return BoundedConnection.connect(*arguments, **options)
        except ConnectionTimeout:
            with self._lock:
                self._not_before = time.monotonic() + BETWEEN_TRIES_SECONDS
            raise
