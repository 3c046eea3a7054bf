"""Freezing on the command line asks first, and is not publishing."""

import pytest

from citizen_portal.baseline import queries
from citizen_portal.baseline.models import BaselineSnapshot
from citizen_portal.cli import cli
from citizen_portal.storage.engine import db
from tests.snapshots import BEFORE, store_closed_wave
from tests.steps import count

TERMS = ("--wave", BEFORE, "--from", "2023-04-01", "--to", "2024-03-31")


@pytest.fixture
def freezing(app):
    store_closed_wave(BEFORE, people=60)

    def run(*options, says=""):
        return app.test_cli_runner().invoke(cli, ["baseline", "freeze", "looked-at", *TERMS, *options], input=says)

    return run


@pytest.mark.parametrize("says", ["n\n", "\n", ""])
def test_it_asks_and_without_a_yes_nothing_is_frozen(freezing, says):
    asked = freezing(says=says)
    assert (asked.exit_code, count(BaselineSnapshot)) == (1, 0)
    assert "cannot be undone" in asked.output


@pytest.mark.parametrize("options", [(), ("--yes",)])
def test_freezing_shows_it_to_nobody(freezing, options):
    assert freezing(*options, says="y\n").exit_code == 0
    assert queries.published(db.session()) == []
    assert queries.snapshot(db.session(), "looked-at")
