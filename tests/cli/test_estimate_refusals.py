"""``citizen-portal estimate``: a sentence for every file that cannot be used, and never a traceback."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from tests.statistics.bench_runs import MARGINS, SURVEY, USUAL, changed, run, write
from tests.statistics.synthetic_survey import rows_of


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda row: row.update(sex="") if row["rid"] == "2024-0003" else None, "answers.csv, row 4, column sex: "),
        (lambda row: row.update(otrygg="7") if row["rid"] == "2024-0001" else None, "csv, row 2, column otrygg: 7"),
        (lambda row: row.update(age="65–") if row["age"] == "65+" else None, "nobody answered at 65+"),
        (lambda row: row.update(wave="2023"), "csv, column wave: no row belongs to the wave 2025; there are 2023"),
    ],
    ids=["no level", "neither yes nor no", "levels that do not match", "no such wave"],
)
def test_rows_that_cannot_be_used_are_named_in_a_sentence(tmp_path, change, sentence):
    refused(run(changed(tmp_path, change), MARGINS, *USUAL), sentence)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "bad.csv: the file is empty"),
        (b"wave,sex,age,area\n", "there is no column named otrygg; there are wave, sex, age, area"),
        (b"wave,sex,age,area,otrygg,otrygg\n", "row 1, column otrygg: two columns have this name"),
        (b"wave,sex,age,area,otrygg\n2025,K\n", "row 2: it has 2 cells, but the header has 5"),
        (b"wave,sex,age,area,otrygg\n\n2025,K,65+,A,1\n2025,\xe5,65+,A,1\n", "row 4: the letters are not UTF-8"),
        (b'wave,sex,age,area,otrygg\n2025,K,65+,A,1\n"2025,K', "row 3: this is not CSV"),
        (b"wave,sex,age,area,otrygg\n", "column wave: no row belongs to the wave 2025"),
        (b"w,sex,age,area,otrygg\n1,K,65+,A,1\n", "no column holds 2025 and 2024; say which column is the wave"),
    ],
)
def test_a_file_that_is_none_is_refused_in_a_sentence(tmp_path, content, sentence):
    (tmp_path / "bad.csv").write_bytes(content)
    refused(run(tmp_path / "bad.csv", MARGINS, *USUAL), sentence)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("wave,margin,level,pop\n2025,sex,K,many\n2024,sex,K,1\n", "m.csv, row 2, column pop: many is not a number"),
        ("wave,margin,level,pop\n2025,sex,K,-1\n", "row 2, column pop: -1 is not a number of persons"),
        ("wave,margin,level,pop\n2025,sex,K,1\n2025,sex,K,1\n", "row 3, column level: sex K is counted twice"),
        ("wave,margin,level,pop\n2025,sex,K,1\n2025,sex,M,1\n", "the wave 2025 has no margin age; it has sex"),
        ("wave,margin,level,pop\n2023,sex,K,1\n", "m.csv, column wave: no row belongs to the wave 2025"),
        ("a,b,c\n1,2,3\n", "no column looks like the margin; name wave, margin, level and pop with --margin-columns"),
    ],
)
def test_margins_that_cannot_be_used_are_refused_in_a_sentence(tmp_path, content, sentence):
    (tmp_path / "m.csv").write_text(content)
    refused(run(SURVEY, tmp_path / "m.csv", *USUAL), sentence)


def refused(ran, sentence):
    assert ran.exit_code == 2, ran.output
    assert sentence in ran.stderr
    assert (ran.stdout, ran.stderr.count("\n")) == ("", 1)
    assert isinstance(ran.exception, SystemExit)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(random=some.randoms(use_true_random=False))
def test_however_the_files_are_mangled_there_is_an_answer_or_a_sentence(tmp_path, random):
    def mangled(text):
        lines = text.splitlines(keepends=True)
        text = "".join(lines[:1] + random.sample(lines[1:], random.randint(0, len(lines) - 1)))
        for _time in range(random.randint(0, 4)):
            place = random.randrange(len(text))
            strange = random.choice(["", '"', ";", ",", "\n", "\r", "å", "-", "nan", "\0", "1e999", "NA"])
            text = text[:place] + strange + text[place + random.randint(0, 1) :]
        return text

    answers, margins = tmp_path / "a.csv", tmp_path / "m.csv"
    answers.write_text(mangled(SURVEY.read_text("utf-8")), "utf-8")
    register = MARGINS.read_text("utf-8")
    margins.write_text(mangled(register) if random.random() < 0.5 else register, "utf-8")
    ran = run(answers, margins, *USUAL, "--format", "json")
    if ran.exit_code:
        assert (ran.exit_code, ran.stdout, ran.stderr.startswith("citizen-portal: ")) == (2, "", True)
    else:
        json.loads(ran.stdout, parse_constant=pytest.fail)


def test_margins_and_columns_to_rake_need_each_other():
    assert run(SURVEY, MARGINS, "--wave", "2025", "--question", "otrygg").exit_code == 2
    assert run(SURVEY, None, *USUAL).exit_code == 2


def test_a_file_that_is_not_there_is_said_to_be_missing(tmp_path):
    refused(run(tmp_path / "none.csv", MARGINS, *USUAL), "none.csv: the file cannot be read (No such file or")


def test_a_stratum_with_more_answers_than_people_is_explained(tmp_path):
    rows = [{**row, "pop": "9" if row["level"] == "D" else row["pop"]} for row in rows_of("margins.csv")]
    margins = write(tmp_path / "m.csv", rows)
    refused(
        run(SURVEY, margins, "--wave", "2024", "--question", "undvik", "--strata", "area"),
        "m.csv: wave 2024: the stratum D has 9 persons and 16 answers",
    )
