"""Error pages: every failure is a page in the reader's language, and never a traceback."""

import logging
import re
import shutil
from html import unescape
from io import BytesIO
from uuid import UUID

import pytest

from citizen_portal.storage.engine import db
from tests.conftest import PASSWORD, portal, store_account

LANGUAGES = ["sv", "en", "fi", "ar"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_missing_page_leads_on_in_the_language_of_its_address(client, language):
    answer = client.get(f"/{language}/nowhere")
    assert answer.status_code == 404
    assert f'lang="{language}"' in answer.text
    assert f'href="/{language}/report"' in answer.text
    assert 'href="tel:112"' in answer.text


@pytest.mark.parametrize(
    ("method", "address", "allowed"),
    [
        ("POST", "/sv/help", {"GET", "HEAD", "OPTIONS"}),
        ("GET", "/sv/follow/message", {"POST", "OPTIONS"}),
        ("DELETE", "/sv/report", {"GET", "HEAD", "POST", "OPTIONS"}),
        ("PUT", "/sv/follow", {"GET", "HEAD", "POST", "OPTIONS"}),
    ],
)
def test_a_wrong_method_gets_a_page_and_is_told_which_are_right(client, method, address, allowed):
    answer = client.open(address, method=method)
    assert answer.status_code == 405
    assert {each.strip() for each in answer.headers["Allow"].split(",")} == allowed
    assert 'lang="sv"' in answer.text


def test_too_large_a_body_gets_a_page(client):
    answer = client.post("/ar/report", data=b"x=" + b"y" * 300_000, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 413
    assert 'lang="ar"' in answer.text


def test_a_fault_of_ours_gets_a_page_without_a_traceback_and_a_line_in_the_log(started_portal, caplog, monkeypatch):
    monkeypatch.setitem(started_portal.view_functions, "pages.help", lambda: int("what a resident wrote"))
    with caplog.at_level(logging.ERROR):
        answer = started_portal.test_client().get("/fi/help")
    assert answer.status_code == 500
    assert 'lang="fi"' in answer.text
    assert "ValueError" not in answer.text
    assert "ValueError" in caplog.text
    assert "test_errors.py" in caplog.text, "the line says where it broke"
    assert "wrote'" not in caplog.text, "and not with which words"


@pytest.mark.parametrize("address", ["/" + "x" * 5000, "/sv/%ff%fe", "/sv/\x00", "/sv//report", "/sv/report/x/"])
def test_an_odd_address_is_a_missing_page_and_never_a_fault(client, address):
    assert client.get(address).status_code in {308, 404}


def test_a_portal_whose_database_has_no_tables_says_so_instead_of_breaking(tmp_path):
    client = portal(tmp_path / "empty").test_client()
    posted = {"theme": "drugs", "place": "vasby_centrum", "description": "Mitt."}
    answer = client.post("/sv/report", data=posted)
    assert answer.status_code == 503
    assert "Mitt." in answer.text
    assert client.get("/sv/").status_code == 200


TYPED = "Det jag har skrivit \r\noch <b>inte</b> vill skriva igen"


@pytest.fixture(scope="module")
def without_tables(tmp_path_factory, migrated_sqlite):
    """A portal whose database can tell nothing any more, with a member of staff who had logged in before."""
    folder = shutil.copytree(migrated_sqlite, tmp_path_factory.mktemp("without") / "instance")
    app = portal(folder)
    with app.app_context():
        store_account("tester")
        app.staff_client = app.test_client()
        login = {"username": "tester", "password": PASSWORD}
        assert app.staff_client.post("/staff/login", data=login).status_code == 302
        db.session.remove()
        db.engine.dispose()
    for file in folder.glob("portal.sqlite3*"):
        file.unlink()
    return app


def posted_to(app):
    """The address of every form there is."""
    nobodys = UUID(int=0)
    known = {"language": "sv", "report_id": nobodys, "group_id": nobodys}
    with app.test_request_context("/sv/"):
        for rule in app.url_map.iter_rules():
            if "POST" in rule.methods:
                yield app.url_for(rule.endpoint, **{name: known.get(name, "some-code") for name in rule.arguments})


def hidden_fields(page):
    """The fields of a form as a browser would send them again."""
    fields = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page)
    return {name: unescape(value) for name, value in fields}


def test_no_form_whatever_it_is_loses_a_word_when_the_database_tells_nothing(without_tables):
    """Each comes back in its own page or in this one, also where a page had to read something before it could."""
    typed = {"body": TYPED, "message": TYPED, "description": TYPED, "public_note": TYPED, "because": TYPED, "key": "k1"}
    given_back = []
    for address in posted_to(without_tables):
        for client in (without_tables.test_client(), without_tables.staff_client):
            answer = client.post(address, data=typed, headers={"Accept-Language": "sv"})
            if "<h1>Vi kan inte spara" in answer.text:
                given_back.append(address)
                assert hidden_fields(answer.text) == typed, address
                assert f'action="{address}"' in answer.text
                assert "<b>inte</b>" not in answer.text
    staff = [address for address in given_back if address.startswith("/staff/")]
    assert len(set(staff)) >= 12, "every form of the workplace"
    assert "/sv/survey/some-code" in given_back


def test_what_comes_back_can_be_sent_again_and_files_are_said_to_be_missing(without_tables):
    sent = {"receipt": "0" * 16, "message": TYPED, "photos": (BytesIO(b"\xff\xd8"), "a.jpg")}
    answer = without_tables.test_client().post("/en/follow/message", data=sent)
    assert answer.status_code == 503
    assert hidden_fields(answer.text)["message"] == TYPED
    assert "Photos have to be chosen again" in answer.text
    assert "Send it again" in answer.text


def test_a_password_is_in_no_page(without_tables):
    login = {"username": "tester", "password": "a secret of mine"}
    answer = without_tables.test_client().post("/staff/login", data=login)
    assert answer.status_code == 503
    assert "a secret of mine" not in answer.text


def test_a_post_that_cannot_be_read_gets_a_page_as_well(without_tables):
    broken = {"data": b"--x\r\nContent-Disposition: form-data", "content_type": "multipart/form-data; boundary=x"}
    answer = without_tables.test_client().post("/en/follow", **broken)
    assert answer.status_code in {400, 422, 503}
    assert "<h1>" in answer.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_that_was_only_looked_at_has_nothing_to_send_again(without_tables, language):
    answer = without_tables.test_client().get(f"/{language}/results")
    assert answer.status_code == 503
    assert "<form" not in answer.text.partition("<main")[2]
