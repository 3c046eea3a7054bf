"""The codebook: every column and every value that a file of rows can hold, in every language, as documented."""

import csv
import re
from html import unescape
from io import StringIO
from pathlib import Path

import html5lib
import pytest

from citizen_portal.surveys.export.codebook import ABOUT_A_COLUMN, ABOUT_A_VALUE, codebook_header
from citizen_portal.surveys.export.columns import ABOUT_THE_ROW
from citizen_portal.surveys.export.formats import FORMATS
from citizen_portal.surveys.questionnaire import KINDS
from citizen_portal.web.suspicion import HONEYPOT, MANY_FROM_ONE_ADDRESS
from tests.closed_waves import arabic, content, store_noise, store_wave
from tests.waves import questionnaire_with_every_kind

DOCUMENT = (Path(__file__).parents[2] / "docs" / "survey-export.md").read_text("utf-8")
ANSWERS = [
    {"calm": "dont_know"},
    {"calm": "very_noisy", "noises": ["dont_know"], "told": "yes", "sex": "prefer_not"},
    {"calm": "fairly_noisy", "noises": ["mopeds"], "noisy_place": "torget", "told": "yes", "more": "Mörkt."},
]


def documented(heading: str, *, ending: str = "\n## ") -> list[str]:
    """The names in the first column of a table below a heading."""
    part = DOCUMENT.split(heading, 1)[1].split(ending, 1)[0]
    return re.findall(r"^\| `([^`]+)` \|", part, re.MULTILINE)


def lines(code: str, name: str, delimiter: str) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(content(code, name).decode("utf-8-sig"), newline=""), delimiter=delimiter))


@pytest.fixture
def codebook(app):
    store_noise()
    store_wave("wave", ANSWERS)
    return lines("wave", "codebook-csv", ";")


def values_of(codebook: list[dict[str, str]], column: str) -> list[tuple[str, str, str, str]]:
    mine = [line for line in codebook if line["column"] == column]
    return [(line["code"], line["number"], line["missing"], line["label_sv"]) for line in mine]


def test_the_formats_are_those_documented():
    assert documented("# A wave of the survey as files") == list(FORMATS)
    for each in FORMATS.values():
        assert f"`WAVE{each.ending}`" in DOCUMENT


def test_the_columns_about_the_row_are_those_documented_in_that_order():
    assert tuple(documented("## Rows")[: len(ABOUT_THE_ROW)]) == ABOUT_THE_ROW


def test_the_columns_of_the_codebook_are_those_documented_in_that_order():
    assert tuple(documented("## Codebook")) == ABOUT_A_COLUMN + ABOUT_A_VALUE
    header = codebook_header(questionnaire_with_every_kind())
    assert header[-2:] == ["label_sv", "label_en"]
    assert {"wording_sv", "wording_en"} <= set(header)


def test_every_reason_to_set_aside_is_documented():
    values = re.search(r"^\| `set_aside` \|.*\|(.*)\|$", DOCUMENT, re.MULTILINE)[1]
    assert set(re.findall(r"`(\w+)`", values)) == {HONEYPOT, MANY_FROM_ONE_ADDRESS}


def test_every_kind_of_question_is_documented():
    assert set(re.findall(r"`(\w+)`", DOCUMENT.split("| `kind` |")[1].split("\n")[0])) == set(KINDS)


def test_every_column_of_the_rows_is_in_the_codebook_in_its_order(codebook):
    (row, *_others) = lines("wave", "machines", ",")
    assert list(dict.fromkeys(line["column"] for line in codebook)) == list(row)[len(ABOUT_THE_ROW) :]


@pytest.mark.parametrize(("name", "cell"), [("machines", "code"), ("numbers", "number")])
def test_every_value_in_a_file_has_its_line(codebook, name, cell):
    lines_of = {(line["column"], line[cell]) for line in codebook}
    free = {line["column"] for line in codebook if line["kind"] in {"text", "number"}}
    for row in lines("wave", name, ","):
        for column, value in list(row.items())[len(ABOUT_THE_ROW) :]:
            assert column in free or (column, value) in lines_of


def test_a_scale_has_its_steps_and_what_is_no_answer(codebook):
    assert values_of(codebook, "calm") == [
        ("very_calm", "1", "0", "Mycket lugnt"),
        ("fairly_calm", "2", "0", "Ganska lugnt"),
        ("fairly_noisy", "3", "0", "Ganska stökigt"),
        ("very_noisy", "4", "0", "Mycket stökigt"),
        ("dont_know", "-3", "1", "Vet inte"),
        ("", "-2", "1", "Hoppades över"),
    ]


def test_a_choice_among_several_has_a_column_of_its_own(codebook):
    assert values_of(codebook, "noises__mopeds") == [
        ("1", "1", "0", "Mopeder"),
        ("0", "0", "0", "Inte vald"),
        ("", "-3", "1", "Vet inte"),
        ("", "-1", "1", "Ställdes inte"),
        ("", "-2", "1", "Hoppades över"),
    ]


def test_a_number_has_its_limits_and_a_text_its_length(codebook):
    number = next(line for line in codebook if line["column"] == "times_told")
    text = next(line for line in codebook if line["column"] == "more")
    assert (number["lowest"], number["highest"], number["most_characters"]) == ("1", "99", "")
    assert (text["lowest"], text["highest"], text["most_characters"], text["code"]) == ("", "", "200", "")
    assert number["asked_if"] == "calm=fairly_noisy|very_noisy told=yes"


def test_words_stand_in_every_language(codebook):
    line = next(line for line in codebook if (line["column"], line["number"]) == ("told", "-2"))
    assert (line["wording_en"], line["label_en"]) == ("In the last 12 months, have you told anyone?", "Skipped")
    assert line["wording_sv"].startswith("Har du berättat")


@pytest.fixture
def page(app):
    store_noise()
    store_wave("wave", ANSWERS)
    return content("wave", "codebook").decode()


def test_the_codebook_to_read_is_one_sound_file_that_asks_for_nothing(page):
    html5lib.HTMLParser(strict=True).parse(page)
    assert not re.search(r"\b(?:src|href|action)=|@import|url\(|<script", page)
    assert "<style>" in page
    assert "</html>" in page


def test_the_codebook_to_read_has_every_column_value_and_wording(page):
    codebook = lines("wave", "codebook-csv", ";")
    words = {unescape(each.strip()) for each in re.findall(r">([^<>]+)<", page)}
    for line in codebook:
        told = {line["wording_sv"], line["wording_en"], line["question"], line["section"]}
        if line["number"]:
            told |= {line["column"], line["number"], line["label_sv"], line["label_en"]}
        assert told <= words


def test_the_codebook_to_read_says_the_direction_of_each_language(app):
    asked = arabic()
    store_wave("wave", [], questionnaire=asked)
    page = content("wave", "codebook").decode()
    assert '<html lang="ar" dir="rtl">' in page
    assert '<p lang="ar" dir="rtl">لماذا؟</p>' in page
    assert '<p lang="sv" dir="ltr">Varför?</p>' in page
    assert "تم تخطيه" in page, "words of ours in the table"
    assert "عمود الملف" in page, "headings"


def test_words_of_a_questionnaire_are_no_markup(app):
    asked = arabic(wording="<b>\"Varför\" & 'när'?</b>")
    store_wave("wave", [], questionnaire=asked, title="<b>Våren</b>")
    assert "<b>" not in content("wave", "codebook").decode()
