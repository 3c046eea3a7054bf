"""What a resident wrote is stored, and stored once: double taps, retries and lost answers give one report."""

from concurrent.futures import ThreadPoolExecutor
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as some

from citizen_portal.reports.models import Photo
from citizen_portal.reports.receipts import (
    Submission,
    contains_receipt,
    digits_of,
    in_groups,
    is_well_formed,
)
from citizen_portal.reports.submit import submit
from citizen_portal.storage.unit_of_work import unit_of_work
from citizen_portal.web.submission import WINDOW_SECONDS
from citizen_portal.web.suspicion import MOST_UNSUSPECTED
from tests.photo_makers import photo
from tests.steps import DAY, REPORT, count, draft, follow, receipt_on, reports, send

NOON = 1_000_000 * WINDOW_SECONDS
A_SECRET = b"a secret of the server, long enough"
SIXTEEN_DIGITS = some.integers(0, 10**15 - 1).map(lambda number: Submission.of({"n": number}, key="k", seconds=0))


def submit_at(seconds: float, *, key: str = "", words: str = "Mörkt.", secret: bytes = A_SECRET) -> str:
    one = draft(description=words)
    submission = Submission.of(one.content(), key=key, seconds=seconds)
    with unit_of_work() as session:
        return submit(session, one, submission, secret=secret, today=DAY, quarantine=None)


def test_the_same_key_and_content_twice_give_one_report_and_the_same_receipt(either_app):
    client = either_app.test_client(use_cookies=False)
    receipts = {send(client, submission_key="key-1") for _ in range(2)}
    assert (len(receipts), count()) == (1, 1)


def test_the_same_key_with_edited_words_gives_two_reports_so_that_none_are_lost(either_app):
    client = either_app.test_client(use_cookies=False)
    receipts = {send(client, submission_key="key-1", description=words) for words in ("först", "först, och mer")}
    assert (len(receipts), count()) == (2, 2)


@pytest.mark.parametrize("key", ["key-1", ""], ids=["with a key", "without a key"])
def test_a_retry_in_another_language_finds_its_report(either_app, key):
    client = either_app.test_client(use_cookies=False)
    receipts = set()
    for language in ("sv", "ar", "en"):
        answer = client.post(f"/{language}/report", data={**REPORT, "description": "Mörkt.", "submission_key": key})
        receipts.add(receipt_on(answer.text))
    assert (len(receipts), count()) == (1, 1)
    assert reports()[0].language == "sv", "what came first is what is stored"


def send_with_photos(client, *photos: bytes, **fields) -> str:
    files = [(BytesIO(content), f"{number}.jpg") for number, content in enumerate(photos)]
    answer = client.post("/sv/report", data={**REPORT, **fields, "photos": files})
    answer.request.environ["wsgi.input"].close()  # the client leaves a large body's temporary file open
    assert answer.status_code == 200, answer.text
    return receipt_on(answer.text)


@pytest.mark.parametrize("again", [[photo("WEBP")], [photo(), photo("PNG")], []], ids=["encoded anew", "more", "none"])
def test_a_retry_with_the_same_key_finds_its_report_whatever_became_of_its_photos(either_app, again):
    client = either_app.test_client(use_cookies=False)
    first = send_with_photos(client, photo(), submission_key="key-1", description="Mörkt.")
    assert send_with_photos(client, *again, submission_key="key-1", description="Mörkt.") == first
    assert (count(), count(Photo)) == (1, 1)


def test_without_a_key_the_same_photo_is_a_retry_and_another_photo_is_another_report(either_app):
    client = either_app.test_client(use_cookies=False)
    one, other = photo(), photo(size=(500, 400))
    receipts = [send_with_photos(client, each, description="Mörkt.") for each in (one, one, other)]
    assert receipts[0] == receipts[1] != receipts[2]
    assert (count(), count(Photo)) == (2, 2)


def test_a_question_that_a_later_release_adds_and_nobody_answered_changes_no_fingerprint():
    earlier = Submission.of({"words": "Mörkt.", "unsafe": 0}, key="k", seconds=0)
    later = Submission.of({"words": "Mörkt.", "unsafe": 0, "new": None, "list": (), "text": ""}, key="k", seconds=0)
    assert earlier.fingerprints(A_SECRET) == later.fingerprints(A_SECRET)


def test_the_same_words_under_another_key_are_another_report(either_app):
    assert submit_at(NOON, key="one") != submit_at(NOON, key="two")
    assert count() == 2


def test_a_retry_with_a_key_finds_its_report_weeks_later(either_app):
    assert submit_at(NOON, key="k") == submit_at(NOON + 30 * 86400, key="k")
    assert count() == 1


def test_without_a_key_a_double_post_within_the_window_gives_one_report(either_app):
    client = either_app.test_client(use_cookies=False)
    receipts = {send(client, description="Mörkt.") for _ in range(2)}
    assert (len(receipts), count()) == (1, 1)


