"""Staff accounts: made on the command line, passwords kept as argon2id."""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from sqlalchemy import select
from sqlalchemy.orm import Session

from citizen_portal.staff.models import StaffAccount

SHORTEST_PASSWORD = 12  # NIST SP 800-63B asks for length over rules of composition

_hasher = PasswordHasher()
# Verified when nobody has the name, so that an unknown name takes as long as a wrong password.
_HASH_OF_NOTHING = _hasher.hash("no account has this password")


class AccountRefused(ValueError):
    """The account cannot be made; the text says why."""


def add_account(session: Session, *, username: str, password: str) -> StaffAccount:
    """Make an account. Raises ``AccountRefused``. The caller commits."""
    username = username.strip()
    if not username or len(username) > 80:
        raise AccountRefused("the user name must have 1 to 80 characters")
    if len(password) < SHORTEST_PASSWORD:
        raise AccountRefused(f"the password must have at least {SHORTEST_PASSWORD} characters")
    if _by_name(session, username) is not None:
        raise AccountRefused(f"there is an account named {username} already")
    account = StaffAccount(username=username, password_hash=_hasher.hash(password))
    session.add(account)
    return account


def authenticate(session: Session, *, username: str, password: str) -> StaffAccount | None:
    """The account with this name and password, or None."""
    account = _by_name(session, username.strip())
    try:
        _hasher.verify(account.password_hash if account else _HASH_OF_NOTHING, password)
    except (VerifyMismatchError, InvalidHashError):
        return None
    return account


def account_of_session(session: Session, *, account_id: int, session_number: int) -> StaffAccount | None:
    """The account a session cookie speaks for, unless its sessions have been ended since."""
    account = session.get(StaffAccount, account_id)
    return account if account and account.session_number == session_number else None


def end_sessions(account: StaffAccount) -> None:
    """End every session of the account, a copied cookie's too. The caller commits."""
    account.session_number += 1


def _by_name(session: Session, username: str) -> StaffAccount | None:
    return session.scalar(select(StaffAccount).where(StaffAccount.username == username))
