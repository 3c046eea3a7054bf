"""Row files: CSV as it comes from Excel, R or a survey tool, read with suspicion.

UTF-8 with or without a byte order mark; semicolons, commas or tabs, whichever parts the header into most columns.
Rows are numbered as a spreadsheet shows them: the header is row 1. An empty cell and R's ``NA`` both mean no value.
"""

import csv
import math
from collections import Counter
from collections.abc import Collection, Iterator
from io import StringIO
from pathlib import Path

DELIMITERS = ",;\t"
NO_VALUE = frozenset({"", "NA"})
SPACES = str.maketrans("", "", " \N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}")


class RowsRefused(ValueError):
    """A file that cannot be used: one sentence that names the file and, where there is one, the row and the column."""


class RowFile:
    """A CSV file with a header, held in memory as text. Raises ``RowsRefused``."""

    def __init__(self, path: Path) -> None:
        self.name = path.name
        self._text = self._decoded(path)
        self._delimiter = max(DELIMITERS, key=self._header_width)
        header = next(self._records(), None)
        if not header or not any(header):
            raise self.refused("the file is empty" if not self._text.strip() else "the first row holds no column names")
        self.columns = header

    @property
    def distinct(self) -> list[str]:
        """The columns whose name no other column has."""
        return [column for column in self.columns if self.columns.count(column) == 1]

    def refused(self, reason: str, row: int | None = None, column: str | None = None) -> RowsRefused:
        """The error to raise."""
        where = [self.name, *([f"row {row}"] if row else []), *([f"column {column}"] if column else [])]
        return RowsRefused(f"{', '.join(where)}: {reason}")

    def place(self, column: str) -> int:
        """Where a column stands, counted from 0."""
        places = [place for place, name in enumerate(self.columns) if name == column]
        if not places:
            raise self.refused(f"there is no column named {column}; there are {', '.join(self.columns)}")
        if len(places) > 1:
            raise self.refused("two columns have this name", row=1, column=column)
        return places[0]

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Every row that is not blank, with its number, blanks around the cells taken off."""
        width = len(self.columns)
        records = self._records()
        next(records)
        for number, cells in enumerate(records, start=2):
            if not any(cells):
                continue
            if len(cells) < width or any(cells[width:]):
                raise self.refused(f"it has {len(cells)} cells, but the header has {width}", row=number)
            yield number, cells

    def columns_of(self, values: Collection[str], among: Collection[str]) -> list[str]:
        """Of these columns those in which each of the values occurs and that hold one of them in the most rows."""
        at = {column: self.place(column) for column in among}
        counts = {column: Counter[str]() for column in at}
        for _number, cells in self.rows():
            for column, place in at.items():
                counts[column][cells[place]] += 1
        totals = {
            column: sum(count[value] for value in values)
            for column, count in counts.items()
            if all(count[value] for value in values)
        }
        return [column for column, total in totals.items() if total == max(totals.values())]

    def _header_width(self, delimiter: str) -> int:
        """How many cells the first line has when it is parted by this."""
        first = self._text.splitlines()[:1]
        try:
            return sum(len(cells) for cells in csv.reader(first, delimiter=delimiter))
        except csv.Error as error:
            raise self.refused(f"this is not CSV ({error})", row=1) from error

    def _records(self) -> Iterator[list[str]]:
        reader = csv.reader(StringIO(self._text, newline=""), delimiter=self._delimiter, strict=True)
        number = 1
        try:
            for cells in reader:
                yield [cell.strip() for cell in cells]
                number += 1
        except csv.Error as error:
            raise self.refused(f"this is not CSV ({error})", row=number) from error

    def _decoded(self, path: Path) -> str:
        try:
            data = path.read_bytes()
        except OSError as error:
            raise self.refused(f"the file cannot be read ({error.strerror})") from error
        try:
            return data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            row = data.count(b"\n", 0, error.start) + 1
            raise self.refused("the letters are not UTF-8; save the file as CSV UTF-8", row=row) from error


def plain(text: str) -> str:
    """A number in its shortest spelling, so that 4, 4.0 and 4,0 are one answer; any other text as it is."""
    try:
        number = number_of(text)
    except ValueError:
        return text
    return repr(int(number) if number.is_integer() else number)


def number_of(text: str) -> float:
    """A number with a decimal point or a decimal comma, thousands parted by spaces or not. Raises ``ValueError``."""
    number = float(text.translate(SPACES).replace(",", "."))
    if not math.isfinite(number):
        raise ValueError(f"{text} is not a number")
    return number
