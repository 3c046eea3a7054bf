"""The wave as one Excel workbook: a sheet of rows and a sheet with the codebook.

A workbook is a zip of XML that can only be sent when it is whole. It is written row by row to temporary files that
only the portal's user can open; they are gone when the last chunk has been read, or when something fails.
"""

from collections.abc import Iterable, Iterator
from tempfile import TemporaryFile

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from citizen_portal.surveys.export.codebook import codebook_header, codebook_rows
from citizen_portal.surveys.export.columns import ABOUT_THE_ROW, code_cells, columns_of
from citizen_portal.surveys.export.rows import WaveExport
from citizen_portal.web.csv_rows import FORMULA_STARTS

ANSWERS, CODEBOOK = "answers", "codebook"
BYTES_PER_CHUNK = 1 << 16
# Beside formulas, openpyxl takes texts such as "#N/A" for errors.
_TAKEN_FOR_OTHER_THINGS = FORMULA_STARTS | {"#"}


def workbook(export: WaveExport) -> Iterator[bytes]:
    """The workbook as chunks of bytes; the first comes when all rows are written."""
    book = Workbook(write_only=True)
    try:
        _fill(book.create_sheet(ANSWERS), _answer_rows(export))
        _fill(book.create_sheet(CODEBOOK), _codebook_rows(export))
        with TemporaryFile() as file:
            book.save(file)
            file.seek(0)
            while chunk := file.read(BYTES_PER_CHUNK):
                yield chunk
    finally:
        _leave_nothing(book)


def _answer_rows(export: WaveExport) -> Iterator[Iterable[object]]:
    yield [*ABOUT_THE_ROW, *(column.name for column in columns_of(export.questionnaire))]
    cells = code_cells(export.questionnaire, str)
    for row in export.rows():
        yield (*export.about(row), *cells(row.answers))


def _codebook_rows(export: WaveExport) -> Iterator[Iterable[object]]:
    yield codebook_header(export.questionnaire)
    yield from codebook_rows(export.questionnaire)


def _fill(sheet: WriteOnlyWorksheet, rows: Iterator[Iterable[object]]) -> None:
    """Write a header that stays in sight, and the rows below it."""
    sheet.freeze_panes = "A2"
    header = [WriteOnlyCell(sheet, name) for name in next(rows)]
    for cell in header:
        cell.font = Font(bold=True)
    sheet.append(header)
    for row in rows:
        sheet.append([_cell(sheet, value) for value in row])


def _leave_nothing(book: Workbook) -> None:
    """Remove the temporary files of a workbook that was never saved; openpyxl waits for the process to end."""
    for sheet in book:
        if not sheet.closed:
            sheet.close()
            sheet._writer.cleanup()


def _cell(sheet: WriteOnlyWorksheet, value: object) -> object:
    """What a value is written as: nothing when there is none, and a text always as the text it is."""
    if value is None or value == "":
        return None
    if isinstance(value, str):
        value = ILLEGAL_CHARACTERS_RE.sub("", value)
        if value[:1] in _TAKEN_FOR_OTHER_THINGS:
            return _text_cell(sheet, value)
    return value


def _text_cell(sheet: WriteOnlyWorksheet, text: str) -> WriteOnlyCell:
    """A cell that is a text whatever it begins with, and stays one when somebody edits it."""
    cell = WriteOnlyCell(sheet, text)
    cell.data_type = "s"
    cell.quotePrefix = True
    return cell
