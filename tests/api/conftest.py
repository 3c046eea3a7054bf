"""The feed of a portal with a baseline and its follow-up, and of one without any."""

import json

import pytest

from tests.snapshots import store_baseline_and_follow_up


@pytest.fixture
def snapshots(app):
    """The baseline and the follow-up that the portal has frozen."""
    return store_baseline_and_follow_up()


@pytest.fixture
def documents(snapshots) -> list[dict]:
    """What their public documents say."""
    return [json.loads(each.public_document) for each in snapshots]
