"""The shipped safety survey: complete, short, kind to its reader, and tied to the agreement as its document says."""

import re
from pathlib import Path

import pytest

from citizen_portal.municipality.agreement import SurveySource
from citizen_portal.surveys.questionnaire import (
    BACKGROUND,
    BACKGROUNDS,
    KINDS,
    PLACE,
    RESERVED_CODES,
    SCALE,
    SEVERAL,
    TEXT,
)
from citizen_portal.surveys.reading import questionnaire_of_document
from citizen_portal.surveys.routing import keep_asked

ROOT = Path(__file__).parents[2]
DOCUMENT = (ROOT / "docs" / "questionnaires.md").read_text("utf-8")
ROW = re.compile(r"^\| `(\w+)` \| (\w+) \| (\d?) ?\| (.*?) ?\| (.+) \|$", re.MULTILINE)
KEYS = re.compile(r"^Of (?:a|the) (.+):\n\n\| key \| what \|\n\|---\|---\|\n((?:\|.*\n)+)", re.MULTILINE)
COVERS = re.compile(r'^# Covers: (.+)\.\n\[\[section\.question\]\]\ncode = "(\w+)"', re.MULTILINE)
TWELVE_MONTHS = {"sv": "12 månaderna", "en": "12 months", "fi": "12 kuukauden", "ar": "12 شهرًا"}
REMEMBERED = {
    "drug_dealing", "changed_habits", "exposed", "sees_patrols", "measures_noticed", "recruitment_seen",
    "pressed_silent", "suspected_business",
}  # fmt: skip
EXPOSING = {
    "exposed", "reported", "why_not_reported", "recruitment_seen", "youngest_asked", "pressed_silent",
    "suspected_business", "something_else",
}  # fmt: skip


def texts(questionnaire):
    """Every text of a questionnaire."""
    yield from (questionnaire.title, questionnaire.intro)
    for section in questionnaire.sections:
        yield section.title
        for question in section.questions:
            yield question.wording
            yield from (each for each in (section.intro, question.help) if each)
            if question.kind not in {PLACE, TEXT} and question.about != "area":
                yield from (choice.label for choice in question.choices.choices)


def gather_keys(name, table, into):
    """The keys of every table of a frozen document, by what kind of table it is."""
    into.setdefault(name, set()).update(table)
    for key, value in table.items():
        if isinstance(value, list) and isinstance(value[0], dict):
            for each in value:
                gather_keys(key, each, into)


def test_it_is_short_enough_for_six_minutes_and_its_sections_for_a_phone(shipped):
    assert 25 <= len(shipped.questions) <= 30
    assert {len(section.questions) for section in shipped.sections} <= {3, 4, 5, 6}
    assert len(keep_asked(shipped, {question.code: "no such choice" for question in shipped.questions})) == 25


def test_every_question_but_the_background_bears_on_a_goal(shipped):
    without = {question.code for question in shipped.questions if question.goal is None}
    assert without == {"age", "sex", "area", "something_else"}
    assert {question.goal for question in shipped.questions} == {1, 2, 3, None}


def test_the_document_names_each_question_as_it_is(shipped):
    documented = [
        (code, kind, int(goal) if goal else None, tuple(re.findall(r"\w+", indicators)))
        for code, kind, goal, indicators, _area in ROW.findall(DOCUMENT)
    ]
    assert documented == [(each.code, each.kind, each.goal, each.indicators) for each in shipped.questions]


def test_the_file_and_the_document_name_the_same_area_for_each_question(shipped_municipality):
    file = ROOT / "citizen_portal" / "municipality" / shipped_municipality.code
    covered = {
        code: area for area, code in COVERS.findall((file / "questionnaires/trygghet-2.toml").read_text("utf-8"))
    }
    assert covered == {code: area for code, _kind, _goal, _indicators, area in ROW.findall(DOCUMENT)}


