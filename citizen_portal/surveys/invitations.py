"""Invitations: numbered letters with one-time codes, of which only keyed digests are stored.

A code is eleven random characters and one that checks them, without any that look alike in print: ``K7MP-Q2XR-9ACD``.
"""

import hmac
import secrets
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from citizen_portal.storage.types import random_id
from citizen_portal.surveys import queries
from citizen_portal.surveys.models import INVITED, Invitation, Wave
from citizen_portal.surveys.waves import CLOSED, state_of

# 31 signs, no 0 O 1 I L: and a prime number of them, so that the check finds every wrong sign and every swap.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
DRAWN = 11
LENGTH = DRAWN + 1
GROUP = 4

# Below this many answers a list of unused letters all but says who answered.
FEWEST_USED = 10


class InvitationsRefused(ValueError):
    """A wave takes no letters, or gives no list of them; the text says why."""


@dataclass(frozen=True, slots=True)
class Letter:
    """What stands on one letter: its number in the wave, and the plain code, which exists nowhere else."""

    number: int
    code: str


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


def new_letters(session: Session, wave_code: str, count: int, *, today: date) -> list[Letter]:
    """So many letters with the next free numbers; nothing is stored. Raises ``InvitationsRefused``."""
    _refuse_unless_by_letter(queries.wave(session, wave_code), wave_code, today)
    first = queries.last_letter(session, wave_code) + 1
    return [Letter(number, new_code()) for number in range(first, first + count)]


def store_letters(session: Session, wave_code: str, letters: Sequence[Letter], *, secret: bytes, today: date) -> None:
    """Store the digests of new letters' codes. The caller commits.

    Raises ``InvitationsRefused`` when the wave has closed, or somebody has stored letters with these numbers.
    """
    _refuse_unless_by_letter(queries.wave_held(session, wave_code), wave_code, today)
    digests = [(each.number, code_digest(secret, each.code)) for each in letters]
    # In the order of what is random: where a row lies says nothing of its letter.
    digests.sort(key=lambda pair: pair[1])
    rows = [
        {"id": random_id(), "wave_code": wave_code, "letter": number, "code_digest": digest}
        for number, digest in digests
    ]
    try:
        session.execute(insert(Invitation), rows)
    except IntegrityError as error:
        raise InvitationsRefused("letters with these numbers were made meanwhile: run the command again") from error


def letters_to_remind(session: Session, wave_code: str, *, today: date) -> Sequence[int]:
    """The numbers of letters that have not been used. Raises ``InvitationsRefused``, also while too few have been."""
    _refuse_unless_by_letter(queries.wave(session, wave_code), wave_code, today)
    if queries.number_of_used_letters(session, wave_code) < FEWEST_USED:
        raise InvitationsRefused(
            f"fewer than {FEWEST_USED} letters of {wave_code!r} have been used, and a list would all but say whose: "
            "remind everyone, or wait"
        )
    return queries.unused_letters(session, wave_code)


def _refuse_unless_by_letter(wave: Wave | None, wave_code: str, today: date) -> None:
    if wave is None:
        raise InvitationsRefused(f"there is no wave {wave_code!r}")
    if wave.sample != INVITED:
        raise InvitationsRefused(f"the wave {wave_code!r} is an open link and has no letters")
    if state_of(wave, today) == CLOSED:
        raise InvitationsRefused(f"the wave {wave_code!r} has closed")


def _plain(character: str) -> str:
    return str(unicodedata.digit(character)) if character.isdigit() else character


def _check_character(drawn: str) -> str:
    """The sign that makes the weighted sum divisible by 31; weights 2, 3, 4, ... as in ISBN-10."""
    total = sum(weight * ALPHABET.index(sign) for weight, sign in enumerate(reversed(drawn), start=2))
    return ALPHABET[-total % len(ALPHABET)]
