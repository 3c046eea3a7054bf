"""A row file of an earlier survey, read row by row: each cell is trusted only when it can be read for certain.

A byte that the encoding does not know is carried as a lone surrogate to the cell it stands in, so that the refusal can
name row and column. Rows are counted as a spreadsheet counts them: the header is row 1.
"""

import codecs
import csv
from collections.abc import Iterator
from io import TextIOWrapper
from pathlib import Path

from citizen_portal.surveys.history.mapping import UTF_8, HistoryMapping, same_form

LONGEST_SHOWN = 60  # characters of a refused cell
HEADER_ROW = 1
_MARKS = {codecs.BOM_UTF8: "UTF-8", codecs.BOM_UTF16_LE: "UTF-16", codecs.BOM_UTF16_BE: "UTF-16"}

Cells = dict[str, str]
NumberedRow = tuple[int, Cells]


class RowRefused(ValueError):
    """The file cannot be trusted. ``row`` is counted from 1; ``column`` and ``value`` are None for a whole row."""

    def __init__(self, reason: str, *, row: int, column: str | None = None, value: str | None = None) -> None:
        where = f"row {row}" if column is None else f"row {row}, column {column!r}"
        shown = "" if value is None else f" {_shown(value)}"
        super().__init__(f"{where}:{shown} {reason}")
        self.row, self.column, self.value, self.reason = row, column, value, reason


def open_rows(file: Path, mapping: HistoryMapping) -> TextIOWrapper:
    """Open a row file as the mapping says. The caller closes it."""
    encoding = "utf-8-sig" if mapping.encoding == UTF_8 else mapping.encoding
    return file.open(encoding=encoding, errors="surrogateescape", newline="")


def rows_of(file: TextIOWrapper, mapping: HistoryMapping) -> Iterator[NumberedRow]:
    """Each row's number and the cells of the columns that are mapped; rows without anything in them are passed over.

    ``file`` comes from ``open_rows``. Raises ``RowRefused``. Memory holds one row.
    """
    _refuse_other_mark(file, mapping.encoding)
    reader = csv.reader(file, delimiter=mapping.delimiter, strict=True)
    row = HEADER_ROW - 1
    try:
        header = [_read(name, mapping.encoding, row=HEADER_ROW, column=name).strip() for name in next(reader, [])]
        places = _places(header, mapping.columns)
        for row, cells in enumerate(reader, start=HEADER_ROW + 1):
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) > len(header):
                raise RowRefused(f"has {len(cells)} cells, and the header {len(header)}", row=row)
            # A spreadsheet leaves empty cells out at the end of a row.
            cells.extend([""] * (len(header) - len(cells)))
            yield row, {name: _read(cells[at], mapping.encoding, row=row, column=name) for name, at in places.items()}
    except csv.Error as error:
        raise RowRefused(f"is no row of a CSV file ({error})", row=row + 1) from None


def _refuse_other_mark(file: TextIOWrapper, encoding: str) -> None:
    """Refuse a file that says at its beginning that it is in another encoding than the mapping says."""
    start = file.buffer.peek(4)
    for mark, name in _MARKS.items():
        if start.startswith(mark) and (name, encoding) != ("UTF-8", UTF_8):
            advice = "save it as CSV UTF-8" if name == "UTF-16" else "leave encoding out of the mapping"
            raise RowRefused(f"begins with the mark of {name}: {advice}", row=HEADER_ROW)


def _places(header: list[str], wanted: tuple[str, ...]) -> dict[str, int]:
    """Where each column stands: the one of that very name, or else the only one that looks the same."""
    places = {}
    for name in wanted:
        found = [at for at, each in enumerate(header) if each == name] or [
            at for at, each in enumerate(header) if same_form(each).casefold() == same_form(name).casefold()
        ]
        if len(found) > 1:
            raise RowRefused(f"stands {len(found)} times in the header", row=HEADER_ROW, column=name)
        if not found:
            known = ", ".join(repr(each) for each in header if each)
            raise RowRefused(f"is not in the header, which has: {known}", row=HEADER_ROW, column=name)
        places[name] = found[0]
    return places


def _read(cell: str, encoding: str, *, row: int, column: str) -> str:
    """The cell, when its bytes are text in this encoding and not plainly in another."""
    if cell.isascii():
        return cell
    try:
        written = cell.encode(encoding)
    except UnicodeEncodeError:
        raise RowRefused(f"cannot be read as {encoding}", row=row, column=column, value=cell) from None
    if encoding == UTF_8:
        return cell
    try:
        as_utf_8 = written.decode(UTF_8)
    except UnicodeDecodeError:
        return cell
    # Bytes of another encoding hardly ever happen to be UTF-8.
    raise RowRefused(f"is {as_utf_8!r} in UTF-8: leave encoding out of the mapping", row=row, column=column, value=cell)


def _shown(value: str) -> str:
    """A cell as the refusal shows it: short, and printable whatever it holds."""
    short = value if len(value) <= LONGEST_SHOWN else value[:LONGEST_SHOWN] + "…"
    return repr(short)
