"""Staff accounts: made on the command line, passwords kept as argon2id."""

import functools
import os
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from sqlalchemy import select
from sqlalchemy.orm import Session

from citizen_portal.staff.models import StaffAccount

_hasher = PasswordHasher()
# Nice to the rest: a core that hashes is a core that makes no page.
_POLITENESS = 10


def _be_polite() -> None:
    if sys.platform == "linux":  # elsewhere a thread has no priority of its own
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _POLITENESS)


# In a process: each takes 64 MB and all cores for a moment.
HASHED_AT_ONCE = 1
_hashing = ThreadPoolExecutor(HASHED_AT_ONCE, "hashing", _be_polite)

# What stands where a hash would, in an account that has been closed. The account stays: the audit trail names it.
NO_PASSWORD = ""


def accounts(session: Session) -> list[tuple[str, str, bool]]:
    """Every account by name: the name, the role, and whether one can log in with it."""
    found = session.scalars(select(StaffAccount).order_by(StaffAccount.username))
    return [(account.username, account.role, account.password_hash != NO_PASSWORD) for account in found]


def authenticate(session: Session, *, username: str, password: str) -> StaffAccount | None:
    """The account with this name and password, or None."""
    account = account_named(session, username.strip())
    stored, of_nothing = account.password_hash if account else NO_PASSWORD, _hash_of_nothing()
    try:
        _hashing.submit(_hasher.verify, stored or of_nothing, password).result()
    except VerifyMismatchError:
        return None
    return account if stored else None


def account_of_session(session: Session, *, account_id: int, session_number: int) -> StaffAccount | None:
    """The account a session cookie speaks for, unless its sessions have been ended since."""
    account = session.get(StaffAccount, account_id)
    return account if account and account.session_number == session_number else None


@functools.cache
def _hash_of_nothing() -> str:
    """Verified when there is no password to verify, so that an unknown name takes as long as a wrong password.

    Made for every first login of a process, since it takes as long as that and most processes see none.
    """
    return _hashing.submit(_hasher.hash, "no account has this password").result()


def hash_of(password: str) -> str:
    """What is stored of a password."""
    return _hasher.hash(password)


def end_sessions(account: StaffAccount) -> None:
    """End every session of the account, a copied cookie's too. The caller commits."""
    account.session_number += 1


def account_named(session: Session, username: str) -> StaffAccount | None:
    """The account of this name, in whatever case. Databases fold å, ä and ö each in their way, and accounts are few."""
    wanted = username.casefold()
    found = [each for each in session.scalars(select(StaffAccount)) if each.username.casefold() == wanted]
    return min(found, key=lambda each: each.username != username, default=None)
