"""The JSON-stat cube: a reader of its own finds every figure of the public document, and none where one is hidden."""

import json
from itertools import product

import pytest

from tests.snapshots import FOLLOW_UP_CODE

MEASURES = ("base", "value", "low", "high")


@pytest.fixture
def text(client, snapshots) -> str:
    return client.get(f"/api/v1/baseline/{FOLLOW_UP_CODE}.jsonstat.json").text


def expected_of(document: dict) -> dict[tuple[str, str, str], float | None]:
    """Number by indicator, group and measure, for every figure and change of the document."""
    found = {}
    for indicator in document["indicators"]:
        for value in indicator["values"]:
            group = f"{value['by']}:{value['group']}" if value["by"] else "everyone"
            found.update({(indicator["code"], group, name): value[name] for name in MEASURES})
        for change in indicator["changes"]:
            group = f"{change['by']}:{change['group']}" if change["by"] else "everyone"
            for name, key in (("change", "diff"), ("change_low", "low"), ("change_high", "high")):
                found[indicator["code"], group, name] = change[key]
    return found


@pytest.mark.filterwarnings("ignore:Shouldn't use this function anymore:DeprecationWarning")  # the reader's own
def test_a_reader_of_json_stat_finds_every_figure_and_no_other(text, documents):
    from pyjstat import pyjstat

    frame = pyjstat.Dataset.read(text).write("dataframe", naming="id")
    found = {
        (row.indicator, row.group, row.measure): None if row.value != row.value else row.value
        for row in frame.itertuples()
    }
    expected = expected_of(documents[1])
    assert {key: number for key, number in found.items() if number is not None} == {
        key: number for key, number in expected.items() if number is not None
    }
    assert set(expected) <= set(found)


def test_a_cell_without_a_number_says_why(text, documents):
    cube = json.loads(text)
    cells = list(product(*(cube["dimension"][name]["category"]["index"] for name in cube["id"])))
    assert len(cells) == len(cube["value"])
    hidden = {
        (each["code"], f"{value['by']}:{value['group']}" if value["by"] else "everyone")
        for each in documents[1]["indicators"]
        for value in each["values"]
        if not value["shown"]
    }
    statuses = {cell: cube["status"].get(str(place)) for place, cell in enumerate(cells)}
    for cell, number in zip(cells, cube["value"], strict=True):
        if cell[:2] in hidden:
            assert (number, statuses[cell]) == (None, "hidden")
        elif number is None:
            assert statuses[cell] == "absent"
        else:
            assert statuses[cell] in ({"real", "chance"} if cell[2] == "change" else {None})
    assert {status for status in statuses.values() if status} == set(cube["extension"]["status"]["label"])


def test_the_cube_says_which_changes_are_more_than_chance(text, documents):
    cube = json.loads(text)
    cells = product(*(cube["dimension"][name]["category"]["index"] for name in cube["id"]))
    places = {cell: str(place) for place, cell in enumerate(cells)}
    for indicator in documents[1]["indicators"]:
        for change in indicator["changes"]:
            group = f"{change['by']}:{change['group']}" if change["by"] else "everyone"
            status = cube["status"][places[indicator["code"], group, "change"]]
            assert status == ("real" if change["real"] else "chance")


def test_the_cube_has_units_and_words_and_says_that_its_population_is_invented(text):
    cube = json.loads(text)
    indicators = cube["dimension"]["indicator"]["category"]
    assert indicators["label"]["safe_at_station"] == "Feel safe at the station in the evening"
    assert indicators["unit"]["safe_at_station"] == {"label": "percent", "decimals": 0}
    assert indicators["unit"]["unsafe_reports"]["decimals"] == 1
    assert "invented" in cube["note"][0]
