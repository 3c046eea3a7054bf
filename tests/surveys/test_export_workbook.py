"""The workbook: read back by openpyxl, every letter right, and no text taken for a formula or an error."""

from io import BytesIO

import pytest
from openpyxl import load_workbook

from citizen_portal.surveys.export.codebook import codebook_header, codebook_rows
from citizen_portal.surveys.export.columns import ABOUT_THE_ROW, columns_of
from tests.closed_waves import ELSEWHERE, arabic, chunks, content, store_noise, store_wave
from tests.waves import questionnaire_with_every_kind

ODD = [
    '=HYPERLINK("x");\n"citat"\tå',
    "+46 8 590 970 00",
    "-1",
    "@SUM(1)",
    "#N/A",
    "Mörkt & <b>halt</b>; ‘ofta’",
    "الشارع مظلم؛ لا أحد يمشي هنا",
    "'citerat'",
    "123",
]


@pytest.fixture(autouse=True)
def _noise(app):
    store_noise()


def book(code: str = "wave"):
    return load_workbook(BytesIO(content(code, "xlsx")))


def table(sheet) -> list[dict[str, object]]:
    header, *lines = ([cell.value for cell in line] for line in sheet.iter_rows())
    return [dict(zip(header, line, strict=True)) for line in lines]


def test_it_has_a_sheet_of_answers_and_one_with_the_codebook():
    store_wave("wave", [{"calm": "very_noisy", "noises": ["mopeds"], "times_told": 3}, {"told": "no"}])
    read = book()
    assert read.sheetnames == ["answers", "codebook"]
    rows = table(read["answers"])
    assert list(rows[0]) == [*ABOUT_THE_ROW, *(column.name for column in columns_of(questionnaire_with_every_kind()))]
    (noisy,) = [row for row in rows if row["calm"] == "very_noisy"]
    assert (noisy["noises__mopeds"], noisy["noises__voices"], noisy["times_told"], noisy["version"]) == (1, 0, 3, 1)
    assert noisy["told"] is None
    assert {row["wave"] for row in rows} == {"wave"}
    assert len(rows) == 2


def test_words_stand_as_they_were_written_and_as_text():
    store_wave("wave", [{"more": words} for words in ODD])
    sheet = book()["answers"]
    column = [cell.value for cell in sheet[1]].index("more")
    cells = [line[column] for line in sheet.iter_rows(min_row=2)]
    assert sorted(cell.value for cell in cells) == sorted(ODD)
    assert {cell.data_type for cell in cells} == {"s"}
    # A cell of that kind is a text for good: editing it in Excel makes no formula of it.
    assert {cell.value for cell in cells if cell.quotePrefix} == {words for words in ODD if words[0] in "=+-@#"}


def test_what_a_workbook_cannot_hold_does_not_stop_it():
    store_wave("wave", [{"more": "klagan\x0b\x07slut"}])
    assert table(book()["answers"])[0]["more"] == "klaganslut"


def test_the_codebook_sheet_holds_the_codebook():
    store_wave("wave", [])
    rows = [tuple(cell.value for cell in line) for line in book()["codebook"].iter_rows()]
    asked = questionnaire_with_every_kind()
    expected = [tuple(None if cell == "" else cell for cell in line) for line in codebook_rows(asked)]
    assert rows == [tuple(codebook_header(asked)), *expected]


def test_arabic_labels_keep_every_letter():
    store_wave("wave", [{"why": "dark"}], questionnaire=arabic())
    assert {row["label_ar"] for row in table(book()["codebook"])} == {"الظلام", "تم تخطيه"}


def test_the_header_stays_in_sight():
    store_wave("wave", [])
    assert {sheet.freeze_panes for sheet in book()} == {"A2"}


def test_no_words_of_another_wave_are_in_it():
    store_wave("wave", [{"more": "här"}])
    assert ELSEWHERE not in {row["more"] for row in table(book()["answers"])}


def test_nothing_is_left_of_it_on_the_disk(monkeypatch, tmp_path):
    store_wave("wave", [{"more": "här"}])
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    assert content("wave", "xlsx")
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_left_of_one_that_failed_half_way(monkeypatch, tmp_path):
    store_wave("wave", [{"more": "här"}] * 3)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    def breaks(rows):
        yield next(rows)
        raise OSError("the disk is gone")

    with pytest.raises(OSError, match="the disk is gone"):
        b"".join(chunks("wave", "xlsx", watch=breaks))
    assert list(tmp_path.iterdir()) == []
