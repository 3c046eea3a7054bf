"""A search of stored bytes for what must not be there: who somebody was, and when they came."""

import re
import struct
from collections.abc import Iterable, Iterator
from ipaddress import ip_address

CLOCK = re.compile(rb"(?<![\d:])(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d)?(?![\d:])")
HEXADECIMAL = re.compile(rb"[0-9a-fA-F]{4}[0-9a-fA-F-]{4,}")
DIGITS = re.compile(rb"(?<!\d)\d{10,19}(?:\.\d+)?")
# A day counted from noon, 4713 BC: how SQLite keeps a time in a REAL.
JULIAN_DAY_OF_THE_EPOCH, SECONDS_PER_DAY = 2440587.5, 86400


def forms_of_address(address: str) -> list[bytes]:
    """An IP address as text, as packed bytes in both orders, and as hexadecimal digits."""
    packed = ip_address(address).packed
    return [address.encode(), packed, packed[::-1], packed.hex().encode(), packed.hex().upper().encode()]


def markers_in(content: bytes, markers: Iterable[bytes]) -> list[bytes]:
    return [marker for marker in markers if marker in content]


def clock_times_in(content: bytes, earliest: float, latest: float) -> list[str]:
    """Clock times of any day in letters; and moments between two times in seconds since 1970, in any usual form."""
    found = [f"the clock time {match[0].decode()}" for match in CLOCK.finditer(content)]
    for match in DIGITS.finditer(content):
        if earliest <= int(match[0][:10]) <= latest:
            found.append(f"the moment {match[0].decode()} in digits")
    found.extend(_moments_in_bytes(content, earliest, latest))
    # An id is often kept as its hexadecimal digits, and some kinds of id begin with the moment they were made.
    for match in HEXADECIMAL.finditer(content):
        digits = match[0].replace(b"-", b"").decode()
        for half in (digits[: len(digits) // 2 * 2], digits[1 : 1 + (len(digits) - 1) // 2 * 2]):
            found.extend(
                f"{moment} in {match[0].decode()}"
                for moment in _moments_in_bytes(bytes.fromhex(half), earliest, latest)
            )
    return found


def _moments_in_bytes(content: bytes, earliest: float, latest: float) -> Iterator[str]:
    seconds = range(int(earliest), int(latest) + 1)
    spans = {"milli": (earliest * 10**3, latest * 10**3), "micro": (earliest * 10**6, latest * 10**6)}
    spans["nano"] = (earliest * 10**9, latest * 10**9)
    days = [JULIAN_DAY_OF_THE_EPOCH + moment / SECONDS_PER_DAY for moment in (earliest, latest)]
    padded = content + bytes(8)
    for order, name in ((">", "big"), ("<", "little")):
        for offset in range(len(content)):
            (whole,) = struct.unpack_from(order + "Q", padded, offset)
            if not whole:
                continue
            four = whole >> 32 if order == ">" else whole & 0xFFFFFFFF
            six = whole >> 16 if order == ">" else whole & 0xFFFFFFFFFFFF
            if four in seconds:
                yield f"the moment {four} in four {name}-endian bytes at {offset}"
            for unit, (low, high) in spans.items():
                if low <= whole <= high or low <= six <= high:
                    yield f"{unit}seconds in {name}-endian bytes at {offset}"
            (real,) = struct.unpack_from(order + "d", padded, offset)
            if earliest <= real <= latest or days[0] <= real <= days[1]:
                yield f"the moment {real} as a {name}-endian real at {offset}"
