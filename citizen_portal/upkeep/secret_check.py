"""The check of the secret: a database that is put back without its key is noticed before anyone's receipt is dead."""

import hmac
from collections.abc import Sequence

from sqlalchemy.orm import Session

from citizen_portal.upkeep.models import Noted

NAME = "check of the secret"
PUT_KEY_BACK = "put back the key file that belongs to it, or no receipt and no letter opens anything"


def check_value(secret: bytes) -> str:
    """What the database holds of the secret: enough to know it again, and nothing else."""
    return hmac.digest(secret, b"check of the secret", "sha256").hex()


def is_known(session: Session, secrets: Sequence[bytes]) -> bool:
    """Whether the database was written with one of these secrets, or with none yet."""
    noted = session.get(Noted, NAME)
    return noted is None or noted.value in map(check_value, secrets)


def note_secret(session: Session, secret: bytes) -> None:
    """Note the secret that the database is written with from now on. The caller commits."""
    session.merge(Noted(name=NAME, value=check_value(secret)))
