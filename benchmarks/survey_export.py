"""Survey CSV: every answer set of a wave into a file, beside ``csv.writer`` over a plain cursor; and its memory.

``python -m benchmarks.survey_export DATA_DIR FORMAT`` exports once in a process of its own and prints its peak memory.
"""

import csv
import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path
from time import perf_counter

from benchmarks.export import count_rows, open_portal, peak_bytes
from benchmarks.many_answers import LAST_DAY, WAVE, shipped_questionnaire
from benchmarks.rounds import Comparison, Round, Scale
from citizen_portal.storage.engine import db
from citizen_portal.surveys import queries
from citizen_portal.surveys.export.columns import ABOUT_THE_ROW, columns_of
from citizen_portal.surveys.export.formats import FORMATS, exported
from citizen_portal.surveys.questionnaire import SEVERAL

TARGET = 0.50


def compare_survey_export(scale: Scale, folder: Path, data_dir: Path, rows: int) -> Comparison:
    """Measure the CSV of the ``rows`` answer sets in ``data_dir``; the files are written to ``folder``."""
    comparison = Comparison(f"CSV of {rows:,} answer sets", "rows", TARGET)
    with open_portal(data_dir).app_context():

        def ours() -> Round:
            began = perf_counter()
            _export("csv", folder / "portal.csv")
            return Round(rows, perf_counter() - began)

        def reference() -> Round:
            began = perf_counter()
            _plain(data_dir / "portal.sqlite3", folder / "plain.csv")
            return Round(rows, perf_counter() - began)

        comparison.run(ours, reference, scale.rounds)
        db.session.remove()
        db.engine.dispose()
    for written in (folder / "portal.csv", folder / "plain.csv"):
        count_rows(written, rows)
    return comparison


def peak_memory_of(data_dir: Path, name: str) -> int:
    """The most bytes a process of its own holds while it makes the file of this format."""
    command = [sys.executable, "-m", "benchmarks.survey_export", str(data_dir), name]
    return int(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def _export(name: str, file: Path) -> None:
    wave = queries.wave(db.session(), WAVE)
    with file.open("wb") as out:
        out.writelines(exported(db.session(), wave, FORMATS[name], today=LAST_DAY))


def _plain(database: Path, file: Path) -> None:
    """The same columns in the shortest way: no order of the file's own, nothing made safe to open."""
    asked = shipped_questionnaire()
    connection = sqlite3.connect(database)
    stored = connection.execute(
        "SELECT id, wave_code, questionnaire_digest, language, quarantine_reason, answers FROM answer_set "
        "WHERE wave_code = ?",
        (WAVE,),
    )
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, delimiter=";")
        writer.writerow([*ABOUT_THE_ROW, *(column.name for column in columns_of(asked))])
        for row_id, wave, digest, language, set_aside, document in stored:
            answers = json.loads(document)
            cells = [wave, asked.code, asked.version, digest, language, set_aside]
            for question in asked.questions:
                answer = answers.get(question.code, "")
                if question.kind == SEVERAL:
                    cells += [int(choice.code in answer) for choice in question.choices.choices]
                else:
                    cells.append(answer)
            writer.writerow([row_id, *cells])
    connection.close()


if __name__ == "__main__":
    with open_portal(Path(sys.argv[1])).app_context():
        _export(sys.argv[2], Path(os.devnull))
    sys.stdout.write(str(peak_bytes()))
