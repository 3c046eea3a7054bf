"""The code of a letter: hard to mistype, forgiving of how it is typed, and answered by a sentence of its own."""

import re
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from citizen_portal.surveys.closing import close_wave
from citizen_portal.surveys.invitations import (
    ALPHABET,
    DRAWN,
    LENGTH,
    in_groups,
    is_well_formed,
    new_code,
    plain_code,
)
from citizen_portal.surveys.models import AnswerSet, Invitation
from citizen_portal.web.wrong_tries import FREE_TRIES
from tests.calendar_day import the_day
from tests.database_troubles import full, locked
from tests.steps import count, rows, sentence_at
from tests.waves import store_wave

TODAY = the_day()
TOMORROW, YESTERDAY = TODAY + timedelta(days=1), TODAY - timedelta(days=1)
CODES = some.builds(new_code)
IN_ENGLISH = {"Accept-Language": "en"}


def test_a_code_has_no_sign_that_looks_like_another_in_print():
    assert not set("0O1ILoil") & set(ALPHABET)
    assert len(ALPHABET) == len(set(ALPHABET)) == 31, "a prime, or the check would miss some mistakes"


def test_codes_are_drawn_from_the_whole_alphabet_and_do_not_repeat():
    codes = [new_code() for _each in range(2000)]
    assert len(set(codes)) == len(codes)
    assert {sign for code in codes for sign in code[:DRAWN]} == set(ALPHABET)
    assert {len(code) for code in codes} == {LENGTH}


@given(CODES, some.integers(0, LENGTH - 1), some.integers(1, len(ALPHABET) - 1))
def test_every_single_wrong_sign_is_noticed(code, place, change):
    wrong = ALPHABET[(ALPHABET.index(code[place]) + change) % len(ALPHABET)]
    assert is_well_formed(code)
    assert not is_well_formed(code[:place] + wrong + code[place + 1 :])


@given(CODES, some.integers(0, LENGTH - 2))
def test_every_swap_of_neighbours_is_noticed(code, place):
    swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    assert is_well_formed(swapped) == (code[place] == code[place + 1])


@given(CODES, some.integers(0, LENGTH))
def test_a_sign_too_few_or_too_many_is_noticed(code, place):
    assert not is_well_formed(code[:place] + code[place + 1 :] if place < LENGTH else code + "2")


@given(some.text(max_size=40))
def test_whatever_is_typed_is_well_formed_or_not(text):
    assert is_well_formed(plain_code(text)) in {True, False}


@given(CODES, some.sampled_from(["٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹", "０１２３４５６７８９"]), some.sampled_from("- –/._"))
def test_small_letters_digits_of_other_scripts_and_any_parting_are_read(code, digits, between):
    typed = between.join(code.lower()).translate(str.maketrans("0123456789", digits))
    assert plain_code(f"  {typed} ") == code
    assert plain_code(in_groups(code)) == code


@pytest.fixture
def codes(app):
    """A code for each thing that can be wrong with one, while letters of another wave are out."""
    open_now = store_wave("open", letters=2)
    planned = store_wave("planned", letters=1, opens_on=TOMORROW)
    ended = store_wave("ended", letters=1, opens_on=YESTERDAY, closes_on=YESTERDAY)
    used, fine = open_now.codes
    assert send(app.test_client(use_cookies=False), used).status_code == 200
    wrong = used[:-1] + ALPHABET[(ALPHABET.index(used[-1]) + 1) % len(ALPHABET)]
    return {
        "used": used, "fine": fine, "planned": planned.codes[0], "ended": ended.codes[0],
        "mistyped": wrong, "unknown": new_code(),
    }  # fmt: skip


def send(client, code: str, wave: str = "open", **fields):
    return client.post(f"/en/survey/{wave}", data={"safe_by_day": "very_safe", "code": code, **fields})


WHAT_IS_SAID = [
    ("used", 410, "This code has been used, and the answers are safe."),
    ("planned", 404, "The survey has not opened yet. It opens on"),
    ("ended", 410, "The survey that this code was for has ended."),
    ("mistyped", 404, "That code is not right."),
    ("unknown", 404, "We do not know that code."),
]


