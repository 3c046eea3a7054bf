"""A snapshot as tables: every figure of the public document stands in them once, and nothing else does."""

import csv
import io
from decimal import Decimal

import pytest

from citizen_portal.api.tables import FIGURES, NAMES, REPORTS, csv_of
from tests.snapshots import FOLLOW_UP_CODE

ADDRESS = f"/api/v1/baseline/{FOLLOW_UP_CODE}"
NUMBERS = ("base", "value", "low", "high")
CHANGES = {"change": "diff", "change_low": "low", "change_high": "high"}


def rows_of(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8"), newline="")))


def number(cell: str) -> float | None:
    return None if cell == "" else float(cell)


@pytest.fixture
def figures(client, snapshots) -> list[dict[str, str]]:
    answer = client.get(f"{ADDRESS}.csv")
    assert answer.content_type == "text/csv; charset=utf-8; header=present"
    return rows_of(answer.data)


def test_every_figure_of_the_document_is_in_the_csv_and_no_other(figures, documents):
    expected = [
        (
            each["code"],
            value["by"] or "everyone",
            value["group"] or "everyone",
            value["shown"],
            value["interval"] or "",
            *map(value.get, NUMBERS),
        )
        for each in documents[1]["indicators"]
        for value in each["values"]
    ]
    found = [
        (
            row["indicator"],
            row["by"],
            row["group"],
            row["shown"] == "true",
            row["interval"],
            *(number(row[name]) for name in NUMBERS),
        )
        for row in figures
    ]
    assert found == expected


def test_every_change_of_the_document_is_in_the_csv_and_no_other(figures, documents):
    expected = {
        (each["code"], change["by"] or "everyone", change["group"] or "everyone"): change
        for each in documents[1]["indicators"]
        for change in each["changes"]
    }
    assert len(expected) > 50
    for row in figures:
        change = expected.pop((row["indicator"], row["by"], row["group"]), {})
        assert {name: number(row[name]) for name in CHANGES} == {name: change.get(CHANGES[name]) for name in CHANGES}
        assert row["change_real"] == {True: "true", False: "false", None: ""}[change.get("real")]
        assert row["against"] == "baseline-2024"
    assert expected == {}


def test_what_is_hidden_has_a_row_without_any_number(figures):
    hidden = [row for row in figures if row["shown"] == "false"]
    assert hidden
    for row in hidden:
        assert {row[name] for name in (*NUMBERS, *CHANGES, "interval", "change_real")} == {""}


def test_every_count_of_reports_is_in_its_table(documents):
    document = documents[0]
    found = rows_of(csv_of(REPORTS, document))
    shown = {(r["indicator"], r["by"], r["group"]): int(r["count"]) for r in found if r["shown"] == "true"}
    assert shown == {
        (table["indicator"], table["by"], row["group"] or "everyone"): row["count"]
        for table in document["reports"]
        for row in table["rows"]
    }
    hidden = [(r["indicator"], r["by"], r["group"], r["count"]) for r in found if r["shown"] == "false"]
    assert hidden == [(table["indicator"], table["by"], group, "") for table in document["reports"]
                      for group in table["hidden"]]  # fmt: skip


def test_every_code_of_the_tables_has_its_names(documents):
    document = documents[1]
    names = {(row["column"], row["code"]) for row in rows_of(csv_of(NAMES, document))}
    for row in rows_of(csv_of(FIGURES, document)):
        assert ("indicator", row["indicator"]) in names
        assert row["by"] == "everyone" or (row["by"], row["group"]) in names


@pytest.mark.parametrize("table", [FIGURES, REPORTS, NAMES], ids=lambda table: table.name)
def test_the_key_of_a_table_stands_for_one_row(documents, table):
    for document in documents:
        rows = rows_of(csv_of(table, document))
        assert rows
        assert len({tuple(row[name] for name in table.key) for row in rows}) == len(rows)
        assert list(rows[0]) == [column.name for column in table.columns]
        for column in table.columns:
            assert not column.always or all(row[column.name] for row in rows), column.name


def test_a_reader_of_csv_on_the_web_finds_what_its_metadata_says(client, snapshots, documents, tmp_path):
    from csvw import CSVW

    metadata = client.get(f"{ADDRESS}.csv-metadata.json")
    assert metadata.content_type == "application/csvm+json"
    csv_file, described = (tmp_path / f"{FOLLOW_UP_CODE}.{name}" for name in ("csv", "csv-metadata.json"))
    csv_file.write_bytes(client.get(f"{ADDRESS}.csv").data)
    described.write_bytes(metadata.data)
    read = CSVW(str(described), validate=True)
    assert read.is_valid
    [table] = read.tables
    found = [(row["indicator"], row["shown"], row["base"], row["value"]) for row in table]
    assert found == [
        (each["code"], value["shown"], value["base"], None if value["value"] is None else Decimal(str(value["value"])))
        for each in documents[1]["indicators"]
        for value in each["values"]
    ]
    csv_file.write_bytes(csv_file.read_bytes().replace(b"true", b"perhaps"))
    with pytest.raises(UserWarning, match="Invalid column value: perhaps"):
        _ = CSVW(str(described), validate=True).is_valid
