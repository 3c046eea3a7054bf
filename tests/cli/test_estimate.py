"""``citizen-portal estimate``: two files in, R's numbers out."""

import json
import os
import subprocess

import pytest

from tests.conftest import CONSOLE_SCRIPT
from tests.statistics.bench_runs import MARGINS, SURVEY, USUAL, changed, numbers, run, write
from tests.statistics.synthetic_survey import rows_of

EXPECTED = {row["id"]: float(row["value"]) for row in rows_of("expected.csv")}
ESTIMATE_KEYS = [
    *("by", "group", "n", "p", "se", "df", "low", "high", "kg_low", "kg_high", "show_quality", "show_disclosure"),
]
CHANGE_KEYS = ["group", "diff", "se", "df", "low", "high", "p", "p_holm"]


def expect(found, **ids):
    for key, id_ in ids.items():
        assert found[key] == pytest.approx(EXPECTED[id_], rel=1e-9), id_


@pytest.fixture(scope="module")
def found():
    return numbers(SURVEY, MARGINS, *USUAL)


def test_the_answer_has_the_agreed_shape(found):
    assert list(found) == ["wave", "question", "deff", "n_eff", "all", "groups", "change"]
    assert [list(one) for one in (found["all"], *found["groups"])] == [ESTIMATE_KEYS] * 5
    assert list(found["change"]) == ["all", "groups"]
    assert [list(one) for one in (found["change"]["all"], *found["change"]["groups"])] == [CHANGE_KEYS] * 5
    assert (found["wave"], found["question"]) == ("2025", "otrygg")
    assert [(one["by"], one["group"]) for one in found["groups"]] == [("area", area) for area in "ABCD"]


def test_the_numbers_are_rs(found):
    expect(found, deff="rake2.2025.deff_kish", n_eff="rake2.2025.neff_kish")
    whole = {key: f"rake2.2025.otrygg.{key}" for key in ("p", "se", "df")}
    expect(found["all"], low="rake2.2025.otrygg.xlogit.lo", high="rake2.2025.otrygg.xlogit.hi", **whole)
    for one in found["groups"]:
        area = one["group"]
        expect(one, **{key: f"dom.2025.area.{area}.{key}" for key in ("n", "p", "se", "df")})
        expect(one, kg_low=f"kg.2025.{area}.lo", kg_high=f"kg.2025.{area}.hi")
        expect(one, show_quality=f"kg.2025.{area}.show_quality", show_disclosure=f"kg.2025.{area}.show_sdc")


def test_the_changes_are_rs(found):
    names = {"diff": "diff", "se": "se", "low": "ci.lo", "high": "ci.hi", "p": "pvalue"}
    expect(found["change"]["all"], **{key: f"change.otrygg.{name}" for key, name in names.items()})
    for one in found["change"]["groups"]:
        expect(one, **{key: f"change.area.{one['group']}.{name}" for key, name in names.items()})
        expect(one, p_holm=f"change.area.holm.{one['group']}")


def test_without_another_wave_there_is_no_change():
    assert numbers(SURVEY, MARGINS, *USUAL[:-2])["change"] is None


def test_other_names_semicolons_and_decimal_commas_give_the_same_numbers(tmp_path, found):
    names = {"wave": "omgång", "area": "område", "sex": "kön", "age": "ålder", "otrygg": "trygghet; ute"}
    answers = write(tmp_path / "svar.csv", rows_of("survey.csv"), ";", "\ufeff", names)
    told = {"sex": "kön", "age": "ålder", "area": "område"}
    register = [
        {
            "antal": row["pop"].replace(row["pop"][-3:], "\N{NO-BREAK SPACE}" + row["pop"][-3:]) + ",0",
            "nivå": row["level"],
            "år": row["wave"],
            "fördelning": told[row["margin"]],
        }
        for row in rows_of("margins.csv")
    ]
    margins = write(tmp_path / "register.csv", register, ";")
    options = ("--wave", "2025", "--rake", "kön", "--rake", "ålder", "--question", "trygghet; ute", "--by", "område")
    same = numbers(answers, margins, *options, "--against", "2024")
    assert same["all"] == found["all"]
    assert same["change"] == found["change"]
    assert [{**one, "by": "area"} for one in same["groups"]] == found["groups"]


def test_columns_can_be_named_when_the_files_do_not_say(tmp_path):
    answers = write(tmp_path / "a.csv", rows_of("survey.csv"), rename={"wave": "w"})
    margins = write(tmp_path / "m.csv", rows_of("margins.csv"), "\t", rename={"margin": "m", "pop": "N"})
    options = ("--wave-column", "w", "--margin-columns", "wave,m,level,N")
    assert numbers(answers, margins, *USUAL, *options) == numbers(SURVEY, MARGINS, *USUAL)


def test_the_wave_is_the_column_that_is_full_of_waves(tmp_path, found):
    rows = [{"": "", "löpnr": str(number), **row} for number, row in enumerate(rows_of("survey.csv"), start=1700)]
    answers = write(tmp_path / "a.csv", rows, ";", rename={"wave": "omgång", "otrygg": "otrygg, ute", "rid": ""})
    register = [{**row, "kod": str(2000 + place)} for place, row in enumerate(rows_of("margins.csv"))]
    register += [{**row, "kod": str(2020 + place), "margin": "other"} for place, row in enumerate(register[:9])]
    margins = write(tmp_path / "m.csv", register, rename={"wave": "år"})
    options = ["otrygg, ute" if option == "otrygg" else option for option in USUAL]
    assert numbers(answers, margins, *options)["change"] == found["change"]


