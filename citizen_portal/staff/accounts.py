"""Staff accounts: made on the command line, passwords kept as argon2id."""

import os
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from sqlalchemy import select
from sqlalchemy.orm import Session

from citizen_portal.staff.models import StaffAccount

SHORTEST_PASSWORD = 12  # NIST SP 800-63B asks for length over rules of composition

_hasher = PasswordHasher()
# Verified when there is no password to verify, so that an unknown name takes as long as a wrong password.
_HASH_OF_NOTHING = _hasher.hash("no account has this password")

# Nice to the rest: a core that hashes is a core that makes no page.
_POLITENESS = 10


def _be_polite() -> None:
    if sys.platform == "linux":  # elsewhere a thread has no priority of its own
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _POLITENESS)


# In a process: each takes 64 MB and all cores for a moment.
HASHED_AT_ONCE = 1
_hashing = ThreadPoolExecutor(HASHED_AT_ONCE, "hashing", _be_polite)

# What stands where a hash would, in an account that has been closed. The account stays: the audit trail names it.
_NO_PASSWORD = ""


class AccountRefused(ValueError):
    """The account cannot be made or changed; the text says why."""


def add_account(session: Session, *, username: str, password: str) -> StaffAccount:
    """Make an account. Raises ``AccountRefused``. The caller commits."""
    username = username.strip()
    if not username or len(username) > 80:
        raise AccountRefused("the user name must have 1 to 80 characters")
    password_hash = _hash_of(password)
    if _by_name(session, username) is not None:
        raise AccountRefused(f"there is an account named {username} already")
    account = StaffAccount(username=username, password_hash=password_hash)
    session.add(account)
    return account


def change_password(session: Session, *, username: str, password: str) -> None:
    """Give an account a new password, which opens a closed one again, and end its sessions.

    Raises ``AccountRefused``. The caller commits.
    """
    account, account_hash = _known(session, username), _hash_of(password)
    account.password_hash = account_hash
    end_sessions(account)


def close_account(session: Session, *, username: str) -> None:
    """Let nobody log in with this account any more, and end its sessions.

    Raises ``AccountRefused``. The caller commits.
    """
    account = _known(session, username)
    account.password_hash = _NO_PASSWORD
    end_sessions(account)


def accounts(session: Session) -> list[tuple[str, bool]]:
    """Every account by name: the name, and whether one can log in with it."""
    found = session.scalars(select(StaffAccount).order_by(StaffAccount.username))
    return [(account.username, account.password_hash != _NO_PASSWORD) for account in found]


def authenticate(session: Session, *, username: str, password: str) -> StaffAccount | None:
    """The account with this name and password, or None."""
    account = _by_name(session, username.strip())
    stored = account.password_hash if account else _NO_PASSWORD
    try:
        _hashing.submit(_hasher.verify, stored or _HASH_OF_NOTHING, password).result()
    except VerifyMismatchError:
        return None
    return account if stored else None


def account_of_session(session: Session, *, account_id: int, session_number: int) -> StaffAccount | None:
    """The account a session cookie speaks for, unless its sessions have been ended since."""
    account = session.get(StaffAccount, account_id)
    return account if account and account.session_number == session_number else None


def end_sessions(account: StaffAccount) -> None:
    """End every session of the account, a copied cookie's too. The caller commits."""
    account.session_number += 1


def _hash_of(password: str) -> str:
    if len(password) < SHORTEST_PASSWORD:
        raise AccountRefused(f"the password must have at least {SHORTEST_PASSWORD} characters")
    return _hasher.hash(password)


def _known(session: Session, username: str) -> StaffAccount:
    account = _by_name(session, username.strip())
    if account is None:
        raise AccountRefused(f"there is no account named {username}")
    return account


def _by_name(session: Session, username: str) -> StaffAccount | None:
    return session.scalar(select(StaffAccount).where(StaffAccount.username == username))
