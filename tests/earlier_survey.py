"""An invented earlier survey for tests: its mapping, its row file, and what is read of them."""

import csv
import io
import tempfile
from contextlib import contextmanager
from pathlib import Path

from citizen_portal.surveys.history.importing import HistoricAnswers, answers_of
from citizen_portal.surveys.history.mapping import HistoryMapping, read_mapping
from citizen_portal.surveys.history.row_file import open_rows, rows_of
from tests.waves import questionnaire_with_every_kind

MAPPING = """
questionnaire = "kinds"
version = 1
[wave]
code = "2019"
title = "Invented survey of 2019"
opens_on = 2019-03-01
closes_on = 2019-04-15
sample = "invited"
invited = 5000
[file]
delimiter = "semicolon"
skipped = ["99"]
[language]
column = "lang"
values = { "1" = "sv", "2" = "en" }
[[question]]
code = "calm"
column = "F1"
values = { "1" = "very_calm", "2" = "fairly_calm", "3" = "fairly_noisy", "4" = "very_noisy", "5" = "dont_know" }
[[question]]
code = "noises"
columns = { "F2a" = "mopeds", "F2b" = "voices", "F2c" = "none" }
chosen = ["1"]
not_chosen = ["0"]
[[question]]
code = "told"
column = "F3"
skipped = ["8"]
[[question]]
code = "times_told"
column = "F4"
[[question]]
code = "area"
column = "Område"
values = { "Norra delen" = "norr", "Söder" = "soder" }
[[question]]
code = "more"
column = "Övrigt"
"""
HEADER = ["id", "lang", "F1", "F2a", "F2b", "F2c", "F3", "F4", "Område", "Övrigt"]
ROW = ["17", "1", "3", "1", "1", "0", "yes", "4", "Söder", "Tack för att ni frågar"]


def changed(**cells: str) -> list[str]:
    """The good row with other cells in these columns."""
    return [cells.get(name, cell) for name, cell in zip(HEADER, ROW, strict=True)]


def row_file(*lines: list[str], header=HEADER, delimiter=";", encoding="utf-8") -> bytes:
    """A row file as bytes."""
    written = io.StringIO(newline="")
    csv.writer(written, delimiter=delimiter).writerows([header, *lines])
    return written.getvalue().encode(encoding)


def mapping_of(text: str, folder: Path) -> HistoryMapping:
    """The mapping a text is, read from a file of that folder."""
    (folder / "mapping.toml").write_text(text, "utf-8")
    return read_mapping(folder / "mapping.toml", [questionnaire_with_every_kind()])


@contextmanager
def opened(content: bytes, mapping: HistoryMapping):
    """The row file, open as the command opens it."""
    with tempfile.NamedTemporaryFile() as named:
        named.write(content)
        named.flush()
        with open_rows(Path(named.name), mapping) as file:
            yield file


def read(content: bytes, mapping: HistoryMapping) -> list[HistoricAnswers]:
    """The answers of every row."""
    with opened(content, mapping) as file:
        return [answers_of(mapping, row, cells) for row, cells in rows_of(file, mapping)]
