"""Streams: a long answer, made as fast as its reader takes it, in flat memory and without a thread while it waits.

The server would take everything in and keep it until it is read. But a file it reads piece by piece, so it is given
the end of a pipe, and whoever fills the other end feels how fast the reader is.
"""

import asyncio
import fcntl
import os
from collections.abc import Awaitable, Callable
from typing import Any

from citizen_portal.front.calls import Answer
from citizen_portal.front.connections import OPEN_FILES, hang_up, is_there

# They may each hold a connection to the database.
MOST_AT_ONCE = 4
STALLED_SECONDS = 30
# The server notices a broken connection only when it writes, which it does not while its buffers are full.
LOOK_AFTER_SECONDS = 1
PIPE_BYTES = 64 * 1024
LONGEST_SECONDS = 1800

Run = Callable[[Callable[[], Any]], Awaitable[Any]]


async def stream(answer: Answer, proto: Any, visitor: str, run: Run) -> None:
    """Send an answer whose first bytes are more than a pipe holds; ``run`` calls a function in a thread.

    A reader who takes nothing for too long, or takes too long for all of it, is cut off, and so is one whose answer
    cannot be made to its end. Raises what the app raised.
    """
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    # Where the system's pages are large a pipe would hold all of the first bytes, and nobody would need to read it yet.
    if hasattr(fcntl, "F_SETPIPE_SZ"):
        fcntl.fcntl(writing, fcntl.F_SETPIPE_SZ, PIPE_BYTES)
    proto.response_file(answer.call.status, answer.call.headers, f"{OPEN_FILES}/{reading}")
    whole = False
    try:
        async with asyncio.timeout(LONGEST_SECONDS):
            await _pour(writing, answer.first, visitor)
            # The server has opened its end by now, or the pipe would be full. Only its own is left, and breaks with it.
            os.close(reading)
            reading = None
            while piece := await run(answer.more):
                await _pour(writing, piece, visitor)
        whole = True
    except (TimeoutError, BrokenPipeError):
        pass
    finally:
        if not whole:
            hang_up(visitor)
        for end in filter(None, (reading, writing)):
            os.close(end)
        await run(answer.close)


async def _pour(writing: int, content: bytes, visitor: str) -> None:
    """Write everything. Raises ``BrokenPipeError`` when the reader is gone, ``TimeoutError`` when it takes nothing."""
    left = memoryview(content)
    while left:
        try:
            left = left[os.write(writing, left) :]
        except BlockingIOError:
            async with asyncio.timeout(STALLED_SECONDS):
                while not await _room_soon(writing):
                    if not is_there(visitor):
                        raise BrokenPipeError from None


async def _room_soon(writing: int) -> bool:
    """Whether the pipe takes something before one has to look whether its reader is still there."""
    try:
        async with asyncio.timeout(LOOK_AFTER_SECONDS):
            await _room(writing)
    except TimeoutError:
        return False
    return True


async def _room(writing: int) -> None:
    loop, there_is = asyncio.get_running_loop(), asyncio.Event()
    loop.add_writer(writing, there_is.set)
    try:
        await there_is.wait()
    finally:
        loop.remove_writer(writing)
