"""Answer sets on their way to a file: every one of a wave, in an order that nothing stored tells.

The ids are random, and given anew when a wave closes, so their order says nothing about people. The file has yet
another order, and row ids of its own, so that it cannot even be laid beside the table: the space of ids is cut
into slices, which come in random order and are shuffled one at a time. That takes one slice of memory, however many
answered, and no sorting in the database, which would write the answers to a temporary file.
"""

import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from operator import itemgetter
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.orm import Session

from citizen_portal.surveys import queries
from citizen_portal.surveys.models import Wave
from citizen_portal.surveys.questionnaire import Questionnaire

ROWS_PER_SLICE = 1000
_ID_BITS = 128
_ROW_ID_BYTES = 8


class Row(NamedTuple):
    """One answer set. ``id`` is made for the file and stored nowhere; ``set_aside`` is a reason, or empty."""

    id: str
    language: str
    set_aside: str
    answers: dict[str, object]


@dataclass(frozen=True)
class WaveExport:
    """What every file is made from: the wave, its frozen questionnaire and a way to its rows.

    ``watch`` is given the rows and hands them on: whoever shows progress counts them there.
    """

    session: Session
    wave: Wave
    watch: Callable[[Iterator[Row]], Iterator[Row]] = iter

    @cached_property
    def questionnaire(self) -> Questionnaire:
        """The questionnaire as it was when the wave opened."""
        return queries.questionnaire(self.session, self.wave.questionnaire_digest)

    @property
    def language(self) -> str:
        """The language of labels: the questionnaire's reference language."""
        return self.questionnaire.languages[0]

    def rows(self) -> Iterator[Row]:
        """Every answer set of the wave once, in an order of this call's own."""
        return self.watch(rows_in_random_order(self.session, self.wave.code))

    def about(self, row: Row) -> tuple[object, ...]:
        """The cells of ABOUT_THE_ROW."""
        asked = self.questionnaire
        return (row.id, self.wave.code, asked.code, asked.version, asked.digest, row.language, row.set_aside)


def rows_in_random_order(session: Session, wave_code: str) -> Iterator[Row]:
    """Every answer set of the wave once, those set aside included. The order differs from call to call."""
    chance = secrets.SystemRandom()
    bits = (queries.number_of_answer_sets(session, wave_code) // ROWS_PER_SLICE).bit_length()
    slices = list(range(1 << bits))
    chance.shuffle(slices)
    width = _ID_BITS - bits
    for number in slices:
        first, last = UUID(int=number << width), UUID(int=((number + 1) << width) - 1)
        stored = queries.answers_between(session, wave_code, first, last)
        # Begins with a letter, or a spreadsheet would read some of them as numbers.
        rows = [Row("r" + secrets.token_hex(_ROW_ID_BYTES), *each) for each in stored]
        rows.sort(key=itemgetter(0))
        yield from rows
