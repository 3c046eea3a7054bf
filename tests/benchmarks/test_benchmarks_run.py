"""The benchmarks work: each part runs small and gives finite ratios. How fast anything is, is not for a test to say."""

import math
import tempfile
from pathlib import Path

import pytest

from benchmarks.export import compare_export, peak_memory
from benchmarks.many_answers import answers_database
from benchmarks.many_reports import database_of
from benchmarks.pages import compare_pages
from benchmarks.posts import compare_posts
from benchmarks.rounds import Comparison, Round, Scale
from benchmarks.servers import compare_servers, table
from benchmarks.survey_export import compare_survey_export, peak_memory_of

SMALL = Scale(rounds=1, seconds=0.2, clients=2, rows=300)


@pytest.fixture
def folder():
    # The sockets of PostgreSQL live here, and the path of a socket has to be short.
    with tempfile.TemporaryDirectory(prefix="bench-") as place:
        yield Path(place)


def is_sound(comparison: Comparison) -> bool:
    counted = all(each.done > 0 for each in [*comparison.ours, *comparison.reference])
    return counted and math.isfinite(comparison.ratio) and str(comparison.target) in comparison.lines()[0]


def test_pages_are_compared_with_the_same_bytes_from_memory(folder):
    start, report = compare_pages(SMALL, folder)
    assert is_sound(start)
    assert is_sound(report)


def test_posts_are_compared_on_both_databases_and_every_receipt_has_its_report(folder):
    # That as many reports are stored as receipts were given is checked inside; it raises when they differ.
    comparisons = compare_posts(SMALL, folder)
    assert len(comparisons) == 4
    assert all(map(is_sound, comparisons))


def test_the_export_is_compared_and_its_memory_measured(folder):
    data_dir = database_of(SMALL.rows, folder / "reports")
    assert is_sound(compare_export(SMALL, folder, data_dir))
    assert peak_memory(data_dir) > 1_000_000


def test_the_export_of_a_survey_is_compared_and_its_memory_measured(folder):
    data_dir = answers_database(50, folder / "answers")
    assert is_sound(compare_survey_export(SMALL, folder, data_dir, 50))
    for name in ("csv", "xlsx"):
        assert peak_memory_of(data_dir, name) > 1_000_000


def test_servers_are_measured_into_a_table(folder):
    header, _line, row = table(compare_servers(SMALL, folder, kinds=["granian"], threads=[1]))
    assert header.count("|") == row.count("|")
    assert "granian" in row


def test_a_ratio_is_the_median_over_the_rounds_not_the_ratio_of_the_medians():
    comparison = Comparison("a thing", "things", target=0.5)
    comparison.ours = [Round(10, 1), Round(1, 1), Round(30, 1)]
    comparison.reference = [Round(20, 1), Round(1, 1), Round(10, 1)]
    assert comparison.ratio == 1
