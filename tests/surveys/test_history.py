"""Earlier surveys: what can be read becomes a closed wave in random order, and anything doubtful stores nothing."""

import csv
import io
import re
import tempfile
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import inspect

from citizen_portal.cli import cli
from citizen_portal.municipality import MunicipalityError, load_municipality
from citizen_portal.storage.engine import db
from citizen_portal.storage.unit_of_work import unit_of_work
from citizen_portal.surveys.history.importing import ROWS_PER_INSERT, answers_of, import_wave
from citizen_portal.surveys.history.mapping import read_mapping
from citizen_portal.surveys.history.row_file import RowRefused, open_rows, rows_of
from citizen_portal.surveys.models import AnswerSet, FrozenQuestionnaire, Wave
from citizen_portal.surveys.reading import questionnaires_of
from citizen_portal.surveys.routing import keep_asked
from citizen_portal.surveys.waves import CLOSED, WaveRefused, state_of
from tests.architecture.tree import CHECKOUT
from tests.steps import count, plain_sql, rows
from tests.waves import INVENTED, questionnaire_with_every_kind, store_wave

MAPPING = """
questionnaire = "kinds"
version = 1
[wave]
code = "2019"
title = "Invented survey of 2019"
opens_on = 2019-03-01
closes_on = 2019-04-15
sample = "invited"
invited = 5000
[file]
delimiter = "semicolon"
skipped = ["99"]
[language]
column = "lang"
values = { "1" = "sv", "2" = "en" }
[[question]]
code = "calm"
column = "F1"
values = { "1" = "very_calm", "2" = "fairly_calm", "3" = "fairly_noisy", "4" = "very_noisy", "5" = "dont_know" }
[[question]]
code = "noises"
columns = { "F2a" = "mopeds", "F2b" = "voices", "F2c" = "none" }
chosen = ["1"]
not_chosen = ["0"]
[[question]]
code = "told"
column = "F3"
skipped = ["8"]
[[question]]
code = "times_told"
column = "F4"
[[question]]
code = "area"
column = "Område"
values = { "Norra delen" = "norr", "Söder" = "soder" }
[[question]]
code = "more"
column = "Övrigt"
"""
HEADER = ["id", "lang", "F1", "F2a", "F2b", "F2c", "F3", "F4", "Område", "Övrigt"]
ROW = ["17", "1", "3", "1", "1", "0", "yes", "4", "Söder", "Tack för att ni frågar"]
TODAY = date(2026, 3, 14)


def changed(**cells: str) -> list[str]:
    """The good row with other cells in these columns."""
    return [cells.get(name, cell) for name, cell in zip(HEADER, ROW, strict=True)]


def row_file(*lines: list[str], header=HEADER, delimiter=";", encoding="utf-8") -> bytes:
    written = io.StringIO(newline="")
    csv.writer(written, delimiter=delimiter).writerows([header, *lines])
    return written.getvalue().encode(encoding)


def mapping_of(text: str, folder: Path):
    (folder / "mapping.toml").write_text(text, "utf-8")
    return read_mapping(folder / "mapping.toml", [questionnaire_with_every_kind()])


@pytest.fixture(scope="session")
def mapping(tmp_path_factory):
    return mapping_of(MAPPING, tmp_path_factory.mktemp("mapping"))


@contextmanager
def opened(content: bytes, mapping):
    with tempfile.NamedTemporaryFile() as named:
        named.write(content)
        named.flush()
        with open_rows(Path(named.name), mapping) as file:
            yield file


def read(content: bytes, mapping) -> list:
    with opened(content, mapping) as file:
        return [answers_of(mapping, row, cells) for row, cells in rows_of(file, mapping)]


def stored(content: bytes, mapping, *, today: date = TODAY):
    with unit_of_work() as session, opened(content, mapping) as file:
        return import_wave(session, mapping, rows_of(file, mapping), today=today)


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


@pytest.mark.parametrize("row", [ROW[:-1], [*ROW, "one more"]], ids=["short", "long"])
def test_a_row_with_more_or_fewer_cells_than_the_header_is_refused(mapping, row):
    assert refused(row_file(ROW, row), mapping).row == 3


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


def test_the_imported_wave_is_closed_purged_and_frozen(either_app, mapping):
    summary = stored(row_file(*[ROW] * 3, changed(F1="1"), ["5", "1"] + [""] * 8), mapping)
    assert (summary.stored, summary.unanswered, summary.not_asked) == (4, 1, {"noises": 1, "times_told": 1})
    [wave] = rows(Wave)
    assert (wave.code, wave.opens_on, wave.closes_on) == ("2019", date(2019, 3, 1), date(2019, 4, 15))
    assert (state_of(wave, TODAY), wave.closed_on, wave.purged) == (CLOSED, wave.closes_on, True)
    assert (wave.sample, wave.invited, wave.used) == ("invited", 5000, 4)
    [frozen] = rows(FrozenQuestionnaire)
    answer_sets = rows(AnswerSet)
    assert {each.questionnaire_digest for each in answer_sets} == {frozen.digest, wave.questionnaire_digest}
    assert {each.wave_code for each in answer_sets} == {"2019"}
    assert answer_sets[0].answers["area"] == "soder"
    assert [each.fingerprint for each in answer_sets] == [None] * 4


