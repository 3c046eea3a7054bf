"""Questionnaires go out to XLSForm and come in from it by command."""

import pytest
from openpyxl import load_workbook

from citizen_portal.cli import cli
from citizen_portal.municipality.installed import installed
from citizen_portal.surveys.reading import questionnaires_of


@pytest.fixture
def run(app):
    """Run a command about questionnaires on the portal of the test."""
    return lambda *arguments: app.test_cli_runner().invoke(cli, ["survey", "questionnaire", *map(str, arguments)])


def test_what_is_exported_is_imported_the_same(run, app, tmp_path):
    workbook, toml = tmp_path / "form.xlsx", tmp_path / "form.toml"
    exported = run("export", "trygghet", "--out", workbook)
    assert (exported.exit_code, exported.output) == (0, f"{workbook}: trygghet, version 2, 30 questions\n")
    imported = run("import", workbook, "--out", toml)
    assert imported.exit_code == 0
    questionnaire = max(questionnaires_of(installed().municipality), key=lambda each: each.version)
    assert f"digest {questionnaire.digest}" in imported.output
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_file()) == ["form.toml", "form.xlsx"]


def test_what_cannot_be_taken_is_named_and_nothing_is_written(run, tmp_path):
    workbook = tmp_path / "form.xlsx"
    run("export", "trygghet", "--out", workbook)
    book = load_workbook(workbook)
    book["survey"]["A5"] = "geopoint"
    book.save(workbook)
    answer = run("import", workbook, "--out", tmp_path / "form.toml")
    assert answer.exit_code == 1
    assert answer.output == (
        f"Error: {workbook}: survey, row 5, column type: 'geopoint' has no place in a questionnaire"
        " (--leave-out drops what programs add)\n"
    )
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["form.xlsx"]


def test_a_file_that_exists_is_not_overwritten_by_an_import(run, tmp_path):
    workbook, toml = tmp_path / "form.xlsx", tmp_path / "form.toml"
    run("export", "trygghet", "--out", workbook)
    toml.write_text("mine", encoding="utf-8")
    answer = run("import", workbook, "--out", toml)
    assert answer.exit_code == 1
    assert "exists" in answer.output
    assert toml.read_text("utf-8") == "mine"


@pytest.mark.parametrize(
    ("arguments", "why"),
    [(["no_such"], "no questionnaire 'no_such'"), (["trygghet", "--version", "9"], "no version 9, only 1")],
)
def test_what_does_not_exist_is_not_exported(run, tmp_path, arguments, why):
    answer = run("export", *arguments, "--out", tmp_path / "form.xlsx")
    assert answer.exit_code == 1
    assert why in answer.output
    assert not (tmp_path / "form.xlsx").exists()
