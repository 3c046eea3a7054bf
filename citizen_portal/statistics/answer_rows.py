"""From a file with one row per person to the tallies of a question, wave by wave."""

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache

from citizen_portal.statistics.rows import NO_VALUE, RowFile, plain
from citizen_portal.statistics.tallies import Cell, Domain, Record, Tallies

YES, NO = 1.0, 0.0
WORDS = {"1": YES, "yes": YES, "true": YES, "ja": YES, "0": NO, "no": NO, "false": NO, "nej": NO}
WAVE = "wave"


@dataclass(frozen=True, slots=True)
class Question:
    """Which column to read, and how its answers become yes or no.

    ``counted`` are the answers that count as yes; without any, 1 is yes and 0 is no (or yes/no, ja/nej, true/false).
    ``left_out`` are answers that count as none, such as "don't know".
    """

    column: str
    counted: Collection[str] = ()
    left_out: Collection[str] = ()

    def answer(self, cell: str) -> float | None:
        """1, 0, or ``None`` for no answer. Raises ``ValueError`` when the cell is neither yes nor no."""
        if cell in NO_VALUE or plain(cell) in map(plain, self.left_out):
            return None
        if self.counted:
            return YES if plain(cell) in map(plain, self.counted) else NO
        answer = WORDS.get(plain(cell).casefold())
        if answer is None:
            raise ValueError(f"{cell} is neither 0 nor 1")
        return answer


def wave_column(file: RowFile, waves: Sequence[str], named: str | None, taken: Collection[str]) -> str:
    """The column that tells the waves apart: as named, or ``wave``, or the only other one in which all waves occur."""
    if named or WAVE in file.columns:
        file.place(named or WAVE)
        return named or WAVE
    holding = file.columns_of(waves, [column for column in file.distinct if column not in taken])
    if len(holding) == 1:
        return holding[0]
    found = f"{' and '.join(holding)} both hold" if holding else "no column holds"
    raise file.refused(f"{found} {' and '.join(waves)}; say which column is the wave with --wave-column")


def wave_tallies(
    file: RowFile, question: Question, *, wave: str, waves: Sequence[str], cells: Sequence[str], by: Sequence[str]
) -> dict[str, Tallies]:
    """Count the rows of each of ``waves``, in one pass. ``wave`` is the column that holds them.

    ``cells`` are the columns that make the weighting cells, ``by`` those whose groups are estimated. A row without a
    value in a column of ``by`` belongs to none of its groups. Raises ``RowsRefused``.
    """
    at_wave, at_question = file.place(wave), file.place(question.column)
    at_cells, at_groups = [(name, file.place(name)) for name in cells], [(name, file.place(name)) for name in by]
    counts: dict[str, Counter[Record]] = {one: Counter() for one in waves}
    others: set[str] = set()
    answer_to = cache(question.answer)
    for number, row in file.rows():
        counted = counts.get(row[at_wave])
        if counted is None:
            others.add(row[at_wave])
            continue
        try:
            answer = answer_to(row[at_question])
        except ValueError as error:
            reason = f"{row[at_question]} is neither 0 nor 1; name the answers that count as yes with --counted"
            raise file.refused(reason, number, question.column) from error
        cell = _weighting_cell(file, number, row, at_cells)
        domains = tuple(Domain(name, row[place]) for name, place in at_groups if row[place] not in NO_VALUE)
        counted[Record(cell, domains, answer)] += 1
    for one, records in counts.items():
        if not records:
            there = f"; there are {', '.join(sorted(others))}" if others else ""
            raise file.refused(f"no row belongs to the wave {one}{there}", column=wave)
    return {one: Tallies.of_counts(cells, records) for one, records in counts.items()}


def _weighting_cell(file: RowFile, number: int, row: Sequence[str], at: Sequence[tuple[str, int]]) -> Cell:
    """The levels of one row; ``at`` is where each weighting column stands."""
    for column, place in at:
        if row[place] in NO_VALUE:
            reason = "it is empty, and a weight needs a level; one of its own, such as unknown, would keep its share"
            raise file.refused(reason, number, column)
    return tuple(row[place] for _column, place in at)


def levels(tallies: Tallies) -> dict[str, set[str]]:
    """The levels that occur in each weighting column."""
    found: dict[str, set[str]] = defaultdict(set)
    for cell in tallies.sizes:
        for column, level in zip(tallies.columns, cell, strict=True):
            found[column].add(level)
    return dict(found)
