"""The feed of a portal with a baseline and its follow-up; tests that ask for neither have an empty one."""

import json
import shutil
from pathlib import Path

import pytest

from citizen_portal.baseline.models import BaselineSnapshot
from citizen_portal.storage.engine import db
from tests.conftest import portal
from tests.snapshots import BASELINE_CODE, FOLLOW_UP_CODE, store_baseline_and_follow_up

DATABASE = "portal.sqlite3"


@pytest.fixture(scope="session")
def frozen_sqlite(tmp_path_factory, migrated_sqlite) -> Path:
    """A database with both snapshots, to be copied: to make them takes longer than most tests."""
    folder = tmp_path_factory.mktemp("frozen")
    shutil.copy(migrated_sqlite / DATABASE, folder)
    with portal(folder).app_context():
        store_baseline_and_follow_up()
        db.session.remove()
        db.engine.dispose()
    return folder / DATABASE


@pytest.fixture
def snapshots(app, frozen_sqlite) -> list[BaselineSnapshot]:
    """The baseline and the follow-up that the portal has frozen."""
    db.session.remove()
    db.engine.dispose()
    shutil.copy(frozen_sqlite, app.config["PORTAL_SETTINGS"].data_dir / DATABASE)
    return [db.session().get_one(BaselineSnapshot, code) for code in (BASELINE_CODE, FOLLOW_UP_CODE)]


@pytest.fixture
def documents(snapshots) -> list[dict]:
    """What their public documents say."""
    return [json.loads(each.public_document) for each in snapshots]
