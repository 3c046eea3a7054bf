"""Reports as CSV. Column names are a promise: documented in docs/reports-csv.md, and only ever added to."""

from collections.abc import Callable, Iterator
from functools import lru_cache

from sqlalchemy.orm import Session

from citizen_portal.municipality import Municipality
from citizen_portal.reports.models import Report
from citizen_portal.reports.queries import ReportFilter, stream_columns
from citizen_portal.web.csv_rows import CsvStyle, csv_chunks, safe_cell

COLUMNS = (
    "report",
    "received_on",
    "status",
    "quarantine_reason",
    "language",
    "theme",
    "theme_name",
    "area",
    "area_name",
    "place",
    "place_name",
    "place_text",
    "latitude",
    "longitude",
    "precision",
    "happened",
    "happened_on",
    "light",
    "unsafe",
    "reasons",
    "description",
    "photos",
)

_STORED = (
    Report.id,
    Report.received_on,
    Report.status,
    Report.quarantine_reason,
    Report.language,
    Report.theme,
    Report.area,
    Report.place,
    Report.place_text,
    Report.latitude,
    Report.longitude,
    Report.precision,
    Report.happened,
    Report.happened_on,
    Report.light,
    Report.unsafe,
    Report.reasons,
    Report.description,
    Report.photo_count,
)


def reports_csv(session: Session, municipality: Municipality, wanted: ReportFilter, style: CsvStyle) -> Iterator[bytes]:
    """The filtered reports, newest day first, as chunks of a CSV file in the given style.

    Every stored report is in it, quarantined and withdrawn ones too. Names of themes, areas and places are in the
    municipality's default language; a code the municipality no longer has gets no name.
    """
    row = _row_maker(municipality, style)
    return csv_chunks(COLUMNS, map(row, stream_columns(session, _STORED, wanted)), style)


def _row_maker(municipality: Municipality, style: CsvStyle) -> Callable[[tuple], tuple[str, ...]]:
    """A function from a stored row to a row of texts. It runs once per report, so what can be looked up is."""
    language = municipality.default_language
    theme_names = {theme.code: safe_cell(theme.label.get(language)) for theme in municipality.themes}
    area_names = {area.code: safe_cell(area.name.get(language)) for area in municipality.areas}
    place_names = {place.code: safe_cell(place.name) for place in municipality.places}

    # Coordinates lie on a grid, so the same few hundred numbers come back a million times.
    @lru_cache(maxsize=4096)
    def decimal(number: float | None) -> str:
        if number is None:
            return ""
        return str(number).replace(".", ",") if style.decimal_comma else str(number)

    def row(stored: tuple) -> tuple:
        # The id comes as text from SQLite and as a UUID from PostgreSQL, and is 32 hexadecimal digits either way.
        (report, received, status, quarantine, language, theme, area, place, place_text, latitude, longitude,
         precision, happened, happened_on, light, unsafe, reasons, description, photos) = stored  # fmt: skip
        return (
            getattr(report, "hex", report), str(received), status, quarantine or "", language, theme,
            theme_names.get(theme, ""), area or "", area_names.get(area, ""), place or "", place_names.get(place, ""),
            safe_cell(place_text), decimal(latitude), decimal(longitude), precision, happened or "",
            str(happened_on or ""), light or "", str(unsafe or ""), reasons, safe_cell(description), str(photos),
        )  # fmt: skip

    return row
