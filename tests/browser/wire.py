"""A wire between browser and server that can be pulled out, also in the middle of a request or of its answer."""

import random
import socket
import threading
from contextlib import suppress

CHUNK = 4096


class Wire:
    """Listens on ``port`` and hands what comes on to ``server_port``, both on this machine, as long as it is ``whole``.

    ``breaks_after`` is a number of bytes, in either direction, after which the next connection breaks; None for never.
    """

    def __init__(self, server_port: int) -> None:
        self._server_port = server_port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.whole = True
        self.breaks_after: int | None = None
        self._open: set[socket.socket] = set()
        threading.Thread(target=self._take_calls, daemon=True).start()

    def pull_out(self) -> None:
        """No connection from now on, and an end to those that there are."""
        self.whole = False
        self._break_all()

    def put_in(self) -> None:
        self.whole, self.breaks_after = True, None

    def break_once(self, chance: random.Random) -> None:
        """Break the next connection after some bytes: in a request, between it and its answer, or in the answer."""
        self._break_all()  # or what is kept open would go on
        self.breaks_after = chance.choice((0, 300, 900, 1500, 2500, 6000))

    def close(self) -> None:
        self._listener.close()
        self._break_all()

    def _break_all(self) -> None:
        for each in list(self._open):
            _hang_up(each)

    def _take_calls(self) -> None:
        while True:
            try:
                caller, _address = self._listener.accept()
            except OSError:
                return
            if not self.whole:
                _hang_up(caller)
                continue
            threading.Thread(target=self._connect, args=(caller,), daemon=True).start()

    def _connect(self, caller: socket.socket) -> None:
        try:
            server = socket.create_connection(("127.0.0.1", self._server_port))
        except OSError:
            _hang_up(caller)
            return
        both = (caller, server)
        self._open.update(both)
        there = threading.Thread(target=self._pass_on, args=(caller, server), daemon=True)
        there.start()
        self._pass_on(server, caller)
        there.join()
        self._open.difference_update(both)

    def _pass_on(self, one: socket.socket, other: socket.socket) -> None:
        with suppress(OSError):
            while data := one.recv(CHUNK):
                left = self.breaks_after
                if left is not None:
                    if len(data) >= left:
                        other.sendall(data[:left])
                        self.breaks_after = None
                        break
                    self.breaks_after = left - len(data)
                other.sendall(data)
        _hang_up(one)
        _hang_up(other)


def _hang_up(connection: socket.socket) -> None:
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
    connection.close()
