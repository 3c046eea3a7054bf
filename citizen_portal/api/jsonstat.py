"""JSON-stat 2.0, which statistical offices' tables speak: figures as a cube of indicator, group and measure.

What the cube cannot hold is null with a status that says why.
"""

import json
from collections.abc import Iterator, Sequence
from itertools import product

from citizen_portal.api.documents import PublicDocument, label
from citizen_portal.api.tables import EVERYONE, FIGURES, Row, Values

MEASURES = ("base", "value", "low", "high", "change", "change_low", "change_high")
CHANGE = "change"
UNITS = {
    "percent": {"label": "percent", "decimals": 0},
    "per_1000_residents_and_year": {"label": "reports per 1 000 residents and year", "decimals": 1},
}
HIDDEN, ABSENT, REAL, CHANCE = "hidden", "absent", "real", "chance"
STATUSES = {
    HIDDEN: "Too few people: hidden, to protect them",
    ABSENT: "There is no such figure",
    REAL: "A change that chance alone does not explain, all comparisons counted",
    CHANCE: "A change that may be chance",
}
EXAMPLE = "The population counts that figures rest on are invented, for demonstration."


def json_stat(document: PublicDocument) -> bytes:
    """The cube of a snapshot."""
    values = document.values
    rows = {(str(row["indicator"]), _group_id(row)): row for row in FIGURES.rows(values)}
    indicators = [indicator["code"] for indicator in values["indicators"]]
    groups = list(dict.fromkeys(group for _indicator, group in rows))
    cells = list(_cells(rows, indicators, groups))
    cube = {
        "version": "2.0",
        "class": "dataset",
        "label": f"{FIGURES.title}, {values['municipality']}, {document.code}",
        "source": f"{document.code}, SHA-256 {document.digest}",
        "updated": values["frozen_on"],
        "note": [EXAMPLE] if values["survey"]["example_population"] else [],
        "id": ["indicator", "group", "measure"],
        "size": [len(indicators), len(groups), len(MEASURES)],
        "role": {"metric": ["indicator", "measure"]},
        "dimension": {
            "indicator": _indicator_dimension(values),
            "group": _dimension("Group", {group: _group_label(group, values) for group in groups}),
            "measure": _dimension("Measure", _measure_labels()),
        },
        "value": [number for number, _status in cells],
        "status": {str(place): status for place, (_number, status) in enumerate(cells) if status},
        "extension": {"status": {"label": STATUSES}},
    }
    return json.dumps(cube, ensure_ascii=False, separators=(",", ":")).encode()


def _cells(
    rows: dict[tuple[str, str], Row], indicators: Sequence[str], groups: Sequence[str]
) -> Iterator[tuple[object, str | None]]:
    """A number and a status per cell, the last dimension running fastest."""
    for indicator, group in product(indicators, groups):
        row = rows.get((indicator, group))
        for measure in MEASURES:
            yield (row[measure], _status(row, measure)) if row else (None, ABSENT)


def _status(row: Row, measure: str) -> str | None:
    if not row["shown"]:
        return HIDDEN
    if row[measure] is None:
        return ABSENT
    if measure == CHANGE:
        return REAL if row["change_real"] else CHANCE
    return None


def _indicator_dimension(values: Values) -> dict[str, object]:
    indicators = values["indicators"]
    dimension = _dimension("Indicator", {each["code"]: label(each["label"]) for each in indicators})
    dimension["category"]["unit"] = {each["code"]: UNITS[each["unit"]] for each in indicators}
    return dimension


def _dimension(name: str, labels: dict[str, str]) -> dict[str, dict[str, object]]:
    return {"label": name, "category": {"index": list(labels), "label": labels}}


def _measure_labels() -> dict[str, str]:
    meanings = {column.name: column.meaning for column in FIGURES.columns}
    return {measure: meanings[measure] for measure in MEASURES}


def _group_id(row: Row) -> str:
    return EVERYONE if row["by"] == EVERYONE else f"{row['by']}:{row['group']}"


def _group_label(group: str, values: Values) -> str:
    by, _colon, code = group.partition(":")
    return f"{by}: {label(values['groups'][by][code])}" if code else "everyone"
