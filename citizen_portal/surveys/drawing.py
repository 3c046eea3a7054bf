"""How the sample of a wave was drawn: its strata, with the persons in each and the letters sent to them.

A file of them has a row per stratum: columns named after background questions (``area``, ``age``, ``sex``) with codes
of choices, ``letters``, and ``persons`` in the register or frame that letters were drawn from.
"""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence

from citizen_portal.surveys.questionnaire import BACKGROUNDS, Questionnaire

PERSONS, LETTERS = "persons", "letters"
MOST_STRATA = 500
# One stratum: codes by background column, persons and letters.
Stratum = dict[str, object]


class StrataRefused(ValueError):
    """A file of strata cannot be used; the text says which row and why."""


def read_strata(content: bytes, questionnaire: Questionnaire) -> list[Stratum]:
    """Read a file of strata (CSV, UTF-8, commas or semicolons). Raises ``StrataRefused``."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise StrataRefused("the letters are not UTF-8; save the file as CSV UTF-8") from error
    delimiter = ";" if ";" in text.partition("\n")[0] else ","
    rows = [[cell.strip() for cell in row] for row in csv.reader(io.StringIO(text), delimiter=delimiter)]
    heading, *body = [row for row in rows if any(row)] or [[]]
    columns = [name for name in heading if name in BACKGROUNDS]
    if sorted(heading) != sorted({*columns, PERSONS, LETTERS}) or not columns:
        raise StrataRefused(f"the columns must be {PERSONS}, {LETTERS} and some of {', '.join(BACKGROUNDS)}")
    strata = [_stratum(number, heading, row, questionnaire) for number, row in enumerate(body, start=2)]
    if not 0 < len({tuple(stratum[name] for name in columns) for stratum in strata}) == len(strata) <= MOST_STRATA:
        raise StrataRefused(f"there must be 1 to {MOST_STRATA} strata, each in one row")
    return strata


def columns_of(strata: Sequence[Mapping[str, object]]) -> tuple[str, ...]:
    """The background columns that tell the strata apart."""
    return tuple(name for name in BACKGROUNDS if name in strata[0])


def _stratum(number: int, heading: Sequence[str], row: Sequence[str], questionnaire: Questionnaire) -> Stratum:
    if len(row) != len(heading):
        raise StrataRefused(f"row {number} has {len(row)} cells, the heading has {len(heading)}")
    stratum: Stratum = dict(zip(heading, row, strict=True))
    for problem in _problems(stratum, questionnaire):
        raise StrataRefused(f"row {number}: {problem}")
    return {**stratum, PERSONS: int(row[heading.index(PERSONS)]), LETTERS: int(row[heading.index(LETTERS)])}


def _problems(stratum: Mapping[str, object], questionnaire: Questionnaire) -> Iterator[str]:
    for name in (PERSONS, LETTERS):
        if not (stratum[name].isascii() and stratum[name].isdigit() and len(stratum[name]) < 9):
            yield f"{stratum[name]!r} is no whole number of {name}"
            return
    if int(stratum[LETTERS]) > int(stratum[PERSONS]):
        yield f"{stratum[LETTERS]} letters are more than the {stratum[PERSONS]} persons"
    for about in BACKGROUNDS:
        question = questionnaire.background(about)
        choice = question and question.choices.choice(stratum.get(about, ""))
        if about in stratum and (choice is None or choice.missing):
            yield f"{stratum[about]!r} is no answer about {about} in the questionnaire"
