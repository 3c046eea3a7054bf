"""The row file of an earlier survey and its mapping: read for certain, or refused by row and column or by key."""

import csv
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citizen_portal.municipality import MunicipalityError
from citizen_portal.surveys.history.row_file import RowRefused
from citizen_portal.surveys.routing import keep_asked
from tests.earlier_survey import HEADER, MAPPING, ROW, changed, mapping_of, read, row_file


@pytest.fixture(scope="session")
def mapping(tmp_path_factory):
    return mapping_of(MAPPING, tmp_path_factory.mktemp("mapping"))


def refused(content: bytes, mapping) -> RowRefused:
    with pytest.raises(RowRefused) as caught:
        read(content, mapping)
    return caught.value


def test_a_row_becomes_the_answers_the_page_would_have_stored(mapping):
    [historic] = read(row_file(ROW), mapping)
    assert historic == (
        "sv",
        {
            "calm": "fairly_noisy",
            "noises": ("mopeds", "voices"),
            "told": "yes",
            "times_told": 4,
            "area": "soder",
            "more": "Tack för att ni frågar",
        },
        (),
    )


def test_several_choices_can_stand_in_one_cell(tmp_path):
    one_cell = MAPPING.replace(
        'columns = { "F2a" = "mopeds", "F2b" = "voices", "F2c" = "none" }\nchosen = ["1"]\nnot_chosen = ["0"]',
        'column = "F2a"\nseparator = "|"\nvalues = { "1" = "mopeds", "2" = "voices", "3" = "none" }',
    )
    read_one_cell = mapping_of(one_cell, tmp_path)
    [historic] = read(row_file(changed(F2a="2 | 1")), read_one_cell)
    assert historic.answers["noises"] == ("mopeds", "voices")
    refusal = refused(row_file(changed(F2a="1|4")), read_one_cell)
    assert (refusal.row, refusal.column, refusal.value) == (2, "F2a", "4")


def test_empty_cells_and_what_means_skipped_are_no_answer(mapping):
    [historic] = read(row_file(changed(F1="99", F3="8", F2a="", F2b="99", F2c="0", Område=" ", Övrigt="")), mapping)
    assert historic.answers == {}


def test_an_answer_to_what_was_not_to_be_asked_is_dropped_and_counted(mapping):
    [historic] = read(row_file(changed(F1="1")), mapping)
    assert historic.answers.keys() == {"calm", "told", "area", "more"}
    assert set(historic.not_asked) == {"noises", "times_told"}


@pytest.mark.parametrize("delimiter", ["semicolon", "comma", "tab"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "windows-1252", "iso-8859-15", "macintosh"])
def test_every_delimiter_and_encoding_gives_the_same_answers(tmp_path, mapping, delimiter, encoding):
    sign = {"semicolon": ";", "comma": ",", "tab": "\t"}[delimiter]
    named = "utf-8" if encoding == "utf-8-sig" else encoding
    text = MAPPING.replace('delimiter = "semicolon"', f'delimiter = "{delimiter}"\nencoding = "{named}"')
    long_text = changed(Övrigt='Åäö; "citat",\toch\nen rad till')
    content = row_file(long_text, ROW, delimiter=sign, encoding=encoding)
    assert read(content, mapping_of(text, tmp_path)) == read(row_file(long_text, ROW), mapping)


@pytest.mark.parametrize(
    ("cells", "column", "value"),
    [
        ({"F1": "7"}, "F1", "7"),
        ({"lang": "3"}, "lang", "3"),
        ({"F2b": "x"}, "F2b", "x"),
        ({"F2c": "1"}, "F2c", "none"),
        ({"F3": "ja"}, "F3", "ja"),
        ({"F4": "4,5"}, "F4", "4,5"),
        ({"F4": "0"}, "F4", "0"),
        ({"F4": "100"}, "F4", "100"),
        ({"Område": "söder"}, "Område", "söder"),
        ({"Övrigt": "x" * 201}, "Övrigt", "x" * 201),
        ({"Övrigt": "a\0b"}, "Övrigt", "a\0b"),
    ],
    ids=str,
)
def test_a_wrong_cell_is_refused_with_row_column_and_value(mapping, cells, column, value):
    refusal = refused(row_file(ROW, [], ROW, changed(**cells)), mapping)
    assert (refusal.row, refusal.column, refusal.value) == (5, column, value)
    assert "row 5" in str(refusal)
    assert repr(column) in str(refusal)
    assert str(refusal).isprintable()


def test_a_row_that_says_no_language_is_refused(mapping):
    refusal = refused(row_file(changed(lang="")), mapping)
    assert (refusal.row, refusal.column) == (2, "lang")


def test_a_column_that_is_missing_or_there_twice_is_refused_by_name(mapping):
    for header, reason in ((["F1", *HEADER[1:]], "2 times"), ([*HEADER[:-1], "Ovrigt"], "not in the header")):
        refusal = refused(row_file(ROW, header=header), mapping)
        assert (refusal.row, refusal.column in {"F1", "Övrigt"}) == (1, True)
        assert reason in str(refusal)


