"""The rows of a closed wave: everyone once, in no order that is stored, every cell as documented."""

import csv
import hashlib
import json
from io import StringIO

import pytest
from sqlalchemy import event

from citizen_portal.municipality import Text
from citizen_portal.storage.engine import db
from citizen_portal.surveys import queries
from citizen_portal.surveys.export import rows as export_rows
from citizen_portal.surveys.export.columns import ABOUT_THE_ROW, columns_of, told_apart
from citizen_portal.surveys.export.formats import FORMATS, ExportRefused
from citizen_portal.surveys.models import AnswerSet
from citizen_portal.surveys.questionnaire import ONE, Choice, ChoiceList, Question, Questionnaire, Section
from citizen_portal.surveys.routing import is_asked
from citizen_portal.web.csv_rows import FOR_EXCEL, FOR_MACHINES
from tests.closed_waves import AFTERWARDS, ELSEWHERE, FIRST_DAY, chunks, content, store_noise, store_wave
from tests.steps import rows
from tests.waves import questionnaire_with_every_kind

NOISY = {"calm": "very_noisy", "noises": ["mopeds", "voices"], "told": "yes", "times_told": 3}
HOLDING_ROWS = [name for name, each in FORMATS.items() if each.holds_rows]
HARMLESS = [name for name, each in FORMATS.items() if not each.holds_rows]
ARABIC = "الشارع مظلم؛ لا أحد يمشي هنا"
ODD = '=HYPERLINK("x");\n"citat"\tå, ' + ARABIC


@pytest.fixture(autouse=True)
def _noise(either_app):
    store_noise()


def table(code: str, name: str = "machines") -> list[dict[str, str]]:
    style = FOR_EXCEL if name == "csv" else FOR_MACHINES
    text = content(code, name).decode("utf-8-sig")
    return list(csv.DictReader(StringIO(text, newline=""), delimiter=style.delimiter, strict=True))


def only_row(answers: dict, name: str = "machines") -> dict[str, str]:
    (row,) = table(store_wave("wave", [answers]), name)
    return row


@pytest.mark.parametrize("name", ["csv", "machines", "numbers"])
def test_every_answer_set_of_the_wave_is_in_the_file_once_and_no_other(name):
    store_wave("wave", [{"more": f"ord {number}"} for number in range(40)])
    assert sorted(row["more"] for row in table("wave", name)) == sorted(f"ord {number}" for number in range(40))
    assert ELSEWHERE not in content("wave", name).decode()


def test_no_row_is_lost_or_doubled_between_slices(monkeypatch):
    monkeypatch.setattr(export_rows, "ROWS_PER_SLICE", 5)
    store_wave("wave", [{"times_told": number} for number in range(1, 98)])
    assert sorted(int(row["times_told"]) for row in table("wave")) == list(range(1, 98))


def test_rows_stand_in_an_order_of_the_file_alone():
    store_wave("wave", [{"times_told": number} for number in range(1, 61)])
    orders = [[row["times_told"] for row in table("wave")] for _file in range(2)]
    stored = sorted(rows(AnswerSet), key=lambda each: each.id)
    by_id = [str(each.answers["times_told"]) for each in stored if each.wave_code == "wave"]
    assert orders[0] != orders[1]
    assert by_id not in orders
    assert [str(number) for number in range(1, 61)] not in orders


def test_the_slices_come_in_random_order_too(monkeypatch):
    monkeypatch.setattr(export_rows, "ROWS_PER_SLICE", 1)
    store_wave("wave", [{"times_told": number} for number in range(1, 41)])
    ids = {each.answers.get("times_told"): each.id for each in rows(AnswerSet)}
    # Forty slices ask for sixty-four, which the first six bits of an id tell apart.
    in_file = [ids[int(row["times_told"])].int >> 122 for row in table("wave")]
    assert in_file not in (sorted(in_file), sorted(in_file, reverse=True))


def test_row_ids_are_the_files_own_and_no_spreadsheet_takes_one_for_a_number():
    store_wave("wave", [{"calm": "very_calm"}] * 20)
    first, second = ({row["row"] for row in table("wave")} for _file in range(2))
    assert len(first) == 20
    assert first.isdisjoint(second)
    assert all(each[0] == "r" and len(each) == 17 for each in first)
    everything = content("wave", "machines").decode()
    assert not any(each.id.hex[:16] in everything for each in rows(AnswerSet))


def test_a_row_says_which_wave_questionnaire_and_language_it_is_of():
    store_wave("wave", [{"calm": "very_calm"}], language="ar", quarantine_reason="honeypot")
    (row,) = table("wave")
    asked = questionnaire_with_every_kind()
    assert [row[name] for name in ABOUT_THE_ROW[1:]] == ["wave", "kinds", "1", asked.digest, "ar", "honeypot"]
    assert list(row) == [*ABOUT_THE_ROW, *(column.name for column in columns_of(asked))]


def test_answers_stand_as_the_codes_they_were_stored_as():
    row = only_row({**NOISY, "noisy_place": "torget", "age": "age_16_64", "more": "Mörkt."})
    assert (row["calm"], row["told"], row["times_told"], row["noisy_place"]) == ("very_noisy", "yes", "3", "torget")
    assert (row["noises__mopeds"], row["noises__voices"], row["noises__none"]) == ("1", "1", "0")
    assert (row["age"], row["more"]) == ("age_16_64", "Mörkt.")


def test_dont_know_and_no_answer_are_two_things():
    assert only_row({"calm": "dont_know"})["calm"] == "dont_know"
    db.session.rollback()
    store_wave("skipped", [{"told": "no"}])
    assert table("skipped")[0]["calm"] == ""


