"""Receipts: the sixteen digits that open a report. Derived, shown once, and stored only as a keyed digest.

A submission's fingerprint (stored, so that a retry finds its report) and its receipt (shown, never stored) derive from
the same salt and content under separate labels: neither leads to the other.
"""

import hmac
import unicodedata

from citizen_portal.web import submission

DIGITS = 16
GROUP = 4


class Submission(submission.Submission):
    """A submission that is answered with a receipt."""

    def receipt(self, secret: bytes, salt: bytes) -> str:
        """The 16 digits that open the report: 15 derived ones and a Luhn check digit."""
        number = int.from_bytes(self.derive(secret, b"receipt", salt)) % 10 ** (DIGITS - 1)
        digits = f"{number:0{DIGITS - 1}d}"
        return digits + _luhn_digit(digits)


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
