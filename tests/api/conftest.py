"""The feed of a portal with a baseline and its follow-up; tests that ask for neither have an empty one."""

import json

import pytest

from citizen_portal.baseline.models import BaselineSnapshot
from citizen_portal.storage.engine import db
from tests.snapshots import BASELINE_CODE, FOLLOW_UP_CODE


@pytest.fixture
def snapshots(snapshots) -> list[BaselineSnapshot]:
    """The baseline and the follow-up that the portal has frozen."""
    return [db.session().get_one(BaselineSnapshot, code) for code in (BASELINE_CODE, FOLLOW_UP_CODE)]


@pytest.fixture
def documents(snapshots) -> list[dict]:
    """What their public documents say."""
    return [json.loads(each.public_document) for each in snapshots]
