"""All reads of reports, as named functions. None of them writes or commits."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Self
from uuid import UUID

from sqlalchemy import ColumnElement, Select, String, and_, exists, func, or_, select, true, type_coerce
from sqlalchemy.orm import InstrumentedAttribute, Session, selectinload

from citizen_portal.reports.choices import NOT_COUNTED
from citizen_portal.reports.models import Photo, Report, ReportMessage, ReportMove
from citizen_portal.storage.waits import take_long

PER_PAGE = 50
ROWS_PER_FETCH = 2000


@dataclass(frozen=True, slots=True)
class ReportFilter:
    """Which reports to list; an empty part filters nothing."""

    area: str = ""
    theme: str = ""
    status: str = ""
    group: str = ""

    def apply(self, statement: Select) -> Select:
        """The statement with this filter's conditions."""
        for column, value in ((Report.area, self.area), (Report.theme, self.theme), (Report.status, self.status)):
            if value:
                statement = statement.where(column == value)
        return statement.where(Report.text_group == _id_or_nobodys(self.group)) if self.group else statement


def _id_or_nobodys(text: str) -> UUID:
    """The id that a text names, or one that nothing has."""
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)


def report_by_receipt_digest(session: Session, *digests: bytes, to_change: bool = False) -> Report | None:
    """The report a receipt opens, with its moves and messages; None when no receipt has this digest."""
    return session.scalar(_fresh(select(Report).where(Report.receipt_digest.in_(digests)), to_change))


def report_with_everything(session: Session, report_id: UUID, *, to_change: bool = False) -> Report:
    """One report with moves, messages and the ids of its photos. Raises ``NoResultFound``."""
    statement = select(Report).where(Report.id == report_id).options(selectinload(Report.photos))
    return session.scalars(_fresh(statement, to_change)).one()


def _fresh(statement: Select, to_change: bool) -> Select:
    """With moves and messages, as the database has them now; locked when they are to be added to.

    Two who add at once would otherwise give their messages the same position (SQLite has one writer anyway).
    """
    statement = statement.options(selectinload(Report.moves), selectinload(Report.messages))
    statement = statement.execution_options(populate_existing=True)
    return statement.with_for_update() if to_change else statement


def photo_content(session: Session, photo_id: UUID) -> bytes:
    """The bytes of one stored photo. Raises ``NoResultFound``."""
    return session.scalars(select(Photo.content).where(Photo.id == photo_id)).one()


@dataclass(frozen=True, slots=True)
class Place:
    """Where a report stands in the list, newest day first; written as "2026-03-14.<id>".

    A page begins after a place and not after a number of rows: what is handled meanwhile leaves the list, and counting
    would skip as many that nobody has seen.
    """

    day: date
    id: UUID

    @classmethod
    def of(cls, report: Report) -> Self:
        """The place of one report."""
        return cls(report.received_on, report.id)

    @classmethod
    def read(cls, text: str) -> Self | None:
        """The place a text names, or None."""
        day, _point, identifier = text.partition(".")
        try:
            return cls(date.fromisoformat(day), UUID(identifier))
        except ValueError:
            return None

    def __str__(self) -> str:
        """As an address holds it."""
        return f"{self.day.isoformat()}.{self.id}"


@dataclass(frozen=True, slots=True)
class ReportPage:
    """One page of reports, and the places to go on from when there are more on that side."""

    reports: Sequence[Report]
    newer_than: Place | None
    older_than: Place | None


def photos_of(session: Session, report: Report) -> Sequence[bytes]:
    """The stored photos of a report, in their order."""
    return session.scalars(select(Photo.content).where(Photo.report_id == report.id).order_by(Photo.position)).all()


