"""The synthetic survey of two waves in ``tests/reference``, and how its rows become tallies and samples."""

import csv
from functools import cache
from pathlib import Path

from citizen_portal.statistics.designs import (
    Sample,
    raked_sample,
    simple_sample,
    stratified_raked_sample,
    stratified_sample,
)
from citizen_portal.statistics.tallies import EVERYONE, Answers, Domain, Record, Tallies

REFERENCE = Path(__file__).parents[1] / "reference"
WAVES = ("2024", "2025")
QUESTIONS = ("otrygg", "undvik", "utsatt", "fort")
GROUPINGS = ("area", "sex", "age")
RAKED = ("sex", "age")


def rows_of(name: str) -> list[dict[str, str]]:
    with (REFERENCE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def wave_rows(wave: str) -> list[dict[str, str]]:
    return [row for row in rows_of("survey.csv") if row["wave"] == wave]


@cache
def margins(wave: str) -> dict[str, dict[str, float]]:
    found: dict[str, dict[str, float]] = {}
    for row in rows_of("margins.csv"):
        if row["wave"] == wave:
            found.setdefault(row["margin"], {})[row["level"]] = float(row["pop"])
    return found | {"sex3": found["sex"]}


@cache
def tallies(wave: str, question: str, columns: tuple[str, ...] = RAKED) -> Tallies:
    return Tallies.of(
        columns,
        (
            Record(
                tuple(row[column] for column in columns),
                tuple(Domain(by, row[by]) for by in GROUPINGS),
                float(row[question]) if row[question] else None,
            )
            for row in wave_rows(wave)
        ),
    )


def answers(wave: str, question: str, domain: Domain = EVERYONE, columns: tuple[str, ...] = RAKED) -> Answers:
    return tallies(wave, question, columns).answers[domain]


@cache
def sample(wave: str, design: str = "raked", columns: tuple[str, ...] = RAKED) -> Sample:
    """A wave's sample; the columns of a stratified one end with the area."""
    sizes = tallies(wave, "undvik", columns).sizes
    register = margins(wave)["area"]
    match design:
        case "simple":
            return simple_sample(sizes)
        case "raked":
            return raked_sample(sizes, columns, margins(wave))
        case "stratified":
            return stratified_sample(sizes, -1, register)
        case "stratified raked":
            return stratified_raked_sample(sizes, columns[:-1], margins(wave), register)
    raise ValueError(design)


def one_answer(answers: Answers, value: float) -> Answers:
    """A scale made into yes and no: did they choose this step?"""
    return {
        cell: {
            outcome: sum(count for step, count in values.items() if (step == value) == bool(outcome))
            for outcome in (1, 0)
            if any((step == value) == bool(outcome) for step in values)
        }
        for cell, values in answers.items()
    }
