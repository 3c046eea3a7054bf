"""A database of very many invented answer sets of a closed wave, written straight into SQLite."""

import json
import random
import sqlite3
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from benchmarks.portal import migrated_data_dir
from citizen_portal.municipality import bundled_folder, load_municipality
from citizen_portal.surveys.models import OPEN_LINK
from citizen_portal.surveys.questionnaire import NUMBER, SEVERAL, TEXT, Question, Questionnaire
from citizen_portal.surveys.reading import questionnaires_of
from citizen_portal.surveys.routing import keep_asked

WAVE = "many"
FIRST_DAY, LAST_DAY = date(2025, 3, 1), date(2025, 3, 31)
WORDS = (
    "Mörkt i gången.",
    "Två av tre lampor är trasiga sedan en vecka. Flera av oss går en omväg hem på kvällen.",
    "De står vid trappan varje kväll; ingen vågar gå förbi.\nDet har hållit på hela hösten.",
)
ANSWERED = 0.9


def shipped_questionnaire() -> Questionnaire:
    """The first questionnaire of the bundled municipality."""
    return questionnaires_of(load_municipality(bundled_folder()))[0]


def answers_database(rows: int, folder: Path) -> Path:
    """A data directory below the new ``folder`` whose SQLite database holds a closed wave with so many answer sets."""
    folder.mkdir()
    data_dir = migrated_data_dir(folder)
    asked = shipped_questionnaire()
    connection = sqlite3.connect(data_dir / "portal.sqlite3")
    # Lost on a power cut, and then made again.
    connection.execute("PRAGMA synchronous=OFF")
    with connection:
        connection.execute(
            "INSERT INTO questionnaire (digest, code, version, document) VALUES (?, ?, ?, ?)",
            (asked.digest, asked.code, asked.version, asked.canonical),
        )
        connection.execute(
            "INSERT INTO wave (code, title, opens_on, closes_on, sample, questionnaire_digest, purged, invited, used) "
            "VALUES (?, ?, ?, ?, ?, ?, 1, 0, 0)",
            (WAVE, WAVE, FIRST_DAY.isoformat(), LAST_DAY.isoformat(), OPEN_LINK, asked.digest),
        )
        connection.executemany(
            "INSERT INTO answer_set (id, wave_code, questionnaire_digest, language, answers, fingerprint_is_timed) "
            "VALUES (?, ?, ?, ?, ?, 0)",
            _invented(asked, rows),
        )
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    return data_dir


def _invented(asked: Questionnaire, rows: int) -> Iterator[tuple[str, ...]]:
    """Answer sets, the same ones every time, nine questions of ten answered; in the order of their random ids."""
    chance = random.Random(1)
    for row_id in sorted(f"{chance.getrandbits(128):032x}" for _row in range(rows)):
        given = {each.code: _answer(each, chance) for each in asked.questions if chance.random() < ANSWERED}
        answers = json.dumps(keep_asked(asked, given), ensure_ascii=False)
        yield row_id, WAVE, asked.digest, chance.choice(asked.languages), answers


def _answer(question: Question, chance: random.Random) -> str | int | tuple[str, ...]:
    if question.kind == TEXT:
        return chance.choice(WORDS)
    if question.kind == NUMBER:
        return chance.randint(question.lowest, question.highest)
    code = chance.choice(question.choices.choices).code
    return (code,) if question.kind == SEVERAL else code
