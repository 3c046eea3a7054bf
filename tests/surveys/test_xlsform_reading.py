"""XLSForms made by others: what fits is taken, what does not is refused by sheet, row, column and reason."""

from contextlib import suppress
from io import BytesIO
from zipfile import ZipFile

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from citizen_portal.municipality import load_municipality
from citizen_portal.surveys.questionnaire import Condition
from citizen_portal.surveys.xlsform import xlsform_of
from citizen_portal.surveys.xlsform_expressions import NotTaken, needed_of
from citizen_portal.surveys.xlsform_reading import questionnaire_of_xlsform
from citizen_portal.surveys.xlsform_sheets import XlsFormRefused
from tests.surveys.conftest import INVENTED

MUNICIPALITY = load_municipality(INVENTED)  # Swedish and English
# As other programs write it: older spellings, languages by name, columns of their own, numbers and truths as such.
OTHERS = {
    "survey": [
        ["type", "name", "label:Swedish", "label:English", "hint:Swedish", "hint:English", "relevant", "constraint",
         "required", "appearance", "notes"],
        ["note", "hello", "Välkommen.", "Welcome.", "", "", "", "", "", "", ""],
        ["begin group", "home", "Hemma", "At home", "", "", "", "", "", "field-list", ""],
        ["note", "about_home", "Om hemmet.", "About the home.", "", "", "", "", "", "", "to check"],
        ["select one yn", "pets", "Har du djur?", "Do you have pets?", "Alla djur.", "Any pets.", "", "", False, "",
         ""],
        ["select multiple animals", "which", "Vilka?", "Which?", "", "", '${pets} = "1"', "", "no", "minimal", ""],
        ["int", "count", "Hur många?", "How many?", "", "", "(selected( ${which} , 'cat') or selected(${which},'dog'))"
         " and ${pets}='1'", ".>=0 and .<=50", "", "", ""],
        ["end group", "", "", "", "", "", "", "", "", "", ""],
        [None] * 11,
        ["begin group", "out", "Ute", "Out", "", "", "${pets} = '1'", "", "", "", ""],
        ["select_one places", "walk", "Var går ni?", "Where do you walk?", "", "", "", "", "", "", ""],
        ["text", "rest", "Mer?", "More?", "", "", "", "", "", "multiline", ""],
        ["end group", "", "", "", "", "", "", "", "", "", ""],
    ],
    "choices": [
        ["list name", "name", "label:Swedish", "label:English", "colour"],
        ["yn", 1, "Ja", "Yes", ""],
        ["yn", 0.0, "Nej", "No", ""],
        ["animals", "cat", "Katt", "Cat", "grey"],
        ["animals", "dog", "Hund", "Dog", ""],
        ["unused", "x", "X", "X", ""],
        ["places", "torget", "Torget", "The square", ""],
    ],
    "settings": [["form_title", "form_id", "version", "default_language"], ["Djur", "pets", 3, "Swedish"]],
}  # fmt: skip


def workbook(sheets) -> bytes:
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def others(sheet="survey", row=1, column=0, value="", **changed) -> bytes:
    """The form of others with one cell changed (row as a spreadsheet counts), or whole sheets."""
    sheets = {name: [list(cells) for cells in rows] for name, rows in OTHERS.items()} | changed
    if value != "":
        at = column if isinstance(column, int) else sheets[sheet][0].index(column)
        sheets[sheet][row - 1][at] = value
    return workbook({name: rows for name, rows in sheets.items() if rows is not None})


def refusal(content: bytes) -> XlsFormRefused:
    with pytest.raises(XlsFormRefused) as caught:
        questionnaire_of_xlsform(content, MUNICIPALITY)
    return caught.value


def test_a_form_of_others_is_taken():
    read = questionnaire_of_xlsform(others(), MUNICIPALITY).questionnaire
    assert (read.code, read.version, read.title.get("en")) == ("pets", 3, "Djur")
    assert read.intro.words == (("sv", "Välkommen."), ("en", "Welcome."))
    assert [(section.code, section.intro and section.intro.get("en")) for section in read.sections] == [
        ("home", "About the home."), ("out", None),
    ]  # fmt: skip
    assert {each.code: each.kind for each in read.questions} == {
        "pets": "one", "which": "several", "count": "number", "walk": "place", "rest": "text",
    }  # fmt: skip
    assert read.by_code["pets"].help.get("sv") == "Alla djur."
    assert [choice.code for choice in read.by_code["pets"].choices.choices] == ["1", "0"]
    count = read.by_code["count"]
    assert (count.lowest, count.highest) == (0, 50)
    assert count.ask_if == (Condition("which", ("cat", "dog")), Condition("pets", ("1",)))


def test_the_condition_of_a_group_is_one_of_each_of_its_questions():
    read = questionnaire_of_xlsform(others(), MUNICIPALITY).questionnaire
    assert [each.ask_if for each in read.sections[1].questions] == [(Condition("pets", ("1",)),)] * 2


