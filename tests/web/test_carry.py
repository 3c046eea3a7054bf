"""A form goes along into another language: filled in as it was, and nothing about it checked, counted or stored.

The forms are found on the pages that can be fetched, so a new one is held to this by its language buttons.
"""

import html5lib
import pytest
from werkzeug.datastructures import MultiDict

from citizen_portal.storage.engine import db
from citizen_portal.web.suspicion import MOST_UNSUSPECTED
from tests.architecture.test_routes import every_request
from tests.every_form import every_form
from tests.steps import REPORT, XHTML, filled_in, reports, send

CHOOSE_AGAIN = 'class="error" role="status"'
WRITTEN = {
    **REPORT,
    "place_text": "vid <skolan> & tunneln",
    "description": "rad ett\nrad två",
    "submission_key": "a" * 32,
}


def carrying_buttons(page):
    """Triples of form, address and language for the language buttons on a page."""
    buttons = [each for each in html5lib.parse(page).iter(f"{XHTML}button") if each.get("name") == "carry"]
    assert all(each.get("formenctype") == "application/x-www-form-urlencoded" for each in buttons), "no file travels"
    return [(each.get("form"), each.get("formaction"), each.get("lang")) for each in buttons]


def every_row():
    db.session.rollback()
    return [sorted(map(repr, db.session.execute(table.select()))) for table in db.metadata.sorted_tables]


@pytest.fixture
def carried_forms(app, client, noise, open_link_wave):
    """Pairs of the id of a form and what is written in it, with the address and language of each of its buttons."""
    written = {form.address: form.fields for form in every_form(app, {"": client}, {"code": ""})}
    found = {}
    for _endpoint, (_method, address) in every_request(app, "GET"):
        answer = client.get(address)
        if answer.mimetype == "text/html":
            for form, to, language in carrying_buttons(answer.text):
                found[to] = (form, language, next(written[each] for each in (to, address) if each in written))
    return found


def test_every_form_with_language_buttons_comes_back_as_it_was_and_nothing_is_stored(carried_forms, client):
    assert {"/sv/report", "/ar/report"} <= set(carried_forms)
    before = every_row()
    for address, (form, language, fields) in carried_forms.items():
        answer = client.post(address, data=MultiDict([*fields, ("carry", "")]))
        assert answer.status_code == 200, address
        assert language is None or f'<html lang="{language}"' in answer.text, address
        assert 'class="errors"' not in answer.text, address
        returned = filled_in(answer.text, form)
        for name, value in fields:
            assert not value or value in returned[name], f"{name} at {address}"
        assert every_row() == before, address


def test_an_empty_form_comes_back_without_a_word_of_blame(carried_forms, client):
    for address in carried_forms:
        assert 'class="errors"' not in client.post(address, data={"carry": ""}).text


def test_nothing_goes_along_that_is_not_the_form_s(client):
    page = client.post("/ar/report", data={**WRITTEN, "carry": "", "photos": "tunnel.jpg"}).text
    returned = filled_in(page)
    assert {name: values[0] for name, values in returned.items() if name in WRITTEN} == WRITTEN
    assert 'dir="rtl"' in page
    assert "tunnel.jpg" not in page
    assert CHOOSE_AGAIN in page
    assert CHOOSE_AGAIN not in client.post("/ar/report", data={"carry": "", "photos": ""}).text


def test_changing_the_language_is_no_try_that_counts(client):
    for _again in range(MOST_UNSUSPECTED + 1):
        client.post("/ar/report", data={**WRITTEN, "carry": ""})
    send(client, **WRITTEN)
    assert [(report.status, report.language) for report in reports()] == [("received", "sv")]


def test_the_key_of_a_report_that_was_sent_in_one_language_holds_in_the_other(client):
    first = send(client, **WRITTEN)
    carried = filled_in(client.post("/ar/report", data={**WRITTEN, "carry": ""}).text)
    again = client.post(
        "/ar/report", data=MultiDict([(name, each) for name, values in carried.items() for each in values])
    )
    assert first in again.text
    assert len(reports()) == 1
