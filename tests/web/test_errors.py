"""Error pages: every failure is a page in the reader's language, and never a traceback."""

import logging

import pytest

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
    from tests.conftest import portal

    client = portal(tmp_path / "empty").test_client()
    posted = {"theme": "drugs", "place": "vasby_centrum", "description": "Mitt."}
    answer = client.post("/sv/report", data=posted)
    assert answer.status_code == 503
    assert "Mitt." in answer.text
    assert client.get("/sv/").status_code == 200