def test_the_places_are_the_municipality_s_own_whatever_the_workbook_calls_them():
    walk = questionnaire_of_xlsform(others(), MUNICIPALITY).questionnaire.by_code["walk"]
    assert walk.choices.choice("torget").label.get("sv") == "Exempeltorget"
    assert walk.choices.choice("bron")


REFUSED = [
    # sheet, row, column of the changed cell, what is put there, word of the reason
    ("survey", 5, "type", "geopoint", "no place"),
    ("survey", 5, "type", "start", "no place"),
    ("survey", 5, "type", "deviceid", "no place"),
    ("survey", 5, "type", "rank yn", "no place"),
    ("survey", 5, "type", "select_one yn or_other", "no place"),
    ("survey", 5, "type", "select_one", "no place"),
    ("survey", 5, "type", "begin_repeat", "no place"),
    ("survey", 5, "type", "begin group", "within a group"),
    ("survey", 5, "type", "select_one yesno", "no list 'yesno'"),
    ("survey", 5, "type", " ", "is empty"),
    ("survey", 5, "name", "Pets", "a-z"),
    ("survey", 5, "name", "1pets", "begin with a letter"),
    ("survey", 5, "name", "home", "twice"),
    ("survey", 5, "name", "website", "another field"),
    ("survey", 5, "label:English", " ", "is empty"),
    ("survey", 5, "hint:English", " ", "is empty"),
    ("survey", 5, "required", "yes", "may be skipped"),
    ("survey", 5, "required", "perhaps", "neither yes nor no"),
    ("survey", 5, "constraint", ". != '1'", "only a number or a text"),
    ("survey", 6, "relevant", "${pets} != '1'", "not taken"),
    ("survey", 6, "relevant", "not(selected(${pets}, '1'))", "not taken"),
    ("survey", 6, "relevant", "${pets} = '1' and", "not understood"),
    ("survey", 6, "relevant", "${pets} = 1", "not taken"),
    ("survey", 6, "relevant", "${pests} = '1'", "'pests'"),
    ("survey", 6, "relevant", "${pets} = '7'", "no choice of"),
    ("survey", 6, "relevant", "${count} = '7'", "before this one"),
    ("survey", 6, "relevant", "${pets} = '1' and ${pets} = '0'", "asked about twice"),
    ("survey", 7, "relevant", "${pets} = '1' or selected(${which}, 'cat')", "same question"),
    ("survey", 6, "relevant", "(${pets} = '1' and ${pets} = '0') or ${pets} = '0'", "same question"),
    ("survey", 7, "relevant", "${pets} = '0' and selected(${which}, 'cat')", "never be asked"),
    ("survey", 7, "constraint", ". < 50", "limits like this"),
    ("survey", 7, "constraint", ". >= 5 and . <= 5", "more than 5"),
    ("survey", 8, "type", "note", "no others"),
    ("survey", 10, "label:English", " ", "is empty"),
    ("survey", 10, "relevant", "x > 1", "not taken"),
    ("survey", 12, "constraint", "string-length(.) < 9", "limit like this"),
    ("survey", 12, "constraint", "string-length(.) <= 9999", "1 to 2000"),
    ("survey", 1, "label:English", "label:French", "the languages are sv, en"),
    ("survey", 1, "label:English", "label::sv", "is in sv, too"),
    ("survey", 1, "appearance", "notes", "twice"),
    ("choices", 2, "name", "Yes", "a-z"),
    ("choices", 3, "name", "1", "twice"),
    ("choices", 3, "label:English", " ", "is empty"),
    ("choices", 7, "name", "atlantis", "the municipality has no 'atlantis' among its places"),
    ("settings", 2, "form_id", "Pets!", "a-z"),
]  # fmt: skip


@pytest.mark.parametrize(("sheet", "row", "column", "value", "why"), REFUSED)
def test_what_does_not_fit_is_refused_by_sheet_row_column_and_reason(sheet, row, column, value, why):
    error = refusal(others(sheet, row, column, value))
    assert (error.sheet, error.row) == (sheet, row)
    assert error.column == (value if row == 1 else column)
    assert why in error.reason
    assert str(error) == f"{sheet}, row {row}, column {error.column}: {error.reason}"


@pytest.mark.parametrize("column", ["default", "calculation", "choice_filter", "parameters", "trigger", "disabled"])
def test_a_column_that_would_change_what_is_asked_is_refused_where_it_says_something(column):
    survey = [[*row, ""] for row in OTHERS["survey"]]
    survey[0][-1] = column
    assert questionnaire_of_xlsform(others(survey=survey), MUNICIPALITY)
    survey[4][-1] = "randomize=true"
    error = refusal(others(survey=survey))
    assert (error.row, error.column) == (5, column)


