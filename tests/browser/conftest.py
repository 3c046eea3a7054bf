"""One real server and one Chromium for all browser tests, and a fresh visitor for each."""

import csv
import json
import shutil
import sqlite3
import urllib.request
from http.cookiejar import CookieJar
from io import StringIO
from urllib.parse import urlencode

import pytest

from citizen_portal.storage.engine import db
from citizen_portal.surveys.sealing import KEY_FILE, unseal
from tests.browser.bidi import firefox
from tests.browser.chromium import chromium
from tests.browser.firefox import FirefoxVisitor
from tests.browser.visitor import Visitor
from tests.conftest import PASSWORD, Server, portal
from tests.waves import store_waves_in_every_state

STAFF_NAME, READER_NAME = "tester", "reader"
LETTERS = 40


@pytest.fixture(scope="session")
def browser():
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="session")
def served(tmp_path_factory, migrated_sqlite):
    """The real server with invented reports, waves of the survey and two members of staff."""
    data_dir = tmp_path_factory.mktemp("browser") / "served"
    shutil.copytree(migrated_sqlite, data_dir)
    server = Server(data_dir)
    server.run("demo", "load")
    with portal(data_dir).app_context():
        codes = store_waves_in_every_state(letters=LETTERS)
        db.engine.dispose()
    for name in (STAFF_NAME, READER_NAME):
        server.run("staff", "add", name, "--password", PASSWORD)
    server.unused_codes = list(codes)
    yield server
    server.stop()


@pytest.fixture
def visitor(browser, served):
    """Makes visitors; in the end each must have talked to the portal alone, without a complaint or a cookie."""
    visitors = []

    def arrive(language="sv", **options):
        visitors.append(Visitor(browser, served.url, language=language, **options))
        return visitors[-1]

    yield arrive
    for each in visitors:
        cookies = each.context.cookies()
        each.leave()
        assert each.strangers() == [], "a browser talks to the portal only"
        assert each.complaints == [], "no script fails and nothing is refused"
        assert {cookie["name"] for cookie in cookies} <= {"staff"}, "a resident gets no cookie"
        assert not cookies or any("/staff" in url for url in each.requested), "a resident gets no cookie"


@pytest.fixture(scope="session")
def firefox_browser():
    with firefox() as browser:
        yield browser


@pytest.fixture
def firefox_visitor(firefox_browser, served):
    """Makes visitors who use Firefox."""
    visitors = []

    def arrive(language="sv"):
        visitors.append(FirefoxVisitor(firefox_browser, served.url, language=language))
        return visitors[-1]

    yield arrive
    for each in visitors:
        each.leave()


@pytest.fixture(params=[True, False], ids=["with scripts", "without scripts"])
def either_visitor(request, visitor):
    """Makes visitors with JavaScript, and then without it."""
    return lambda language="sv", **options: visitor(language, scripts=request.param, **options)


@pytest.fixture(scope="session")
def reader(served):
    """A second member of staff, who only takes out CSV."""
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
    form = urlencode({"username": READER_NAME, "password": PASSWORD}).encode()
    opener.open(served.url + "/staff/login", form).close()
    return opener


@pytest.fixture
def stored(served, reader):
    """Reads the stored reports whose words are these, as rows of the CSV."""

    def rows(words):
        with reader.open(served.url + "/staff/reports.csv?for=machines") as answer:
            text = answer.read().decode("utf-8")
        return [row for row in csv.DictReader(StringIO(text, newline="")) if words in row["description"]]

    return rows


@pytest.fixture
def letter_code(served):
    """The code of a letter that nobody has answered yet."""
    return served.unused_codes.pop()


@pytest.fixture
def every_answer_set(served):
    """Reads all stored answers from the database itself; those sealed until the night are opened with their key."""

    def answers():
        with sqlite3.connect(f"file:{served.data_dir}/portal.sqlite3?mode=ro", uri=True) as connection:
            rows = connection.execute("SELECT answers FROM answer_set").fetchall()
            sealed = connection.execute("SELECT sealed FROM sealed_answer_set").fetchall()
        connection.close()
        key = bytes.fromhex((served.data_dir / KEY_FILE).read_text())
        return [json.loads(text) for (text,) in rows] + [unseal(key, each)["answers"] for (each,) in sealed]

    return answers


@pytest.fixture
def stored_answers(every_answer_set):
    """Reads the stored answers that hold these words."""
    return lambda words: [each for each in every_answer_set() if words in each.values()]