def test_the_wrong_delimiter_is_refused_at_the_header(mapping):
    assert refused(row_file(ROW, delimiter=","), mapping).row == 1


def test_a_row_with_more_cells_than_the_header_is_refused(mapping):
    assert refused(row_file(ROW, [*ROW, "one more"]), mapping).row == 3


@pytest.mark.parametrize("cells", range(2, len(ROW)))
def test_cells_that_are_missing_at_the_end_of_a_row_are_empty(mapping, cells):
    short, padded = ROW[:cells], [*ROW[:cells], *[""] * (len(ROW) - cells)]
    assert read(row_file(short), mapping) == read(row_file(padded), mapping)


@pytest.mark.parametrize(
    "written", ["\u00d6vrigt", "O\u0308vrigt", " övrigt ", "ÖVRIGT", "\u00a0Övrigt\u2009"], ids=ascii
)
def test_a_heading_that_only_looks_the_same_is_the_column(mapping, written):
    header = [written if name == "Övrigt" else name for name in HEADER]
    [historic] = read(row_file(ROW, header=header), mapping)
    assert historic.answers["more"] == "Tack för att ni frågar"


def test_two_headings_that_look_the_same_are_told_apart_by_the_exact_one_or_refused(mapping):
    exact = read(row_file([*ROW, "another"], header=[*HEADER, "övrigt"]), mapping)
    assert exact[0].answers["more"] == "Tack för att ni frågar"
    header = ["övrigt" if name == "Övrigt" else name for name in HEADER]
    assert "2 times" in str(refused(row_file([*ROW, "another"], header=[*header, "ÖVRIGT"]), mapping))


def test_a_cell_in_another_form_of_unicode_is_the_text_of_the_mapping(mapping):
    [historic] = read(row_file(changed(Område="So\u0308der")), mapping)
    assert historic.answers["area"] == "soder"


IN_ONE_CELL = [
    (" ", {"1": "mopeds", "2": "voices"}, "2  1", ("mopeds", "voices")),
    (" ", {"loud mopeds": "mopeds", "voices": "voices"}, "voices loud mopeds", ("mopeds", "voices")),
    (",", {"Mopeds, loud": "mopeds", "Voices": "voices"}, "Voices, Mopeds, loud", ("mopeds", "voices")),
    (",", {"Mopeds, loud": "mopeds", "Mopeds": "voices"}, "Mopeds, Mopeds, loud", ("mopeds", "voices")),
    (", ", {"Mopeds,loud": "mopeds", "Voices": "voices"}, "Mopeds,loud,Voices,", ("mopeds", "voices")),
    (";", {"A;B": "mopeds", "B": "voices"}, "A;B;B", ("mopeds", "voices")),
    ("|", {"1": "mopeds", "12": "voices"}, "12|1", ("mopeds", "voices")),
]


@pytest.mark.parametrize(("separator", "values", "cell", "expected"), IN_ONE_CELL)
def test_at_each_place_of_a_cell_the_longest_text_of_the_mapping_is_taken(tmp_path, separator, values, cell, expected):
    pairs = ", ".join(f'"{text}" = "{code}"' for text, code in values.items())
    one_cell = MAPPING.replace(
        'columns = { "F2a" = "mopeds", "F2b" = "voices", "F2c" = "none" }\nchosen = ["1"]\nnot_chosen = ["0"]',
        f'column = "F2a"\nseparator = "{separator}"\nvalues = {{ {pairs} }}',
    )
    [historic] = read(row_file(changed(F2a=cell)), mapping_of(one_cell, tmp_path))
    assert historic.answers["noises"] == expected


@pytest.mark.parametrize("cell", ["Voices, Mopeds", "Mopeds, loudly, Voices", "Voices Mopeds, loud"])
def test_what_is_left_between_separators_and_no_text_of_the_mapping_is_refused(tmp_path, cell):
    one_cell = MAPPING.replace(
        'columns = { "F2a" = "mopeds", "F2b" = "voices", "F2c" = "none" }\nchosen = ["1"]\nnot_chosen = ["0"]',
        'column = "F2a"\nseparator = ","\nvalues = { "Mopeds, loud" = "mopeds", "Voices" = "voices" }',
    )
    assert "not among the values" in str(refused(row_file(changed(F2a=cell)), mapping_of(one_cell, tmp_path)))


def test_a_file_that_ends_within_quotes_is_refused(mapping):
    cut_off = ";".join(ROW[:-1]).encode() + b';"Tack'
    assert refused(row_file(ROW) + cut_off, mapping).row == 3


