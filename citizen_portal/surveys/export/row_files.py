"""Rows as CSV: codes for Swedish Excel and for machines, and numbers for SPSS."""

from collections.abc import Iterator

from citizen_portal.surveys.export.columns import ABOUT_THE_ROW, Cells, code_cells, columns_of, number_cells
from citizen_portal.surveys.export.rows import WaveExport
from citizen_portal.web.csv_rows import FOR_EXCEL, FOR_MACHINES, CsvStyle, csv_chunks, safe_cell


def excel_csv(export: WaveExport) -> Iterator[bytes]:
    """Rows of codes for Swedish Excel."""
    return _csv(export, code_cells(export.questionnaire, safe_cell), FOR_EXCEL)


def machine_csv(export: WaveExport) -> Iterator[bytes]:
    """Rows of codes for machines."""
    return _csv(export, code_cells(export.questionnaire, safe_cell), FOR_MACHINES)


def numbers_csv(export: WaveExport) -> Iterator[bytes]:
    """Rows of numbers for SPSS, which takes the end of a line for the end of a row, inside quotes too."""
    return _csv(export, number_cells(export.questionnaire, on_one_line), FOR_MACHINES)


def on_one_line(text: str) -> str:
    """The text with a space for every line break, safe to open in a spreadsheet."""
    return safe_cell(" ".join(text.splitlines()))


def _csv(export: WaveExport, cells: Cells, style: CsvStyle) -> Iterator[bytes]:
    header = [*ABOUT_THE_ROW, *(column.name for column in columns_of(export.questionnaire))]
    # As text, because a row of texts is written several times as fast.
    rows = (list(map(str, (*export.about(row), *cells(row.answers)))) for row in export.rows())
    return csv_chunks(header, rows, style)