def test_a_third_category_without_a_margin_keeps_its_share_and_that_is_said():
    ran = run(SURVEY, MARGINS, "--wave", "2025", "--question", "otrygg", "--rake", "sex3=sex,age", "--format", "json")
    expect(json.loads(ran.stdout)["all"], p="sex3.2025.otrygg.p", se="sex3.2025.otrygg.se")
    assert "sex3 X has no margin and keeps the share" in ran.stderr


def test_a_sample_that_was_drawn_by_area_is_estimated_by_area():
    options = ("--wave", "2024", "--question", "undvik", "--strata", "area")
    drawn = numbers(SURVEY, MARGINS, *options)
    expect(drawn["all"], **{key: f"strat.2024.undvik.{key}" for key in ("p", "se", "df")})
    raked = numbers(SURVEY, MARGINS, *options, "--rake", "sex,age")
    expect(raked["all"], p="stratrake.2024.undvik.p", se="stratrake.2024.undvik.se")


def test_a_column_can_be_both_drawn_by_and_raked_to():
    options = ("--wave", "2024", "--question", "undvik", "--strata", "area")
    both = numbers(SURVEY, MARGINS, *options, "--rake", "area")["all"]
    assert both["p"] == pytest.approx(numbers(SURVEY, MARGINS, *options)["all"]["p"])
    assert both["se"] == pytest.approx(EXPECTED["strat.2024.undvik.se"])


def test_margins_without_a_wave_hold_for_every_wave(tmp_path):
    one_wave = [{**row, "wave": "x"} for row in rows_of("margins.csv") if row["wave"] == "2025"]
    rows = [{key: value for key, value in row.items() if key != "wave"} for row in one_wave]
    found = numbers(SURVEY, write(tmp_path / "m.csv", rows), *USUAL[:-2])
    expect(found["all"], p="rake2.2025.otrygg.p")


def test_without_weights_every_answer_counts_the_same():
    ran = run(SURVEY, None, "--wave", "2025", "--question", "otrygg", "--format", "json")
    found = json.loads(ran.stdout)
    expect(found["all"], p="unw.2025.p")
    assert found["deff"] == pytest.approx(1)
    assert "every answer weighs the same" in ran.stderr


def test_any_answers_can_count_as_yes_and_others_be_left_out():
    base = ("--wave", "2025", "--question", "fort")
    found = numbers(SURVEY, None, *base, "--counted", "4,5.0", "--left-out", "3")["all"]
    answers = [row["fort"] for row in rows_of("survey.csv") if row["wave"] == "2025"]
    yes, rest = sum(answer in {"4", "5"} for answer in answers), sum(answer in {"1", "2"} for answer in answers)
    assert (found["n"], found["p"]) == (yes + rest, pytest.approx(yes / (yes + rest)))


def test_with_no_event_one_answer_or_none_there_is_null_and_never_a_number(tmp_path):
    kept = set()

    def thin_out(row):
        if row["wave"] == "2025" and row["area"] == "A":
            row["otrygg"] = row["otrygg"] and "0"
        if row["wave"] == "2025" and row["area"] == "B":
            row["otrygg"] = "" if "B" in kept else "1"
            kept.add("B")
        if row["wave"] == "2025" and row["area"] == "C":
            row["otrygg"] = "NA"

    found = numbers(changed(tmp_path, thin_out), MARGINS, *USUAL)
    no_event, one_answer, nobody, _d = found["groups"]
    assert (no_event["n"], no_event["p"], one_answer["n"], nobody["n"], nobody["p"]) == (112, 0, 1, 0, None)
    for one in (no_event, one_answer, nobody):
        assert {one[key] for key in ("se", "low", "high", "kg_low", "kg_high")} == {None}
        assert (one["show_quality"], one["show_disclosure"]) == (False, False)
    changes = found["change"]["groups"]
    assert [one["diff"] is None for one in changes] == [False, False, True, False]
    assert [one["p"] is None for one in changes] == [True, True, True, False]
    assert changes[3]["p_holm"] == changes[3]["p"], "Holm counts only comparisons that could be made"


def test_a_group_that_only_the_other_wave_has_is_there_with_nothing(tmp_path):
    answers = changed(tmp_path, lambda row: row.update(area="E") if row["wave"] + row["area"] == "2024A" else None)
    found = numbers(answers, MARGINS, *USUAL)
    assert [one["group"] for one in found["groups"]] == [*"ABCDE"]
    assert [one["group"] for one in found["change"]["groups"]] == [*"ABCDE"]
    assert (found["groups"][4]["n"], found["change"]["groups"][4]["diff"]) == (0, None)


def test_a_hundred_areas_are_estimated(tmp_path):
    answers = changed(tmp_path, lambda row: row.update(area=f"{int(row['rid'][-4:]) % 100:02}"))
    assert len(numbers(answers, MARGINS, *USUAL)["groups"]) == 100


def test_the_table_is_for_people():
    lines = run(SURVEY, MARGINS, *USUAL).stdout.splitlines()
    assert "everyone" in lines[4]
    assert "22.2 %  17.5 to 27.7  −20.6 (−28.7 to −12.4)   < 0.001" in lines[4]
    assert lines[8].startswith("area D")
    assert lines[8].endswith("weak")


def test_it_runs_where_no_portal_could(tmp_path):
    environ = {"PATH": os.environ["PATH"], "PORTAL_DATA_DIR": "/proc/none", "PORTAL_MUNICIPALITY": "/none"}
    command = [CONSOLE_SCRIPT, "estimate", SURVEY, "--margins", MARGINS, *USUAL, "--format", "json"]
    ran = subprocess.run(command, env=environ, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert json.loads(ran.stdout)["all"]["n"] == 291
