"""Answers that were set aside, and what staff decided about them: to count them, or to leave them out.

Sixty pupils behind the address of their school look like one person with a program. Only somebody who knows the school
can tell. Until then the answers count nowhere; whatever is decided can be taken back.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from citizen_portal.surveys.bands import number
from citizen_portal.surveys.models import COUNTED, LEFT_OUT, AnswerSet, Wave

UNDECIDED = "undecided"
DECISIONS = (COUNTED, LEFT_OUT, UNDECIDED)


@dataclass(frozen=True, slots=True)
class SetAside:
    """How many answers of a wave were set aside for one reason, by what was decided about them."""

    reason: str
    undecided: int
    counted: int
    left_out: int

    def shown(self, *, exact: bool) -> str:
        """What a page tells of it, as its form says what was seen: "0-12-3", in bands unless ``exact``."""
        counts = (self.undecided, self.counted, self.left_out)
        return "-".join(str(number(count, exact=exact).lowest) for count in counts)


class ReviewMoved(ValueError):
    """A colleague decided, or more came in, since the page was made that a decision comes from."""


def set_aside(session: Session, wave_code: str) -> Sequence[SetAside]:
    """What was set aside of a wave, a line per reason; empty when nothing was."""
    statement = (
        select(AnswerSet.quarantine_reason, func.coalesce(AnswerSet.review, UNDECIDED), func.count())
        .where(AnswerSet.wave_code == wave_code, AnswerSet.quarantine_reason.is_not(None))
        .group_by(AnswerSet.quarantine_reason, AnswerSet.review)
    )
    found: dict[str, dict[str, int]] = {}
    for reason, review, answers in session.execute(statement):
        found.setdefault(reason, dict.fromkeys(DECISIONS, 0))[review] = answers
    return [SetAside(reason, **numbers) for reason, numbers in sorted(found.items())]


def decide(session: Session, wave_code: str, reason: str, decision: str, *, seen: str, exact: bool) -> int:
    """Decide about everything set aside for a reason so far; how many that changed. The caller commits.

    ``seen`` is what the page told of it (``SetAside.shown``). Raises ``ReviewMoved`` when something else stands there
    now, unless it is what the decision would make of it. What comes in later is undecided again.
    """
    session.get(Wave, wave_code, with_for_update=True)  # two decisions at once are made one after the other
    found = [each for each in set_aside(session, wave_code) if each.reason == reason]
    if not found or getattr(found[0], decision) == sum(getattr(found[0], each) for each in DECISIONS):
        return 0
    if found[0].shown(exact=exact) != seen:
        raise ReviewMoved
    review = None if decision == UNDECIDED else decision
    of_reason = (AnswerSet.wave_code == wave_code, AnswerSet.quarantine_reason == reason)
    changed = session.execute(
        update(AnswerSet).where(*of_reason, AnswerSet.review.is_distinct_from(review)).values(review=review)
    )
    return changed.rowcount