def test_without_a_key_a_double_post_across_the_edge_of_a_window_gives_one_report(either_app):
    assert submit_at(NOON - 1) == submit_at(NOON + 1)
    assert count() == 1


def test_without_a_key_the_same_words_after_the_window_are_a_new_report(either_app):
    assert submit_at(NOON) != submit_at(NOON + 2 * WINDOW_SECONDS)
    assert count() == 2


def test_a_chain_of_late_retries_keeps_the_first_receipt_while_its_window_is_looked_up(either_app):
    assert len({submit_at(NOON + minutes * 60) for minutes in (0, 9, 19)}) == 1
    assert count() == 1


def test_a_retry_that_twenty_threads_send_at_once_gives_one_report(either_app):
    def one_try(_number: int) -> str:
        answer = either_app.test_client(use_cookies=False).post("/sv/report", data={**REPORT, "submission_key": "k"})
        assert answer.status_code == 200
        return receipt_on(answer.text)

    with ThreadPoolExecutor(20) as threads:
        receipts = set(threads.map(one_try, range(20)))
    assert (len(receipts), count()) == (1, 1)


def test_twenty_different_reports_at_once_are_all_stored(either_app):
    def one(number: int) -> str:
        return send(either_app.test_client(use_cookies=False), description=f"Nummer {number}")

    with ThreadPoolExecutor(20) as threads:
        receipts = set(threads.map(one, range(20)))
    assert len(receipts) == 20
    assert {report.description for report in reports()} == {f"Nummer {number}" for number in range(20)}


def test_every_acknowledged_receipt_opens_its_own_report(client):
    receipts = {words: send(client, place="", place_text=words) for words in ("torget", "bron", "parken")}
    for words, receipt in receipts.items():
        assert words in follow(client, receipt).text


def test_a_receipt_depends_on_the_secret_of_the_server(app):
    one = Submission.of({"words": "Mörkt."}, key="k", seconds=0)
    assert one.receipt(A_SECRET, one.salts[0]) != one.receipt(b"another secret of another server", one.salts[0])


def test_the_receipt_and_the_fingerprint_do_not_lead_to_each_other(app):
    one = Submission.of({"words": "Mörkt."}, key="k", seconds=0)
    number = int.from_bytes(one.fingerprint(A_SECRET, one.salts[0])) % 10**15
    assert f"{number:015d}" != one.receipt(A_SECRET, one.salts[0])[:15]


def test_neither_receipt_nor_key_is_in_any_stored_byte(app, client):
    receipt = send(client, submission_key="a-key-to-look-for")
    data_dir = app.config["PORTAL_SETTINGS"].data_dir
    stored = b"".join(path.read_bytes() for path in data_dir.rglob("*") if path.is_file())
    assert b"vasby_centrum" in stored
    for secret in (receipt, digits_of(receipt), "a-key-to-look-for"):
        assert secret.encode() not in stored


@given(SIXTEEN_DIGITS)
def test_every_receipt_has_sixteen_digits_that_check_themselves(submission):
    receipt = submission.receipt(A_SECRET, submission.salts[0])
    assert len(receipt) == 16
    assert is_well_formed(receipt)


@given(SIXTEEN_DIGITS, some.integers(0, 15), some.integers(1, 9))
def test_one_mistyped_digit_is_always_noticed(submission, place, change):
    receipt = submission.receipt(A_SECRET, submission.salts[0])
    wrong = receipt[:place] + str((int(receipt[place]) + change) % 10) + receipt[place + 1 :]
    assert not is_well_formed(wrong)


@given(SIXTEEN_DIGITS, some.sampled_from(["-", " . ", " och ", "\n"]))
def test_a_receipt_is_found_in_a_text_however_its_digits_are_parted(submission, between):
    receipt = submission.receipt(A_SECRET, submission.salts[0])
    assert contains_receipt(f"min kod {between.join(receipt)} tack", receipt)


def test_digits_of_any_script_are_read_as_digits():
    assert digits_of("٤٥٣٩ ۱۴۸۸ 0343 6467") == "4539148803436467"
    assert in_groups("4539148803436467") == "4539 1488 0343 6467"


def test_going_to_the_receipt_of_what_a_script_sent_finds_the_report_and_counts_as_no_try(client):
    fields = {"submission_key": "key-1", "description": "Mörkt."}
    receipt = send(client, **fields)
    for _again in range(MOST_UNSUSPECTED + 1):
        assert send(client, **fields, sent="1") == receipt
    send(client, description="Något annat.")
    assert [report.status for report in reports()] == ["received"] * 2


@pytest.mark.parametrize("key", ["", "key-1"])
def test_whoever_says_that_it_was_sent_already_without_having_sent_it_is_stored_as_ever(either_app, key):
    send(either_app.test_client(use_cookies=False), submission_key=key, sent="1")
    assert count() == 1
