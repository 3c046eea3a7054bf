"""``citizen-portal baseline export``: the same bytes as the feed, in every format."""

import pytest

from citizen_portal.api.formats import FORMATS
from citizen_portal.cli.baseline import baseline
from tests.snapshots import FOLLOW_UP_CODE


@pytest.fixture
def run(app):
    """The command, run in this portal."""
    runner = app.test_cli_runner()
    return lambda *arguments: runner.invoke(baseline, ["export", *map(str, arguments)])


@pytest.mark.parametrize("name", [*FORMATS])
def test_a_file_holds_what_the_feed_gives(run, client, snapshots, tmp_path, name):
    address = f"/api/v1/baseline/{FOLLOW_UP_CODE}{FORMATS[name].ending}"
    place = tmp_path / f"{FOLLOW_UP_CODE}{FORMATS[name].ending}"
    assert run(FOLLOW_UP_CODE, "--format", name, "--out", place).exit_code == 0
    assert place.read_bytes() == client.get(address).data
    assert run(FOLLOW_UP_CODE, "--format", name).stdout_bytes == place.read_bytes()


def test_without_a_format_it_is_the_document(run, snapshots):
    assert run(FOLLOW_UP_CODE).stdout == snapshots[1].public_document


def test_the_full_figures_are_given_as_json_only(run, snapshots):
    assert run(FOLLOW_UP_CODE, "--full").stdout == snapshots[1].document
    refused = run(FOLLOW_UP_CODE, "--full", "--format", "csv")
    assert refused.exit_code == 1
    assert "JSON only" in refused.output


def test_an_unknown_snapshot_is_refused_by_its_name(run):
    refused = run("no-such-snapshot", "--format", "zip")
    assert refused.exit_code == 1
    assert "'no-such-snapshot'" in refused.output
