"""A long answer that goes through a pipe: as fast as it is read, and ended when it is not read any more."""

import asyncio
import os
import socket
from concurrent.futures import ThreadPoolExecutor

import pytest

from citizen_portal.front import streams as front_streams
from citizen_portal.front.calls import WHOLE_BYTES, Call
from citizen_portal.front.connections import OPEN_FILES, hang_up
from citizen_portal.front.streams import PIPE_BYTES, stream
from tests.front.event_loop import run

PIECE = b"0123456789abcdef" * 4096
PIECES = 40


class Reader:
    """What stands for the server: opens the file it is given, and reads so many bytes of it."""

    def __init__(self, most):
        self.most, self.came = most, b""

    def response_file(self, _status, _headers, file):
        self._file = os.open(file, os.O_RDONLY)
        self._reading = asyncio.get_running_loop().run_in_executor(None, self._read)

    def _read(self):
        while len(self.came) < self.most and (some := os.read(self._file, 65536)):
            self.came += some

    async def hang_up(self):
        await self._reading
        os.close(self._file)


class Pieces:
    """What the app makes; ``closed`` says whether it was let go of."""

    def __init__(self, fails_after=None):
        self.made, self.closed, self._fails_after = 0, False, fails_after

    def __iter__(self):
        return self

    def __next__(self):
        if self.made == self._fails_after:
            raise RuntimeError("the app broke")
        if self.made == PIECES:
            raise StopIteration
        self.made += 1
        return PIECE

    def close(self):
        self.closed = True


async def sent(pieces, reader):
    def app(_environ, start_response):
        start_response("200 OK", [])
        return pieces

    with ThreadPoolExecutor(1) as threads:
        loop = asyncio.get_running_loop()
        run = lambda function: loop.run_in_executor(threads, function)  # noqa: E731
        await stream(Call(app, {}).begin(), reader, "127.0.0.1:1", run)


def open_files():
    return len(os.listdir(OPEN_FILES))


def test_what_is_read_comes_whole_and_nothing_stays_open():
    pieces, reader = Pieces(), Reader(PIECES * len(PIECE) + 1)

    async def scene():
        await sent(pieces, reader)
        await reader.hang_up()

    run(scene())
    before = open_files()
    pieces, reader = Pieces(), Reader(PIECES * len(PIECE) + 1)
    run(scene())
    assert reader.came == PIECE * PIECES
    assert pieces.closed
    assert open_files() == before


@pytest.mark.parametrize(("bound", "seconds"), [("STALLED_SECONDS", 0.1), ("LONGEST_SECONDS", 0.2)])
def test_a_reader_who_takes_too_long_is_given_up_and_no_more_is_made_than_the_pipe_holds(monkeypatch, bound, seconds):
    monkeypatch.setattr(front_streams, bound, seconds)
    pieces, reader = Pieces(), Reader(len(PIECE))

    async def scene():
        await sent(pieces, reader)
        await reader.hang_up()

    run(scene())
    assert pieces.closed
    assert pieces.made * len(PIECE) <= WHOLE_BYTES + 3 * len(PIECE) + PIPE_BYTES


def test_an_answer_that_cannot_be_made_to_its_end_says_so_to_nobody_as_if_it_were_whole():
    pieces, reader = Pieces(fails_after=10), Reader(PIECES * len(PIECE) + 1)
    with pytest.raises(RuntimeError):
        run(sent(pieces, reader))
    assert pieces.closed


def test_hanging_up_breaks_that_connection_and_no_other():
    with socket.create_server(("127.0.0.1", 0)) as listening:
        ends = [socket.create_connection(listening.getsockname(), timeout=5) for _end in range(2)]
        others = [listening.accept()[0] for _end in ends]
        hang_up(f"127.0.0.1:{ends[0].getsockname()[1]}")
        assert ends[0].recv(1) == b""
        others[1].sendall(b"x")
        assert ends[1].recv(1) == b"x"
        for end in (*ends, *others):
            end.close()