def test_dont_know_among_several_is_no_answer_about_the_other_choices():
    answers = {"calm": "very_noisy", "noises": ["dont_know"]}
    row = only_row(answers)
    assert [row[f"noises__{code}"] for code in ("mopeds", "voices", "none", "dont_know")] == ["", "", "", "1"]
    numbers = table("wave", "numbers")[0]
    assert [numbers[f"noises__{code}"] for code in ("mopeds", "voices", "none", "dont_know")] == ["-3", "-3", "-3", "1"]


def test_numbers_count_answers_from_one_and_tell_every_missing_value_apart():
    row = only_row({"calm": "fairly_noisy", "told": "no", "sex": "prefer_not"}, "numbers")
    assert (row["calm"], row["told"]) == ("3", "2")
    assert row["sex"] == "-3", "a choice that is no answer"
    assert row["age"] == "-2", "asked and skipped"
    assert row["noises__mopeds"] == "-2", "asked and skipped"
    assert row["times_told"] == "-1", "not asked, because of 'told'"
    assert row["noisy_place"] == "-1", "not asked, because 'noises' was skipped"


def test_not_asked_is_what_routing_says(either_app):
    asked = questionnaire_with_every_kind()
    answers = {"calm": "very_calm", "told": "yes"}
    row = only_row(answers, "numbers")
    for column in columns_of(asked):
        if column.question.kind != "text":
            assert (row[column.name] == "-1") == (not is_asked(column.question, answers))


@pytest.mark.parametrize("name", ["csv", "machines"])
def test_what_a_stranger_wrote_is_no_formula_and_reads_back_whole(name):
    assert only_row({"more": ODD}, name)["more"] == f"'{ODD}"


def test_a_file_of_numbers_has_one_line_for_each_row():
    assert only_row({"more": ODD}, "numbers")["more"] == "'" + ODD.replace("\n", " ")
    assert content("wave", "numbers").count(b"\n") == 2


def test_columns_are_told_apart_whatever_questions_are_called():
    yes = ChoiceList("l", (Choice("b", Text((("sv", "Ja"),))),))
    text = Text((("sv", "Ord"),))
    questions = (
        Question("wave", ONE, text, yes),
        Question("a", "several", text, yes),
        Question("a__b", ONE, text, yes),
    )
    asked = Questionnaire("odd", 1, ("sv",), text, text, (Section("s", text, None, questions),))
    assert [column.name for column in columns_of(asked)] == ["wave_2", "a__b", "a__b_2"]
    store_wave("wave", [{"wave": "b", "a": ["b"]}], questionnaire=asked)
    (row,) = table("wave")
    assert (row["wave"], row["wave_2"], row["a__b"], row["a__b_2"]) == ("wave", "b", "1", "")


def test_names_that_are_cut_stay_apart():
    assert told_apart(["abcdef", "abcdeg", "abcdeh"], longest=5) == ["abcde", "abc_2", "abc_3"]


@pytest.mark.parametrize("name", HOLDING_ROWS)
def test_rows_leave_only_when_the_wave_is_closed_and_its_order_destroyed(name):
    store_wave("wave", [NOISY], purged=False)
    with pytest.raises(ExportRefused, match="survey close wave"):
        chunks("wave", name, today=FIRST_DAY)
    with pytest.raises(ExportRefused, match="housekeeping"):
        chunks("wave", name, today=AFTERWARDS)


@pytest.mark.parametrize("name", HARMLESS)
def test_what_tells_nothing_of_anybody_may_be_taken_out_at_any_time(name):
    store_wave("wave", [NOISY], purged=False)
    assert b"".join(chunks("wave", name, today=FIRST_DAY))


def test_the_questionnaire_is_the_text_its_digest_is_of():
    store_wave("wave", [])
    document = content("wave", "questionnaire")
    assert hashlib.sha256(document).hexdigest() == questionnaire_with_every_kind().digest
    assert json.loads(document) == questionnaire_with_every_kind().document


def test_people_alone_with_their_background_are_counted():
    alone = [{"age": "age_16_64", "sex": "man", "area": "norr"}, {"age": "age_16_64", "sex": "man"}, {}]
    together = [{"age": "age_65_plus", "sex": "woman", "area": "norr", "more": word} for word in ("a", "b")]
    store_wave("wave", alone + together)
    db.session.rollback()
    assert queries.unique_on_background(db.session(), queries.wave(db.session(), "wave")) == 3
    assert "WARNING: 3 of the 5 people" in content("wave", "readme").decode()


def test_a_questionnaire_without_background_questions_makes_nobody_unique():
    text = Text((("sv", "Ord"),))
    yes = ChoiceList("l", (Choice("b", text),))
    asked = Questionnaire("bare", 1, ("sv",), text, text, (Section("s", text, None, (Question("x", ONE, text, yes),)),))
    store_wave("wave", [{"x": "b"}], questionnaire=asked)
    db.session.rollback()
    assert queries.unique_on_background(db.session(), queries.wave(db.session(), "wave")) == 0
    assert "None of the 1" in content("wave", "readme").decode()


def test_counting_them_is_one_statement():
    store_wave("wave", [NOISY])
    db.session.rollback()
    wave = queries.wave(db.session(), "wave")
    statements = []

    def write_down(_connection, _cursor, statement, *_rest):
        statements.append(statement)

    event.listen(db.engine, "before_cursor_execute", write_down)
    queries.unique_on_background(db.session(), wave)
    event.remove(db.engine, "before_cursor_execute", write_down)
    assert len(statements) == 1
