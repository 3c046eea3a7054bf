"""Attacks, all at once and each as cheap to make as it can be: ``python -m benchmarks.attack PORT SECONDS``.

Slow bodies, photos that are small to send and large to unpack, guessed passwords, and the same report again and again.
Each request claims another network, so that nothing but the portal's own bounds holds them. Prints, as JSON, how many
answers of which status each of them got.
"""

import asyncio
import json
import sys
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from io import BytesIO
from itertools import count

from PIL import Image

from benchmarks.requests import BOUNDARY, URLENCODED

A_BYTE_EVERY_SECONDS = 1
SIDE_OF_A_COSTLY_PHOTO = 10_000
PHOTOS_IN_A_REPORT = 3
NO_ANSWER = "none"


@dataclass(frozen=True, slots=True)
class Strength:
    """How many connections each attack has."""

    slow: int = 200
    photos: int = 6
    logins: int = 40
    spam: int = 20
    side: int = SIDE_OF_A_COSTLY_PHOTO


def attack(port: int, seconds: float, strength: Strength) -> dict[str, dict[str, int]]:
    """Attack a portal on this machine for so long; returns answers by status, for each attack by its name."""
    return asyncio.run(_all_of_them(port, seconds, strength))


async def _all_of_them(port: int, seconds: float, strength: Strength) -> dict[str, dict[str, int]]:
    senders: dict[str, tuple[int, Callable[[Iterator[int]], Iterator[bytes]]]] = {
        "photos": (strength.photos, lambda numbers: _photos(numbers, strength.side)),
        "logins": (strength.logins, _logins),
        "spam": (strength.spam, _spam),
    }
    answers = {name: Counter() for name in ("slow", *senders)}
    tasks = [asyncio.ensure_future(_slowly(port, answers["slow"])) for _connection in range(strength.slow)]
    for name, (number, made) in senders.items():
        requests = made(count())
        tasks += [asyncio.ensure_future(_again(port, requests, answers[name])) for _connection in range(number)]
    await asyncio.sleep(seconds)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    return {name: dict(counted) for name, counted in answers.items()}


async def _slowly(port: int, answers: Counter[str]) -> None:
    while True:
        async with _connected(port, answers) as (reader, writer):
            writer.write(_post("/sv/report", URLENCODED, b"theme=d", length=5000))
            answer = asyncio.ensure_future(reader.read(20))
            while not answer.done():
                writer.write(b"r")
                await asyncio.wait([answer], timeout=A_BYTE_EVERY_SECONDS)
            answers[_status(answer.result())] += 1


async def _again(port: int, requests: Iterator[bytes], answers: Counter[str]) -> None:
    while True:
        async with _connected(port, answers) as (reader, writer):
            writer.write(next(requests))
            await writer.drain()
            answers[_status(await reader.read())] += 1


@asynccontextmanager
async def _connected(
    port: int, answers: Counter[str]
) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        try:
            yield reader, writer
        finally:
            writer.close()
    except OSError:
        answers[NO_ANSWER] += 1
        await asyncio.sleep(A_BYTE_EVERY_SECONDS / 10)


def _status(answer: bytes) -> str:
    return answer[9:12].decode() if answer.startswith(b"HTTP/1.1 ") else NO_ANSWER


def _photos(numbers: Iterator[int], side: int) -> Iterator[bytes]:
    unpacked_large = BytesIO()
    Image.new("RGB", (side, side), (90, 90, 120)).save(unpacked_large, "JPEG", progressive=True, quality=30)
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="'
    photo = f'{head}photos"; filename="a.jpg"\r\nContent-Type: image/jpeg\r\n\r\n'.encode() + unpacked_large.getvalue()
    fields = f'{head}theme"\r\n\r\ndrugs\r\n{head}place"\r\n\r\nvasby_centrum\r\n'.encode()
    body = fields + (photo + b"\r\n") * PHOTOS_IN_A_REPORT + f"--{BOUNDARY}--\r\n".encode()
    for number in numbers:
        yield _post("/sv/report", f"multipart/form-data; boundary={BOUNDARY}", body, number=number)


def _logins(numbers: Iterator[int]) -> Iterator[bytes]:
    for number in numbers:
        yield _post("/staff/login", URLENCODED, b"username=officer&password=a+guess", number=number)


def _spam(numbers: Iterator[int]) -> Iterator[bytes]:
    body = b"theme=drugs&place=vasby_centrum&description=the+same+words+again"
    for number in numbers:
        yield _post("/sv/report", URLENCODED, body, number=number)


def _post(path: str, kind: str, body: bytes, *, number: int = 0, length: int | None = None) -> bytes:
    """A whole post, or the beginning of one that says it is longer, from the network of that number."""
    network = f"10.{number >> 8 & 255}.{number & 255}.1"
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Forwarded-For: {network}\r\nConnection: close\r\n"
        f"Content-Type: {kind}\r\nContent-Length: {length or len(body)}\r\n\r\n"
    )
    return head.encode() + body


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        port, seconds, *strength = map(int, sys.argv[1:])
        print(json.dumps(attack(port, seconds, Strength(*strength))))
