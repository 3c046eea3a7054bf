"""The tables of what one request may cost are true: their limits are those of the code, and their tests are there."""

import re
from functools import reduce
from importlib import import_module
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[2]
OPERATIONS = CHECKOUT / "docs" / "operations.md"
ROW = re.compile(
    r"^\| [^|]+ \| (?P<limit>[\d .]+?)(?: (?P<unit>[A-Za-z]+))? \| `(?P<constant>[\w.]+)` \| `(?P<test>[^`]+)` \|$"
)
UNITS = {None: 1, "s": 1, "characters": 1, "KB": 2**10, "MB": 2**20, "GB": 2**30}
# Bounds that every module of the front says in a constant of its own.
A_BOUND = re.compile(r"^([A-Z_]+) = \d|^([A-Z_]+) = MAX_", re.MULTILINE)


def rows():
    section = OPERATIONS.read_text("utf-8").partition("## What one request may cost")[2].partition("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("| ") and not line.startswith("| what")]
    return [ROW.match(line) or pytest.fail(f"not a row of the table: {line}") for line in lines]


def value_of(constant):
    """The value of a constant, or of what one holds, by its name below the package."""
    module = re.match(r"[a-z_.]*[a-z_](?=\.[A-Z])", constant)[0]
    names = constant.removeprefix(f"{module}.").split(".")
    return reduce(getattr, names, import_module(f"citizen_portal.{module}"))


def test_each_limit_is_the_one_of_the_code():
    for row in rows():
        stated = float(row["limit"].replace(" ", "")) * UNITS[row["unit"]]
        assert stated == pytest.approx(value_of(row["constant"])), row[0]


def test_each_line_names_a_test_there_is():
    for row in rows():
        file, _, name = row["test"].partition("::")
        assert f"def {name}(" in (CHECKOUT / file).read_text("utf-8"), row[0]


def test_every_bound_of_the_front_stands_in_the_table():
    stated = {row["constant"] for row in rows()}
    for module in (CHECKOUT / "citizen_portal" / "front").glob("*.py"):
        bounds = {first or second for first, second in A_BOUND.findall(module.read_text("utf-8"))}
        assert {f"front.{module.stem}.{name}" for name in bounds} <= stated
