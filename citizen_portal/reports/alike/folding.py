"""What a list shows of many alike reports: one line, for the one that comes first in it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from citizen_portal.reports.choices import QUARANTINED, RECEIVED, SAME_WORDS, WITHDRAWN
from citizen_portal.reports.models import Report
from citizen_portal.reports.queries import ReportFilter

# Fewer are read as fast as a line about them.
FEWEST_FOLDED = 5
# The largest ones: a list of more lines would cost more than it saves.
MOST_FOLDS = 200
MOST_TEXTS_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Folds:
    """Groups that a list shows as one line: how many reports stand for each, by the report that stands for them."""

    numbers: Mapping[UUID, int]
    groups: Sequence[UUID]

    def condition(self) -> ColumnElement[bool]:
        """What a report must be to have a line of its own."""
        return or_(
            Report.text_group.is_(None),
            Report.text_group.not_in(self.groups),
            Report.id.in_(list(self.numbers)),
        )


@dataclass(frozen=True, slots=True)
class AlikeText:
    """One of the texts of a group, and how many reports have exactly it."""

    words: str
    number: int


@dataclass(frozen=True, slots=True)
class Group:
    """All reports of a group: how many nobody has handled, were set aside as a group, were handled, and are otherwise.

    Those handled have been moved by staff one by one; the others are suspected spam, or were taken back.
    """

    id: UUID
    unread: int
    set_aside: int
    handled: int
    others: int
    texts: Sequence[AlikeText]
    first_day: date
    last_day: date
    places: int


def folds_of(session: Session, wanted: ReportFilter) -> Folds:
    """The groups that a list of these reports folds. Asked for one group's reports it folds nothing."""
    if wanted.group:
        return Folds({}, ())
    number = func.count()
    counted = wanted.apply(select(Report.text_group, number)).where(Report.text_group.is_not(None))
    largest = counted.group_by(Report.text_group).having(number >= FEWEST_FOLDED).order_by(number.desc())
    numbers = dict(session.execute(largest.limit(MOST_FOLDS)).all())
    if not numbers:
        return Folds({}, ())
    place = func.row_number().over(partition_by=Report.text_group, order_by=(Report.received_on.desc(), Report.id))
    ranked = wanted.apply(select(Report.id, Report.text_group, place.label("place")))
    ranked = ranked.where(Report.text_group.in_(list(numbers))).subquery()
    first = select(ranked.c.id, ranked.c.text_group).where(ranked.c.place == 1)
    return Folds({report: numbers[group] for report, group in session.execute(first)}, list(numbers))


def group_with(session: Session, group: UUID) -> Group | None:
    """What there is to know of a group before deciding about it; None when no report is in it."""
    within, number = Report.text_group == group, func.count()
    counted = select(Report.status, Report.quarantine_reason, number).where(within)
    numbers: Counter[str] = Counter()
    for status, reason, count in session.execute(counted.group_by(Report.status, Report.quarantine_reason)):
        numbers[_part(status, reason)] += count
    if not numbers:
        return None
    texts = select(Report.description, number).where(within).group_by(Report.description)
    commonest = texts.order_by(number.desc(), Report.description).limit(MOST_TEXTS_SHOWN)
    where = func.coalesce(Report.place, Report.area, Report.place_text)
    about = select(func.min(Report.received_on), func.max(Report.received_on), func.count(func.distinct(where)))
    first_day, last_day, places = session.execute(about.where(within)).one()
    return Group(
        id=group,
        **{part: numbers[part] for part in ("unread", "set_aside", "handled", "others")},
        texts=[AlikeText(*row) for row in session.execute(commonest)],
        first_day=first_day,
        last_day=last_day,
        places=places,
    )


def _part(status: str, reason: str | None) -> str:
    """In which number of a group a report is. One that was let out of quarantine has been handled."""
    if status == RECEIVED and reason is None:
        return "unread"
    if status == QUARANTINED:
        return "set_aside" if reason == SAME_WORDS else "others"
    return "others" if status == WITHDRAWN else "handled"
