"""The load: keep-alive clients in one asyncio process, each sending its next request when the last is answered.

Raw protocols rather than an HTTP library: a client has to cost much less than what it measures. Every answer is
looked at, because an error page is the fastest page there is.
"""

import asyncio
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from time import perf_counter

import brotli

from benchmarks.rounds import Round

HEAD_END = b"\r\n\r\n"
BROTLI = b"\r\ncontent-encoding: br"
CONTENT_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
PATIENCE_SECONDS = 30


class WrongAnswer(Exception):
    """An answer was not the one expected; the text shows its beginning."""


@dataclass(slots=True)
class _Load:
    """One round's clients together."""

    next_request: Callable[[], bytes]
    mark: bytes
    ends: float
    latencies: list[float] = field(default_factory=list)


class _Client(asyncio.Protocol):
    """One visitor on one connection. ``finished`` is done when the round is over."""

    def __init__(self, load: _Load) -> None:
        self.finished = asyncio.get_running_loop().create_future()
        self._load = load
        self._received = b""
        self._whole = 0

    def connection_made(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._send()

    def data_received(self, data: bytes) -> None:
        self._received += data
        if not self._whole:
            head_ends = self._received.find(HEAD_END)
            if head_ends < 0:
                return
            length = CONTENT_LENGTH.search(self._received, 0, head_ends)
            self._whole = head_ends + len(HEAD_END) + int(length[1])
        if len(self._received) >= self._whole:
            self._load.latencies.append(perf_counter() - self._sent_at)
            self._look_at(self._received)
            self._send()

    def connection_lost(self, error: Exception | None) -> None:
        if not self.finished.done():
            self.finished.set_exception(error or WrongAnswer("the server hung up"))

    def _look_at(self, answer: bytes) -> None:
        if not answer.startswith(b"HTTP/1.1 200") or not _holds(answer, self._load.mark):
            self.finished.set_exception(WrongAnswer(answer[:2000].decode(errors="replace")))
            self._transport.close()

    def _send(self) -> None:
        if self.finished.done():
            return
        self._sent_at = perf_counter()
        if self._sent_at >= self._load.ends:
            self.finished.set_result(None)
            self._transport.close()
            return
        self._received, self._whole = b"", 0
        self._transport.write(self._load.next_request())


def _holds(answer: bytes, mark: bytes) -> bool:
    """Whether the mark stands in the answer, as it came or unpacked."""
    head, _, body = answer.partition(HEAD_END)
    return mark in answer or (BROTLI in head.lower() and mark in brotli.decompress(body))


def load(port: int, next_request: Callable[[], bytes], *, mark: bytes, clients: int, seconds: float) -> Round:
    """Keep ``clients`` busy for some seconds; every answer must be a 200 that holds ``mark``.

    Raises ``WrongAnswer`` on the first that is not.
    """
    # In a thread of its own, because whoever calls may be inside an event loop already.
    with ThreadPoolExecutor(1) as apart:
        return apart.submit(lambda: asyncio.run(_round(port, next_request, mark, clients, seconds))).result()


async def _round(port: int, next_request: Callable[[], bytes], mark: bytes, clients: int, seconds: float) -> Round:
    began = perf_counter()
    together = _Load(next_request, mark, ends=began + seconds)
    connect = asyncio.get_running_loop().create_connection
    visitors = [(await connect(lambda: _Client(together), "127.0.0.1", port))[1] for _client in range(clients)]
    async with asyncio.timeout(seconds + PATIENCE_SECONDS):
        await asyncio.gather(*(visitor.finished for visitor in visitors))
    return Round(len(together.latencies), perf_counter() - began, together.latencies)
