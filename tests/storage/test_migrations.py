"""Migrations: up, down and up again with data, ending in exactly the tables the models describe."""

import os
import stat
import time
from datetime import timedelta

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect, text
from sqlalchemy.exc import OperationalError

from citizen_portal.cli import cli
from citizen_portal.storage.before_upgrade import copy_of
from citizen_portal.storage.engine import Base, db
from citizen_portal.storage.types import CodeList
from tests.calendar_day import the_day
from tests.steps import count, draft, plain_sql, reports, send
from tests.waves import store_wave

RESIDENTS_TABLES = ("report", "photo", "report_message", "report_move")


def migrate(step, **kwargs) -> None:
    db.session.remove()
    db.engine.dispose()
    step(**kwargs)


def test_the_migrated_tables_are_those_of_the_models(either_app):
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_a_forgotten_column_would_be_noticed(either_app):
    with db.engine.begin() as connection:
        connection.execute(text("ALTER TABLE report DROP COLUMN quarantine_reason"))
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, Base.metadata) != []


def test_migrations_go_down_and_up_again_with_data_in_the_tables(either_app):
    client = either_app.test_client(use_cookies=False)
    client.post("/en/follow/message", data={"receipt": send(client), "message": "Hej"})
    migrate(downgrade, revision="base")
    with db.engine.connect() as connection:
        assert not {*RESIDENTS_TABLES, "staff_account"} & set(inspect(connection).get_table_names())
    migrate(upgrade)
    assert count() == 0
    assert send(client)


def test_one_step_down_and_up_keeps_the_reports(either_app):
    send(either_app.test_client(use_cookies=False), description="kvar")
    migrate(downgrade, revision="0001")
    migrate(upgrade)
    assert [report.description for report in reports()] == ["kvar"]


def test_upgrading_twice_changes_nothing(either_app):
    send(either_app.test_client(use_cookies=False))
    migrate(upgrade)
    assert count() == 1


def test_the_order_in_which_reports_came_cannot_be_read_from_the_table(app, client):
    for number in range(12):
        send(client, description=f"{number:02}")
    in_stored_order = [description for (description,) in plain_sql("SELECT description FROM report NOT INDEXED")]
    by_random_id = [report.description for report in sorted(reports(), key=lambda report: report.id)]
    assert in_stored_order == by_random_id
    assert in_stored_order != sorted(in_stored_order)


@pytest.mark.parametrize("table", RESIDENTS_TABLES)
def test_no_table_of_residents_has_sqlite_s_counting_row_number(app, table):
    with pytest.raises(OperationalError, match="no such column: rowid"):
        plain_sql(f"SELECT rowid FROM {table}")


def test_no_column_of_residents_is_finer_than_a_day(either_app):
    with db.engine.connect() as connection:
        kinds = {
            str(column["type"]).upper()
            for table in RESIDENTS_TABLES
            for column in inspect(connection).get_columns(table)
        }
    assert not [kind for kind in kinds if "TIME" in kind]


def test_codes_are_kept_sorted_so_that_the_order_of_taps_is_not(either_app):
    send(either_app.test_client(use_cookies=False), reasons=["too_dark", "no_view"])
    assert plain_sql("SELECT reasons FROM report") == [("no_view too_dark",)]
    assert CodeList().process_result_value(None, None) == ()
    assert draft().reasons == ()


def test_an_upgrade_leaves_a_copy_that_can_be_put_back(app):
    send(app.test_client(use_cookies=False), description="före")
    copy = copy_of(db.engine.url.database)
    migrate(upgrade)
    assert not copy.exists(), "nothing was changed, so nothing is copied"
    migrate(downgrade, revision="0013")
    assert not copy.exists()
    migrate(upgrade)
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    drill = app.test_cli_runner().invoke(cli, ["restore", str(copy), "--drill"])
    assert "is whole: 1 in report" in drill.output
    assert drill.exit_code == 0
    copy.unlink()


def test_the_copy_is_gone_after_a_week_or_when_a_wave_was_closed(app):
    def night(*, age, closes_in):
        copy = copy_of(db.engine.url.database)
        copy.write_bytes(b"a copy")
        then = time.time() - age * 86_400
        os.utime(copy, (then, then))
        store_wave(f"wave-{age}-{closes_in + 5}", letters=1, closes_on=the_day() + timedelta(days=closes_in))
        assert app.test_cli_runner().invoke(cli, ["housekeeping"]).exit_code == 0
        return copy.exists()

    assert night(age=2, closes_in=30)
    assert not night(age=9, closes_in=30)
    assert not night(age=2, closes_in=-1)


def test_a_database_of_a_newer_release_is_left_alone_and_says_so(either_app):
    send(either_app.test_client(use_cookies=False))
    with db.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    answer = either_app.test_cli_runner().invoke(cli, ["db", "upgrade"])
    assert answer.exit_code == 1
    assert "the database is of a newer release (its tables are at 9999): install that" in answer.output
    assert count() == 1


def test_whoever_closes_a_wave_the_copy_that_holds_its_codes_goes_with_it(app):
    store_wave("by-letter", letters=1)
    copy = copy_of(db.engine.url.database)
    copy.write_bytes(b"a copy")
    assert app.test_cli_runner().invoke(cli, ["survey", "close", "by-letter"]).exit_code == 0
    assert not copy.exists()
