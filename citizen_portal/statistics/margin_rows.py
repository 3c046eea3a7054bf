"""From a file of register counts to margins, whatever its columns are called.

A row says how many persons a level of a margin holds: wave, margin, level, count. Without a column for the wave the
counts hold for every wave.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from citizen_portal.statistics.rows import RowFile, number_of


@dataclass(frozen=True, slots=True)
class MarginColumns:
    """What each column of a margin file is called; ``wave`` may be missing."""

    wave: str | None
    margin: str
    level: str
    count: str


def read_margins(file: RowFile, columns: MarginColumns, wave: str) -> dict[str, dict[str, float]]:
    """The margins of one wave: persons by margin and level. Raises ``RowsRefused``."""
    found: dict[str, dict[str, float]] = {}
    at_wave = file.place(columns.wave) if columns.wave else None
    at_margin, at_level, at_count = file.place(columns.margin), file.place(columns.level), file.place(columns.count)
    for number, cells in file.rows():
        if at_wave is not None and cells[at_wave] != wave:
            continue
        margin = found.setdefault(cells[at_margin], {})
        if cells[at_level] in margin:
            raise file.refused(f"{cells[at_margin]} {cells[at_level]} is counted twice", number, columns.level)
        margin[cells[at_level]] = _persons(file, number, cells[at_count], columns.count)
    if not found:
        raise file.refused(f"no row belongs to the wave {wave}", column=columns.wave)
    return found


def margin_columns(
    file: RowFile, named: Sequence[str], waves: Sequence[str], levels: Mapping[str, set[str]]
) -> MarginColumns:
    """Which column is what: as named, or by its usual name, or by what it holds.

    ``named`` is empty, or the names of margin, level and count, with the wave's before them if there is one. ``levels``
    are the levels of the answers under the name of their margin. Raises ``RowsRefused`` when it cannot be told.
    """
    if named:
        *before, margin, level, count = named
        return MarginColumns(before[0] if before else None, margin, level, count)
    left = dict.fromkeys(file.distinct)

    def take(usual: str, candidates: Callable[[], Sequence[str]]) -> str:
        column = usual if usual in left else _one_of(file, usual, candidates())
        del left[column]
        return column

    margin = take("margin", lambda: file.columns_of(levels, left))
    level = take("level", lambda: _agreeing(file, margin, left, levels))
    by_wave = "wave" in left or file.columns_of(waves, left)
    wave = take("wave", lambda: file.columns_of(waves, left)) if by_wave else None
    return MarginColumns(wave, margin, level, take("pop", lambda: _numeric(file, left)))


def _agreeing(file: RowFile, margin: str, among: Collection[str], levels: Mapping[str, set[str]]) -> list[str]:
    """The columns that hold, in the most rows, a level that the answers have for the row's margin."""
    counts = dict.fromkeys(among, 0)
    at_margin = file.place(margin)
    places = {column: file.place(column) for column in among}
    for _number, cells in file.rows():
        for column, place in places.items():
            counts[column] += cells[place] in levels.get(cells[at_margin], set())
    return [column for column, count in counts.items() if count == max(counts.values()) > 0]


def _numeric(file: RowFile, among: Collection[str]) -> list[str]:
    """The columns that hold nothing but numbers."""
    numeric = set(among)
    places = {column: file.place(column) for column in among}
    for _number, cells in file.rows():
        for column in list(numeric):
            try:
                number_of(cells[places[column]])
            except ValueError:
                numeric.remove(column)
    return [column for column in among if column in numeric]


def _one_of(file: RowFile, role: str, candidates: Sequence[str]) -> str:
    if len(candidates) == 1:
        return candidates[0]
    found = f"{' and '.join(candidates)} each look like" if candidates else "no column looks like"
    raise file.refused(f"{found} the {role}; name wave, margin, level and pop with --margin-columns")


def _persons(file: RowFile, number: int, text: str, column: str) -> float:
    try:
        persons = number_of(text)
    except ValueError as error:
        raise file.refused(f"{text or 'an empty cell'} is not a number of persons", number, column) from error
    if persons < 0:
        raise file.refused(f"{text} is not a number of persons", number, column)
    return persons
