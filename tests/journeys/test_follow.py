"""A resident follows a report with its receipt: reads, writes, takes it back; and a guesser gets nowhere."""

from concurrent.futures import ThreadPoolExecutor
from html import unescape

import pytest

from citizen_portal.reports import queries, triage
from citizen_portal.reports.models import ReportMessage, ReportMove
from citizen_portal.reports.receipts import digits_of, is_well_formed
from citizen_portal.storage.unit_of_work import unit_of_work
from citizen_portal.web.wrong_tries import FREE_TRIES
from tests.steps import DAY, WRONG_CODE, answer_as_staff, count, follow, reports, send, sentence_at

SCHOOL, HOME = {"REMOTE_ADDR": "192.0.2.10"}, {"REMOTE_ADDR": "198.51.100.7"}
ARABIC_INDIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
WAYS_TO_SPACE = {
    "as shown": lambda receipt: receipt,
    "without spaces": digits_of,
    "with dashes": lambda receipt: receipt.replace(" ", "-"),
    "with space around": lambda receipt: f"  {receipt}\t",
    "in Arabic-Indic digits": lambda receipt: receipt.translate(ARABIC_INDIC),
    "in Persian digits": lambda receipt: receipt.translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")),
    "pasted with words": lambda receipt: f"Min kod: {receipt}.",
}
MISTYPED_CODE = "4539 1488 0343 6468"
MALFORMED = ["", "   ", "abc", "1234", "1" * 17, MISTYPED_CODE, "\0" * 16, "x" * 100_000, "½" * 16]


def with_luhn(number: int) -> str:
    """A well-formed code that is nobody's."""
    return next(code for last in range(10) if is_well_formed(code := f"{number:015d}{last}"))


def by_staff(change) -> None:
    """Make a change to the one report, as staff do."""
    with unit_of_work() as session:
        change(session, queries.report_with_everything(session, reports()[0].id, to_change=True))


def write(client, receipt: str, message: str, **fields):
    return client.post("/en/follow/message", data={"receipt": receipt, "message": message, **fields})


@pytest.mark.parametrize("written", WAYS_TO_SPACE.values(), ids=WAYS_TO_SPACE)
def test_a_receipt_opens_its_report_however_it_is_written(client, written):
    assert follow(client, written(send(client))).status_code == 200


@pytest.mark.parametrize("language", ["sv", "en", "fi", "ar"])
def test_a_receipt_nobody_has_is_not_found_and_the_digits_stay_in_the_form(client, language):
    answer = client.post(f"/{language}/follow", data={"receipt": WRONG_CODE})
    assert answer.status_code == 404
    assert sentence_at(answer.text, "receipt")
    assert f'value="{WRONG_CODE}"' in answer.text


@pytest.mark.parametrize("code", MALFORMED)
def test_what_is_no_receipt_is_refused_before_anything_is_looked_up(client, code):
    answer = follow(client, code)
    assert answer.status_code == 422
    assert sentence_at(answer.text, "receipt")


def test_a_new_report_says_that_it_waits_to_be_read(client):
    assert "waits to be read" in follow(client, send(client)).text


def test_each_move_shows_its_sentence_and_its_public_note(client):
    receipt = send(client)
    note = "Vi byter lampan & klipper <buskarna>."
    by_staff(lambda session, report: triage.move(session, report, "planned", public_note=note, today=DAY))
    page = unescape(follow(client, receipt).text)
    assert "It is not done yet." in page
    assert note in page


def test_an_answer_from_staff_is_shown_as_the_municipality_s(client):
    receipt = send(client)
    by_staff(lambda session, report: answer_as_staff(session, report, "Tack, vi tittar på det."))
    page = follow(client, receipt).text
    assert "Tack, vi tittar på det." in page
    assert '<li class="ours">' in page


@pytest.mark.parametrize("key", ["", "key-1"])
def test_a_message_is_added_once_when_it_is_sent_twice(either_app, key):
    client = either_app.test_client(use_cookies=False)
    receipt = send(client)
    pages = [write(client, receipt, "Det hände igen.", submission_key=key) for _ in range(2)]
    assert [page.status_code for page in pages] == [200, 200]
    assert pages[1].text.count("Det hände igen.") == 1
    assert count(ReportMessage) == 1


def test_different_messages_sent_at_once_are_all_kept(either_app):
    receipt = send(either_app.test_client(use_cookies=False))

    def one(number: int) -> int:
        return write(either_app.test_client(use_cookies=False), receipt, f"Nummer {number}").status_code

    with ThreadPoolExecutor(10) as threads:
        assert set(threads.map(one, range(10))) == {200}
    assert count(ReportMessage) == 10


@pytest.mark.parametrize("written", WAYS_TO_SPACE.values(), ids=WAYS_TO_SPACE)
def test_a_message_that_gives_its_own_receipt_away_is_refused_and_kept(client, written):
    receipt = send(client)
    message = f"Jag har koden {written(receipt)} här"
    answer = write(client, receipt, message)
    assert answer.status_code == 422
    assert sentence_at(answer.text, "message")
    assert message in unescape(answer.text)
    assert count(ReportMessage) == 0