def page_of_reports(
    session: Session,
    wanted: ReportFilter,
    *,
    older_than: Place | None = None,
    newer_than: Place | None = None,
    skip: int = 0,
    shown: ColumnElement[bool] | None = None,
) -> ReportPage:
    """One page, newest day first: from the beginning, or on one side of a place; ``skip`` leaves out so many rows.

    ``shown`` is what a report must be to have a line of its own.
    """
    has_a_line = true() if shown is None else shown
    statement, order = wanted.apply(select(Report)).where(has_a_line), (Report.received_on.desc(), Report.id)
    if older_than:
        statement = statement.where(_is_older(older_than))
    elif newer_than:
        statement, order = statement.where(_is_newer(newer_than)), (Report.received_on, Report.id.desc())
    found = session.scalars(statement.order_by(*order).limit(PER_PAGE).offset(skip)).all()
    reports = found[::-1] if newer_than and not older_than else found
    if not reports:
        return ReportPage(reports, None, None)
    first, last = Place.of(reports[0]), Place.of(reports[-1])
    any_newer, any_older = (
        session.scalar(select(wanted.apply(select(Report.id)).where(side, has_a_line).exists()))
        for side in (_is_newer(first), _is_older(last))
    )
    return ReportPage(reports, first if any_newer else None, last if any_older else None)


def _is_older(place: Place) -> ColumnElement[bool]:
    same_day = and_(Report.received_on == place.day, Report.id > place.id)
    return or_(Report.received_on < place.day, same_day)


def _is_newer(place: Place) -> ColumnElement[bool]:
    same_day = and_(Report.received_on == place.day, Report.id < place.id)
    return or_(Report.received_on > place.day, same_day)


def number_of_moves(session: Session, day: date) -> int:
    """How many moves reports made on a day."""
    return session.scalar(select(func.count()).select_from(ReportMove).where(ReportMove.moved_on == day)) or 0


def number_of_reports(session: Session, wanted: ReportFilter) -> int:
    """How many reports a filter lets through."""
    return session.scalar(wanted.apply(select(func.count(Report.id)))) or 0


def reports_per_status(session: Session) -> dict[str, int]:
    """Number of reports in each status that has any."""
    return dict(session.execute(select(Report.status, func.count(Report.id)).group_by(Report.status)).all())


def reports_per_theme_area_and_month(
    session: Session, from_day: date, to_day: date
) -> dict[tuple[str, str | None, str], int]:
    """Reports received from the first to the last day, per theme, area (None: in no known area) and month ("2026-03").

    Not those taken back, nor those set aside as possible spam.
    """
    statement = (
        select(Report.theme, Report.area, Report.received_on, func.count())
        .where(Report.received_on.between(from_day, to_day), Report.status.not_in(NOT_COUNTED))
        .group_by(Report.theme, Report.area, Report.received_on)
    )
    counts: Counter[tuple[str, str | None, str]] = Counter()
    for theme, area, day, number in session.execute(statement):
        counts[theme, area, f"{day:%Y-%m}"] += number
    return dict(counts)


def unanswered_messages(session: Session, report_ids: Sequence[UUID]) -> dict[UUID, int]:
    """Residents' messages after the last answer of staff, per report that has any."""
    answer = ReportMessage.__table__.alias("answer")
    answered_later = exists().where(
        answer.c.report_id == ReportMessage.report_id,
        answer.c.from_staff,
        answer.c.position > ReportMessage.position,
    )
    statement = (
        select(ReportMessage.report_id, func.count())
        .where(ReportMessage.report_id.in_(report_ids), ~ReportMessage.from_staff, ~answered_later)
        .group_by(ReportMessage.report_id)
    )
    return dict(session.execute(statement).all())


def any_report_exists(session: Session) -> bool:
    """Whether the table holds a single report."""
    return session.scalar(select(exists().select_from(Report))) or False


def stream_columns(
    session: Session, columns: Sequence[InstrumentedAttribute], wanted: ReportFilter
) -> Iterator[Sequence[object]]:
    """Rows of the given columns, newest day first, a few thousand in memory at a time.

    Values come as the driver gives them, past the object mapper: on the way to a text file, making objects, dates
    and lists of them costs more than the rest of the work together.
    """
    plain = [type_coerce(column, String) for column in columns]
    # By ``date()`` of the day, which is the same day: the plain column has an index, and SQLite would follow it to each
    # row in turn, at twice the cost of reading the table through and sorting it.
    newest_first = func.date(Report.received_on).desc(), Report.id
    statement = wanted.apply(select(*plain)).order_by(*newest_first)
    connection = session.connection()
    take_long(connection)
    result = connection.execute(statement, execution_options={"yield_per": ROWS_PER_FETCH})
    for rows in result.partitions():
        yield from rows


def first_day_of_all(session: Session) -> date | None:
    """The day of the earliest report that is stored; None without any."""
    return session.scalar(select(func.min(Report.received_on)))
