"""Sealing: until the night, what was answered is unreadable to whoever holds the database and not its key.

An answer is stored in the transaction that uses its letter's code, so during the day both bear marks of one moment. The
answer is therefore sealed to a public key that lies in the database; the private half is a file of the machine where
the night runs. The night opens what has come in, all of it together and in random order (``closing.py``).
"""

import json
import os
from collections.abc import Mapping
from pathlib import Path

from flask import current_app
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from citizen_portal.storage.unit_of_work import unit_of_work
from citizen_portal.surveys.models import AnswerKey, SealedAnswerSet

KEY_FILE = "answers.key"
# The length of a sealed answer tells nothing but in steps of this many bytes; all but the longest fill one.
STEP_BYTES = 4096

Answered = dict[str, object]


class SealBroken(Exception):
    """The bytes are not what was sealed, or not to this key."""


def seal(public: bytes, answered: Mapping[str, object]) -> bytes:
    """Seal what was answered to a public key of 32 bytes."""
    plain = json.dumps(answered, ensure_ascii=False).encode()
    return SealedBox(PublicKey(public)).encrypt(plain + b" " * (-len(plain) % STEP_BYTES))


def unseal(private: bytes, sealed: bytes) -> Answered:
    """What was answered. Raises ``SealBroken``."""
    try:
        return json.loads(SealedBox(PrivateKey(private)).decrypt(sealed))
    except (CryptoError, ValueError) as error:
        raise SealBroken from error


def public_key(session: Session) -> bytes | None:
    """The public half that answers are sealed to; None before the portal has been served for the first time."""
    return session.scalar(select(AnswerKey.public))


def private_key(session: Session) -> bytes | None:
    """The private half, when the one that belongs to this database lies on this machine."""
    try:
        private = bytes.fromhex(key_file().read_text().strip())
        fits = bytes(PrivateKey(private).public_key) == public_key(session)
    except (OSError, ValueError, CryptoError):
        return None
    return private if fits else None


def key_file() -> Path:
    """Where the private half lies."""
    return current_app.config["PORTAL_SETTINGS"].data_dir / KEY_FILE


def ensure_answer_key() -> None:
    """Make the pair of keys of a database that has none: the file first, on the disk, and then the row."""
    with unit_of_work() as session:
        if public_key(session) is not None:
            return
        file = key_file()
        if not file.exists():
            descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w") as opened:
                opened.write(bytes(PrivateKey.generate()).hex())
                opened.flush()
                os.fsync(opened.fileno())
        session.add(AnswerKey(public=bytes(PrivateKey(bytes.fromhex(file.read_text().strip())).public_key)))


def number_sealed(session: Session) -> int:
    """How many answers lie sealed."""
    return session.scalar(select(func.count()).select_from(SealedAnswerSet)) or 0
