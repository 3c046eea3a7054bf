"""PSPP, a free reader of SPSS syntax that is not ours; ``tests/install-programs.sh`` puts it on the machine."""

import csv
import os
import subprocess
from pathlib import Path

from citizen_portal.surveys.export.formats import FORMATS
from tests.closed_waves import content

READ_BACK = """\
INSERT FILE='{syntax}' ENCODING='UTF-8'.
SAVE TRANSLATE /OUTFILE='labels.csv' /TYPE=CSV /FIELDNAMES /CELLS=LABELS /REPLACE.
SAVE TRANSLATE /OUTFILE='values.csv' /TYPE=CSV /FIELDNAMES /MISSING=RECODE /REPLACE.
DISPLAY DICTIONARY.
"""

Cells = list[dict[str, str]]


def run_in_pspp(wave: str, folder: Path) -> tuple[Cells, Cells, str]:
    """Read a wave's numbers by its syntax: cells as labels, as values with missing ones blank, and what PSPP printed.

    A complaint of PSPP, even a warning, fails the test.
    """
    for name in ("spss", "numbers"):
        (folder / FORMATS[name].file_name(wave)).write_bytes(content(wave, name))
    (folder / "run.sps").write_text(READ_BACK.format(syntax=FORMATS["spss"].file_name(wave)))
    ran = subprocess.run(
        ["pspp", "--batch", "-O", "width=1000", "run.sps"],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert not {"warning:", "error:"} & set((ran.stdout + ran.stderr).split()), ran.stdout + ran.stderr
    return _cells(folder / "labels.csv"), _cells(folder / "values.csv"), ran.stdout


def _cells(path: Path) -> Cells:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
