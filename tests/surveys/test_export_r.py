"""The R script: what it says of every column, and what R makes of it where R is installed."""

import re
import shutil
import subprocess

import pytest

from citizen_portal.municipality import Text
from citizen_portal.surveys.export.columns import columns_of
from citizen_portal.surveys.questionnaire import ONE, Choice, ChoiceList, Question, Questionnaire, Section
from tests.closed_waves import content, store_noise, store_wave
from tests.waves import questionnaire_with_every_kind


@pytest.fixture(autouse=True)
def _noise(app):
    store_noise()


def script(questionnaire=None) -> str:
    return content(store_wave("wave", [], questionnaire=questionnaire), "r").decode()


def test_every_column_is_read_once():
    named = re.findall(r'^(?:one_of|number|words)\("([^"]+)"', script(), re.MULTILINE)
    assert named == [column.name for column in columns_of(questionnaire_with_every_kind())]


def test_a_scale_is_an_ordered_factor_without_what_is_no_answer():
    said = re.search(r'^one_of\("calm".*?\)$', script(), re.MULTILINE | re.DOTALL)[0]
    assert 'c("very_calm", "fairly_calm", "fairly_noisy", "very_noisy")' in said
    assert 'c("Mycket lugnt", "Ganska lugnt", "Ganska stökigt", "Mycket stökigt")' in said
    assert said.endswith("ordered = TRUE)")
    assert "dont_know" not in said


def test_numbers_choices_of_several_and_words_have_their_own_ways():
    text = script()
    assert 'number("times_told", "Hur många gånger?")' in text
    assert 'number("noises__mopeds", "Mopeder | Vad låter?")' in text
    assert 'words("more", "Något mer?")' in text


def test_the_file_it_reads_is_the_one_beside_it():
    assert 'read.csv("wave-answers.csv"' in script()


def test_words_cannot_end_their_quotes():
    words = Text((("sv", 'Något "mer"\\?\nq()'),))
    choices = ChoiceList("list", (Choice("yes", words),))
    section = Section("s", words, None, (Question("said", ONE, words, choices),))
    asked = Questionnaire("odd", 1, ("sv",), words, words, (section,))
    quoted = r'"Något \"mer\"\\? q()"'
    assert f'one_of("said", {quoted},\n       c("yes"),\n       c({quoted}))' in script(asked)


def of_one_label(*labels: str) -> Questionnaire:
    """A questionnaire of one question, whose choices a, b, c ... have these labels."""
    words, *said = (Text((("sv", each),)) for each in ("Fråga", *labels))
    choices = ChoiceList("list", tuple(Choice(code, label) for code, label in zip("abcdef", said, strict=False)))
    section = Section("s", words, None, (Question("said", ONE, words, choices),))
    return Questionnaire("odd", 1, ("sv",), words, words, (section,))


def test_choices_of_one_label_stay_as_many_levels_as_they_are():
    assert 'c("Ja (a)", "Ja (b)", "Nej")' in script(of_one_label("Ja", "Ja", "Nej"))


def test_a_label_that_looks_like_one_told_apart_is_told_apart_too():
    said = re.search(r'^one_of\("said".*?\)$', script(of_one_label("Ja", "Ja", "Ja (a)")), re.MULTILINE | re.DOTALL)[0]
    assert len(set(re.findall(r'"(Ja[^"]*)"', said))) == 3


@pytest.mark.skipif(shutil.which("Rscript") is None, reason="R is not installed")
def test_r_itself_finds_each_answer_under_a_label_of_its_own(tmp_path):
    given = [{"said": code} for code in "aaabbc"]
    wave = store_wave("told", given, questionnaire=of_one_label("Ja", "Ja", 'Nej, "aldrig"'))
    (tmp_path / "told.R").write_bytes(content(wave, "r"))
    (tmp_path / "told-answers.csv").write_bytes(content(wave, "machines"))
    said = 'source("told.R", encoding = "UTF-8"); cat(table(answers$said), levels(answers$said), sep = "|")'
    run = subprocess.run(["Rscript", "-e", said], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert run.stdout == '3|2|1|Ja (a)|Ja (b)|Nej, "aldrig"'