@pytest.mark.parametrize(
    ("column", "value", "why"),
    [
        ("kind", "several", "does not suit select_one, which may be one, scale, place, background"),
        ("kind", "place", "'places'"),
        ("kind", "matrix", "does not suit"),
        ("goal", "4", "1 to 3"),
        ("goal", "one", "no whole number"),
        ("sensitive", "maybe", "neither yes nor no"),
        ("about", "income", "not one of"),
        ("about", "area", "'areas'"),
    ],
)
def test_a_mistake_in_a_column_of_our_own_is_refused(column, value, why):
    survey = [[*row, ""] for row in OTHERS["survey"]]
    survey[0][-1], survey[4][-1] = column, value
    error = refusal(others(survey=survey))
    assert (error.sheet, error.row) == ("survey", 5)
    assert error.column in {column, "type"}
    assert why in error.reason


def test_a_workbook_without_questions_or_the_choices_that_they_take_is_refused():
    assert refusal(others(survey=None)).sheet == "survey"
    assert refusal(others(survey=OTHERS["survey"][:1])).sheet == "survey"
    assert "no list 'yn'" in refusal(others(choices=None)).reason


@pytest.mark.parametrize("settings_sheet", [None, OTHERS["settings"][:1], [["form_title"], ["Djur"]]])
def test_a_form_that_names_itself_nowhere_has_the_name_of_its_file_and_the_next_version(settings_sheet):
    reading = questionnaire_of_xlsform(others(settings=settings_sheet), MUNICIPALITY, name="pets")
    assert (reading.questionnaire.code, reading.questionnaire.version) == ("pets", 1)
    assert "the version (none) is 1 here" in reading.told


def test_a_form_without_an_introduction_has_its_title_there_and_that_is_told():
    without = others(survey=[OTHERS["survey"][0], *OTHERS["survey"][2:]])
    reading = questionnaire_of_xlsform(without, MUNICIPALITY)
    assert reading.questionnaire.intro == reading.questionnaire.title
    assert [each for each in reading.told if "introduction" in each]


def test_a_group_that_does_not_end_is_refused_because_rows_may_be_lost():
    error = refusal(others(survey=OTHERS["survey"][:-1]))
    assert (error.row, error.reason) == (10, "the group has no end_group")
    assert refusal(others(survey=[*OTHERS["survey"], OTHERS["survey"][-1]])).reason == "ends no group"


def test_a_workbook_that_follows_one_of_ours_may_not_contradict_it(invented):
    def changed(heading, code, value, version):
        book = load_workbook(BytesIO(xlsform_of(invented)))
        headings = [cell.value for cell in book["survey"][1]]
        for row in book["survey"].iter_rows(min_row=2):
            if row[1].value == code:
                row[headings.index(heading)].value = value
        book["settings"]["C2"] = version
        file = BytesIO()
        book.save(file)
        return file.getvalue()

    error = refusal(changed("label::Svenska (sv)", "told", "Berättade du?", 2))
    assert (error.sheet, error.column) == ("survey", "name")
    assert "'told' has other wording than in 'kinds' version 1" in error.reason
    error = refusal(changed("hint::English (en)", "calm", "Think of this week.", 1))
    assert (error.sheet, error.row, error.column) == ("settings", 2, "version")
    for heading in ("hint::English (en)", "label::English (en)"):
        assert questionnaire_of_xlsform(changed(heading, "calm", "Think of this week.", 2), MUNICIPALITY)


def test_a_wrong_statement_of_the_sheet_s_size_loses_no_rows():
    shrunk = BytesIO()
    with ZipFile(BytesIO(others())) as whole, ZipFile(shrunk, "w") as small:
        for name in whole.namelist():
            content = whole.read(name)
            if name.endswith("sheet1.xml"):
                assert b'<dimension ref="A1:K13"' in content
                content = content.replace(b'<dimension ref="A1:K13"', b'<dimension ref="A1:K8"')
            small.writestr(name, content)
    assert len(questionnaire_of_xlsform(shrunk.getvalue(), MUNICIPALITY).questionnaire.questions) == 5


@pytest.mark.parametrize("content", [b"", b"type,name,label", b"PK\x03\x04 no archive", others()[:2000]])
def test_a_file_that_is_no_workbook_is_refused(content):
    assert str(refusal(content)) == "(file): this is no .xlsx workbook that can be read"


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 1_000_000), st.integers(0, 255))
@example(others().rfind(b"PK\x01\x02") + 6, 64)  # the version of zip that the last part asks for
def test_a_damaged_workbook_is_read_or_refused_and_nothing_else(at, byte):
    content = bytearray(others())
    content[at % len(content)] = byte
    with suppress(XlsFormRefused):
        questionnaire_of_xlsform(bytes(content), MUNICIPALITY)


@given(st.text("${}()='\", abselctdorn.<>!\n", max_size=40))
def test_any_expression_is_understood_or_refused_and_nothing_else(expression):
    with suppress(NotTaken):
        needed = needed_of(expression)
        assert needed
        assert all(each and all(each.values()) for each in needed)


def test_brackets_without_end_are_refused():
    with pytest.raises(NotTaken, match="brackets"):
        needed_of("(" * 30_000)
