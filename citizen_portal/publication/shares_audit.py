"""Shares of answers, audited: which whole numbers of people fit everything that is published of an indicator.

Where everybody weighs the same a share and its base bound how many said yes and how many did not. Everyone less the
groups that are shown are the rest: those in hidden groups or in none. Each part is bounded by itself, so the least and
the most of the rest are sums of whole intervals, which an integer program finds too. Weights are not published, so of
a weighted wave no such sum can be made; there the disclosure rules stand alone.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import Any, NamedTuple

Document = Mapping[str, Any]

ROUNDING = 2  # a base rounded to five is at most two away
FEWEST = 5


class Sides(NamedTuple):
    """The least and the most people who said yes, and the same of those who did not."""

    least_yes: int
    most_yes: int
    least_no: int
    most_no: int


def faults_of_shares(document: Document) -> Iterator[str]:
    """The small sides of the rest that can be worked out, or told from nobody, a sentence each."""
    if document["survey"]["weighted"]:
        return
    for indicator in document["indicators"]:
        if indicator["unit"] == "percent":
            for by, side, least, most in _told_apart(indicator["values"]):
                yield (
                    f"{document['code']!r}: of {indicator['code']!r} by {by}, between {least} and {most} people whose "
                    f"group is not shown said {side}, and so can be told from nobody"
                )


def _told_apart(values: Iterable[Document]) -> Iterator[tuple[str, str, int, int]]:
    whole = [each for each in values if each["by"] is None and each["shown"]]
    grouped = sorted((each for each in values if each["by"] is not None), key=_column)
    columns = {by: [_sides(each) for each in groups if each["shown"]] for by, groups in groupby(grouped, key=_column)}
    if not whole:
        return
    everyone = _at_least(_sides(whole[0]), columns.values())
    for by, shown in columns.items():
        rest = _less(everyone, shown)
        is_somebody = rest.least_yes + rest.least_no > 0
        for side, least, most in (("yes", *rest[:2]), ("no", *rest[2:])):
            if most < FEWEST and (least > 0 or (most == 0 and is_somebody)):
                yield by, side, least, most


def _column(value: Document) -> str:
    return value["by"]


def _sides(value: Document) -> Sides:
    """What fits a whole percentage and a base rounded to five, with five people on each side at least.

    Of a value that no whole numbers fit, such as one of another program, only the base is known.
    """
    fitting = [
        (yes, people - yes)
        for people in range(value["base"] - ROUNDING, value["base"] + ROUNDING + 1)
        for yes in range(FEWEST, people - FEWEST + 1)
        if abs(200 * yes - 2 * value["value"] * people) <= people
    ]
    if not fitting:
        return Sides(0, value["base"] + ROUNDING, 0, value["base"] + ROUNDING)
    said_yes, said_no = zip(*fitting, strict=True)
    return Sides(min(said_yes), max(said_yes), min(said_no), max(said_no))


def _sum(parts: Iterable[Sides]) -> Sides:
    return Sides(*(sum(ends) for ends in zip(Sides(0, 0, 0, 0), *parts, strict=True)))


def _at_least(everyone: Sides, columns: Iterable[list[Sides]]) -> Sides:
    """Everyone, who are no fewer than the shown groups of any column."""
    sums = [_sum(shown) for shown in columns]
    return everyone._replace(
        least_yes=max([everyone.least_yes, *(each.least_yes for each in sums)]),
        least_no=max([everyone.least_no, *(each.least_no for each in sums)]),
    )


def _less(everyone: Sides, shown: Iterable[Sides]) -> Sides:
    part = _sum(shown)
    return Sides(
        max(0, everyone.least_yes - part.most_yes),
        max(0, everyone.most_yes - part.least_yes),
        max(0, everyone.least_no - part.most_no),
        max(0, everyone.most_no - part.least_no),
    )
