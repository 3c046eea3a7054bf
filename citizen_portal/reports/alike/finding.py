"""Find the group of a text, or begin one: at a cost that does not grow with the number of reports."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from sqlalchemy import bindparam, delete, func, insert, select, update
from sqlalchemy.orm import Session

from citizen_portal.reports.alike.models import TextBand, TextGroup
from citizen_portal.reports.alike.words import ALIKE, bands, likeness, words_of
from citizen_portal.reports.models import Report
from citizen_portal.storage.types import random_id

# More share a sign only when somebody means them to, and then what is looked at has an end.
MOST_CANDIDATES = 64
MOST_AT_ONCE = 500

_CANDIDATES = (
    select(TextGroup.__table__.c.id, TextGroup.__table__.c.words)
    .where(
        TextGroup.__table__.c.id.in_(
            select(TextBand.__table__.c.text_group).where(
                TextBand.__table__.c.band.in_(bindparam("bands", expanding=True))
            )
        )
    )
    .limit(MOST_CANDIDATES)
)
_TOLD = ("description", "theme", "place", "area", "place_text", "received_on")
_WORDS_OF_A_REPORT = [getattr(Report, name) for name in _TOLD]


def words_of_report(
    description: str, *, theme: str, place: str | None, area: str | None, place_text: str, received_on: date
) -> bytes:
    """The words a report is known by; without any of its own it is like those of its day about the same place."""
    return words_of(description, theme, place or area, place_text, None if description else str(received_on))


def group_of(session: Session, words: bytes) -> UUID:
    """The group of texts that these words are most like; a new one when there is none. The caller commits."""
    signs = bands(words)
    candidates = session.connection().execute(_CANDIDATES, {"bands": signs}).all()
    alike = [(how_much, group) for group, theirs in candidates if (how_much := likeness(words, theirs)) >= ALIKE]
    if alike:
        return max(alike)[1]
    group = random_id()
    session.execute(insert(TextGroup), {"id": group, "words": words})
    session.execute(insert(TextBand), [{"band": band, "text_group": group} for band in sorted(set(signs))])
    return group


def group_those_without(session: Session) -> int:
    """Find the groups of some reports that have none, those from before there were any; how many. The caller commits.

    Not of all at once: residents' reports wait while it writes.
    """
    without = select(Report.id, *_WORDS_OF_A_REPORT).where(Report.text_group.is_(None))
    statement = without.order_by(Report.id).limit(MOST_AT_ONCE)
    found = session.execute(statement).mappings().all()
    for told in found:
        report_id, words = told["id"], words_of_report(**{name: told[name] for name in _TOLD})
        session.execute(update(Report).where(Report.id == report_id).values(text_group=group_of(session, words)))
    return len(found)


def forget_who_began(session: Session) -> None:
    """Know each group by a text of it that chance has chosen, instead of its first. The caller commits.

    Until then the group tells which of its texts was there before the others.
    """
    by_chance = func.row_number().over(partition_by=Report.text_group, order_by=Report.id)
    number = func.count().over(partition_by=Report.text_group)
    ranked = select(Report.id, by_chance.label("place"), number.label("number")).subquery()
    chosen = (
        select(Report.text_group, *_WORDS_OF_A_REPORT)
        .join(ranked, ranked.c.id == Report.id)
        .where(ranked.c.place == 1, ranked.c.number > 1, Report.text_group.is_not(None))
    )
    known = dict(session.execute(select(TextGroup.id, TextGroup.words)).all())
    changed = {
        told["text_group"]: words
        for told in session.execute(chosen).mappings()
        if (words := words_of_report(**{name: told[name] for name in _TOLD})) != known.get(told["text_group"])
    }
    _know_by(session, changed.items())


def _know_by(session: Session, groups: Iterable[tuple[UUID, bytes]]) -> None:
    for group, words in groups:
        session.execute(update(TextGroup).where(TextGroup.id == group).values(words=words))
        session.execute(delete(TextBand).where(TextBand.text_group == group))
        rows = [{"band": band, "text_group": group} for band in sorted(set(bands(words)))]
        session.execute(insert(TextBand), rows)
