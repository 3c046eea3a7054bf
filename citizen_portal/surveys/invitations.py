"""Invitations: the one-time codes of letters, stored only as keyed digests.

A code is eleven random characters and one that checks them, without any that look alike in print: ``K7MP-Q2XR-9ACD``.
"""

import hmac
import secrets
import unicodedata

# 31 signs, no 0 O 1 I L: and a prime number of them, so that the check finds every wrong sign and every swap.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
DRAWN = 11
LENGTH = DRAWN + 1
GROUP = 4


def new_code() -> str:
    """A code that cannot be guessed: 54 random bits and a check character, without hyphens."""
    drawn = "".join(secrets.choice(ALPHABET) for _each in range(DRAWN))
    return drawn + _check_character(drawn)


def plain_code(text: str) -> str:
    """What was typed or scanned, as a code is kept: capitals, any script's digits as ASCII, no blanks, no hyphens."""
    return "".join(_plain(character) for character in text.upper() if character.isalnum())


def is_well_formed(code: str) -> bool:
    """Whether a plain code has twelve signs whose last one checks the others."""
    return len(code) == LENGTH and set(code) <= set(ALPHABET) and _check_character(code[:-1]) == code[-1]


def in_groups(code: str) -> str:
    """``K7MP-Q2XR-9ACD``: for people."""
    return "-".join(code[start : start + GROUP] for start in range(0, LENGTH, GROUP))


def code_digest(secret: bytes, code: str) -> bytes:
    """What is stored of a plain code."""
    return hmac.digest(secret, b"invitation\0" + code.encode(), "sha256")


def _plain(character: str) -> str:
    return str(unicodedata.digit(character)) if character.isdigit() else character


def _check_character(drawn: str) -> str:
    """The sign that makes the weighted sum divisible by 31; weights 2, 3, 4, ... as in ISBN-10."""
    total = sum(weight * ALPHABET.index(sign) for weight, sign in enumerate(reversed(drawn), start=2))
    return ALPHABET[-total % len(ALPHABET)]
