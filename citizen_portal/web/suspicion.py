"""Suspicion: why something a resident sent is set aside for staff. Nothing is ever refused or thrown away for it."""

from citizen_portal.web.throttle import throttle

# A classroom of thirty behind one address, and some of them twice.
MOST_UNSUSPECTED = 60

HONEYPOT, MANY_FROM_ONE_ADDRESS = "honeypot", "many_from_one_address"
REASONS = (HONEYPOT, MANY_FROM_ONE_ADDRESS)


def suspicion(kind: str, *, trap: str | None) -> str | None:
    """The reason to set this request's submission aside, or None; counts it among those of its kind.

    ``trap`` is what was typed into the field that people do not see.
    """
    within = throttle().count(kind, most=MOST_UNSUSPECTED)
    if trap:
        return HONEYPOT
    return None if within else MANY_FROM_ONE_ADDRESS
