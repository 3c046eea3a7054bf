"""A database of very many invented reports, written straight into SQLite because nobody has to be thanked for them."""

import itertools
import random
import sqlite3
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from benchmarks.portal import migrated_data_dir
from citizen_portal.municipality import Municipality, bundled_folder, load_municipality
from citizen_portal.reports.choices import HAPPENED, LIGHT, PRECISION, STATUSES

FIRST_DAY = date(2024, 1, 1)
DAYS = 900
DESCRIPTIONS = (
    "",
    "Mörkt i gången.",
    "Två av tre lampor är trasiga sedan en vecka. Flera av oss går en omväg hem på kvällen.",
    "De står vid trappan varje kväll; ingen vågar gå förbi.\nDet har hållit på hela hösten och vi har sagt till två "
    'gånger. Barnen kallar platsen för "hålet" och går hellre längs vägen.',
)
COLUMNS = (
    *("id", "received_on", "status", "language", "theme", "area", "place", "place_text", "latitude", "longitude"),
    *("precision", "happened", "light", "unsafe", "reasons", "description", "photo_count", "fingerprint_is_timed"),
    "receipt_digest",
)


def database_of(rows: int, folder: Path) -> Path:
    """A data directory below the new ``folder`` whose SQLite database holds so many reports."""
    folder.mkdir()
    data_dir = migrated_data_dir(folder)
    connection = sqlite3.connect(data_dir / "portal.sqlite3")
    # Lost on a power cut, and then made again.
    connection.execute("PRAGMA synchronous=OFF")
    places = ",".join("?" * len(COLUMNS))
    with connection:
        connection.executemany(
            f"INSERT INTO report ({','.join(COLUMNS)}) VALUES ({places})",  # names from this file
            itertools.islice(_invented(load_municipality(bundled_folder())), rows),
        )
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    return data_dir


def _invented(municipality: Municipality) -> Iterator[tuple[object, ...]]:
    """Reports without end: the same ones every time, their days in no order, as random ids bring it about."""
    chance = random.Random(1)
    themes = [theme.code for theme in municipality.themes]
    reasons = [reason.code for reason in municipality.reasons]
    days = [(FIRST_DAY + timedelta(days=day)).isoformat() for day in range(DAYS)]
    for number in itertools.count():
        place = chance.choice(municipality.places)
        named = chance.random() < 0.7
        yield (
            # Ascending, so that filling the table is quick; within a table the order is the same either way.
            f"{number:08x}{chance.getrandbits(96):024x}",
            chance.choice(days),
            chance.choice(list(STATUSES)),
            chance.choice(municipality.languages),
            chance.choice(themes),
            place.area,
            place.code if named else None,
            "" if named else "bakom garagen",
            round(place.latitude, 4) if named else None,
            round(place.longitude, 4) if named else None,
            chance.choice(list(PRECISION)),
            chance.choice(list(HAPPENED)),
            chance.choice(list(LIGHT)),
            chance.randint(1, 4),
            " ".join(sorted(chance.sample(reasons, 2))),
            chance.choice(DESCRIPTIONS),
            0,
            0,
            chance.randbytes(32),
        )
