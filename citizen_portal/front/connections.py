"""Connections of visitors, where the server has no word for what has to be done with them."""

import os
import socket
from contextlib import suppress
from pathlib import Path

OPEN_FILES = next(folder for folder in (Path("/proc/self/fd"), Path("/dev/fd")) if folder.exists())


def hang_up(visitor: str) -> None:
    """Break the connection of a visitor (``address:port``): what has been sent must not look like all there was."""
    for open_file in os.listdir(OPEN_FILES):
        # Of what has been closed meanwhile, or is no connection, there is nothing to ask.
        with suppress(OSError), _connection(int(open_file)) as connection:
            if _named(connection.getpeername()) == visitor:
                connection.shutdown(socket.SHUT_RDWR)


def is_there(visitor: str) -> bool:
    """Whether a visitor's connection stands (``address:port``); one that the visitor has broken off has no peer."""
    for open_file in os.listdir(OPEN_FILES):
        with suppress(OSError), _connection(int(open_file)) as connection:
            if _named(connection.getpeername()) == visitor:
                return True
    return False


def _connection(number: int) -> socket.socket:
    """A second handle of an open connection. Raises ``OSError`` when it is none."""
    copy = os.dup(number)
    try:
        return socket.socket(fileno=copy)
    except OSError:
        os.close(copy)
        raise


def _named(peer: object) -> str:
    if not isinstance(peer, tuple):
        return ""
    address, port = peer[:2]
    return f"[{address}]:{port}" if ":" in address else f"{address}:{port}"
