"""XLSForms in every spelling there is: known, told or refused, and nothing lost in silence."""

from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from citizen_portal.surveys.question_reading import HIGHEST_NUMBER
from citizen_portal.surveys.questionnaire import Condition
from citizen_portal.surveys.xlsform_reading import questionnaire_of_xlsform
from citizen_portal.surveys.xlsform_sheets import MOST_BYTES, MOST_PARTS
from tests.surveys.test_xlsform_reading import MUNICIPALITY, OTHERS, others, refusal, workbook


def test_the_sheets_may_be_written_in_capitals():
    shouted = workbook({f" {name.upper()}": rows for name, rows in OTHERS.items()})
    assert questionnaire_of_xlsform(shouted, MUNICIPALITY).questionnaire.code == "pets"


def test_questions_outside_every_group_are_a_section_of_their_own():
    survey = OTHERS["survey"]
    moved = [
        *survey[:2],
        survey[4],
        *survey[2:4],
        survey[5],
        *survey[6:8],
        *survey[9:],
        [*survey[6][:1], "n2", *survey[6][2:]],
    ]
    read = questionnaire_of_xlsform(others(survey=moved), MUNICIPALITY).questionnaire
    assert [(each.code, len(each.questions)) for each in read.sections] == [
        ("questions", 1), ("home", 2), ("out", 2), ("questions_2", 1),
    ]  # fmt: skip
    assert read.sections[0].title.get("sv") == "Djur"


SPELLINGS = {
    "relevant": ["relevance", "bind::relevant", "bind:relevant", "Relevant", "BIND::Relevant", " relevant "],
    "constraint": ["bind::constraint", "Constraint"],
    "required": ["bind::required", "Required"],
    "type": ["Type", "command"],
    "name": ["Name", "tag", "value"],
    "label:Swedish": ["Label::Swedish", "label::swedish", "caption : Svenska (sv)"],
}


@pytest.mark.parametrize(("column", "written"), [(column, each) for column, all_ in SPELLINGS.items() for each in all_])
def test_a_column_is_known_by_every_spelling_it_has(column, written):
    expected = questionnaire_of_xlsform(others(), MUNICIPALITY).questionnaire
    read = questionnaire_of_xlsform(others("survey", 1, column, written), MUNICIPALITY).questionnaire
    assert read.digest == expected.digest


@pytest.mark.parametrize("heading", ["relevent", "skip logic", "media::image", "bind::saveIncomplete", "body::x"])
def test_a_column_that_nothing_knows_is_refused_where_it_says_something_unless_it_is_left_out(heading):
    content = others("survey", 1, "notes", heading)
    error = refusal(content)
    assert (error.row, error.column) == (4, heading)
    assert questionnaire_of_xlsform(content, MUNICIPALITY, [heading])


def test_what_is_left_out_is_told():
    told = questionnaire_of_xlsform(others(), MUNICIPALITY).told
    assert told == tuple(
        f"left out the column {each}" for each in ("survey: appearance", "survey: notes", "choices: colour")
    )


@pytest.mark.parametrize("type_", ["start", "end", "deviceid", "calculate"])
def test_rows_that_programs_add_are_left_out_when_they_are_named(type_):
    survey = [OTHERS["survey"][0], [type_, "added", *[None] * 9], *OTHERS["survey"][1:]]
    assert (refusal(others(survey=survey)).row, refusal(others(survey=survey)).column) == (2, "type")
    for name in (type_, "added"):
        assert len(questionnaire_of_xlsform(others(survey=survey), MUNICIPALITY, [name]).questionnaire.questions) == 5


@pytest.mark.parametrize("quotes", ["‘’", "’’", "“”", "„“", "””", "‚‘"])
def test_the_quotes_that_a_spreadsheet_puts_in_mean_straight_ones(quotes):
    first, last = quotes
    content = others("survey", 6, "relevant", f"selected(${{pets}},\u00a0{first}1{last})")
    read = questionnaire_of_xlsform(content, MUNICIPALITY).questionnaire
    assert read.by_code["which"].ask_if == (Condition("pets", ("1",)),)


