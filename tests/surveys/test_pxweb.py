"""Register files as Statistics Sweden's PxWeb writes them. The counts are synthetic."""

import json

import pytest

from citizen_portal.surveys.pxweb import RegisterFileRefused, read_register

HEADING = '"region","kön","ålder","Folkmängd 2025"'
ROWS = [
    '"0114 Kommunen","kvinnor","0 år",310',
    '"0114 Kommunen","kvinnor","100+ år",4',
    '"0114 Kommunen","män","0 år",330',
]
SEX_AND_AGE = {("kvinnor", "0 år"): 310, ("kvinnor", "100+ år"): 4, ("män", "0 år"): 330}
JSON_STAT = {
    "version": "2.0", "class": "dataset", "id": ["Region", "Kon", "Alder", "Tid"], "size": [1, 2, 2, 1],
    "dimension": {
        "Region": {"category": {"index": {"0114": 0}, "label": {"0114": "Kommunen"}}},
        "Kon": {"category": {"index": {"2": 0, "1": 1}, "label": {"1": "män", "2": "kvinnor"}}},
        "Alder": {"category": {"index": ["0", "100+"], "label": {"0": "0 år", "100+": "100+ år"}}},
        "Tid": {"category": {"label": {"2025": "2025"}}},
    },
    "value": [310, 4, 330, None],
}  # fmt: skip


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_csv_file_is_read_in_each_of_pxwebs_forms(encoding, delimiter):
    text = "\r\n".join([HEADING, *ROWS]).replace(",", delimiter)
    table = read_register(text.encode(encoding))
    assert (table.dimensions, dict(table.counts)) == (("kön", "ålder"), SEX_AND_AGE)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("title", ['"Folkmängd, efter region; ålder\toch kön"', '"Folkmängd"', "Folkmängd efter kön"])
def test_a_csv_file_with_heading_has_a_title_and_an_empty_line_above_the_names_of_its_columns(
    encoding, delimiter, title
):
    text = "\r\n".join([title, "", *(line.replace(",", delimiter) for line in (HEADING, *ROWS)), ""])
    table = read_register(text.encode(encoding))
    assert (table.dimensions, dict(table.counts)) == (("kön", "ålder"), SEX_AND_AGE)


@pytest.mark.parametrize("sign", ["..", ".", "...", "", '":"'])
def test_a_count_that_is_not_told_is_missing_and_no_nought(sign):
    table = read_register(f"sex,age,2025\nwomen,16,10\nwomen,17,{sign}\nmen,16,-\n".encode())
    assert dict(table.counts) == {("women", "16"): 10, ("men", "16"): 0}
    assert list(table.missing) == [("women", "17")]
    assert "row 3, column 2025" in table.missing["women", "17"]


def test_a_row_is_told_by_its_number_in_the_file_with_heading():
    with pytest.raises(RegisterFileRefused, match="row 5, column persons: 'x'"):
        read_register(b'"Title"\n\n"sex","persons"\nwomen,1\nmen,x\n')


@pytest.mark.parametrize(
    "heading",
    ["region,age,men,women", "region,age,men 2025,women 2025", "region,age,Population men 2025,Population women 2025"],
)
def test_a_table_that_was_turned_is_read_with_its_columns_as_labels(heading):
    table = read_register(f"{heading}\n0114 A,16,10,12\n0114 A,17,11,13\n".encode())
    assert table.labels("value") == ["men", "women"]
    assert dict(table.counts) == {("16", "men"): 10, ("16", "women"): 12, ("17", "men"): 11, ("17", "women"): 13}


def test_blanks_between_thousands_are_no_part_of_a_number():
    table = read_register("sex;persons\nwomen;24 310\nmen;1\u00a0024\n".encode())
    assert dict(table.counts) == {("women",): 24310, ("men",): 1024}


@pytest.mark.parametrize(
    "status", ["..", {"3": ".."}, ["", "", "", ".."], {"3": None}], ids=["all", "by place", "list", "none"]
)
def test_a_null_of_a_json_stat_dataset_is_missing_whatever_its_status(status):
    table = read_register(json.dumps({**JSON_STAT, "status": status}).encode())
    assert list(table.missing) == [("män", "100+ år")]


def test_a_null_with_the_sign_for_nobody_is_a_nought():
    table = read_register(json.dumps({**JSON_STAT, "status": {"3": "-"}}).encode())
    assert table.counts["män", "100+ år"] == 0


def test_years_side_by_side_are_a_dimension():
    table = read_register(b"sex,2024,2025\nwomen,10,11\nmen,12,..\n")
    assert dict(table.counts) == {("women", "2024"): 10, ("women", "2025"): 11, ("men", "2024"): 12}
    assert table.labels("value") == ["2024", "2025"]


@pytest.mark.parametrize("values", [[310, 4, 330, None], {"0": 310, "1": 4, "2": 330}], ids=["dense", "sparse"])
def test_a_json_stat_dataset_is_read_by_the_order_of_its_index(values):
    table = read_register(json.dumps({**JSON_STAT, "value": values}).encode())
    assert (table.dimensions, dict(table.counts)) == (("Kon", "Alder"), SEX_AND_AGE)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (HEADING, "no rows"),
        (f'{HEADING}\n"0114","kvinnor",310', "row 2 has 3 columns"),
        (f'{HEADING}\n{ROWS[0]}\n"0114","män","0 år","många"', "row 3, column Folkmängd 2025: 'många'"),
        (f'{HEADING}\n{ROWS[0]}\n"0114","män","0 år",-3', "'-3' is no count"),
        (f'{HEADING}\n{ROWS[0]}\n"0114","män","0 år",3.5', "'3.5' is no count"),
        (f"{HEADING}\n{ROWS[0]}\n{ROWS[0]}\n{ROWS[2]}", "row 3, column Folkmängd 2025: 0114 Kommunen / kvinnor"),
        (f"{HEADING}\n{ROWS[0]}", "no dimension"),
        ("{", "no JSON-stat"),
        ("{}", "no JSON-stat"),
        (json.dumps({**JSON_STAT, "value": [1]}), "1 values, its dimensions need 4"),
        (json.dumps({**JSON_STAT, "value": ["x", 1, 1, 1]}), "value 0: 'x'"),
    ],
)
def test_a_file_that_is_no_register_table_is_refused_with_place_and_reason(content, said):
    with pytest.raises(RegisterFileRefused, match=said):
        read_register(content.encode())
