"""The inbox: the list of reports with its filters, and the list as CSV."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date

from flask import Blueprint, Response, render_template, request, stream_with_context, url_for
from flask.typing import ResponseReturnValue
from flask_babel import LazyString

from citizen_portal.municipality import Municipality
from citizen_portal.municipality.installed import installed
from citizen_portal.reports import queries
from citizen_portal.reports.alike.folding import folds_of
from citizen_portal.reports.cases import place_label, theme_label
from citizen_portal.reports.choices import QUARANTINED, RECEIVED, STATUSES
from citizen_portal.reports.export import reports_csv
from citizen_portal.reports.models import Report
from citizen_portal.staff.forms import FilterForm
from citizen_portal.staff.gate import require_staff
from citizen_portal.storage.engine import db
from citizen_portal.upkeep.night import is_missed, last_night
from citizen_portal.web.clock import today
from citizen_portal.web.csv_rows import FOR_EXCEL, STYLES
from citizen_portal.web.language import current_language

EXCERPT_CHARACTERS = 140
LAST_PAGE = 1_000_000  # a database counts no further than 64 bits

staff = Blueprint("staff", __name__, url_prefix="/staff")
staff.before_request(require_staff)


@dataclass(frozen=True, slots=True)
class InboxRow:
    """One report as the list shows it."""

    url: str
    received_on: date
    theme_label: str
    place_label: str
    area_label: str
    status_label: LazyString
    status_code: str
    unsafe: int | None
    photo_count: int
    excerpt: str
    unread_messages: int
    more_alike: int
    group_url: str | None


@staff.get("/")
def inbox() -> ResponseReturnValue:
    """Reports, newest first, fifty to a page; the address holds the filter."""
    municipality, language = installed().municipality, current_language()
    wanted, session = _wanted(), db.session()
    total = queries.number_of_reports(session, wanted)
    folds = folds_of(session, wanted)
    page = queries.page_of_reports(
        session,
        wanted,
        older_than=_place("older_than"),
        newer_than=_place("newer_than"),
        skip=_rows_to_skip(),
        shown=folds.condition(),
    )
    unread = queries.unanswered_messages(session, [report.id for report in page.reports])
    return render_template(
        "staff/inbox.html",
        rows=[
            _row(report, municipality, language, unread.get(report.id, 0), folds.numbers.get(report.id, 1))
            for report in page.reports
        ],
        filters=FilterForm(request.args, municipality=municipality, language=language),
        csv_url=url_for("staff.export_csv", **_given(wanted)),
        machine_csv_url=url_for("staff.export_csv", **_given(wanted), **{"for": "machines"}),
        page_links=_page_links(wanted, page),
        total=total,
        missed_night=_missed_night(),
        counts=_counts(queries.reports_per_status(session), wanted.status),
    )


def _missed_night() -> date | None:
    """The day of the last night, when one has been missed since."""
    last = last_night(db.session())
    return last if is_missed(last, today=today()) else None


@staff.get("/reports.csv")
def export_csv() -> ResponseReturnValue:
    """The filtered list as CSV, streamed. ``?for=machines`` gives comma, decimal point and no byte order mark."""
    style = STYLES.get(request.args.get("for", ""), FOR_EXCEL)
    wanted = _wanted()

    def chunks() -> Iterator[bytes]:
        # The session of the view is closed before the first chunk is asked for; the stream has one of its own, which
        # is closed with it. With the view's, every download would keep a connection for good.
        yield from reports_csv(db.session(), installed().municipality, wanted, style)

    answer = Response(stream_with_context(chunks()), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="reports-{today().isoformat()}.csv"'
    return answer


def _wanted() -> queries.ReportFilter:
    given = request.args
    return queries.ReportFilter(
        given.get("area", ""), given.get("theme", ""), given.get("status", ""), given.get("group", "")
    )


def _given(wanted: queries.ReportFilter) -> dict[str, str]:
    return {name: value for name, value in asdict(wanted).items() if value}


def _place(name: str) -> queries.Place | None:
    return queries.Place.read(request.args.get(name, ""))


def _rows_to_skip() -> int:
    """For an address that counts pages: so many fewer as have been moved today, or those moved would skip others."""
    number = min(max(1, request.args.get("page", 1, type=int)), LAST_PAGE)
    if number == 1:
        return 0
    return max(0, (number - 1) * queries.PER_PAGE - queries.number_of_moves(db.session(), today()))


def _page_links(wanted: queries.ReportFilter, page: queries.ReportPage) -> dict[str, str | None]:
    def link(name: str, place: queries.Place | None) -> str | None:
        return url_for("staff.inbox", **_given(wanted), **{name: str(place)}) if place else None

    return {"previous": link("newer_than", page.newer_than), "next": link("older_than", page.older_than)}


def _counts(per_status: dict[str, int], shown: str) -> list[tuple[LazyString, int, str, bool]]:
    """Label, number, address and whether it is the state ``shown``; what is waiting comes first.

    A state that no report is in is left out, but never the new ones.
    """
    order = [RECEIVED, QUARANTINED, *(code for code in STATUSES if code not in {RECEIVED, QUARANTINED})]
    return [
        (STATUSES[code].label, per_status.get(code, 0), url_for("staff.inbox", status=code), code == shown)
        for code in order
        if code == RECEIVED or per_status.get(code)
    ]


def _row(report: Report, municipality: Municipality, language: str, unread: int, alike: int) -> InboxRow:
    area = municipality.area(report.area) if report.area else None
    return InboxRow(
        url=url_for("desk.report", report_id=report.id),
        received_on=report.received_on,
        theme_label=theme_label(municipality, report.theme, language),
        place_label=place_label(municipality, report, language),
        area_label=area.name.get(language) if area else "",
        status_label=STATUSES[report.status].label,
        status_code=report.status,
        unsafe=report.unsafe,
        photo_count=report.photo_count,
        excerpt=report.description[:EXCERPT_CHARACTERS],
        unread_messages=unread,
        more_alike=alike - 1,
        group_url=url_for("alike.group", group_id=report.text_group) if alike > 1 else None,
    )