@pytest.mark.parametrize(
    "sheet_row_column",
    [
        ("survey", 5, "label:English"),
        ("survey", 5, "hint:Swedish"),
        ("survey", 3, "label:Swedish"),
        ("choices", 2, "label:English"),
    ],
)
@pytest.mark.parametrize(
    "text",
    [
        "You said ${pets}.",
        "**Where** was it?",
        "_Where_ was it?",
        "# Where",
        "[Where](https://x.example)",
        "Where<br>was it",
        "was it *there*?",
    ],
)
def test_a_text_that_would_not_be_shown_as_it_is_meant_is_refused_by_row_and_column(sheet_row_column, text):
    sheet, row, column = sheet_row_column
    error = refusal(others(sheet, row, column, text))
    assert (error.sheet, error.row, error.column) == (sheet, row, column)


@pytest.mark.parametrize(
    "text", ["3 * 4 * 5", "snake_case_word", "5 < 6 and 7 > 6", "#1", "A_b", "50 $", "[sic]", "a*b*c"]
)
def test_signs_that_are_no_markup_are_text(text):
    assert questionnaire_of_xlsform(others("survey", 5, "label:English", text), MUNICIPALITY)


BY_DAY = ["20240512", "2024051201", 2024051201, "202405121530", "20240512153059"]


@pytest.mark.parametrize(
    "version", [*BY_DAY, "v3", "2.2", "vw6VTbhmVCMEtuN7LhcmjP", "0", "-1", 10000, "2024-05-12", "³"]
)
def test_a_version_that_is_counted_otherwise_becomes_the_next_free_one(version):
    reading = questionnaire_of_xlsform(others("settings", 2, "version", version), MUNICIPALITY)
    assert reading.questionnaire.version == 1
    assert f"the version {version} is 1 here" in reading.told


def test_all_reasons_are_told_at_once():
    survey = [list(row) for row in OTHERS["survey"]]
    survey[4][0], survey[5][6], survey[6][7], survey[10][3] = "geopoint", "x", "y", ""
    choices = [list(row) for row in OTHERS["choices"]]
    choices[2][3] = ""
    first = refusal(others(survey=survey, choices=choices))
    told = [(each.sheet, each.row, each.column) for each in (first, *first.others)]
    assert told == [
        ("survey", 5, "type"), ("survey", 6, "relevant"), ("survey", 7, "constraint"), ("survey", 11, "label:English"),
    ]  # fmt: skip


def test_every_mistake_of_one_row_is_told_and_nothing_that_only_follows_from_them():
    survey = [list(row) for row in OTHERS["survey"]]
    survey[1][3] = "*Welcome*"  # the introduction
    survey[6][2:9] = "", "", "", "", "x", "y", "yes"
    first = refusal(others(survey=survey))
    told = {(each.row, each.column) for each in (first, *first.others)}
    assert told == {(2, "label:English"), (7, "label"), (7, "relevant"), (7, "constraint"), (7, "required")}


def test_a_number_without_limits_has_the_widest():
    number = questionnaire_of_xlsform(others("survey", 7, "constraint", " "), MUNICIPALITY).questionnaire.questions[2]
    assert (number.lowest, number.highest) == (0, HIGHEST_NUMBER)


def test_a_group_without_a_label_has_the_title_of_the_form():
    survey = [list(row) for row in OTHERS["survey"]]
    survey[2][2:4] = "", ""
    read = questionnaire_of_xlsform(others(survey=survey), MUNICIPALITY).questionnaire
    assert read.sections[0].title.get("en") == read.title.get("en")


@pytest.mark.parametrize(("parts", "bytes_each"), [(1, MOST_BYTES + 1), (MOST_PARTS + 1, 1)], ids=["large", "many"])
def test_a_workbook_that_would_unpack_to_too_much_is_refused_before_it_is_unpacked(parts, bytes_each):
    file = BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        for number in range(parts):
            archive.writestr(f"xl/{number}.xml", b" " * bytes_each)
    assert "unpacks to more than" in refusal(file.getvalue()).reason


def test_what_the_workbook_and_what_the_questionnaire_refuses_is_told_at_once_by_row():
    survey = [list(row) for row in OTHERS["survey"]]
    survey[4][1] = "Pets"  # no code; two questions and a section depend on it
    survey[5][0] = "geopoint"  # no type; a question depends on it
    survey[11][2] = ""
    choices = [list(row) for row in OTHERS["choices"]]
    choices[1][1] = "Ja"
    error = refusal(others(survey=survey, choices=choices))
    told = [(each.sheet, each.row) for each in (error, *error.others)]
    assert sorted(told) == [("choices", 2), ("survey", 5), ("survey", 6), ("survey", 12)]