def test_the_document_names_every_key_and_no_other(invented):
    tables = dict(KEYS.findall(DOCUMENT))
    documented = {
        name.strip("`[]").rpartition(".")[2]: {
            key.strip("[]").rpartition(".")[2]
            for row in rows.splitlines()
            for key in re.findall(r"`([^`]+)`", row.split("|")[1])
        }
        for name, rows in tables.items()
    }
    written: dict[str, set[str]] = {}
    gather_keys("file", invented.document, written)
    written["file"].remove("languages")  # the municipality says them
    assert documented == written


def test_the_document_names_every_kind_and_every_name_that_is_taken():
    for name in (*KINDS, *BACKGROUNDS, *RESERVED_CODES):
        assert f"`{name}`" in DOCUMENT


def test_the_questions_and_the_agreement_name_each_other(shipped, shipped_municipality):
    indicators = shipped_municipality.agreement.indicators
    sources = {each.code: each.source for each in indicators if isinstance(each.source, SurveySource)}
    named = {(code, question.code) for question in shipped.questions for code in question.indicators}
    assert named == {(code, source.question) for code, source in sources.items()}
    for source in sources.values():
        counted = [shipped.by_code[source.question].choices.choice(code) for code in source.counted]
        assert all(choice and not choice.missing for choice in counted), source


def test_a_scale_has_four_labelled_steps_and_dont_know(shipped):
    for question in shipped.questions:
        if question.kind == SCALE:
            marks = [choice.missing for choice in question.choices.choices]
            assert marks == [False, False, False, False, True], question.code
            assert question.choices.choices[-1].code == "dont_know"


def test_no_answer_of_none_can_stand_beside_another(shipped):
    for question in shipped.questions:
        if question.kind == SEVERAL:
            for choice in question.choices.choices:
                assert choice.alone == (choice.missing or choice.code in {"none", "no"}), (question.code, choice.code)


@pytest.mark.parametrize("language", TWELVE_MONTHS)
def test_what_is_to_be_remembered_lies_within_twelve_months_and_says_so(shipped, language):
    assert {
        question.code for question in shipped.questions if TWELVE_MONTHS[language] in question.wording.get(language)
    } == REMEMBERED


def test_what_tells_of_exposure_is_sensitive_and_nothing_else_is(shipped):
    assert {question.code for question in shipped.questions if question.sensitive} == EXPOSING


def test_no_two_languages_have_the_same_words_and_no_text_is_left_ragged(shipped):
    numerals = re.compile(r"^[\d–]+$")
    for text in texts(shipped):
        words = dict(text.words)
        assert all(each == " ".join(each.split()) for each in words.values()), words
        assert len(set(words.values())) == len(words) or words["en"] == "Man" or numerals.match(words["en"]), words


def test_every_question_ends_with_a_question_mark_of_its_script(shipped):
    for question in shipped.questions:
        for language, words in question.wording.words:
            assert words.endswith("؟" if language == "ar" else "?"), words


def test_arabic_is_written_in_arabic_letters(shipped):
    assert not [words for text in texts(shipped) if re.search("[A-Za-z]", words := text.get("ar"))]


def test_age_and_sex_have_the_bands_that_the_register_counts_are_matched_by(shipped):
    assert [choice.code for choice in shipped.background("age").choices.choices] == [
        "age_under_16", "age_16_29", "age_30_49", "age_50_64", "age_65_plus",
    ]  # fmt: skip
    sexes = shipped.background("sex").choices
    assert [choice.code for choice in sexes.choices] == ["woman", "man", "other", "prefer_not"]
    assert sexes.choice("prefer_not").missing
    assert all(shipped.background(about).kind == BACKGROUND for about in BACKGROUNDS)


def test_the_invented_questionnaire_has_every_kind(invented):
    assert {question.kind for question in invented.questions} == set(KINDS)


@pytest.mark.parametrize("which", ["shipped", "invented"])
def test_a_frozen_document_reads_back_to_the_same_digest(request, which):
    questionnaire = request.getfixturevalue(which)
    again = questionnaire_of_document(questionnaire.document)
    assert (again.digest, again.sections) == (questionnaire.digest, questionnaire.sections)