def test_rows_lie_in_the_order_of_random_ids_and_not_in_that_of_the_file(either_app, mapping):
    number = ROWS_PER_INSERT + 200
    stored(row_file(*[changed(Övrigt=f"{at:05}") for at in range(number)]), mapping)
    order = "ORDER BY ctid" if db.engine.dialect.name == "postgresql" else ""
    lying = plain_sql(f"SELECT CAST(id AS TEXT), CAST(answers AS TEXT) FROM answer_set {order}")
    assert len(lying) == number
    assert lying == sorted(lying)
    texts = [re.search(r"\b\d{5}\b", answers)[0] for _id, answers in lying]
    assert texts != sorted(texts)


def test_the_file_s_own_row_ids_are_nowhere(either_app, mapping):
    stored(row_file(changed(id="respondent-4711")), mapping)
    [(answers,)] = plain_sql("SELECT answers FROM answer_set")
    assert "4711" not in str(answers)


def nothing_is_stored() -> bool:
    no_table = "imported_answer_set" not in inspect(db.engine).get_table_names()
    return no_table and (count(Wave), count(AnswerSet), count(FrozenQuestionnaire)) == (0, 0, 0)


def test_one_wrong_row_at_the_end_stores_nothing(either_app, mapping):
    content = row_file(*[ROW] * (ROWS_PER_INSERT + 1), changed(F1="7"))
    with pytest.raises(RowRefused, match=f"row {ROWS_PER_INSERT + 3}, column 'F1'"):
        stored(content, mapping)
    assert nothing_is_stored()
    assert stored(row_file(ROW), mapping).stored == 1, "and the mended file can be imported"


def test_the_same_wave_again_is_refused_and_changes_nothing(either_app, mapping):
    stored(row_file(ROW), mapping)
    with pytest.raises(WaveRefused, match="there is a wave '2019' already"):
        stored(row_file(ROW, ROW), mapping)
    assert count(AnswerSet) == 1


def test_a_wave_that_has_not_ended_is_refused(app, mapping):
    with pytest.raises(WaveRefused, match="has ended"):
        stored(row_file(ROW), mapping, today=date(2019, 4, 15))
    assert nothing_is_stored()


def test_more_answers_than_letters_are_refused(app, tmp_path):
    few = mapping_of(MAPPING.replace("invited = 5000", "invited = 1"), tmp_path)
    with pytest.raises(WaveRefused, match="only 1 letters"):
        stored(row_file(ROW, ROW), few)
    assert nothing_is_stored()


def test_a_questionnaire_that_has_changed_since_a_wave_used_it_is_refused(app, tmp_path):
    store_wave(questionnaire=questionnaire_with_every_kind())
    municipality = load_municipality(INVENTED)
    [file] = municipality.questionnaires
    file.values["title"]["sv"] = "Another title"
    [another] = questionnaires_of(municipality)
    (tmp_path / "mapping.toml").write_text(MAPPING, "utf-8")
    with pytest.raises(WaveRefused, match="new version"):
        stored(row_file(ROW), read_mapping(tmp_path / "mapping.toml", [another]))


@pytest.fixture
def example(tmp_path) -> tuple[str, str]:
    """The mapping that the documentation shows, and rows that fit it."""
    documented = (CHECKOUT / "docs" / "survey-history.md").read_text("utf-8")
    (tmp_path / "mapping.toml").write_text(re.search(r"```toml\n(.*?)```", documented, re.DOTALL)[1], "utf-8")
    header = ["Nr", "F1", "F2", "F3_1", "F3_2", "F3_9", "F4", "Område", "Övrigt"]
    lines = [
        ["1", "3", "1,3", "1", "0", "0", "2", "centrum", "Mörkt vid stationen"],
        ["2", "1", "4", "0", "0", "1", "1", "runby", ""],
    ]
    (tmp_path / "rows.csv").write_bytes(row_file(*lines, header=header, encoding="utf-8-sig"))
    return str(tmp_path / "rows.csv"), str(tmp_path / "mapping.toml")


def test_the_documented_example_is_checked_and_then_imported_by_command(app, example):
    file, mapping = example
    run = app.test_cli_runner().invoke
    checked = run(cli, ["survey", "import-answers", file, "--mapping", mapping, "--check"])
    assert checked.exit_code == 0, checked.output
    assert "var-2023 could be imported with 2 answer sets; nothing is stored" in checked.output
    assert nothing_is_stored()
    imported = run(cli, ["survey", "import-answers", file, "--mapping", mapping])
    assert imported.exit_code == 0, imported.output
    assert "Answers to 'reported' where it was not to be asked, left out: 1" in imported.output
    assert "leaves without answers: safe_by_day" in imported.output
    assert count(AnswerSet) == 2


def test_a_refusal_reaches_the_terminal_in_one_line(app, example):
    file, mapping = example
    Path(file).write_text(Path(file).read_text("utf-8-sig").replace("centrum", "centrun"), "utf-8")
    refusal = app.test_cli_runner().invoke(cli, ["survey", "import-answers", file, "--mapping", mapping])
    assert refusal.exit_code == 1
    assert "rows.csv: row 2, column 'Område': 'centrun' is no choice of the question 'area'" in refusal.output
    assert nothing_is_stored()
