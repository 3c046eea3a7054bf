"""The SPSS syntax, run by PSPP over the file of numbers, and its cells read back as labels and as values."""

import pytest

from citizen_portal.municipality import Text
from citizen_portal.surveys.export.columns import ABOUT_THE_ROW, columns_of
from citizen_portal.surveys.export.spss import names_of
from citizen_portal.surveys.questionnaire import ONE, Choice, ChoiceList, Question, Questionnaire, Section
from tests.closed_waves import arabic, content, store_noise, store_wave
from tests.pspp import run_in_pspp
from tests.waves import questionnaire_with_every_kind

ODD = '="O\'Neill"; går\n"bort", الشارع مظلم'


@pytest.fixture(autouse=True)
def _noise(app):
    store_noise()


@pytest.fixture
def in_pspp(tmp_path):
    return lambda: run_in_pspp("wave", tmp_path)


def test_answers_have_their_labels(in_pspp):
    answers = {"calm": "very_noisy", "noises": ["mopeds"], "noisy_place": "torget", "told": "yes", "times_told": 3}
    store_wave("wave", [answers])
    ((row,), _values, _log) = in_pspp()
    assert (row["calm"], row["noisy_place"], row["told"], row["times_told"]) == (
        *("Mycket stökigt", "Exempeltorget", "Ja", "3"),
    )
    assert (row["noises__mopeds"], row["noises__voices"]) == ("Mopeder", "Inte vald")


def test_every_missing_value_has_its_own_label_and_is_missing(in_pspp):
    store_wave("wave", [{"calm": "dont_know", "sex": "prefer_not"}])
    ((labels,), (values,), _log) = in_pspp()
    missing = {"calm": "Vet inte", "sex": "Vill inte svara", "told": "Hoppades över", "noises__mopeds": "Ställdes inte"}
    assert {name: labels[name] for name in missing} == missing
    assert {values[name].strip() for name in missing} == {""}


def test_words_come_through_with_every_letter(in_pspp):
    store_wave("wave", [{"more": ODD}, {"more": "Mörkt."}])
    labels, _values, _log = in_pspp()
    assert {row["more"] for row in labels} == {"'" + ODD.replace("\n", " "), "Mörkt."}
    assert {row["wave"] for row in labels} == {"wave"}


def test_the_longest_words_are_read_whole(in_pspp):
    longest = "=" + "日" * 199
    store_wave("wave", [{"more": longest}])
    ((row,), _values, _log) = in_pspp()
    assert row["more"] == "'" + longest


def test_levels_of_measurement_follow_the_kinds_of_questions(in_pspp):
    store_wave("wave", [{"calm": "very_calm"}])
    (_labels, _values, log) = in_pspp()
    level = {name: line.split("|")[4].strip() for line in log.splitlines() for name in _first_cell(line, "calm", "sex",
             "age", "times_told", "more")}  # fmt: skip
    assert level == {
        "calm": "Ordinal", "sex": "Nominal", "age": "Ordinal", "times_told": "Scale", "more": "Nominal",
    }  # fmt: skip


def _first_cell(line: str, *names: str) -> list[str]:
    cells = [cell.strip() for cell in line.split("|")]
    return [name for name in names if len(cells) > 7 and cells[1] == name]


def test_arabic_labels_come_through(in_pspp):
    store_wave("wave", [{"why": "dark"}], questionnaire=arabic())
    ((row,), _values, log) = in_pspp()
    assert row["why"] == "الظلام"
    assert "لماذا؟" in log


def test_labels_too_long_for_spss_are_cut_at_a_letter(in_pspp):
    words = Text((("sv", "Är det 'så' att å? " * 40),))
    choices = ChoiceList("l", (Choice("a", words),))
    question = Question("q", ONE, words, choices)
    asked = Questionnaire("long", 1, ("sv",), words, words, (Section("s", words, None, (question,)),))
    store_wave("wave", [{"q": "a"}], questionnaire=asked)
    ((row,), _values, _log) = in_pspp()
    assert row["q"].endswith("…")
    assert 110 < len(row["q"].encode()) <= 120
    lines = content("wave", "spss").split(b"\r\n")
    assert max(map(len, lines)) < 256


def test_names_are_legal_and_different_in_spss():
    text = Text((("sv", "Ord"),))
    long = "a" * 70
    codes = ["all", "2nd", "_a_", "a", long, long + "b", "___", "row"]
    choices = ChoiceList("l", (Choice("x", text),))
    questions = tuple(Question(code, ONE, text, choices) for code in codes)
    asked = Questionnaire("odd", 1, ("sv",), text, text, (Section("s", text, None, questions),))
    names = names_of(columns_of(asked))[len(ABOUT_THE_ROW) :]
    assert names == ["v_all", "v_2nd", "a", "a_2", "a" * 64, "a" * 62 + "_2", "v", "row_2"]


def test_the_names_of_our_own_questionnaires_stay_as_they_are():
    columns = columns_of(questionnaire_with_every_kind())
    assert names_of(columns) == [*ABOUT_THE_ROW, *(column.name for column in columns)]