def test_the_wrong_encoding_is_refused_with_row_and_column(tmp_path, mapping):
    plain = [name.replace("Område", "Omr").replace("Övrigt", "Ovr") for name in HEADER]
    utf_8 = MAPPING.replace("Område", "Omr").replace("Övrigt", "Ovr")
    latin = utf_8.replace("[file]", '[file]\nencoding = "windows-1252"')
    good = changed(Område="Norra delen", Övrigt="OK")
    for text, written_in in ((utf_8, "windows-1252"), (latin, "utf-8")):
        content = row_file(good, changed(Område="Norra delen"), header=plain, encoding=written_in)
        refusal = refused(content, mapping_of(text, tmp_path))
        assert (refusal.row, refusal.column) == (3, "Ovr")


def test_a_mark_of_another_encoding_is_refused_at_once(tmp_path, mapping):
    latin = mapping_of(MAPPING.replace("[file]", '[file]\nencoding = "windows-1252"'), tmp_path)
    assert "UTF-8" in str(refused(row_file(ROW, encoding="utf-8-sig"), latin))
    assert "UTF-16" in str(refused(row_file(ROW, encoding="utf-16"), mapping))


def test_an_empty_file_is_refused(mapping):
    assert refused(b"", mapping).row == 1


def read_or_refused(content: bytes, mapping) -> list:
    """What is read, or nothing when the file is refused as it should be, with a row that it has."""
    try:
        return read(content, mapping)
    except RowRefused as refusal:
        within = 1 <= refusal.row <= len(re.split(rb"\r\n|\r|\n", content))
    assert within
    return []


LIKELY = ["", "0", "1", "2", "3", "4", "5", "8", "99", "yes", "no", "Norra delen", "Söder"]
texts = st.sampled_from(LIKELY) | st.text(max_size=5)


@given(st.lists(st.lists(texts, min_size=len(HEADER), max_size=len(HEADER)), max_size=3))
def test_any_row_gives_answers_that_routing_keeps_or_a_refusal_with_its_row(mapping, lines):
    try:
        content = row_file(*lines)
    except (UnicodeEncodeError, csv.Error):
        return
    for historic in read_or_refused(content, mapping):
        assert keep_asked(mapping.questionnaire, historic.answers) == historic.answers


@given(st.binary(max_size=200))
def test_any_bytes_give_rows_or_a_refusal(mapping, content):
    for historic in read_or_refused(row_file(ROW) + content, mapping):
        assert set(historic.answers) <= set(mapping.questionnaire.by_code)


BREAKAGES = [
    ('questionnaire = "kinds"', 'questionnaire = "sorts"', "questionnaire", "kinds version 1"),
    ("version = 1", "version = 2", "questionnaire", "version 2"),
    ('title = "', 'titel = "', "wave.title", "missing"),
    ("opens_on = 2019-03-01", 'opens_on = "2019-03-01"', "wave.opens_on", "date"),
    ('sample = "invited"', 'sample = "drawn"', "wave.sample", "open_link"),
    ('sample = "invited"', 'sample = "open_link"', "wave.invited", "letters"),
    ('delimiter = "semicolon"', 'delimiter = ";"', "file.delimiter", "tab"),
    ("[file]", '[file]\nencoding = "utf-16"', "file.encoding", "windows-1252"),
    ("[file]", '[file]\nquote = "x"', "file.quote", "not a key"),
    ('"2" = "en"', '"2" = "fi"', "language.values", "'fi'"),
    ('code = "calm"', 'code = "calmer"', "question[1].code", "no question 'calmer'"),
    ('code = "told"', 'code = "calm"', "question[3].code", "twice"),
    ('"1" = "very_calm"', '"1" = "calm"', "question[1].values", "'calm'"),
    ('"1" = "very_calm"', '"99" = "very_calm"', "question[1].values", "skipped"),
    ('"F2a" = "mopeds"', '"F2a" = "moped"', "question[2].columns", "'moped'"),
    ('not_chosen = ["0"]', 'not_chosen = ["0", "1"]', "question[2].chosen", "'1'"),
    ('column = "F3"', 'column = "F1"', "question", "'F1'"),
    ('column = "F3"', 'column = "F3"\nseparator = ","', "question[3].separator", "several"),
    ('column = "F4"', 'column = "F4"\nvalues = { "a" = "1" }', "question[4].values", "number"),
    ('code = "calm"\ncolumn = "F1"', 'code = "sex"\ncolumn = "F1"', "question[1].values", "very_calm"),
]


@pytest.mark.parametrize(("old", "new", "key", "why"), BREAKAGES, ids=[f"{new}" for _old, new, _key, _why in BREAKAGES])
def test_a_mistake_in_the_mapping_is_refused_by_key_and_reason(tmp_path, old, new, key, why):
    assert old in MAPPING
    with pytest.raises(MunicipalityError) as caught:
        mapping_of(MAPPING.replace(old, new, 1), tmp_path)
    assert caught.value.key == key
    assert why in caught.value.reason


def test_a_question_asked_after_one_that_is_not_mapped_is_refused(tmp_path):
    without_calm = re.sub(r'\[\[question\]\]\ncode = "calm"\n.*\n.*\n', "", MAPPING)
    with pytest.raises(MunicipalityError, match="'noises' is asked only after 'calm'"):
        mapping_of(without_calm, tmp_path)
