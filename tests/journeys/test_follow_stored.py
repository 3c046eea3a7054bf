"""The page of a report shows everything that is stored of it, and takes photos afterwards, each once."""

import re
from base64 import b64decode
from html import unescape
from io import BytesIO

import pytest
from PIL import Image

from citizen_portal.reports.models import Photo, ReportMessage
from citizen_portal.reports.submit import MOST_PHOTOS_OF_A_REPORT
from tests.photo_makers import photo
from tests.steps import count, filled_in, follow, receipt_on, reports, send, sentence_at

SAID = {
    "theme": "drugs", "place": "marabou", "place_text": "vid trappan", "precision": "exact", "happened": "2026-03-10",
    "light": "dark", "unsafe": "3", "reasons": ["too_dark"], "description": "Mörkt & <b>trångt</b>.",
}  # fmt: skip


def add_photos(client, receipt, *photos, **fields):
    files = [(BytesIO(content), f"{number}.jpg") for number, content in enumerate(photos)]
    return client.post("/en/follow/message", data={"receipt": receipt, "message": "", **fields, "photos": files})


def pictures_on(page):
    return [
        Image.open(BytesIO(b64decode(found)))
        for found in re.findall(r'<img src="data:image/jpeg;base64,([^"]+)"', page)
    ]


def test_everything_that_was_said_stands_on_the_page(client):
    page = unescape(follow(client, send(client, **SAID)).text)
    for words in (
        "vid trappan",
        "The spot, to about 25 metres",
        "Dark",
        "Very unsafe",
        "Mörkt & <b>trångt</b>.",
        "svenska",
    ):
        assert words.lower() in page.lower(), words
    assert "Mar 10, 2026" in page or "10 Mar 2026" in page
    [stored] = reports()
    assert f"{stored.latitude:.5f}" in page or stored.latitude is None


def test_the_photos_stand_in_the_page_itself_and_nowhere_without_the_code(client):
    data = {**SAID, "photos": [(BytesIO(photo(size=(2000, 1000))), "a.jpg"), (BytesIO(photo()), "b.jpg")]}
    answer = follow(client, receipt_on(client.post("/sv/report", data=data).text))
    assert [picture.size for picture in pictures_on(answer.text)] == [(480, 240), (64, 48)]
    assert "img-src 'self' data:" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_page_without_photos_allows_none_but_the_portal_s_own(client):
    assert "data:" not in follow(client, send(client)).headers["Content-Security-Policy"]


def test_a_photo_can_be_added_afterwards_with_or_without_words(client):
    receipt = send(client)
    assert len(pictures_on(add_photos(client, receipt, photo()).text)) == 1
    page = add_photos(client, receipt, photo(), photo(size=(30, 20)), message="Två till.").text
    assert [picture.size for picture in pictures_on(page)] == [(64, 48), (64, 48), (30, 20)]
    assert "Photos were added." in page
    assert "Två till." in page
    assert (reports()[0].photo_count, count(ReportMessage)) == (3, 2)


@pytest.mark.parametrize("key", ["", "key-1"])
def test_a_photo_that_is_sent_twice_is_stored_once(either_app, key):
    client = either_app.test_client(use_cookies=False)
    receipt = send(client)
    for _time in range(2):
        assert add_photos(client, receipt, photo(), submission_key=key).status_code == 200
    assert (count(Photo), count(ReportMessage), reports()[0].photo_count) == (1, 1, 1)


def test_a_report_takes_only_so_many_photos_and_the_words_are_kept(client):
    receipt = send(client)
    for number in range(MOST_PHOTOS_OF_A_REPORT):
        add_photos(client, receipt, photo(size=(20 + number, 20)))
    answer = add_photos(client, receipt, photo(), message="En till.")
    assert answer.status_code == 422
    assert sentence_at(answer.text, "photos")
    assert filled_in(answer.text, "opened")["message"] == ["En till."]
    assert (count(Photo), count(ReportMessage)) == (MOST_PHOTOS_OF_A_REPORT, MOST_PHOTOS_OF_A_REPORT)


def test_a_file_that_is_no_photo_is_refused_by_its_name_and_the_words_are_kept(client):
    receipt = send(client)
    answer = add_photos(client, receipt, b"no photo", message="Här är den.")
    assert answer.status_code == 422
    assert "0.jpg" in sentence_at(answer.text, "photos")
    assert filled_in(answer.text, "opened")["message"] == ["Här är den."]
    assert (count(Photo), count(ReportMessage)) == (0, 0)


def test_staff_see_a_photo_that_was_added_as_a_new_message(client, staff_client):
    receipt = send(client)
    add_photos(client, receipt, photo())
    inbox = staff_client.get("/staff/").text
    assert "1 nytt meddelande" in inbox
    page = staff_client.get(f"/staff/reports/{reports()[0].id}").text
    assert "Foton lades till." in page
    assert "/staff/photos/" in page


def test_changing_the_language_of_an_opened_report_keeps_the_code_and_the_words(client):
    receipt = send(client)
    carried = {"receipt": receipt, "message": "Halvskrivet", "opened": "1", "carry": ""}
    page = client.post("/ar/follow", data=carried).text
    assert 'lang="ar"' in page
    assert filled_in(page, "opened")["message"] == ["Halvskrivet"]
    assert count(ReportMessage) == 0


def test_changing_the_language_before_the_code_is_right_keeps_it(client):
    page = client.post("/ar/follow", data={"receipt": "4539 14", "carry": ""}).text
    assert filled_in(page, "ask")["receipt"] == ["4539 14"]
    assert 'class="errors"' not in page
