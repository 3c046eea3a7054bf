"""From SQLite to PostgreSQL with everything: what opened before opens after, and nothing arrives by half."""

import shutil

import pytest
from flask_migrate import upgrade
from sqlalchemy import func, insert, select, text

from citizen_portal.baseline import queries
from citizen_portal.cli import cli
from citizen_portal.reports.models import Photo, Report
from citizen_portal.storage.engine import Base, db
from citizen_portal.storage.unit_of_work import unit_of_work
from tests.conftest import PASSWORD, portal, store_account
from tests.snapshots import BASELINE_CODE, FOLLOW_UP_CODE
from tests.steps import count, follow, report_row, send
from tests.waves import store_wave

WORDS = "Åtta € och 'citat'; \N{THINKING FACE}"


@pytest.fixture
def new_database(postgresql_server):
    """The address of an empty PostgreSQL database."""
    postgresql_server.psql("DROP DATABASE IF EXISTS portal WITH (FORCE);\nCREATE DATABASE portal;")
    return postgresql_server.get_uri("portal").replace("postgresql://", "postgresql+psycopg://")


@pytest.fixture
def old(tmp_path, frozen_sqlite):
    """A portal on SQLite with something in every corner: reports, a photo, waves, baselines, staff."""
    (tmp_path / "old").mkdir()
    shutil.copy(frozen_sqlite, tmp_path / "old")
    app = portal(tmp_path / "old")
    with app.app_context():
        app.letters = store_wave("by-letter", letters=3).codes
        for name in ("first", "second"):
            store_account(name)
        app.receipt = send(app.test_client(), description=WORDS)
        with unit_of_work() as session:
            row = report_row()
            session.execute(insert(Report).values(row))
            session.add(Photo(report_id=row["id"], position=1, content=bytes(range(256)) * 50))
        yield app
        db.session.remove()
        db.engine.dispose()


def move(app, *arguments):
    return app.test_cli_runner().invoke(cli, ["move", *arguments], env={})


def moved_to(app, url):
    return portal(app.config["PORTAL_SETTINGS"].data_dir, PORTAL_DATABASE_URL=url)


def test_everything_that_opened_before_opens_after(old, new_database, monkeypatch):
    monkeypatch.setenv("PORTAL_DATA_DIR", str(old.config["PORTAL_SETTINGS"].data_dir))
    before = {table.name: count_of(table) for table in Base.metadata.sorted_tables}
    said = move(old, "--to", new_database)
    assert said.exit_code == 0, said.output
    app = moved_to(old, new_database)
    with app.app_context():
        assert {table.name: count_of(table) for table in Base.metadata.sorted_tables} == before
        assert WORDS in follow(app.test_client(), old.receipt).text.replace("&#39;", "'")
        opened = app.test_client().post("/sv/survey", data={"code": old.letters[0]})
        assert opened.status_code == 200
        login = {"username": "second", "password": PASSWORD}
        assert app.test_client().post("/staff/login", data=login).status_code == 302
        assert [each.code for each in queries.snapshots(db.session())] == [FOLLOW_UP_CODE, BASELINE_CODE]
        assert db.session.scalar(select(Photo.content)) == bytes(range(256)) * 50
        assert send(app.test_client()), "and it goes on"
        store_account("third")
        db.session.remove()
        db.engine.dispose()
    assert count() == before["report"], "the old database is as it was"


def count_of(table) -> int:
    return db.session.scalar(select(func.count()).select_from(table))


def test_a_database_that_holds_something_is_refused_and_stays_as_it_is(old, new_database, monkeypatch):
    monkeypatch.setenv("PORTAL_DATA_DIR", str(old.config["PORTAL_SETTINGS"].data_dir))
    app = moved_to(old, new_database)
    with app.app_context():
        upgrade()
        send(app.test_client())
        db.session.remove()
        db.engine.dispose()
    said = move(old, "--to", new_database)
    assert said.exit_code == 1
    assert "not empty" in said.output
    with app.app_context():
        assert count() == 1
        db.session.remove()
        db.engine.dispose()


def test_what_arrives_otherwise_than_it_was_sent_is_not_kept_by_half(old, new_database, monkeypatch):
    monkeypatch.setenv("PORTAL_DATA_DIR", str(old.config["PORTAL_SETTINGS"].data_dir))
    app = moved_to(old, new_database)
    with app.app_context():
        upgrade()
        with db.engine.begin() as connection:
            connection.execute(
                text(
                    "CREATE FUNCTION spoil() RETURNS trigger LANGUAGE plpgsql AS "
                    "$$ BEGIN NEW.description = upper(NEW.description); RETURN NEW; END $$"
                )
            )
            connection.execute(
                text("CREATE TRIGGER spoil BEFORE INSERT ON report FOR EACH ROW EXECUTE FUNCTION spoil()")
            )
        db.engine.dispose()
    said = move(old, "--to", new_database)
    assert said.exit_code == 1
    assert "what arrived in report is not what was sent. Nothing was moved." in said.output
    with app.app_context():
        assert {count_of(table) for table in Base.metadata.sorted_tables} == {0}
        db.session.remove()
        db.engine.dispose()


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("sqlite:///elsewhere.sqlite3", "has to name a PostgreSQL"),
        ("not an address", "no address of a database"),
        ("postgresql+psycopg://nobody@127.0.0.1:1/none", "does not answer"),
    ],
)
def test_an_address_that_leads_nowhere_is_said(app, url, said, monkeypatch):
    monkeypatch.setenv("PORTAL_DATA_DIR", str(app.config["PORTAL_SETTINGS"].data_dir))
    answer = move(app, "--to", url)
    assert answer.exit_code == 1
    assert said in answer.output
