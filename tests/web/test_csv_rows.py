"""CSV: opens right in a Swedish Excel, reads back unchanged, and runs nothing a stranger wrote."""

import csv
from io import StringIO

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as some

from citizen_portal.web.csv_rows import FOR_EXCEL, FOR_MACHINES, ROWS_PER_CHUNK, csv_chunks, safe_cell

# What Python's reader gives back as it was; a lone carriage return is a line end to it.
CELLS = some.text(some.characters(exclude_characters="\r\0", exclude_categories=["Cs"]))
TRICKY = some.text(some.sampled_from('a;, "\r\n'))
FORMULA_STARTS = ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"]


def file_of(rows, style=FOR_EXCEL) -> str:
    return b"".join(csv_chunks(("a", "b"), rows, style)).decode("utf-8")


def test_for_excel_there_is_a_byte_order_mark_semicolons_and_crlf():
    assert file_of([("å", 1)]) == "\ufeffa;b\r\nå;1\r\n"


def test_for_machines_there_are_commas_and_no_byte_order_mark():
    assert file_of([("å", 1)], FOR_MACHINES) == "a,b\r\nå,1\r\n"


def test_without_rows_there_is_still_a_header():
    assert file_of([]) == "\ufeffa;b\r\n"


def test_the_byte_order_mark_and_the_header_come_once_however_many_chunks_there_are():
    text = file_of((number, "x") for number in range(ROWS_PER_CHUNK * 2 + 1))
    assert text.count("\ufeff") == text.count("a;b") == 1
    assert text.count("\r\n") == ROWS_PER_CHUNK * 2 + 2


def test_rows_are_taken_a_chunk_at_a_time():
    taken = []
    chunks = csv_chunks(("n",), ([taken.append(number) or number] for number in range(5000)), FOR_EXCEL)
    next(chunks)
    assert len(taken) == ROWS_PER_CHUNK


@pytest.mark.parametrize("start", FORMULA_STARTS)
def test_a_text_that_begins_like_a_formula_is_made_a_text(start):
    assert safe_cell(f"{start}cmd|' /C calc'!A0") == f"'{start}cmd|' /C calc'!A0"


@pytest.mark.parametrize("text", ["", None, "5 - 3 = 2", "'quoted", "Här", "0735-12"])
def test_any_other_text_is_left_as_it_is(text):
    assert safe_cell(text) == (text or "")


@given(CELLS)
def test_no_cell_begins_like_a_formula_and_only_apostrophes_are_added(text):
    cell = safe_cell(text)
    assert not cell.startswith(tuple(FORMULA_STARTS))
    assert cell.replace("'", "") == text.replace("'", "")


DANGEROUS = some.text(some.sampled_from("a=+-@\"',;|\t\n \N{FULLWIDTH EQUALS SIGN}"), max_size=12)


@pytest.mark.parametrize("style", [FOR_EXCEL, FOR_MACHINES], ids=["excel", "machines"])
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@settings(deadline=None)
@given(rows=some.lists(some.tuples(DANGEROUS, DANGEROUS), min_size=1, max_size=4))
@example(rows=[("hej,=1+1", "x\n=1+1")])
@example(rows=[('a,"=1+1', ';""=1')])
def test_no_cell_begins_like_a_formula_whatever_separator_the_file_is_opened_with(style, separator, rows):
    text = file_of([tuple(map(safe_cell, row)) for row in rows], style)
    for line in csv.reader(StringIO(text, newline=""), delimiter=separator):
        for cell in line:
            assert not cell.startswith(tuple("=+-@＝＋－＠")), text


@pytest.mark.parametrize("style", [FOR_EXCEL, FOR_MACHINES], ids=["excel", "machines"])
@given(rows=some.lists(some.lists(TRICKY | some.integers() | some.none(), min_size=1)))
def test_every_byte_is_what_the_library_writes(style, rows):
    expected = StringIO(newline="")
    writer = csv.writer(expected, delimiter=style.delimiter, lineterminator="\r\n")
    writer.writerows([("a", "b"), *rows])
    assert file_of(rows, style).removeprefix("\ufeff") == expected.getvalue()


@pytest.mark.parametrize("style", [FOR_EXCEL, FOR_MACHINES], ids=["excel", "machines"])
@given(rows=some.lists(some.tuples(CELLS, CELLS)))
def test_every_cell_reads_back_as_it_was_with_its_line_breaks_and_quotes(style, rows):
    text = file_of(rows, style).removeprefix("\ufeff")
    read = list(csv.reader(StringIO(text, newline=""), delimiter=style.delimiter))
    assert read == [["a", "b"], *map(list, rows)]
