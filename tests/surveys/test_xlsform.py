"""A questionnaire goes out as XLSForm and comes back the same; a reader that is not ours accepts it."""

import tomllib
from io import BytesIO
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from pyxform.xls2xform import convert

from citizen_portal.municipality import Table, load_municipality
from citizen_portal.surveys.questionnaire import KINDS, NUMBER, PLACE, SEVERAL, TEXT
from citizen_portal.surveys.reading import lists_of, questionnaire_of, questionnaires_of
from citizen_portal.surveys.writing import toml_of
from citizen_portal.surveys.xlsform import xlsform_of
from citizen_portal.surveys.xlsform_columns import odd_text
from citizen_portal.surveys.xlsform_reading import questionnaire_of_xlsform
from tests.surveys.conftest import INVENTED

LANGUAGES = ("sv", "en")
MUNICIPALITY = load_municipality(INVENTED)
GIVEN = lists_of(MUNICIPALITY)
XFORMS = "{http://www.w3.org/2002/xforms}"


def read_toml(text: str, municipality=MUNICIPALITY):
    return questionnaire_of(Table("x", tomllib.loads(text), "", municipality.languages), lists_of(municipality))


def sheet(content: bytes, name: str) -> list[dict[str, object]]:
    """The rows of a sheet by heading."""
    headings, *rows = load_workbook(BytesIO(content))[name].iter_rows(values_only=True)
    return [dict(zip(headings, row, strict=True)) for row in rows]


# Any questionnaire, with words that nobody would choose.

LETTERS = st.characters(exclude_categories=("Cs", "Cc"), include_characters="\n\t\x7f")
WORDS = st.text(LETTERS, min_size=1).filter(lambda text: text.strip() and not odd_text(text))
ODD = st.sampled_from(["=1+1", "'x", '"', "\\", "ä", " x ", "a_x0041_b", "a\x7f", "TRUE", "1.0"])
TEXTS = st.fixed_dictionaries(dict.fromkeys(LANGUAGES, WORDS | ODD))


@st.composite
def choice_lists(draw):
    codes = draw(st.lists(st.sampled_from(["a", "b", "12", "_c"]), min_size=2, max_size=4, unique=True))
    marks = st.fixed_dictionaries({}, optional={"alone": st.just(True), "missing": st.just(True), "group": TEXTS})
    choices = [{"code": code, "label": draw(TEXTS)} | draw(marks) for code in codes]
    for choice in choices[:2]:
        choice.pop("missing", None)  # a scale wants two steps
    return choices


@st.composite
def questionnaires(draw):
    lists = {f"list_{at}": choices for at, choices in enumerate(draw(st.lists(choice_lists(), min_size=1, max_size=3)))}
    earlier: dict[str, list[str]] = {}
    sections = []
    for section in range(draw(st.integers(1, 3))):
        questions = [draw(_question(f"q{section}_{at}", lists, earlier)) for at in range(draw(st.integers(1, 4)))]
        intro = draw(st.fixed_dictionaries({}, optional={"intro": TEXTS}))
        sections.append({"code": f"s{section}", "title": draw(TEXTS), **intro, "question": questions})
    taken = {each.get("choices") for section in sections for each in section["question"]}
    document = {
        "code": "drawn", "version": draw(st.integers(1, 9999)), "title": draw(TEXTS), "intro": draw(TEXTS),
        "list": [{"code": code, "choice": choices} for code, choices in lists.items() if code in taken],
        "section": sections,
    }  # fmt: skip
    if not document["list"]:
        del document["list"]
    return questionnaire_of(Table("drawn", document, "", LANGUAGES), GIVEN)


@st.composite
def _question(draw, code, lists, earlier):
    kind = draw(st.sampled_from([kind for kind in KINDS if kind != "background"]))
    question = {"code": code, "kind": kind, "wording": draw(TEXTS)}
    if kind == NUMBER:
        question |= {"lowest": draw(st.integers(0, 5)), "highest": draw(st.integers(6, 1_000_000))}
    elif kind == TEXT:
        question["most_characters"] = draw(st.integers(1, 2000))
    else:
        question["choices"] = "places" if kind == PLACE else draw(st.sampled_from(sorted(lists)))
    question |= draw(
        st.fixed_dictionaries(
            {},
            optional={
                "help": TEXTS, "goal": st.integers(1, 3), "sensitive": st.just(True),
                "indicators": st.lists(st.sampled_from(["one", "two"]), unique=True, min_size=1),
            },
        )
    )  # fmt: skip
    asked_about = draw(st.lists(st.sampled_from(sorted(earlier)), unique=True, max_size=2)) if earlier else []
    if asked_about:
        question["ask_if"] = [
            {"question": each, "any_of": draw(st.permutations(earlier[each])) or earlier[each]} for each in asked_about
        ]
    if kind not in {NUMBER, TEXT, PLACE}:
        earlier[code] = [choice["code"] for choice in lists[question["choices"]]]
    return question


