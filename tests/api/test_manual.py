"""``docs/feed.md`` says what the feed does, no more and no less."""

import re

import pytest

from citizen_portal.api.formats import FORMATS
from citizen_portal.api.jsonstat import MEASURES, STATUSES
from citizen_portal.api.tables import FIGURES
from tests.architecture.tree import CHECKOUT
from tests.snapshots import FOLLOW_UP_CODE

SECONDS = {"5 minutes": 300}


@pytest.fixture(scope="module")
def manual() -> str:
    return (CHECKOUT / "docs" / "feed.md").read_text("utf-8")


def rows(manual: str, heading: str) -> list[list[str]]:
    """The cells of the table whose first column has this heading."""
    table = re.search(rf"^\| {heading} \|.*\n\|[-|]+\|\n((?:\|.*\n)+)", manual, re.MULTILINE)[1]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in table.splitlines()]


def test_every_address_is_in_the_manual_as_it_answers(app, client, snapshots, manual):
    described = rows(manual, "address")
    for address, media_type, _what, kept in described:
        answer = client.get(address.strip("`").replace("CODE", FOLLOW_UP_CODE))
        assert answer.status_code == 200, address
        assert f"`{answer.mimetype}`" == media_type
        assert answer.headers["Cache-Control"] == f"public, max-age={SECONDS[kept]}"
    routes = {rule.rule.replace("<code>", "CODE") for rule in app.url_map.iter_rules() if rule.rule.startswith("/api/")}
    assert {address.strip("`") for address, *_rest in described} == routes


def test_every_column_is_in_the_manual_in_its_place(manual):
    described = [(name.strip("`"), kind) for name, kind, _what in rows(manual, "column")]
    assert described == [(column.name, column.kind) for column in FIGURES.columns]


def test_the_cube_and_the_command_are_in_the_manual(manual):
    assert [status.strip("`") for status, _what in rows(manual, "status")] == list(STATUSES)
    for measure in MEASURES:
        assert f"`{measure}`" in manual
    assert f"--format {'|'.join(FORMATS)}`" in manual