@pytest.mark.parametrize("message", ["", "  \n", "x" * 4001, "a\0b"])
def test_a_message_that_cannot_be_taken_is_refused_beside_its_field(client, message):
    answer = write(client, send(client), message)
    assert answer.status_code == 422
    assert sentence_at(answer.text, "message")
    assert count(ReportMessage) == 0


@pytest.mark.parametrize(("code", "status"), [(WRONG_CODE, 404), (MISTYPED_CODE, 422), ("no code", 422), ("", 422)])
def test_a_message_with_a_code_that_opens_nothing_is_kept_and_can_be_sent_from_there(client, code, status):
    answer = write(client, code, "Det hände igen & igen.", submission_key="key-1")
    assert answer.status_code == status
    assert sentence_at(answer.text, "receipt")
    assert "Det hände igen & igen.</textarea>" in unescape(answer.text)
    assert 'action="/en/follow/message"' in answer.text
    assert 'value="key-1"' in answer.text


def test_a_message_is_kept_while_wrong_codes_wait_and_saved_with_the_right_one(client):
    receipt = send(client)
    for _ in range(FREE_TRIES):
        follow(client, WRONG_CODE)
    answer = write(client, WRONG_CODE, "Det hände igen.")
    assert answer.status_code == 429
    assert "Det hände igen.</textarea>" in answer.text
    assert f'value="{WRONG_CODE}"' in answer.text
    assert write(client, receipt, "Det hände igen.").status_code == 200
    assert count(ReportMessage) == 1


def test_asking_for_a_report_shows_no_message_box_before_the_code_has_opened_it(client):
    assert "<textarea" not in follow(client, WRONG_CODE).text


def test_a_report_is_taken_back_once_however_often_it_is_asked(either_app):
    client = either_app.test_client(use_cookies=False)
    receipt = send(client)
    answers = [client.post("/sv/follow/withdraw", data={"receipt": receipt}).status_code for _ in range(2)]
    assert answers == [200, 200]
    assert reports()[0].status == "withdrawn"
    assert count(ReportMove) == 1


def test_a_report_that_was_taken_back_can_be_read_but_not_taken_back_again(client):
    receipt = send(client)
    client.post("/sv/follow/withdraw", data={"receipt": receipt})
    page = follow(client, receipt)
    assert page.status_code == 200
    assert "/en/follow/withdraw" not in page.text
    assert client.post("/sv/follow/withdraw", data={"receipt": WRONG_CODE}).status_code == 404


def test_after_many_wrong_codes_one_network_is_told_how_long_to_wait_and_another_is_not(client):
    for number in range(FREE_TRIES):
        assert follow(client, with_luhn(number), environ_overrides=SCHOOL).status_code == 404
    refused = follow(client, WRONG_CODE, environ_overrides=SCHOOL)
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "5")
    assert "5 seconds" in sentence_at(refused.text, "receipt")
    assert follow(client, WRONG_CODE, environ_overrides=HOME).status_code == 404


def test_every_page_that_takes_a_code_counts_the_wrong_ones_together(client):
    receipt = send(client)
    pages = ("", "/message", "/withdraw")
    for page in pages * FREE_TRIES:
        client.post(f"/en/follow{page}", data={"receipt": WRONG_CODE, "message": "x"})
    for page in pages:
        assert client.post(f"/en/follow{page}", data={"receipt": WRONG_CODE, "message": "x"}).status_code == 429
    assert follow(client, receipt).status_code == 200
    assert reports()[0].status == "received"


def test_a_message_to_a_report_that_was_taken_back_meanwhile_is_refused_where_it_can_be_mended(client):
    receipt = send(client)
    client.post("/sv/follow/withdraw", data={"receipt": receipt})
    answer = write(client, receipt, f"Min kod är {receipt}")
    assert answer.status_code == 422
    assert sentence_at(answer.text, "message")


def test_codes_that_are_merely_mistyped_are_wrong_ones_too(client):
    for _ in range(FREE_TRIES):
        assert follow(client, MISTYPED_CODE).status_code == 422
    assert follow(client, MISTYPED_CODE).status_code == 429
    assert follow(client, WRONG_CODE).status_code == 429


def test_an_empty_code_box_is_no_wrong_code(client):
    for _ in range(FREE_TRIES + 1):
        assert follow(client, " ").status_code == 422


def test_right_codes_are_never_counted(client):
    receipt = send(client)
    for _ in range(FREE_TRIES + 5):
        assert follow(client, receipt).status_code == 200
    assert follow(client, WRONG_CODE).status_code == 404


def test_the_code_is_never_in_an_address(client):
    receipt = send(client)
    for code in (receipt, digits_of(receipt)):
        assert client.get("/en/follow", query_string={"receipt": code}).text.count(code) == 0