@settings(deadline=None, max_examples=50)
@given(questionnaires())
def test_any_questionnaire_comes_back_from_its_workbook_the_same(drawn):
    again = questionnaire_of_xlsform(xlsform_of(drawn), MUNICIPALITY).questionnaire
    assert again.document == drawn.document
    assert again.digest == drawn.digest


@settings(deadline=None)
@given(questionnaires())
def test_any_questionnaire_comes_back_from_its_toml_the_same(drawn):
    assert read_toml(toml_of(drawn, given=GIVEN)).document == drawn.document


def test_the_shipped_survey_comes_back_from_workbook_and_toml_the_same(shipped, shipped_municipality):
    again = questionnaire_of_xlsform(xlsform_of(shipped), shipped_municipality).questionnaire
    assert again.digest == shipped.digest
    toml = toml_of(again, given=lists_of(shipped_municipality))
    assert "places" not in tomllib.loads(toml)
    assert read_toml(toml, shipped_municipality).digest == shipped.digest


def test_the_written_toml_is_the_shipped_file_but_for_comments_and_the_order_of_keys(shipped, shipped_municipality):
    file = next(each for each in shipped_municipality.questionnaires if each.values["version"] == shipped.version)
    assert tomllib.loads(toml_of(shipped, given=lists_of(shipped_municipality))) == {
        **file.values, "list": [choices for code in shipped.lists for choices in file.values["list"]
                                if choices["code"] == code.code],
    }  # fmt: skip


@pytest.mark.parametrize("which", ["shipped", "invented"])
def test_another_reader_of_xlsform_takes_the_workbook_without_a_warning(request, tmp_path, which):
    questionnaire = request.getfixturevalue(which)
    path = tmp_path / "form.xlsx"
    path.write_bytes(xlsform_of(questionnaire))
    result = convert(path, validate=False)
    assert result.warnings == []
    form = ElementTree.fromstring(result.xform)
    binds = {each.get("nodeset").rpartition("/")[2]: each.attrib for each in form.iter(f"{XFORMS}bind")}
    for question in questionnaire.questions:
        assert bool(question.ask_if) == ("relevant" in binds[question.code]), question.code
    controls = {each.get("ref").rpartition("/")[2]: each.tag for tag in ("select", "select1", "input")
                for each in form.iter(f"{XFORMS}{tag}")}  # fmt: skip
    for question in questionnaire.questions:
        tag = "select" if question.kind == SEVERAL else "select1" if question.choices else "input"
        assert controls[question.code] == f"{XFORMS}{tag}"
    languages = [each.get("lang") for each in form.iter(f"{XFORMS}translation")]
    assert len(languages) == len(questionnaire.languages)
    assert languages[0] == "Svenska (sv)"


def test_the_workbook_says_what_the_questionnaire_says(invented):
    content = xlsform_of(invented)
    rows = {row["name"]: row for row in sheet(content, "survey") if row["type"] not in {"end_group"}}
    assert rows["times_told"]["relevant"] == "(${calm} = 'fairly_noisy' or ${calm} = 'very_noisy') and ${told} = 'yes'"
    assert rows["times_told"]["constraint"] == ". >= 1 and . <= 99"
    assert rows["noisy_place"]["relevant"] == "selected(${noises}, 'mopeds') or selected(${noises}, 'voices')"
    assert (rows["noisy_place"]["type"], rows["noisy_place"]["kind"]) == ("select_one places", "place")
    assert (rows["calm"]["hint::English (en)"], rows["calm"]["goal"]) == ("Think of an ordinary evening.", 1)
    assert rows["more"]["constraint"] == "string-length(.) <= 200"
    assert rows["telling_intro"]["label::Svenska (sv)"] == "Två frågor om att berätta."
    choices = {(row["list_name"], row["name"]): row for row in sheet(content, "choices")}
    assert (choices["noises", "dont_know"]["missing"], choices["noises", "dont_know"]["alone"]) == ("yes", "yes")
    assert choices["places", "bron"]["group_en"] == "Söder"
    assert sheet(content, "settings") == [
        {"form_title": "Påhittad enkät", "form_id": "kinds", "version": "1", "default_language": "Svenska (sv)"}
    ]


def test_words_that_begin_like_a_formula_are_words(invented_municipality, folder):
    path = folder / "questionnaires/kinds.toml"
    text = path.read_text("utf-8").replace("Think of an ordinary evening.", "=HYPERLINK(1)")
    path.write_text(text, encoding="utf-8")
    [questionnaire] = questionnaires_of(load_municipality(folder))
    cell = next(
        cell
        for row in load_workbook(BytesIO(xlsform_of(questionnaire)))["survey"].iter_rows()
        for cell in row
        if cell.value == "=HYPERLINK(1)"
    )
    assert cell.data_type == "s"
