"""CSV that opens right: for Swedish Excel by default, for machines on request.

Excel in Sweden wants semicolons, decimal commas and a byte order mark, or it shows one column and broken letters.
A text that begins like a formula gets an apostrophe in front, or opening a file could run what a stranger wrote.
Rows are streamed: memory does not grow with their number.
"""

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from io import StringIO
from itertools import islice

FORMULA_STARTS = frozenset(
    "=+-@\t\r\n\N{FULLWIDTH EQUALS SIGN}\N{FULLWIDTH PLUS SIGN}\N{FULLWIDTH HYPHEN-MINUS}\N{FULLWIDTH COMMERCIAL AT}"
)
ROWS_PER_CHUNK = 1000


@dataclass(frozen=True, slots=True)
class CsvStyle:
    """How one reader wants its CSV. Both styles are UTF-8 with CRLF line ends."""

    delimiter: str
    decimal_comma: bool
    byte_order_mark: bool


FOR_EXCEL = CsvStyle(delimiter=";", decimal_comma=True, byte_order_mark=True)
FOR_MACHINES = CsvStyle(delimiter=",", decimal_comma=False, byte_order_mark=False)
STYLES = {"excel": FOR_EXCEL, "machines": FOR_MACHINES}


def safe_cell(text: str | None) -> str:
    """Text that a spreadsheet takes as text."""
    if not text:
        return ""
    return f"'{text}" if text[0] in FORMULA_STARTS else text


def csv_chunks(header: Sequence[str], rows: Iterable[Sequence[object]], style: CsvStyle) -> Iterator[bytes]:
    """Yield the file as chunks of bytes, a thousand rows each. Cells are written as given."""
    buffer = StringIO(newline="")
    writer = csv.writer(buffer, delimiter=style.delimiter, lineterminator="\r\n")
    if style.byte_order_mark:
        buffer.write("\N{ZERO WIDTH NO-BREAK SPACE}")
    writer.writerow(header)
    rows = iter(rows)
    while True:
        writer.writerows(islice(rows, ROWS_PER_CHUNK))
        chunk = buffer.getvalue()
        if not chunk:
            return
        yield chunk.encode("utf-8")
        buffer.seek(0)
        buffer.truncate()
