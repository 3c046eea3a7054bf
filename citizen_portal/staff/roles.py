"""Roles: who may do what in the workplace.

Whoever may read need not be able to change, and whoever computes figures need not read what residents wrote: Swedish
statistics are organised apart. Every route of the workplace stands here; one that does not is for administrators.
"""

from collections.abc import Mapping

READER, OFFICER, ANALYST, ADMINISTRATOR = "reader", "officer", "analyst", "administrator"
ROLES = (READER, OFFICER, ANALYST, ADMINISTRATOR)

_READ_REPORTS = frozenset({READER, OFFICER})
_HANDLE_REPORTS = frozenset({OFFICER})
_READ_FIGURES = frozenset({READER, OFFICER, ANALYST})
_MAKE_FIGURES = frozenset({ANALYST})
_NOBODY_ELSE: frozenset[str] = frozenset()

# Beside administrators, who may do everything.
ALLOWED: Mapping[str, frozenset[str]] = {
    "staff.inbox": _READ_REPORTS,
    "staff.export_csv": _HANDLE_REPORTS,
    "desk.report": _READ_REPORTS,
    "desk.photo": _READ_REPORTS,
    "desk.move": _HANDLE_REPORTS,
    "desk.answer": _HANDLE_REPORTS,
    "alike.group": _READ_REPORTS,
    "alike.set_aside": _HANDLE_REPORTS,
    "alike.take_back": _HANDLE_REPORTS,
    "waves.every": _READ_FIGURES,
    "waves.one": _READ_FIGURES,
    "waves.ask_to_close": _MAKE_FIGURES,
    "waves.close": _MAKE_FIGURES,
    "waves.export": _MAKE_FIGURES,
    "waves.review": _MAKE_FIGURES,
    "baseline_desk.every": _READ_FIGURES,
    "baseline_desk.one": _READ_FIGURES,
    "baseline_desk.public_file": _READ_FIGURES,
    "baseline_desk.computed": _MAKE_FIGURES,
    "baseline_desk.ask_to_freeze": _MAKE_FIGURES,
    "baseline_desk.freeze_now": _MAKE_FIGURES,
    "baseline_desk.full_file": _MAKE_FIGURES,
    "releases.ask_to_publish": _NOBODY_ELSE,
    "releases.publish_now": _NOBODY_ELSE,
    "releases.ask_to_withdraw": _NOBODY_ELSE,
    "releases.withdraw_now": _NOBODY_ELSE,
}


def may(role: str, endpoint: str) -> bool:
    """Whether a member of staff with this role may ask for this route."""
    return role == ADMINISTRATOR or role in ALLOWED.get(endpoint, _NOBODY_ELSE)


def first_page(role: str) -> str:
    """The route that somebody with this role comes to after logging in."""
    return "staff.inbox" if may(role, "staff.inbox") else "waves.every"
