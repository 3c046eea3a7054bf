"""CSV: every report into a file, beside ``csv.writer`` over a plain sqlite3 cursor; and the memory it takes.

``python -m benchmarks.export DATA_DIR`` exports once in a process of its own and prints its peak memory.
"""

import csv
import os
import sqlite3
import subprocess
import sys
from pathlib import Path
from time import perf_counter

from benchmarks.rounds import Comparison, Round, Scale
from citizen_portal import create_app
from citizen_portal.municipality.installed import installed
from citizen_portal.reports.export import reports_csv
from citizen_portal.reports.queries import ReportFilter
from citizen_portal.storage.engine import db
from citizen_portal.web.csv_rows import FOR_EXCEL

TARGET = 0.50
# What is stored of a report and stands in the file; names of places and the like are looked up.
STORED = (
    "id, received_on, status, quarantine_reason, language, theme, area, place, place_text, latitude, longitude, "
    "precision, happened, happened_on, light, unsafe, reasons, description, photo_count"
)


def compare_export(scale: Scale, folder: Path, data_dir: Path) -> Comparison:
    """Measure the export of the ``scale.rows`` reports in ``data_dir``; the files are written to ``folder``."""
    comparison = Comparison(f"CSV of {scale.rows:,} reports", "rows", TARGET)
    with open_portal(data_dir).app_context():

        def ours() -> Round:
            began = perf_counter()
            _export(folder / "portal.csv")
            return Round(scale.rows, perf_counter() - began)

        def reference() -> Round:
            began = perf_counter()
            _plain(data_dir / "portal.sqlite3", folder / "plain.csv")
            return Round(scale.rows, perf_counter() - began)

        comparison.run(ours, reference, scale.rounds)
        db.session.remove()
        db.engine.dispose()
    for written in (folder / "portal.csv", folder / "plain.csv"):
        count_rows(written, scale.rows)
    return comparison


def peak_memory(data_dir: Path) -> int:
    """The most bytes a process of its own holds while it exports every report in ``data_dir``."""
    command = [sys.executable, "-m", "benchmarks.export", str(data_dir)]
    return int(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def open_portal(data_dir: Path) -> object:
    """A portal on a database that exists."""
    return create_app({"PORTAL_DATA_DIR": str(data_dir), "PORTAL_DEMO": "0"})


def _export(file: Path) -> None:
    with file.open("wb") as out:
        for chunk in reports_csv(db.session(), installed().municipality, ReportFilter(), FOR_EXCEL):
            out.write(chunk)


def _plain(database: Path, file: Path) -> None:
    connection = sqlite3.connect(database)
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, delimiter=";")
        writer.writerow(STORED.split(", "))
        writer.writerows(connection.execute(f"SELECT {STORED} FROM report"))  # names from this file
    connection.close()


def count_rows(file: Path, expected: int) -> None:
    """Raise ``RuntimeError`` unless the file holds so many rows."""
    with file.open(encoding="utf-8", newline="") as written:
        found = sum(1 for _row in csv.reader(written, delimiter=";")) - 1
    if found != expected:
        raise RuntimeError(f"{file.name} holds {found} rows and not {expected}")


def peak_bytes() -> int:
    """The most memory this process has held (Linux; the figure of ``getrusage`` outlives the parent's exec)."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM:"))


if __name__ == "__main__":
    with open_portal(Path(sys.argv[1])).app_context():
        _export(Path(os.devnull))
    sys.stdout.write(str(peak_bytes()))
