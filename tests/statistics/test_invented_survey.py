"""A second survey, under other names and with every awkward group: what the bench prints is what R computes."""

import json

import pytest
from click.testing import CliRunner

from citizen_portal.cli.estimate import estimate
from tests.statistics.synthetic_survey import REFERENCE, rows_of

EXPECTED = {row["id"]: float(row["value"]) for row in rows_of("invented_expected.csv")}
USABLE_ONLY = {"se", "low", "high", "kg_low", "kg_high", "p_holm"}
RUNS = {
    "host21.radd": ("--wave", "host21", "--question", "radd"),
    "host23.radd": ("--wave", "host23", "--question", "radd", "--against", "host21"),
    "host23.ute": ("--wave", "host23", "--question", "ute", "--counted", "3,4"),
}


def printed(name):
    """Every number of a run, as id and value."""
    files = [str(REFERENCE / "invented_answers.csv"), "--margins", str(REFERENCE / "invented_margins.csv")]
    common = ("--rake", "kon,alder", "--by", "stadsdel,alder", "--format", "json")
    ran = CliRunner().invoke(estimate, [*files, *common, *RUNS[name]])
    found = json.loads(ran.stdout, parse_constant=pytest.fail)
    yield f"{name}.deff", found["deff"]
    for one in (found["all"], *found["groups"]):
        for key in ("n", "p", "se", "df", "low", "high", "kg_low", "kg_high"):
            yield f"{name}.{one['group'] or 'all'}.{key}", one[key]
    for one in (found["change"]["all"], *found["change"]["groups"]) if found["change"] else ():
        for key in ("diff", "se", "df", "low", "high", "p", "p_holm"):
            yield f"change.{one['group'] or 'all'}.{key}", one[key]


@pytest.fixture(scope="module")
def ours():
    return {id_: value for name in RUNS for id_, value in printed(name)}


@pytest.mark.parametrize("id_", EXPECTED)
def test_the_value_is_rs(ours, id_):
    assert ours[id_] == pytest.approx(EXPECTED[id_], rel=1e-9, abs=0)


def test_where_r_has_no_usable_number_there_is_none(ours):
    left = {id_: value for id_, value in ours.items() if id_ not in EXPECTED and id_.rpartition(".")[2] in USABLE_ONLY}
    assert {id_ for id_, value in left.items() if value is not None} == {"change.all.p_holm"}
    awkward = {"host23.radd.Udden", "host23.radd.Skaret", "host23.radd.Tomma", "host21.radd.Holmen", "change.Udden"}
    assert awkward <= {id_.rpartition(".")[0] for id_ in left}
