"""Earlier surveys: imported whole, as a closed wave in random order, or not at all."""

import re
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import inspect

from citizen_portal.cli import cli
from citizen_portal.municipality import load_municipality
from citizen_portal.storage.engine import db
from citizen_portal.storage.unit_of_work import unit_of_work
from citizen_portal.surveys.history.importing import ROWS_PER_INSERT, import_wave
from citizen_portal.surveys.history.mapping import read_mapping
from citizen_portal.surveys.history.row_file import RowRefused, rows_of
from citizen_portal.surveys.models import AnswerSet, FrozenQuestionnaire, Wave
from citizen_portal.surveys.reading import questionnaires_of
from citizen_portal.surveys.waves import CLOSED, WaveRefused, state_of
from tests.architecture.tree import CHECKOUT
from tests.earlier_survey import MAPPING, ROW, changed, mapping_of, opened, row_file
from tests.steps import count, plain_sql, rows
from tests.waves import INVENTED, questionnaire_with_every_kind, store_wave

TODAY = date(2026, 3, 14)


@pytest.fixture(scope="session")
def mapping(tmp_path_factory):
    return mapping_of(MAPPING, tmp_path_factory.mktemp("mapping"))


def stored(content: bytes, mapping, *, today: date = TODAY):
    with unit_of_work() as session, opened(content, mapping) as file:
        return import_wave(session, mapping, rows_of(file, mapping), today=today)


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
