"""A resident reports a place, gets a receipt and follows the report with it."""

import re

import pytest

from tests.steps import REPORT, filled_in, follow, receipt_on, reports, send

EVERYTHING = {
    "theme": "poor_light",
    "place": "vasby_centrum",
    "place_text": "tunneln",
    "precision": "exact",
    "happened": "2026-01-31",
    "light": "dark",
    "unsafe": "4",
    "reasons": ["too_dark", "no_view"],
    "description": "Lampan är trasig.\r\nSedan i höstas.",
}


def test_a_resident_who_gives_theme_and_place_gets_a_receipt_of_sixteen_digits(client):
    answer = client.post("/sv/report", data=REPORT)
    assert answer.status_code == 200
    assert re.fullmatch(r"\d{4} \d{4} \d{4} \d{4}", receipt_on(answer.text))


def test_a_receipt_opens_the_report_it_was_given_for(client):
    receipt = receipt_on(client.post("/sv/report", data=REPORT).text)
    page = client.post("/en/follow", data={"receipt": receipt})
    assert page.status_code == 200
    assert "Väsby centrum" in page.text


@pytest.mark.parametrize("language", ["sv", "en", "fi", "ar"])
def test_a_report_can_be_made_and_followed_in_every_language(client, language):
    page = client.post(f"/{language}/report", data=EVERYTHING)
    opened = client.post(f"/{language}/follow", data={"receipt": receipt_on(page.text)})
    assert f'lang="{language}"' in opened.text
    assert reports()[0].language == language


def test_everything_that_was_said_is_stored(either_app):
    send(either_app.test_client(use_cookies=False), **EVERYTHING)
    [report] = reports()
    assert (report.theme, report.place, report.area) == ("poor_light", "vasby_centrum", "centrum")
    assert (report.happened, str(report.happened_on), report.light, report.unsafe) == ("date", "2026-01-31", "dark", 4)
    assert report.reasons == ("no_view", "too_dark")
    assert report.description == "Lampan är trasig.\nSedan i höstas."


def test_the_form_of_a_sign_s_place_has_the_place_filled_in_and_can_be_sent_as_it_is(client):
    address = client.get("/p/vasby_centrum", headers={"Accept-Language": "ar"}).location
    form = filled_in(client.get(address).text)
    assert (address, form["place"]) == ("/ar/report?place=vasby_centrum", ["vasby_centrum"])
    assert client.post("/ar/report", data={**form, "theme": "drugs"}).status_code == 200


def test_a_sign_whose_place_is_gone_still_opens_the_form(client):
    answer = client.get("/sv/report?place=atlantis")
    assert answer.status_code == 404
    assert filled_in(answer.text)["precision"] == ["street"]


def test_a_report_of_something_going_on_now_gets_the_numbers_to_call_with_its_receipt(client):
    page = client.post("/sv/report", data={**REPORT, "happened": "now"}).text
    assert receipt_on(page)
    assert 'href="tel:112"' in page
    assert 'href="tel:11414"' in page


def test_the_numbers_to_call_stand_above_the_first_button_of_the_form(client):
    page = client.get("/sv/report").text
    assert page.index('href="tel:112"') < page.index('href="tel:11414"') < page.index("<button", page.index("<main"))


def test_a_page_for_residents_never_sets_a_cookie(client):
    receipt = send(client)
    answers = [client.get(address) for address in ("/", "/sv/", "/sv/report", "/sv/follow", "/sv/help", "/sv/nowhere")]
    answers += [client.post("/sv/report", data=REPORT), follow(client, receipt), client.post("/sv/report")]
    assert not [answer.request.path for answer in answers if "Set-Cookie" in answer.headers]
