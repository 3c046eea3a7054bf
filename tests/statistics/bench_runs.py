"""Running ``citizen-portal estimate`` on the synthetic survey, as it is or changed."""

import csv
import json

import pytest
from click.testing import CliRunner

from citizen_portal.cli.estimate import estimate
from tests.statistics.synthetic_survey import REFERENCE, rows_of

SURVEY, MARGINS = REFERENCE / "survey.csv", REFERENCE / "margins.csv"
USUAL = ("--wave", "2025", "--rake", "sex,age", "--question", "otrygg", "--by", "area", "--against", "2024")


def run(answers, margins, *options):
    with_margins = ("--margins", str(margins)) if margins else ()
    return CliRunner().invoke(estimate, [str(answers), *with_margins, *options])


def numbers(answers, margins, *options):
    ran = run(answers, margins, *options, "--format", "json")
    assert ran.exit_code == 0, ran.output
    return json.loads(ran.stdout, parse_constant=pytest.fail)


def write(path, rows, delimiter=",", mark="", rename=None):
    """Write dictionaries as CSV, columns under other names."""
    names = rename or {}
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(mark)
        writer = csv.writer(file, delimiter=delimiter)
        writer.writerow([names.get(name, name) for name in rows[0]])
        writer.writerows([row.values() for row in rows])
    return path


def changed(tmp_path, change, name="answers.csv"):
    rows = rows_of("survey.csv")
    for row in rows:
        change(row)
    return write(tmp_path / name, rows)
