"""The process that decodes: one per worker, one photo at a time, started with the first and killed when it hangs.

It reads photos from its standard input and ends with that, so it never outlives its worker. What a decoder prints goes
nowhere: a warning may hold what was in the file.
"""

import subprocess
import sys
import threading
from pathlib import Path

from citizen_portal.reports.photos import pixels

WALL_SECONDS = 30
# How many photos wait for the one in hand. More would take all threads from those who send words.
MOST_WAITING = 3
_PROGRAM = Path(pixels.__file__)


class DecoderBusy(Exception):
    """As many photos wait as may wait."""


class Decoder:
    """Answers photos with JPEGs, in a process of its own."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._one_at_a_time = threading.Lock()
        self._places = threading.BoundedSemaphore(1 + MOST_WAITING)

    def jpeg(self, content: bytes) -> tuple[bytes, bytes]:
        """How it went (``pixels.DONE``, ``TOO_MANY_PIXELS``, ``UNREADABLE``) and the JPEG. Raises ``DecoderBusy``."""
        if not self._places.acquire(blocking=False):
            raise DecoderBusy
        try:
            with self._one_at_a_time:
                return self._ask(content)
        finally:
            self._places.release()

    def _ask(self, content: bytes) -> tuple[bytes, bytes]:
        process = self._started()
        deadline = threading.Timer(WALL_SECONDS, process.kill)
        deadline.start()
        try:
            process.stdin.write(pixels.LENGTH.pack(len(content)) + content)
            process.stdin.flush()
            head = process.stdout.read(1 + pixels.LENGTH.size)
            length = int.from_bytes(head[1:], "big")
            jpeg = process.stdout.read(length)
        except OSError:
            head = b""
        finally:
            deadline.cancel()
        if len(head) < 1 + pixels.LENGTH.size or len(jpeg) < length:
            self.end()
            return pixels.TOO_MANY_PIXELS, b""  # it died or was killed: the photo cost more than it may
        return head[:1], jpeg

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process is not None and self._process.poll() is not None:
            self.end()  # it died between two photos
        if self._process is None:
            self._process = subprocess.Popen(  # noqa: S603 - our own program, and nothing a visitor sent
                [sys.executable, "-I", _PROGRAM],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={},  # a decoder that a file has taken over finds no secret there
            )
        return self._process

    def end(self) -> None:
        """Kill the process; the next photo starts another."""
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None
