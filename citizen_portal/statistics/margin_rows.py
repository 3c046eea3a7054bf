"""From a file of register counts to margins, whatever its columns are called.

A row says how many persons a level of a margin holds: wave, margin, level, count. Without a column for the wave the
counts hold for every wave.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from citizen_portal.statistics.rows import RowFile, number_of

USUAL = ("wave", "margin", "level", "pop")


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
    """Which column is what: as named, or by the usual names, or by what the columns hold.

    ``named`` is empty, or the names of margin, level and count, with the wave's before them if there is one. ``levels``
    are the levels of the answers under the name of their margin. Raises ``RowsRefused`` when it cannot be told.
    """
    if named or set(USUAL[1:]) <= set(file.columns):
        usual = USUAL if USUAL[0] in file.columns else USUAL[1:]
        *wave, margin, level, count = named or usual
        return MarginColumns(wave[0] if wave else None, margin, level, count)
    left = list(file.columns)
    margin = _one_of(file, "margin", [column for column in file.columns_holding(levels) if column in left])
    left.remove(margin)
    agreeing = _agreements(file, margin, left, levels)
    level = _one_of(file, "level", [column for column in left if agreeing[column] == max(agreeing.values()) > 0])
    left.remove(level)
    wave = next((column for column in file.columns_holding(waves) if column in left), None)
    if wave:
        left.remove(wave)
    return MarginColumns(wave, margin, level, _one_of(file, "count", _numeric(file, left)))


def _agreements(file: RowFile, margin: str, among: Sequence[str], levels: Mapping[str, set[str]]) -> dict[str, int]:
    """For each column, in how many rows it holds a level that the answers have."""
    counts = dict.fromkeys(among, 0)
    at = file.place(margin)
    places = {column: file.place(column) for column in among}
    for _number, cells in file.rows():
        for column, place in places.items():
            counts[column] += cells[place] in levels.get(cells[at], set())
    return counts


def _numeric(file: RowFile, among: Sequence[str]) -> list[str]:
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
    found = f"{' and '.join(candidates)} could each be" if candidates else "no column can be"
    raise file.refused(f"{found} the {role}; name wave, margin, level and count with --margin-columns")


def _persons(file: RowFile, number: int, text: str, column: str) -> float:
    try:
        persons = number_of(text)
    except ValueError as error:
        raise file.refused(f"{text or 'an empty cell'} is not a number of persons", number, column) from error
    if persons < 0:
        raise file.refused(f"{text} is not a number of persons", number, column)
    return persons
