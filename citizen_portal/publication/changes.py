"""Changes between two public documents, computed from their rounded numbers only.

A change from exact figures would undo the rounding of both. So each standard error is read off the published interval,
and widened by what rounding to whole percentages adds. All comparisons of a release are one family (Holm).
"""

from collections.abc import Iterator, Mapping, Sequence
from math import sqrt
from typing import Any

from citizen_portal.statistics.change import holm
from citizen_portal.statistics.counts import rate_change
from citizen_portal.statistics.distributions import NORMAL

Document = Mapping[str, Any]
Change = dict[str, Any]
Key = tuple[str, str | None, str | None]  # indicator, column, group

SURE = 0.025  # of a whole release; half of the 5 % that pages promise, since errors are read off rounded intervals
PERCENT, INVITED, BY_AREA = "percent", "invited", "area"
Z = NORMAL.inv_cdf(0.975)
ROUNDED = 1 / 12  # the variance, in squared points, of a number rounded to a whole


def public_changes(later: Document, earlier: Document) -> dict[str, list[Change]]:
    """The changes of every comparable indicator that both documents show, for everyone and by area, by indicator.

    ``real`` says that a change of a drawn sample is more than chance, all comparisons of the release counted. It is
    never said of counts of reports, which come in clusters and tell how many tell us. Shares of an open link have no
    change at all: who came was not drawn by chance.
    """
    drawn = later["survey"]["sample"] == earlier["survey"]["sample"] == INVITED
    pairs = [each for each in _pairs(later, earlier) if drawn or each[1] != PERCENT]
    tested = [(key, *_share(now, before)) for key, unit, now, before in pairs if unit == PERCENT]
    adjusted = holm([p for _key, _diff, _wide, p in tested])
    real = {key for (key, *_rest), p in zip(tested, adjusted, strict=True) if p is not None and p < SURE}
    found: dict[str, list[Change]] = {}
    for key, unit, now, before in pairs:
        diff, low, high = _points(now, before) if unit == PERCENT else _rates(now, before)
        change = {"by": key[1], "group": key[2], "diff": diff, "low": low, "high": high, "real": key in real}
        found.setdefault(key[0], []).append(change)
    return found


def _pairs(later: Document, earlier: Document) -> Iterator[tuple[Key, str, Document, Document]]:
    before = {(each["code"], one["by"], one["group"]): one for each in earlier["indicators"] for one in each["values"]}
    for each in later["indicators"]:
        for now in each["values"] if each["incomparable"] is None else ():
            key = (each["code"], now["by"], now["group"])
            if now["by"] in {None, BY_AREA} and now["shown"] and before.get(key, {}).get("shown"):
                yield key, each["unit"], now, before[key]


def _share(now: Document, before: Document) -> tuple[int, float, float]:
    """Points of change, half the width of its interval, and the probability of as much by chance."""
    diff = now["value"] - before["value"]
    halves: Sequence[float] = [(each["high"] - each["low"]) / 2 for each in (now, before)]
    wide = sqrt(sum(half**2 + Z**2 * ROUNDED for half in halves))
    return diff, wide, 2 * NORMAL.cdf(-abs(diff) * Z / wide)


def _points(now: Document, before: Document) -> tuple[int, int, int]:
    diff, wide, _p = _share(now, before)
    return diff, round(diff - wide), round(diff + wide)


def _rates(now: Document, before: Document) -> tuple[float, float, float]:
    """The change of a rate; exposures are read back from the published rates, which are rounded counts over them."""
    diff = round(now["value"] - before["value"], 1) + 0.0
    if not (now["value"] and before["value"]):
        return diff, diff, diff
    exposures = [each["base"] / each["value"] for each in (now, before)]
    change = rate_change(now["base"], before["base"], later_exposure=exposures[0], earlier_exposure=exposures[1])
    return diff, round(change.low, 1) + 0.0, round(change.high, 1) + 0.0
