"""``citizen-portal check``: is this installation sound?"""

import stat
import sys
from collections.abc import Callable, Iterator

import click
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from citizen_portal import resources
from citizen_portal.baseline.queries import changed_since_frozen
from citizen_portal.municipality import MARGINS
from citizen_portal.municipality.installed import installed
from citizen_portal.municipality.population import FILE as POPULATION
from citizen_portal.settings import Settings
from citizen_portal.storage.engine import db
from citizen_portal.storage.server_log import kept_by_server
from citizen_portal.storage.unit_of_work import StorageUnavailable
from citizen_portal.surveys.population import imported_margins, margins_apart
from citizen_portal.surveys.sealing import key_file, number_sealed, private_key, public_key
from citizen_portal.upkeep.night import is_missed, last_night
from citizen_portal.upkeep.room import refuse_unless_writable
from citizen_portal.upkeep.secret_check import PUT_KEY_BACK, is_known
from citizen_portal.web.clock import today
from citizen_portal.web.throttle import shared_storage
from citizen_portal.web.transport import FORWARDED_MARK

SOUND, LOOK, UNSOUND = "sound", "look at", "UNSOUND"
Finding = tuple[str, str]


@click.command()
@with_appcontext
def check() -> None:
    """Print every setting in force, then what is sound and what is not. Exits with 1 when something is not."""
    settings = current_app.config["PORTAL_SETTINGS"]
    click.echo("Settings")
    for name, value in settings.described():
        click.echo(f"  {name:<24} {value or '-'}")
    click.echo("Findings")
    # The app has started, so settings, municipality data, secret and translations have already been checked.
    findings = [(SOUND, "settings, secret key, municipality data, translations")]
    for examine in (_database, _frozen, _night_and_secret, _redis, _population, _files, _exposure, _facts_to_verify):
        findings.extend(examine(settings))
    for verdict, sentence in findings:
        click.echo(f"  {verdict:<8} {sentence}")
    sys.exit(any(verdict == UNSOUND for verdict, _sentence in findings))


def _writable(settings: Settings) -> Iterator[Finding]:
    try:
        refuse_unless_writable(settings.data_dir)
    except (StorageUnavailable, DBAPIError) as error:
        yield UNSOUND, f"no report can be stored: {error}"


def _database(settings: Settings) -> Iterator[Finding]:
    try:
        with db.engine.connect() as connection:
            current = MigrationContext.configure(connection).get_current_revision()
            if connection.dialect.name == "postgresql":
                yield from ((UNSOUND if grave else LOOK, said) for grave, said in kept_by_server(connection))
            else:
                yield from _sqlite_promises(lambda name: connection.execute(text(f"PRAGMA {name}")).scalar())
    except DBAPIError as error:
        yield UNSOUND, f"the database does not answer ({type(error.orig).__name__})"
        return
    newest = ScriptDirectory(str(resources.PACKAGE / "storage" / "migrations")).get_current_head()
    if current == newest:
        yield SOUND, f"the database has the tables of this version ({newest})"
        yield from _writable(settings)
    else:
        yield UNSOUND, f"the database is at {current or 'nothing'} and needs {newest}: run citizen-portal db upgrade"


def _frozen(_settings: Settings) -> Iterator[Finding]:
    """Whether every frozen document still is what was frozen."""
    try:
        changed = list(changed_since_frozen(db.session()))
    except DBAPIError:  # _database has said it
        return
    for code in changed:
        yield UNSOUND, f"the frozen baseline {code} no longer fits its digest: put it back from a backup"
    if not changed:
        yield SOUND, "every frozen baseline fits its digest"


def _night_and_secret(_settings: Settings) -> Iterator[Finding]:
    try:
        last, known = last_night(db.session()), is_known(db.session(), current_app.config["PORTAL_SECRETS"])
    except DBAPIError:  # _database has said it
        return
    if not known:
        yield UNSOUND, f"the secret key is not the one this database was written with: {PUT_KEY_BACK}"
    if public_key(db.session()) is None:
        yield LOOK, "answers to the survey are not sealed yet: they are once the portal has been served"
    elif private_key(db.session()) is None:
        waiting = number_sealed(db.session())
        yield UNSOUND, f"{key_file()} is not there or another's: {waiting} sealed answers wait for it. Put it back"
    if is_missed(last, today=today()):
        yield UNSOUND, f"housekeeping was last done on {last}: it has to run every night"
    else:
        yield (SOUND, f"housekeeping was last done on {last}") if last else (LOOK, "no night yet: start its timer")


def _sqlite_promises(pragma: Callable[[str], object]) -> Iterator[Finding]:
    promises = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1}
    broken = [name for name, value in promises.items() if pragma(name) != value]
    yield (UNSOUND, f"SQLite does not keep {', '.join(broken)}") if broken else (SOUND, "SQLite writes to disk")


def _redis(settings: Settings) -> Iterator[Finding]:
    if settings.redis_url and not shared_storage(settings.redis_url).check():
        yield UNSOUND, "Redis does not answer: until it does, each process counts tries for itself"


def _population(_settings: Settings) -> Iterator[Finding]:
    """Which margins a figure rests on: imported from a register, or an example."""
    counts = installed().municipality.population
    try:
        imported = imported_margins(db.session())
    except DBAPIError:  # _database has said it
        return
    for margin in MARGINS:
        if margin in imported:
            persons, source = imported[margin]
            yield SOUND, f"population by {margin}: {persons} people, imported from {source}"
        elif counts is None:
            yield LOOK, f"population by {margin}: not there; run citizen-portal population import"
        elif counts.example:
            yield LOOK, f"population by {margin}: example figures; run citizen-portal population import"
        else:
            yield SOUND, f"population by {margin}: {sum(counts.margins[margin].values())} people, from {POPULATION}"
    yield from ((LOOK, f"population: {sentence}") for sentence in margins_apart(imported))


def _files(settings: Settings) -> Iterator[Finding]:
    if stat.S_IMODE(settings.data_dir.stat().st_mode) & 0o077:
        yield LOOK, f"others on this machine can look into {settings.data_dir}: run chmod 700 on it"


def _exposure(settings: Settings) -> Iterator[Finding]:
    if not settings.serves_https:
        yield LOOK, "no HTTPS: set PORTAL_PUBLIC_URL=https://... when residents reach this portal"
    if settings.host not in {"127.0.0.1", "::1", "localhost"} and not settings.trusted_proxies:
        yield LOOK, f"{settings.host} faces the network without a proxy in front (PORTAL_TRUSTED_PROXIES)"
    if not settings.trusted_proxies and (settings.data_dir / FORWARDED_MARK).exists():
        yield (
            LOOK,
            (
                "X-Forwarded-For has come and no proxy is trusted, so all visitors behind one count as one: set "
                f"PORTAL_TRUSTED_PROXIES if there is a proxy in front, and remove {settings.data_dir / FORWARDED_MARK}"
            ),
        )
    if settings.demo:
        yield LOOK, "an empty database is filled with invented reports: set PORTAL_DEMO=0 before residents come"


def _facts_to_verify(_settings: Settings) -> Iterator[Finding]:
    for fact in installed().municipality.unverified:
        yield LOOK, f"not verified yet: {fact}"
