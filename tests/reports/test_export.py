"""The CSV of reports: every stored report, in the documented columns, the same whichever way it is taken out."""

import csv
import re
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from sqlalchemy import func, insert, select

from citizen_portal.cli import cli
from citizen_portal.municipality.installed import installed
from citizen_portal.reports.choices import HAPPENED, LIGHT, ON_DATE, PRECISION, STATUSES
from citizen_portal.reports.export import COLUMNS, reports_csv
from citizen_portal.reports.models import Report
from citizen_portal.reports.queries import ReportFilter
from citizen_portal.storage.engine import db
from citizen_portal.storage.unit_of_work import unit_of_work
from citizen_portal.web.csv_rows import FOR_EXCEL, FOR_MACHINES
from tests.steps import count, report_row, reports, send

DOCUMENT = Path(__file__).parents[2] / "docs" / "reports-csv.md"
WAYS = [
    ("", []),
    ("?for=machines", ["--for", "machines"]),
    ("?area=centrum&status=quarantined", ["--area", "centrum", "--status", "quarantined"]),
    ("?theme=drugs&for=machines", ["--theme", "drugs", "--for", "machines"]),
]
ODD = '=HYPERLINK("x");\n"citat"\tå'


EVERYTHING = ReportFilter()


def exported(style=FOR_EXCEL, wanted=EVERYTHING) -> list[dict[str, str]]:
    db.session.rollback()
    text = b"".join(reports_csv(db.session(), installed().municipality, wanted, style)).decode("utf-8-sig")
    return list(csv.DictReader(StringIO(text, newline=""), delimiter=style.delimiter))


def documented(column: str) -> str:
    """What the document says a column may hold."""
    return re.search(rf"^\| `{column}` \|.*\|(.*)\|$", DOCUMENT.read_text(), re.MULTILINE)[1]


def test_the_columns_are_those_documented_in_that_order():
    assert tuple(re.findall(r"^\| `([^`]+)` \|", DOCUMENT.read_text(), re.MULTILINE)) == COLUMNS


@pytest.mark.parametrize(
    ("column", "codes"),
    [
        ("status", STATUSES),
        ("precision", PRECISION),
        ("light", LIGHT),
        ("happened", [*HAPPENED, ON_DATE]),
        ("quarantine_reason", ["honeypot", "many_from_one_address", "same_words"]),
    ],
)
def test_every_code_a_column_can_hold_is_documented(column, codes):
    assert set(re.findall(r"`([a-z0-9_]+)`", documented(column))) == set(codes)


def test_every_stored_report_is_in_the_file_once(noise, client):
    send(client, website="spam")
    client.post("/sv/follow/withdraw", data={"receipt": send(client, submission_key="k")})
    rows = exported()
    assert {row["report"] for row in rows} == {report.id.hex for report in reports()}
    assert len(rows) == count()
    assert {"quarantined", "withdrawn"} <= {row["status"] for row in rows}


def test_the_newest_day_comes_first_and_within_a_day_the_random_id(either_app):
    days = [date(2026, 1, 9), date(2025, 12, 31), date(2026, 1, 10), date(2026, 1, 9)]
    with unit_of_work() as session:
        session.execute(insert(Report), [report_row(received_on=day) for day in days])
    written = [(line["received_on"], line["report"]) for line in exported()]
    assert [day for day, _id in written] == ["2026-01-10", "2026-01-09", "2026-01-09", "2025-12-31"]
    assert written[1] < written[2]


def test_a_filter_keeps_the_rows_it_asks_for_and_no_other(noise):
    rows = exported(wanted=ReportFilter(area="centrum", status="received"))
    stored = db.session.scalar(
        select(func.count(Report.id)).where(Report.area == "centrum", Report.status == "received")
    )
    assert len(rows) == stored > 0
    assert {(row["area"], row["status"]) for row in rows} == {("centrum", "received")}


def test_a_row_says_what_was_reported(either_app):
    send(
        either_app.test_client(use_cookies=False),
        happened="2026-01-31",
        light="dark",
        unsafe="4",
        reasons=["too_dark", "no_view"],
        description="Mörkt.",
        precision="exact",
    )
    [row], [report] = exported(FOR_MACHINES), reports()
    assert row["report"] == report.id.hex
    assert row["received_on"] == report.received_on.isoformat()
    assert (row["theme"], row["place"], row["place_name"]) == ("drugs", "vasby_centrum", "Väsby centrum")
    assert (row["area"], row["area_name"]) == ("centrum", "Centrum")
    assert (row["happened"], row["happened_on"], row["light"], row["unsafe"]) == ("date", "2026-01-31", "dark", "4")
    assert (row["reasons"], row["description"], row["photos"]) == ("no_view too_dark", "Mörkt.", "0")
    assert (float(row["latitude"]), float(row["longitude"])) == (report.latitude, report.longitude)


def test_excel_gets_decimal_commas(client):
    send(client)
    assert re.fullmatch(r"59,\d+", exported()[0]["latitude"])


def test_an_empty_cell_means_that_it_was_not_said(client):
    client.post("/sv/report", data={"theme": "drugs", "place_text": "torget"})
    [row] = exported()
    for column in ("area", "place", "latitude", "longitude", "happened", "light", "unsafe", "reasons", "description"):
        assert row[column] == ""


def test_what_a_stranger_wrote_is_no_formula_and_reads_back_whole(client):
    send(client, description=ODD, place_text="@SUM(1)")
    [row] = exported()
    assert (row["description"], row["place_text"]) == (f"'{ODD}", "'@SUM(1)")


def test_both_engines_write_the_same_cells(either_app):
    send(either_app.test_client(use_cookies=False), description="Mörkt.", happened="2026-01-31")
    row = exported()[0]
    assert re.fullmatch(r"[0-9a-f]{32}", row.pop("report"))
    assert row.pop("received_on")[4] == "-"
    assert row == {
        "status": "received", "quarantine_reason": "", "language": "sv", "theme": "drugs",
        "theme_name": installed().municipality.theme("drugs").label.get("sv"), "area": "centrum",
        "area_name": "Centrum", "place": "vasby_centrum", "place_name": "Väsby centrum", "place_text": "",
        "latitude": row["latitude"], "longitude": row["longitude"], "precision": "street", "happened": "date",
        "happened_on": "2026-01-31", "light": "", "unsafe": "", "reasons": "", "description": "Mörkt.", "photos": "0",
    }  # fmt: skip


@pytest.mark.parametrize(("query", "arguments"), WAYS)
@pytest.mark.usefixtures("noise")
def test_the_workplace_and_the_command_give_the_same_bytes(app, staff_client, query, arguments):
    send(staff_client, website="spam", description=ODD)
    over_http = staff_client.get(f"/staff/reports.csv{query}")
    by_command = app.test_cli_runner().invoke(cli, ["reports", "export", *arguments])
    assert over_http.data == by_command.stdout_bytes
    assert over_http.data.count(b"\r\n") > 1
    assert over_http.mimetype == "text/csv"
    assert over_http.headers["Content-Disposition"].startswith('attachment; filename="reports-')


def test_a_file_is_written_whole_under_its_name(app, noise, tmp_path):
    out = tmp_path / "reports.csv"
    runner = app.test_cli_runner()
    assert runner.invoke(cli, ["reports", "export", "--out", str(out)]).exit_code == 0
    assert out.read_bytes() == runner.invoke(cli, ["reports", "export"]).stdout_bytes
    assert [path.name for path in tmp_path.iterdir()] == ["reports.csv"]
