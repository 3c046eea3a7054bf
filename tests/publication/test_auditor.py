"""The auditor, against everybody who lays public documents beside each other."""

import json
import os
from random import Random

from click.testing import CliRunner

from citizen_portal.cli.baseline_audit import audit_command
from citizen_portal.publication.auditor import audit
from citizen_portal.statistics.disclosure import publishable_counts
from tests.publication.public_documents import document, indicator, table, value

SEVEN = tuple("abcdefg")
TOWNS = int(os.environ.get("AUDIT_TOWNS", "200"))  # many more with "make audit"


def test_a_total_of_five_and_seven_hidden_areas_say_nothing_when_all_areas_are_listed():
    assert audit([document("one", reports=[table(5, {}, SEVEN)])]) == []


def test_a_count_hidden_alone_is_found_by_subtraction():
    (fault,) = audit([document("one", reports=[table(45, {"b": 20, "c": 15}, ("a",))])])
    assert "'a'" in fault
    assert "told from zero" in fault


def test_a_total_that_another_table_tells_more_exactly_is_used_too():
    by_theme = table(20, {"x": 10, "y": 20}, (), by="theme")
    assert audit([document("one", reports=[table(20, {"b": 10}, ("a", "c"))])]) == []
    assert audit([document("one", reports=[table(20, {"b": 10}, ("a", "c")), by_theme])])


def test_periods_that_overlap_would_give_the_difference_away():
    one = document("one", reports=[table(50, {"a": 25, "b": 25}, ())])
    longer = document(
        "two", days=("2025-01-01", "2026-01-01"), wave="2026", reports=[table(50, {"a": 25, "b": 25}, ())]
    )
    (fault,) = audit([one, longer])
    assert "'one'" in fault
    assert "'two'" in fault


def test_the_same_period_again_after_one_withdrawal_is_found():
    before = document("one", reports=[table(50, {"a": 25, "b": 25}, ())])
    after = document("two", wave="2026", reports=[table(50, {"a": 20, "b": 25}, ())])
    assert "overlaps" in audit([before, after])[0]
    assert audit([before, {**before, "code": "two"}]) == []


def test_a_period_that_follows_is_another():
    one = document("one", reports=[table(50, {"a": 25, "b": 25}, ())])
    next_year = {**one, "code": "two", "period": {"from": "2026-01-01", "to": "2026-12-31"}}
    assert audit([one, next_year]) == []


def test_one_wave_under_two_agreements_is_found():
    one = document("one", indicator("safe", value(50)))
    other = document("two", indicator("safer", value(40), source="another question"), days=("2026-01-01", "2026-12-31"))
    assert "the wave '2025'" in audit([one, other])[0]


def test_random_towns_are_published_without_a_fault_and_hide_something():
    """Reports by area, theme and month of one year: three tables of the same reports, judged together."""
    chance, hidden = Random(TOWNS), 0
    for _town in range(TOWNS):
        sizes = {"area": chance.randrange(2, 12), "theme": chance.randrange(2, 6), "month": 12}
        counts = {by: dict.fromkeys((f"{by}_{place}" for place in range(size)), 0) for by, size in sizes.items()}
        uneven = chance.choice((1, 2, 4))
        for _report in range(chance.choice((0, 4, 9, 30, 120, 400))):
            for by, size in sizes.items():
                counts[by][f"{by}_{int(size * chance.random() ** uneven)}"] += 1
        tables = []
        for by, cells in counts.items():
            made = publishable_counts("reports", "2025", by, cells)
            shown = {row.group: row.base for row in made.rows}
            tables.append(table(shown.pop(None, None), shown, made.hidden, by=by))
            hidden += len(made.hidden)
        assert audit([document("town", reports=tables)]) == [], counts
    assert hidden > TOWNS


def test_anyone_can_audit_public_files_alone(tmp_path):
    sound, broken = tmp_path / "sound.json", tmp_path / "broken.json"
    sound.write_text(json.dumps(document("one", reports=[table(5, {}, SEVEN)])))
    broken.write_text(json.dumps(document("two", days=("2026-01-01", "2026-12-31"), wave="2026",
                                          reports=[table(45, {"b": 20, "c": 15}, ("a",))])))  # fmt: skip
    run = CliRunner().invoke
    assert run(audit_command, [str(sound)]).exit_code == 0
    found = run(audit_command, [str(sound), str(broken)])
    assert (found.exit_code, "told from zero" in found.output) == (1, True)
    broken.write_text("no json")
    assert "no JSON document" in run(audit_command, [str(broken)]).output
