"""Importing the population: PxWeb files in, margins by the questionnaire's codes out. All counts are synthetic."""

import itertools
import json

import pytest

from citizen_portal.cli import cli
from citizen_portal.municipality.installed import installed
from citizen_portal.storage.engine import db
from citizen_portal.surveys.population import PopulationMargin, population_of
from tests.steps import count

SOURCE = ("--source", "Synthetic register, 2025-12-31")
SEXES = {"kvinnor": 1, "män": 2}
AGES = [*(f"{age} år" for age in range(100)), "100+ år"]
# 1 woman and 2 men of every age: 16 to 29 are 14 ages, 65 and older 36.
BY_AGE = {"age_16_29": 42, "age_30_49": 60, "age_50_64": 45, "age_65_plus": 108}
BY_SEX = {"woman": 85, "man": 170}


def csv_file(*rows: tuple[object, ...], heading: str = "region,kön,ålder,Folkmängd 2025") -> bytes:
    return "\n".join([heading, *(",".join(map(str, row)) for row in rows)]).encode()


def every_age(ages=AGES) -> bytes:
    return csv_file(*(("0114 Kommunen", sex, age, SEXES[sex]) for sex, age in itertools.product(SEXES, ages)))


def json_stat(ages=AGES) -> bytes:
    labels = {"Region": ["0114 Kommunen"], "Alder": ages, "Kon": list(SEXES), "Tid": ["2025"]}
    document = {
        "version": "2.0",
        "class": "dataset",
        "id": list(labels),
        "size": [len(each) for each in labels.values()],
        "dimension": {
            name: {"category": {"index": [f"c{at}" for at in range(len(each))], "label": dict(_coded(each))}}
            for name, each in labels.items()
        },
        "value": [SEXES[sex] for _age, sex in itertools.product(ages, SEXES)],
    }
    return json.dumps(document).encode()


def _coded(labels):
    return ((f"c{at}", label) for at, label in enumerate(labels))


@pytest.fixture
def import_(either_app, tmp_path):
    """Import a file with these options and give what the command said, with its exit status."""

    def run(content: bytes, *options: str):
        file = tmp_path / "register.txt"
        file.write_bytes(content)
        return either_app.test_cli_runner().invoke(cli, ["population", "import", str(file), *options, *SOURCE])

    return run


def stored(margin: str) -> dict[str, int]:
    return dict(population_of(db.session(), installed().municipality).margins[margin])


@pytest.mark.parametrize("content", [every_age(), json_stat()], ids=["csv", "json-stat"])
@pytest.mark.parametrize(("margin", "expected"), [("age", BY_AGE), ("sex", BY_SEX)])
def test_single_years_become_the_questionnaires_levels_from_the_age_of_the_youngest_asked(
    import_, content, margin, expected
):
    answer = import_(content, "--margin", margin)
    assert (answer.exit_code, answer.stderr) == (0, "")
    assert stored(margin) == expected
    assert "255 people. Source: Synthetic register" in answer.stdout
    assert ("16.5 %" in answer.stdout) == (margin == "age")


def test_bands_that_fit_are_taken_and_a_second_import_takes_the_place_of_the_first(import_):
    import_(every_age(), "--margin", "age")
    bands = ["0-15 år", "16-19 år", "20–29 år", "30-49", "50-64 år", "65 år och äldre"]
    answer = import_(every_age(bands), "--margin", "age")
    assert answer.exit_code == 0, answer.output
    assert stored("age") == {"age_16_29": 6, "age_30_49": 3, "age_50_64": 3, "age_65_plus": 3}


def test_areas_are_made_of_the_registers_areas_by_a_levels_file(import_, tmp_path):
    codes = [area.code for area in installed().municipality.areas]
    levels = tmp_path / "levels.toml"
    levels.write_text("[area]\n" + "\n".join(f'{code} = ["R{at}a", "R{at}b"]' for at, code in enumerate(codes)))
    rows = [(f"R{at}{part}", at + 1) for at in range(len(codes)) for part in "ab"]
    answer = import_(csv_file(*rows, heading="regso,2025"), "--margin", "area", "--levels", str(levels))
    assert answer.exit_code == 0, answer.output
    assert stored("area") == {code: 2 * (at + 1) for at, code in enumerate(codes)}
    assert "no ages" in answer.stderr


