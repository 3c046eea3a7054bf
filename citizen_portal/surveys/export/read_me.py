"""The words that go with the files: what they hold, how far they can be trusted, and whom they could give away."""

from collections.abc import Iterator
from textwrap import wrap

from citizen_portal.surveys import queries
from citizen_portal.surveys.export.rows import WaveExport
from citizen_portal.surveys.models import INVITED

CHARACTERS_ON_A_LINE = 100


def unique_warning(unique: int, people: int) -> str:
    """The warning about people who are alone with their age, sex and area."""
    if not unique:
        return f"None of the {people} people in the file is alone with an age, sex and area."
    return (
        f"WARNING: {unique} of the {people} people in the file are the only ones with their age, sex and area. "
        "Whoever knows them can find their answers: keep the file as personal data, and publish no rows."
    )


def read_me(export: WaveExport) -> Iterator[bytes]:
    """A page of plain English text."""
    lines = (part for line in _lines(export) for part in wrap(line, CHARACTERS_ON_A_LINE) or [""])
    yield "".join(f"{line}\r\n" for line in lines).encode()


def _lines(export: WaveExport) -> Iterator[str]:
    wave, questionnaire = export.wave, export.questionnaire
    people = queries.number_of_answer_sets(export.session, wave.code)
    yield from (wave.title, "=" * len(wave.title), "")
    yield f"Wave {wave.code}, {wave.opens_on} to {wave.closed_on or wave.closes_on}."
    if wave.sample == INVITED:
        yield f"A drawn sample: {wave.invited} letters with one-time codes, {wave.used} of them used."
    else:
        yield "An open link: whoever wanted to answered. The figures describe those who answered and nobody else."
    yield f"Questionnaire {questionnaire.code}, version {questionnaire.version}, SHA-256 {questionnaire.digest}."
    yield f"Answer sets: {people}. Those with a reason in the column set_aside are suspected not to be real."
    yield from ("", unique_warning(queries.unique_on_background(export.session, wave), people), "")
    yield (
        "Rows come in random order and with random ids, anew in each file; neither tells who answered or when. An "
        "empty cell of codes: not asked, or skipped. Among numbers -1 is not asked, -2 skipped, and -3 and below are "
        'choices that are no answer, such as "don\'t know". The codebook has every column and value. A text that '
        "begins like a formula has an apostrophe in front in the CSV files."
    )
