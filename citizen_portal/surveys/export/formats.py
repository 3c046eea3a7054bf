"""What can be taken out of a wave: the files by name, and when each may be taken.

The command line writes them to a folder, the workplace streams them; both use ``exported``.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from citizen_portal.surveys.export.codebook import codebook_csv
from citizen_portal.surveys.export.codebook_page import codebook_page
from citizen_portal.surveys.export.r_script import r_script
from citizen_portal.surveys.export.read_me import read_me
from citizen_portal.surveys.export.row_files import excel_csv, machine_csv, numbers_csv
from citizen_portal.surveys.export.rows import Row, WaveExport
from citizen_portal.surveys.export.spss import spss_syntax
from citizen_portal.surveys.export.workbook import workbook
from citizen_portal.surveys.models import Wave
from citizen_portal.surveys.waves import CLOSED, state_of


class ExportRefused(ValueError):
    """The wave's rows may not be taken out yet; the text says why, and what to do."""


@dataclass(frozen=True, slots=True)
class Format:
    """One kind of file. Its name is the wave's code and ``ending``; ``chunks`` makes its bytes.

    ``holds_rows`` is False for what tells nothing of anybody, and may be taken out before the wave has ended.
    ``beside`` names the formats that are of no use, or not to be read, without one another.
    """

    ending: str
    media_type: str
    chunks: Callable[[WaveExport], Iterator[bytes]]
    holds_rows: bool = True
    beside: tuple[str, ...] = ()

    def file_name(self, wave_code: str) -> str:
        """What the file of a wave is called; a wave's code fits every file system."""
        return f"{wave_code}{self.ending}"


_MACHINES, _NUMBERS, _R = "-answers.csv", "-numbers.csv", ".R"
_WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

FORMATS: dict[str, Format] = {
    "csv": Format("-answers-excel.csv", "text/csv", excel_csv, beside=("readme",)),
    "xlsx": Format("-answers.xlsx", _WORKBOOK, workbook, beside=("readme",)),
    "machines": Format(_MACHINES, "text/csv", machine_csv, beside=("readme",)),
    "numbers": Format(_NUMBERS, "text/csv", numbers_csv, beside=("readme",)),
    "spss": Format(
        ".sps",
        "text/plain; charset=utf-8",
        lambda export: spss_syntax(export, export.wave.code + _NUMBERS),
        holds_rows=False,
        beside=("numbers", "readme"),
    ),
    "r": Format(
        _R,
        "text/plain; charset=utf-8",
        lambda export: r_script(export, export.wave.code + _R, export.wave.code + _MACHINES),
        holds_rows=False,
        beside=("machines", "readme"),
    ),
    "codebook": Format(
        "-codebook.html", "text/html; charset=utf-8", codebook_page, holds_rows=False, beside=("codebook-csv",)
    ),
    "codebook-csv": Format("-codebook.csv", "text/csv", codebook_csv, holds_rows=False),
    "questionnaire": Format(
        "-questionnaire.json",
        "application/json",
        lambda export: iter([export.questionnaire.canonical.encode()]),
        holds_rows=False,
    ),
    "readme": Format("-readme.txt", "text/plain; charset=utf-8", read_me),
}


def refuse_too_early(wave: Wave, wanted: Format, *, today: date) -> None:
    """Raise ``ExportRefused`` when the file holds rows and the wave is not closed with its order destroyed.

    Until then rows could be laid beside the letters that come back, and the database still remembers which
    transaction wrote an answer and used a code.
    """
    if not wanted.holds_rows or wave.purged:
        return
    if state_of(wave, today) != CLOSED:
        raise ExportRefused(
            f"the wave {wave.code!r} takes answers until {wave.closes_on}: rows are exported when it is closed, so "
            f"that nobody can tell who answered when; to close it now: citizen-portal survey close {wave.code}"
        )
    raise ExportRefused(
        f"the wave {wave.code!r} has ended, but its codes and the order of its answers are not destroyed yet: "
        "run citizen-portal housekeeping and export again"
    )


def exported(
    session: Session,
    wave: Wave,
    wanted: Format,
    *,
    today: date,
    watch: Callable[[Iterator[Row]], Iterator[Row]] = iter,
) -> Iterator[bytes]:
    """One file of a wave as chunks of bytes, made as they are asked for; ``watch`` sees the rows go by.

    Raises ``ExportRefused`` at once, not with the first chunk.
    """
    refuse_too_early(wave, wanted, today=today)
    return wanted.chunks(WaveExport(session, wave, watch))