def test_one_label_of_a_column_can_be_chosen(import_):
    persons = {"samtliga": 10, "gifta": 4, "ogifta": 5}
    rows = [(sex, status, persons[status]) for sex, status in itertools.product(SEXES, persons)]
    content = csv_file(*rows, heading="kön,civilstånd,antal")
    refused = import_(content, "--margin", "sex")
    assert (refused.exit_code, count(PopulationMargin)) == (1, 0)
    assert "civilstånd has 'samtliga' beside its parts" in refused.stderr
    assert import_(content, "--margin", "sex", "--of", "civilstånd=samtliga").exit_code == 0
    assert stored("sex") == {"woman": 10, "man": 10}


@pytest.mark.parametrize(
    ("content", "options", "sentences"),
    [
        (every_age(["0-15 år", "16-34 år", "35-64 år", "65+ år"]), ("--margin", "age"), [
            "age_16_29 and age_30_49 would cut through '16-34 år' of the file: a finer table is needed",
            "age_30_49 and age_50_64 would cut through '35-64 år' of the file: a finer table is needed",
            "nothing in the file fills age_16_29",
        ]),
        (every_age(["15-29 år", "30-64 år", "65+ år"]), ("--margin", "sex"), ["'15-29 år' lies on both sides of 16"]),
        (every_age(["15-29 år", "30-49 år", "50-64 år", "65+ år"]), ("--margin", "age"), [
            "age_16_29 would cut through '15-29 år' of the file"
        ]),
        (every_age([*AGES, "uppgift saknas"]), ("--margin", "age"), ["no level takes 'uppgift saknas' of the file"]),
        (csv_file(("kvinnor", 5), ("okänt", 2), heading="kön,antal"), ("--margin", "sex"), [
            "no level takes 'okänt' of the file", "nothing in the file fills man",
        ]),
        (csv_file(("kvinnor", 5, 6), ("män", 2, 3), heading="kön,2024,2025"), ("--margin", "sex"), [
            "value has 2024, 2025, which make no sum: choose one with --of 'value=LABEL'"
        ]),
        (every_age(), ("--margin", "sex", "--column", "sex"), ["the file has no column 'sex': it has kön, ålder"]),
        (every_age(), ("--margin", "sex", "--of", "kön=alla"), ["the column kön has no label 'alla'"]),
        (csv_file(("a", 1), ("b", 1), heading="x,antal"), ("--margin", "sex"), ["no column (of x) looks like"]),
        (csv_file(("kvinnor", 0), ("män", 0), heading="kön,antal"), ("--margin", "sex"), ["the file counts nobody"]),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_said_in_a_sentence_each_and_nothing_is_stored(import_, content, options, sentences):
    answer = import_(content, *options)
    assert (answer.exit_code, count(PopulationMargin)) == (1, 0)
    assert "nothing is stored" in answer.stderr
    for sentence in sentences:
        assert sentence in answer.stderr


def test_a_code_that_no_questionnaire_knows_and_a_file_that_is_no_table_are_refused(import_, tmp_path):
    levels = tmp_path / "levels.toml"
    levels.write_text('[sex]\nwoman = ["kvinnor"]\nmankind = ["män"]\n')
    answer = import_(every_age(), "--margin", "sex", "--levels", str(levels))
    assert "no questionnaire has the answer mankind about sex" in answer.stderr
    assert "register.txt: the file has no rows" in import_(b"a,b", "--margin", "sex").stderr
    assert "register.area" in import_(every_age(), "--margin", "area").stderr
    assert count(PopulationMargin) == 0


def test_noise_between_margins_is_allowed_and_other_people_are_not(import_):
    import_(every_age(), "--margin", "age")  # 255 people
    noisy = csv_file(("kvinnor", 86), ("män", 172), heading="kön,antal")
    assert "same people" not in import_(noisy, "--margin", "sex").stderr
    others = csv_file(("kvinnor", 150), ("män", 150), heading="kön,antal")
    assert "age counts 255 people and sex 300" in import_(others, "--margin", "sex").stderr


def test_check_says_which_margins_are_imported_and_which_are_examples(import_, either_app):
    import_(every_age(), "--margin", "sex")
    said = either_app.test_cli_runner().invoke(cli, ["check"]).stdout
    assert "sound    population by sex: 255 people, imported from Synthetic register" in said
    assert "look at  population by age: example figures" in said


def test_a_count_that_is_hidden_refuses_the_file_by_row_and_stores_nothing(import_):
    rows = every_age().decode().replace("kvinnor,20 år,1", "kvinnor,20 år,..").encode()
    answer = import_(rows, "--margin", "age")
    assert answer.exit_code == 1
    assert "row 22, column Folkmängd 2025: '..' (kvinnor / 20 år)" in answer.stderr
    assert count(PopulationMargin) == 0


def test_a_count_that_is_hidden_and_not_asked_for_is_no_reason_to_refuse(import_):
    rows = every_age().decode().replace("kvinnor,10 år,1", "kvinnor,10 år,..").encode()
    assert import_(rows, "--margin", "age").exit_code == 0
    assert stored("age") == BY_AGE


TOTAL = ("0114 Kommunen", "totalt", "16 år", 3)
SMALL = [("0114 Kommunen", sex, age, SEXES[sex]) for sex, age in itertools.product(SEXES, AGES)]


def first_version(content: bytes) -> bytes:
    """JSON-stat 1, as PxWeb calls it: the dataset one level deeper, names of dimensions among the dimensions."""
    found = json.loads(content)
    dimension = {**found["dimension"], "id": found["id"], "size": found["size"]}
    return json.dumps({"dataset": {"dimension": dimension, "value": found["value"]}}).encode()


@pytest.mark.parametrize(
    "content",
    [
        every_age().decode().encode("utf-16"),
        every_age() + '\n\nSenast uppdaterad,\n20260221 08:00,\n"Källa: SCB, folkmängden den 31 december"\n'.encode(),
        csv_file(*SMALL, *(("0114 Kommunen", "totalt", age, 3) for age in AGES)),
        first_version(json_stat()),
    ],
    ids=["utf-16", "footnotes", "totals", "json-stat 1"],
)
def test_what_registers_write_beside_the_counts_is_read_past(import_, content):
    answer = import_(content, "--margin", "sex")
    assert answer.exit_code == 0, answer.output
    assert stored("sex") == BY_SEX
    assert "2025" in answer.output


def test_two_places_of_one_name_are_told_apart_by_their_codes(import_, tmp_path):
    document = json.loads(json_stat())
    document["dimension"]["Kon"]["category"]["label"] = {"c0": "kvinnor", "c1": "kvinnor"}
    levels = tmp_path / "levels.toml"
    levels.write_text('[sex]\nwoman = ["c0"]\nman = ["c1"]\n', "utf-8")
    answer = import_(json.dumps(document).encode(), "--margin", "sex", "--levels", str(levels))
    assert answer.exit_code == 0, answer.output
    assert stored("sex") == BY_SEX


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\xff\xfeo", "does not go on so"),
        (json.dumps({"one": {"dimension": {}}, "other": {"dimension": {}}}).encode(), "2 datasets of JSON-stat 1"),
        (csv_file(TOTAL, ("0114 Kommunen", "totalt", "17 år", 3)), "looks like that of sex"),
    ],
)
def test_what_cannot_be_read_is_refused_in_a_sentence(import_, content, said):
    refused = import_(content, "--margin", "sex")
    assert (refused.exit_code, said in refused.output, count(PopulationMargin)) == (1, True, 0), refused.output
