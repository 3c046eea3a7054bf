"""A wave by letter through the real server: nothing stored or logged says who answered, when, or with which code."""

import csv
import shutil
import time
from datetime import timedelta

import pytest

from tests.calendar_day import the_day
from tests.conftest import Server
from tests.server.test_traces import ADDRESSES, BROWSER, Visitor, files_of
from tests.server.traces import clock_times_in, forms_of_address, markers_in

WAVE = "var-2026"
WORDS = "what number %d had to say"


def letters_of(server, folder) -> list[str]:
    """Open a wave and print letters for everyone; returns their codes."""
    today = the_day()
    server.run(
        *("survey", "open", WAVE, "--questionnaire", "trygghet", "--sample", "invited"),
        *("--from", str(today), "--to", str(today + timedelta(days=20))),
    )
    server.environ["PORTAL_PUBLIC_URL"] = "https://trygg.example.se"
    server.run("survey", "invite", WAVE, "--count", str(len(ADDRESSES) + 2), "--out", str(folder))
    text = (folder / "letters.csv").read_text("utf-8-sig")
    return [line["code"].replace("-", "") for line in csv.DictReader(text.splitlines(), delimiter=";")]


def residents_answer(server, codes):
    """Each from their own address: the letter, the questions, the answers; and every mistake there is."""
    visitors = [Visitor(server, number) for number in range(len(ADDRESSES))]
    for number, (visitor, code) in enumerate(zip(visitors, codes, strict=False)):
        assert visitor.ask(f"/e/{code}").status == 200
        assert visitor.ask("/sv/survey", form={"code": code}).status == 200
        answers = {"something_else": WORDS % number, "code": code, "submission_key": f"key {number}"}
        assert visitor.ask(f"/sv/survey/{WAVE}", form={**answers, "age": "nonsense"}).status == 422
        assert visitor.ask(f"/sv/survey/{WAVE}", form=answers).status == 200
    last = visitors[-1]
    statuses = [
        last.ask(f"/e/{codes[0]}").status,
        last.ask("/e/2345").status,
        last.ask("/sv/survey", form={"code": codes[1]}).status,
        last.ask(f"/sv/survey/{WAVE}", form={"something_else": "x" * 900_000, "code": codes[-1]}).status,
        last.ask("/sv/survey/no-such-wave").status,
    ]
    assert statuses == [410, 404, 410, 413, 404]


@pytest.fixture(scope="module")
def left_behind(tmp_path_factory, migrated_sqlite):
    """Every byte by file: while the wave is open, after it has closed, and in the log; the codes; begin and end."""
    folder = tmp_path_factory.mktemp("survey-traces")
    data_dir = shutil.copytree(migrated_sqlite, folder / "served")
    server = Server(data_dir, PORTAL_TRUSTED_PROXIES="1")
    try:
        codes = letters_of(server, folder / "letters")
        began = time.time()
        residents_answer(server, codes)
        ended = time.time()
        files = {f"{name}, open": content for name, content in files_of(data_dir).items()}
        assert b"13 of 15 letters" in server.run("survey", "close", WAVE).stdout
        files |= {f"{name}, closed": content for name, content in files_of(data_dir).items()}
        assert Visitor(server, 0).ask(f"/e/{codes[-1]}").status == 410
    finally:
        server.stop()
    return {**files, "the log": server.log.read_bytes()}, codes, (began, ended)


def traces(files, markers):
    return {name: markers_in(content, markers) for name, content in files.items() if markers_in(content, markers)}


def test_the_answers_are_there(left_behind):
    files, _codes, _times = left_behind
    assert all((WORDS % number).encode() in files["portal.sqlite3, closed"] for number in range(len(ADDRESSES)))


def test_while_the_answers_of_the_day_lie_sealed_no_file_holds_a_word_of_them(left_behind):
    files, _codes, _times = left_behind
    words = [(WORDS % number).encode() for number in range(len(ADDRESSES))]
    while_open = {name: content for name, content in files.items() if name.endswith(", open")}
    assert "portal.sqlite3-wal, open" in while_open
    assert traces(while_open, words) == {}


def test_no_address_and_no_browser_is_left_behind(left_behind):
    files, _codes, _times = left_behind
    addresses = [form for address in ADDRESSES for form in forms_of_address(address)]
    assert traces(files, [*addresses, BROWSER.encode(), b"Markerbrowser", b"?from="]) == {}


def test_no_code_is_left_behind_in_any_file_or_in_the_log(left_behind):
    files, codes, _times = left_behind
    assert len(codes) == len(ADDRESSES) + 2
    assert traces(files, [code.encode() for code in codes]) == {}


def test_no_time_finer_than_a_day_is_left_behind(left_behind):
    files, _codes, (began, ended) = left_behind
    found = {name: clock_times_in(content, began, ended) for name, content in files.items()}
    assert {name: times for name, times in found.items() if times} == {}


def test_the_log_says_nothing_of_what_was_answered(left_behind):
    files, _codes, _times = left_behind
    assert markers_in(files["the log"], [b"had to say", WAVE.encode(), b"key "]) == []
