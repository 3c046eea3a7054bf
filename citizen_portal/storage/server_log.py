"""What a PostgreSQL server writes down by itself of times and words, beside the tables: its log, and its archive."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, text

# Escapes of log_line_prefix that give a time (t, m, n, s) or an address (h, r); "%%" is a sign.
_DATED = re.compile(r"(?<!%)(?:%%)*%-?\d*[tmnshr]")


@dataclass(frozen=True, slots=True)
class KeptByServer:
    """A setting, the value with which the server keeps nothing, and what it keeps with any other.

    ``grave`` when that holds a resident's words or the time of a report.
    """

    name: str
    silent: str
    keeps: str
    grave: bool = False


KEPT_BY_SERVER = (
    KeptByServer("track_commit_timestamp", "off", "the server keeps the microsecond of every report", grave=True),
    KeptByServer(
        "log_statement", "none", "the server's log gets statements, and with them what residents write", grave=True
    ),
    KeptByServer(
        "log_min_duration_statement", "-1", "the server's log gets slow statements, and the time of them", grave=True
    ),
    KeptByServer(
        "log_min_duration_sample", "-1", "the server's log gets some slow statements, and the time of them", grave=True
    ),
    KeptByServer(
        "log_transaction_sample_rate", "0", "the server's log gets the statements of some transactions", grave=True
    ),
    KeptByServer(
        "log_parameter_max_length_on_error", "0", "the server's log gets a resident's words with an error", grave=True
    ),
    KeptByServer("log_duration", "off", "the server's log gets the time of every statement", grave=True),
    KeptByServer("log_connections", "off", "the server's log gets the time of connections"),
    KeptByServer("log_disconnections", "off", "the server's log gets the time of connections"),
    KeptByServer(
        "archive_mode", "off", "archived log holds order and time of all that came in: keep it as short as can be"
    ),
)
LINE_PREFIX = "log_line_prefix"


def kept_by_server(connection: Connection) -> Iterator[tuple[bool, str]]:
    """What this server keeps: whether that is grave, and a sentence. Settings that it does not know keep nothing."""
    for each in KEPT_BY_SERVER:
        value = _setting(connection, each.name)
        if value not in {each.silent, ""}:
            yield each.grave, f"PostgreSQL has {each.name}={value}: {each.keeps}"
    prefix = _setting(connection, LINE_PREFIX)
    if dates_lines(prefix):
        sentence = "each line of the log has its time or an address, and an error that a report met is a line"
        yield False, f"PostgreSQL has {LINE_PREFIX}={prefix.strip()}: {sentence}: leave '%p ' of it"


def dates_lines(prefix: str) -> bool:
    """Whether a ``log_line_prefix`` gives each line a time or an address."""
    return bool(_DATED.search(prefix))


def _setting(connection: Connection, name: str) -> str:
    """The value in force, empty where this release of the server has no such setting."""
    return connection.execute(text("SELECT current_setting(:name, true)"), {"name": name}).scalar() or ""
