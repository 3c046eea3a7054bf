"""The questionnaires that are shipped, whole through every kind of file."""

import pytest

from citizen_portal.municipality.installed import installed
from citizen_portal.surveys.export.columns import ABOUT_THE_ROW, columns_of
from citizen_portal.surveys.export.formats import FORMATS
from citizen_portal.surveys.questionnaire import NUMBER, SEVERAL, TEXT, Question
from citizen_portal.surveys.reading import questionnaires_of
from tests.closed_waves import content, store_wave
from tests.pspp import run_in_pspp


def some_answer(question: Question) -> object:
    if question.kind == TEXT:
        return "Belysningen"
    if question.kind == NUMBER:
        return question.highest
    code = question.choices.choices[0].code
    return [code] if question.kind == SEVERAL else code


def named(questionnaire):
    """The code of its wave."""
    return f"{questionnaire.code}-{questionnaire.version}"


@pytest.fixture
def shipped(app):
    """The shipped questionnaires, each with a wave named after it and another wave beside it."""
    everything = questionnaires_of(installed().municipality)
    for asked in everything:
        answers = {question.code: some_answer(question) for question in asked.questions}
        store_wave(named(asked), [answers, {}], questionnaire=asked)
        store_wave(f"{named(asked)}-beside", [answers] * 3, questionnaire=asked)
    return everything


@pytest.mark.parametrize("name", FORMATS)
def test_every_kind_of_file_can_be_made(shipped, name):
    assert shipped
    for asked in shipped:
        assert content(named(asked), name)


def test_pspp_reads_them_without_a_complaint(shipped, tmp_path):
    for asked in shipped:
        labels, values, _log = run_in_pspp(named(asked), tmp_path)
        assert len(labels) == 2
        assert len(labels[0]) == len(ABOUT_THE_ROW) + len(columns_of(asked))
        (answered,) = [row for row in values if any(row[column.name].strip() for column in columns_of(asked))]
        assert all(answered[question.code].strip() for question in asked.questions if question.code in answered)
