"""Who handles reports as they come in does not write down the order they came in: acts have days and no order."""

import pytest
from flask_migrate import downgrade, upgrade
from sqlalchemy import text

from citizen_portal.cli import cli
from citizen_portal.staff import audit
from citizen_portal.staff.models import AuditEntry, StaffAccount
from citizen_portal.storage.engine import db
from citizen_portal.storage.unit_of_work import unit_of_work
from tests.conftest import store_account
from tests.steps import DAY, count, plain_sql, rows
from tests.surveys import attacker

ACTS = 60
# Of sixty in random order, tau has a standard deviation of 0.09.
MORE_THAN_CHANCE = 0.45


@pytest.fixture
def acts(either_app):
    """Sixty acts, each on a report of its own, in the order those came in."""
    store_account("officer")
    [officer] = rows(StaffAccount)
    details = [f"report {number:02}" for number in range(ACTS)]
    for detail in details:
        with unit_of_work() as session:
            audit.record(session, session.get(StaffAccount, officer.id), "move", today=DAY, detail=detail)
    return details


def order_by(column: str, details: list[str]) -> float:
    stored = [detail for (detail,) in plain_sql(f"SELECT detail FROM audit_entry ORDER BY {column}")]
    return attacker.order_of([stored.index(detail) for detail in details])


def test_no_id_of_an_act_tells_what_was_done_first(acts):
    assert abs(order_by("id", acts)) < MORE_THAN_CHANCE


def test_after_the_night_nothing_that_postgresql_keeps_of_a_row_tells_it_either(either_app, acts):
    if attacker.on_sqlite():
        return  # which keeps a row under its id and nothing more of it
    assert order_by("ctid", acts) > MORE_THAN_CHANCE, "before the night it does"
    assert either_app.test_cli_runner().invoke(cli, ["housekeeping"]).exit_code == 0
    assert abs(order_by("ctid", acts)) < MORE_THAN_CHANCE
    assert len(plain_sql("SELECT xmin FROM audit_entry GROUP BY xmin")) == 1


def test_acts_from_before_are_kept_in_an_order_that_tells_nothing(either_app, acts):
    for step, revision in ((downgrade, "0011"), (upgrade, "head")):
        db.session.remove()
        db.engine.dispose()
        step(revision=revision)
    assert abs(order_by("id", acts)) < MORE_THAN_CHANCE
    assert count(AuditEntry) == ACTS
    with db.engine.connect() as connection:
        assert connection.execute(text("SELECT count(DISTINCT id) FROM audit_entry")).scalar() == ACTS
