"""Accounts are made, opened, closed and given passwords here; what logs in with them is ``accounts.py``.

Apart from that, because what judges passwords holds twenty megabytes of words, which no server needs.
"""

from sqlalchemy.orm import Session

from citizen_portal.municipality.installed import installed
from citizen_portal.staff.accounts import NO_PASSWORD, account_named, end_sessions, hash_of
from citizen_portal.staff.models import StaffAccount
from citizen_portal.staff.passwords import WeakPassword, refuse_weak, words_of
from citizen_portal.staff.roles import ADMINISTRATOR


class AccountRefused(ValueError):
    """The account cannot be made or changed; the text says why."""


def add_account(session: Session, *, username: str, password: str, role: str = ADMINISTRATOR) -> StaffAccount:
    """Make an account with one of the ``ROLES``. Raises ``AccountRefused``. The caller commits."""
    username = username.strip()
    if not username or len(username) > 80:
        raise AccountRefused("the user name must have 1 to 80 characters")
    password_hash = _hash_of(password, username)
    if account_named(session, username) is not None:
        raise AccountRefused(f"there is an account named {username} already")
    account = StaffAccount(username=username, password_hash=password_hash, role=role)
    session.add(account)
    return account


def change_password(session: Session, *, username: str, password: str) -> None:
    """Give an account a new password, which opens a closed one again, and end its sessions.

    Raises ``AccountRefused``. The caller commits.
    """
    account = _known(session, username)
    account.password_hash = _hash_of(password, account.username)
    end_sessions(account)


def change_role(session: Session, *, username: str, role: str) -> None:
    """Give an account another of the ``ROLES``, from its next request on.

    Raises ``AccountRefused``. The caller commits.
    """
    _known(session, username).role = role


def close_account(session: Session, *, username: str) -> None:
    """Let nobody log in with this account any more, and end its sessions.

    Raises ``AccountRefused``. The caller commits.
    """
    account = _known(session, username)
    account.password_hash = NO_PASSWORD
    end_sessions(account)


def _hash_of(password: str, username: str) -> str:
    try:
        refuse_weak(password, named=[username, *words_of(installed().municipality)])
    except WeakPassword as reason:
        raise AccountRefused(str(reason)) from reason
    return hash_of(password)


def _known(session: Session, username: str) -> StaffAccount:
    account = account_named(session, username.strip())
    if account is None:
        raise AccountRefused(f"there is no account named {username}")
    return account
