"""Receipts and fingerprints: how one submission gives one report and one receipt, and nothing stored opens it.

A submission is known by its content together with a salt: the key the page made, or, without JavaScript, the
ten-minute window it came in. From both the server's secret derives a fingerprint (stored, so that a retry finds its
report) and a receipt (shown, never stored). Both are HMAC-SHA256 under separate labels: neither leads to the other.
"""

import hmac
import json
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

DIGITS = 16
GROUP = 4
WINDOW_SECONDS = 600


@dataclass(frozen=True, slots=True)
class Submission:
    """What was sent, as bytes in a fixed order, and the salts it may be known by.

    ``salts[0]`` is the one a new report gets; the others are looked up as well. ``timed`` says that the salts are
    windows of time and the fingerprint has to be forgotten within a day.
    """

    content: bytes
    salts: tuple[bytes, ...]
    timed: bool

    @classmethod
    def of(cls, content: Mapping[str, object], *, key: str, seconds: float) -> "Submission":
        """Make one from the posted content, the posted key (may be empty) and the clock in seconds."""
        canonical = json.dumps(content, sort_keys=True, ensure_ascii=False, default=str).encode("utf-8", "replace")
        if key:
            return cls(canonical, (b"key:" + key.encode("utf-8", "replace"),), timed=False)
        window = int(seconds) // WINDOW_SECONDS
        # The window before is looked up too, or a double tap across its edge would give two reports.
        return cls(canonical, (b"window:%d" % window, b"window:%d" % (window - 1)), timed=True)

    def fingerprint(self, secret: bytes, salt: bytes) -> bytes:
        """32 bytes to find the report again by."""
        return self._derive(secret, b"fingerprint", salt)

    def receipt(self, secret: bytes, salt: bytes) -> str:
        """The 16 digits that open the report: 15 derived ones and a Luhn check digit."""
        number = int.from_bytes(self._derive(secret, b"receipt", salt)) % 10 ** (DIGITS - 1)
        digits = f"{number:0{DIGITS - 1}d}"
        return digits + _luhn_digit(digits)

    def _derive(self, secret: bytes, label: bytes, salt: bytes) -> bytes:
        return hmac.digest(secret, b"\0".join((label, salt, sha256(self.content).digest())), "sha256")


def receipt_digest(secret: bytes, receipt: str) -> bytes:
    """What is stored of a receipt. ``receipt`` is 16 digits without spaces."""
    return hmac.digest(secret, b"receipt digest\0" + receipt.encode(), "sha256")


def in_groups(receipt: str) -> str:
    """``1234 5678 9012 3452``: for people."""
    return " ".join(receipt[start : start + GROUP] for start in range(0, DIGITS, GROUP))


def digits_of(text: str) -> str:
    """The digits of a text in any script's numerals, as ASCII; everything else is left out."""
    return "".join(str(unicodedata.digit(character)) for character in text if character.isdigit())


def is_well_formed(digits: str) -> bool:
    """Whether these are 16 digits whose last one checks the others (Luhn, ISO/IEC 7812-1)."""
    return len(digits) == DIGITS and _luhn_digit(digits[:-1]) == digits[-1]


def contains_receipt(text: str, receipt: str) -> bool:
    """Whether a text gives a receipt away, however its digits are spaced or parted."""
    return receipt in digits_of(text)


def _luhn_digit(digits: str) -> str:
    """The Luhn check digit for a row of digits (ISO/IEC 7812-1)."""
    doubled = [int(digit) * 2 if place % 2 == 0 else int(digit) for place, digit in enumerate(reversed(digits))]
    return str(-sum(value - 9 if value > 9 else value for value in doubled) % 10)
