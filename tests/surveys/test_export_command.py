"""``citizen-portal survey export``: whole files under their names, refusals in a sentence, the warning on stderr."""

import pytest

from citizen_portal.cli import cli
from citizen_portal.surveys.export.formats import FORMATS
from tests.closed_waves import content, store_noise, store_wave


@pytest.fixture
def run(app):
    store_noise()
    store_wave("wave", [{"calm": "very_calm", "more": "Mörkt."}, {"calm": "dont_know"}])
    return lambda *arguments: app.test_cli_runner().invoke(cli, ["survey", "export", *arguments])


def test_every_file_is_written_whole_under_its_name(run, tmp_path):
    folder = tmp_path / "new" / "folder"
    answer = run("wave", "--out", str(folder))
    assert answer.exit_code == 0, answer.output
    assert {path.name for path in folder.iterdir()} == {each.file_name("wave") for each in FORMATS.values()}
    assert answer.stdout.split() == [str(folder / each.file_name("wave")) for each in FORMATS.values()]


@pytest.mark.parametrize("name", [name for name, each in FORMATS.items() if not each.holds_rows])
def test_a_file_holds_what_the_workplace_would_stream(run, tmp_path, name):
    assert run("wave", "--out", str(tmp_path), "--format", name).exit_code == 0
    assert (tmp_path / FORMATS[name].file_name("wave")).read_bytes() == content("wave", name)


@pytest.mark.parametrize(("name", "each"), FORMATS.items())
def test_a_file_comes_with_those_it_needs_beside_it(run, tmp_path, name, each):
    assert run("wave", "--out", str(tmp_path), "--format", name).exit_code == 0
    expected = {FORMATS[other].file_name("wave") for other in (name, *each.beside)}
    assert {path.name for path in tmp_path.iterdir()} == expected


def test_people_alone_with_their_background_are_warned_of(run, tmp_path):
    store_wave("small", [{"age": "age_16_64"}, {}, {}])
    assert "WARNING: 1 of the 3 people" in run("small", "--out", str(tmp_path)).stderr
    assert "WARNING" not in run("small", "--out", str(tmp_path), "--format", "questionnaire").stderr
    assert "None of the 2" in run("wave", "--out", str(tmp_path)).stderr


def test_rows_of_a_wave_that_is_not_closed_are_refused_and_nothing_is_left_behind(run, tmp_path):
    store_wave("open", [{"calm": "very_calm"}], purged=False)
    answer = run("open", "--out", str(tmp_path), "--format", "csv")
    assert answer.exit_code == 1
    assert "housekeeping" in answer.stderr or "survey close" in answer.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_cannot_be_finished_leaves_no_half(run, tmp_path):
    store_wave("broken", [{"calm": "no such choice"}])
    assert isinstance(run("broken", "--out", str(tmp_path), "--format", "numbers").exception, KeyError)
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_wave_is_refused(run, tmp_path):
    answer = run("none", "--out", str(tmp_path))
    assert (answer.exit_code, answer.stderr) == (1, "Error: there is no wave 'none'\n")


def test_a_folder_that_cannot_be_written_is_said(run, tmp_path):
    (tmp_path / "file").touch()
    answer = run("wave", "--out", str(tmp_path / "file" / "below"))
    assert answer.exit_code == 1
    assert "cannot be written: Not a directory" in answer.stderr
