"""The commands for letters: what they print, store and refuse."""

import csv
import os
import re
import stat
from dataclasses import replace
from datetime import timedelta

import html5lib
import pytest
import segno

from citizen_portal.cli import cli
from citizen_portal.municipality.installed import installed
from citizen_portal.storage.engine import db
from citizen_portal.storage.unit_of_work import unit_of_work
from citizen_portal.surveys import queries
from citizen_portal.surveys.closing import close_wave
from citizen_portal.surveys.invitations import FEWEST_USED, code_digest, plain_code
from citizen_portal.surveys.models import Invitation
from tests.calendar_day import the_day
from tests.steps import XHTML, count
from tests.waves import store_wave

PUBLIC_URL = "https://trygg.example.se"
YESTERDAY = the_day() - timedelta(days=1)


@pytest.fixture
def reached_by_https(app, monkeypatch):
    """The portal of the test, with an address for residents."""
    settings = replace(app.config["PORTAL_SETTINGS"], public_url=PUBLIC_URL)
    monkeypatch.setitem(app.config, "PORTAL_SETTINGS", settings)
    return app


@pytest.fixture
def run(reached_by_https, tmp_path, monkeypatch):
    """Run a command of ``survey`` in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return lambda *arguments: reached_by_https.test_cli_runner().invoke(cli, ["survey", *arguments])


@pytest.fixture
def by_letter(app):
    """An open wave by letter whose only letter, number 1, was made elsewhere; and noise beside it."""
    store_wave("noise-2026", letters=3)
    return store_wave("var-2026", letters=1)


def listed(file) -> list[dict[str, str]]:
    return list(csv.DictReader(file.read_text("utf-8-sig").splitlines(), delimiter=";"))


def body_of(file):
    return html5lib.parse(file.read_text("utf-8")).find(f"{XHTML}body")


def use(wave: str, *, letters: int) -> None:
    with unit_of_work() as session:
        for number in range(1, letters + 1):
            session.query(Invitation).filter_by(wave_code=wave, letter=number).update({"used": True})


def test_invite_makes_letters_with_the_next_numbers_whose_codes_open_the_survey(run, by_letter, client, tmp_path):
    answer = run("invite", "var-2026", "--count", "3")
    assert answer.exit_code == 0, answer.output
    lines = listed(tmp_path / "letters-var-2026-2-4" / "letters.csv")
    assert [line["letter"] for line in lines] == ["2", "3", "4"]
    for line in lines:
        assert line["address"] == f"{PUBLIC_URL}/e/{plain_code(line['code'])}"
        opened = client.get(line["address"].removeprefix(PUBLIC_URL))
        assert (opened.status_code, line["code"] in opened.text) == (200, True)


def test_only_digests_of_the_codes_are_stored(run, by_letter, app, tmp_path):
    run("invite", "var-2026", "--count", "5", "--out", "here")
    codes = [plain_code(line["code"]) for line in listed(tmp_path / "here" / "letters.csv")]
    secret = app.config["PORTAL_SECRET"]
    assert all(queries.invitation(db.session(), (code_digest(secret, code),)) for code in codes)
    db.session.rollback()
    data_dir = app.config["PORTAL_SETTINGS"].data_dir
    stored = b"".join(path.read_bytes() for path in data_dir.rglob("*") if path.is_file())
    assert codes
    assert [code for code in codes if code.encode() in stored] == []


def test_the_files_are_for_their_owner_alone_and_nothing_else_is_left(run, by_letter, tmp_path):
    old = os.umask(0)
    try:
        run("invite", "var-2026", "--count", "2", "--out", "here")
    finally:
        os.umask(old)
    folder = tmp_path / "here"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {file.name: stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()} == {
        "letters.csv": 0o600,
        "letters.html": 0o600,
    }


def test_each_letter_is_a_page_with_its_address_its_code_and_its_square(run, by_letter, tmp_path):
    run("invite", "var-2026", "--count", "3", "--out", "here")
    letters = body_of(tmp_path / "here" / "letters.html").findall(f"{XHTML}article")
    lines = listed(tmp_path / "here" / "letters.csv")
    assert len(letters) == len(lines) == 3
    for letter, line in zip(letters, lines, strict=True):
        words = " ".join("".join(letter.itertext()).split())
        assert "trygg.example.se/e" in words
        assert plain_code(line["code"]) in words.replace(" ", "")
        assert f"Brev {line['letter']}" in words
        picture = letter.find(f".//{XHTML}img").get("src")
        assert picture == segno.make(line["address"], error="m", micro=False).svg_data_uri(border=4)


def test_a_letter_speaks_the_reference_language_and_has_a_line_in_each_of_the_others(run, by_letter, tmp_path):
    run("invite", "var-2026", "--count", "1", "--out", "here")
    (letter,) = body_of(tmp_path / "here" / "letters.html").findall(f"{XHTML}article")
    words = " ".join("".join(letter.itertext()).split())
    assert "Hur trygg känner du dig i Upplands Väsby?" in words
    municipality = installed().municipality
    lines = {each.get("lang"): "".join(each.itertext()) for each in letter.iter(f"{XHTML}p") if each.get("lang")}
    assert sorted(lines) == sorted(municipality.languages[1:])
    assert len(set(lines.values())) == len(lines), "each in its own words"
    assert all("trygg.example.se/e" in line for line in lines.values())
    assert municipality.contacts_in("municipality")[0].number in words


def test_the_sheet_asks_nothing_of_any_other_place(run, by_letter, tmp_path):
    run("invite", "var-2026", "--count", "1", "--out", "here")
    page = (tmp_path / "here" / "letters.html").read_text("utf-8")
    fetched = re.findall(r'(?:src|href)="([^"]+)"|url\(([^)]+)\)|@import', page)
    assert fetched
    assert all(source.startswith("data:image/svg+xml") for source, _style in fetched)


def test_nothing_is_written_over_and_no_letter_is_made_then(run, by_letter, tmp_path):
    (tmp_path / "letters.html").write_text("of yesterday")
    answer = run("invite", "var-2026", "--count", "2", "--out", ".")
    assert (answer.exit_code, count(Invitation)) == (1, 4)
    assert "exists already" in answer.output
    assert [file.name for file in tmp_path.iterdir() if file.suffix != ".sqlite3"].count("letters.csv") == 0


def test_a_refused_write_leaves_no_codes_behind(run, by_letter, tmp_path, app):
    with pytest.MonkeyPatch.context() as patch:
        close_wave("noise-2026", today=the_day())
        patch.setattr("citizen_portal.cli.invitations.new_letters", _letters_that_are_taken)
        answer = run("invite", "var-2026", "--count", "1", "--out", "here")
    assert answer.exit_code == 1
    assert "meanwhile" in answer.output
    assert list((tmp_path / "here").iterdir()) == []


def _letters_that_are_taken(session, wave_code, count, *, today):
    from citizen_portal.surveys.invitations import Letter, new_code

    return [Letter(1, new_code())]


def test_invite_needs_to_know_where_residents_reach_the_portal(app, by_letter, tmp_path):
    answer = app.test_cli_runner().invoke(cli, ["survey", "invite", "var-2026", "--count", "1"])
    assert (answer.exit_code, count(Invitation)) == (1, 4)
    assert "PORTAL_PUBLIC_URL" in answer.output


@pytest.mark.parametrize("command", [["invite", "--count", "1"], ["unused"]], ids=["invite", "unused"])
@pytest.mark.parametrize("wave", ["none", "a link", "ended", "closed"])
def test_letters_are_refused_where_a_wave_takes_none(run, command, wave):
    store_wave("a-link")
    store_wave("ended", letters=20, closes_on=YESTERDAY)
    store_wave("closed", letters=20)
    close_wave("closed", today=the_day())
    answer = run(command[0], wave.replace(" ", "-"), *command[1:])
    assert answer.exit_code == 1
    assert answer.output.startswith("Error: ")
    assert count(Invitation) == 20


def test_unused_lists_the_numbers_of_unused_letters_and_nothing_else(run, tmp_path):
    store_wave("noise-2026", letters=30)
    store_wave("var-2026", letters=FEWEST_USED + 3)
    use("var-2026", letters=FEWEST_USED)
    assert run("unused", "var-2026", "--out", "remind.csv").exit_code == 0
    written = (tmp_path / "remind.csv").read_bytes()
    assert written.decode("utf-8-sig") == "letter\r\n11\r\n12\r\n13\r\n"
    assert run("unused", "var-2026").stdout_bytes == written


def test_a_list_that_would_say_who_the_first_few_were_is_refused(run):
    store_wave("var-2026", letters=FEWEST_USED + 3)
    use("var-2026", letters=FEWEST_USED - 1)
    answer = run("unused", "var-2026")
    assert answer.exit_code == 1
    assert "remind everyone" in answer.output