@pytest.mark.parametrize(("which", "status", "sentence"), WHAT_IS_SAID, ids=[which for which, *_rest in WHAT_IS_SAID])
def test_each_code_that_does_not_work_is_answered_by_its_own_sentence(codes, client, which, status, sentence):
    for answer in (
        client.get(f"/e/{codes[which]}", headers=IN_ENGLISH),
        client.post("/en/survey", data={"code": codes[which]}),
    ):
        assert answer.status_code == status
        if status == 410:  # nothing is wrong, and there is nothing to mend
            assert sentence in answer.text
            assert 'class="errors"' not in answer.text
        else:
            assert sentence_at(answer.text, "code").startswith(sentence)
    assert count(AnswerSet) == 1


@pytest.mark.parametrize(("which", "status", "sentence"), WHAT_IS_SAID, ids=[which for which, *_rest in WHAT_IS_SAID])
def test_answers_with_such_a_code_get_the_same_sentence_and_are_kept_where_another_code_can_help(
    codes, client, which, status, sentence
):
    answer = send(client, codes[which], safe_after_dark="fairly_safe")
    assert answer.status_code == status
    assert sentence in answer.text
    kept = re.search(r'name="safe_after_dark"[^>]*value="fairly_safe"[^>]*checked', answer.text)
    assert bool(kept) == (status == 404)
    assert count(AnswerSet) == 1


def test_a_code_that_works_leads_to_the_questions_however_it_is_typed(codes, client):
    for typed in (codes["fine"], in_groups(codes["fine"]), codes["fine"].lower()):
        door = client.get(f"/e/{typed}", headers=IN_ENGLISH)
        assert in_groups(codes["fine"]) in door.text
        assert 'action="/en/survey"' in door.text
        questions = client.post("/en/survey", data={"code": typed})
        assert (questions.status_code, 'id="survey"' in questions.text) == (200, True)


def test_a_code_of_a_wave_that_was_closed_is_told_that_it_has_ended(app, client):
    wave = store_wave("open", letters=1)
    close_wave(wave.code, today=TODAY)
    answer = client.get(f"/e/{wave.codes[0]}", headers=IN_ENGLISH)
    assert answer.status_code == 410
    assert "has ended" in answer.text


def test_the_address_without_a_code_asks_for_it(client, letter_wave):
    for address in ("/e", "/e/"):
        assert client.get(address, headers=IN_ENGLISH).location == "/en/survey"


def test_whoever_tries_many_codes_has_to_wait_and_the_right_one_opens_at_once(codes, client):
    for _each in range(FREE_TRIES):
        assert client.get(f"/e/{new_code()}").status_code == 404
    answer = client.get(f"/e/{new_code()}", headers=IN_ENGLISH)
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "5")
    assert "wait 5 seconds" in sentence_at(answer.text, "code")
    assert client.get(f"/e/{codes['fine']}").status_code == 200


def test_right_codes_are_never_counted_as_wrong_ones(codes, client):
    for _each in range(FREE_TRIES + 5):
        assert client.get(f"/e/{codes['fine']}").status_code == 200


def test_an_answer_that_is_refused_leaves_the_code_unused(letter_wave, client):
    code = letter_wave.codes[0]
    assert send(client, code, letter_wave.code, safe_by_day="nonsense").status_code == 422
    assert [letter.used for letter in rows(Invitation)] == [False] * 3
    assert send(client, code, letter_wave.code).status_code == 200


@pytest.mark.parametrize("trouble", [locked, full], ids=["locked", "full"])
def test_an_answer_that_cannot_be_stored_leaves_the_code_unused(app, letter_wave, client, trouble):
    code = letter_wave.codes[0]
    filler = {"something_else": "x" * 900}
    with trouble(app):
        answers = [send(client, one, letter_wave.code, **filler).status_code for one in letter_wave.codes]
    assert 503 in answers
    assert count(AnswerSet) == sum(letter.used for letter in rows(Invitation)) == answers.count(200)
    if trouble is locked:
        assert send(client, code, letter_wave.code).status_code == 200
