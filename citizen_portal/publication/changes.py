"""Changes between two public documents, computed from their rounded numbers only.

A change from exact figures would undo the rounding of both. So the distance from a published share to the ends of its
interval stands for its uncertainty, and is widened by what rounding to whole percentages adds. All comparisons of a
release, of everyone and of areas, are one family (Holm); the interval of each is of the level at which it is judged,
rounded outwards, and a change is more than chance when zero lies outside: sentence and interval are one.
"""

from collections.abc import Iterator, Mapping
from math import ceil, floor, hypot, sqrt
from typing import Any, NamedTuple

from citizen_portal.statistics.distributions import NORMAL, t_quantile, two_sided_t

Document = Mapping[str, Any]
Change = dict[str, Any]
Key = tuple[str, str | None, str | None]  # indicator, column, group

SURE = 0.05  # of a whole release
PUBLISHED = 0.975  # the quantile that reaches to the end of a published interval
POWER = 0.8
PERCENT, INVITED, BY_AREA = "percent", "invited", "area"
ROUNDED = 1 / 12  # the variance, in squared points, of a number rounded to a whole


class Comparison(NamedTuple):
    """A change of a share in points; one standard error downwards and upwards; its degrees of freedom."""

    diff: int
    down: float
    up: float
    df: int

    @property
    def p(self) -> float:
        """How often chance alone gives as much, in either direction."""
        return two_sided_t(abs(self.diff) / (self.down if self.diff > 0 else self.up), self.df)

    def interval(self, error: float) -> tuple[int, int]:
        """What the change may be, in whole points and rounded outwards; wrong as often as ``error``."""
        t = t_quantile(1 - error / 2, self.df)
        return floor(self.diff - t * self.down), ceil(self.diff + t * self.up)


def public_changes(later: Document, earlier: Document) -> dict[str, list[Change]]:
    """The changes of every comparable indicator that both documents show, for everyone and by area, by indicator.

    ``real`` says that a change of a drawn sample is more than chance, all comparisons of the release counted. It is
    never said of counts of reports, which come in clusters and tell how many tell us. Shares of an open link have no
    change at all: who came was not drawn by chance.
    """
    drawn = later["survey"]["sample"] == earlier["survey"]["sample"] == INVITED
    pairs = [each for each in _pairs(later, earlier) if drawn or each[1] != PERCENT]
    judged = judge({key: _test(now, before) for key, unit, now, before in pairs if unit == PERCENT})
    found: dict[str, list[Change]] = {}
    for key, unit, now, before in pairs:
        diff, low, high, real = judged[key] if unit == PERCENT else (*_rates(now, before), False)
        change = {"by": key[1], "group": key[2], "diff": diff, "low": low, "high": high, "real": real}
        found.setdefault(key[0], []).append(change)
    return found


def smallest_changes(document: Document) -> dict[str, dict[str, Any]]:
    """The smallest change, in whole points, that a later wave as uncertain as this one would show in 8 cases of 10.

    By indicator: for everyone, and of the areas for the best and the worst; all comparisons of a release are counted.
    """
    if document["survey"]["sample"] != INVITED:
        return {}
    shares = [
        (each["code"], value)
        for each in document["indicators"]
        if each["unit"] == PERCENT
        for value in each["values"]
        if value["by"] in {None, BY_AREA} and value["shown"]
    ]
    found: dict[str, dict[str, Any]] = {}
    for code, value in shares:
        test = _test(value, value)
        reach = t_quantile(1 - SURE / (2 * len(shares)), test.df) + NORMAL.inv_cdf(POWER)
        seen = ceil(reach * max(test.down, test.up))
        of_code = found.setdefault(code, {"everyone": None, "areas": None})
        if value["by"] is None:
            of_code["everyone"] = seen
        else:
            best, worst = of_code["areas"] or (seen, seen)
            of_code["areas"] = [min(best, seen), max(worst, seen)]
    return found


def judge(tests: Mapping[Key, Comparison]) -> dict[Key, tuple[int, int, int, bool]]:
    """Each change with its interval and whether it is more than chance; by Holm, the least likely by chance first.

    The first is judged at the family's error over the number of tests, the next at the error over one less, and so on
    until one may be chance: that one and all after it are judged at its level.
    """
    found: dict[Key, tuple[int, int, int, bool]] = {}
    left, still_real = len(tests), True
    for key in sorted(tests, key=lambda each: tests[each].p):
        low, high = tests[key].interval(SURE / left)
        still_real = still_real and not low <= 0 <= high
        found[key] = (
            (tests[key].diff, min(low, 0), max(high, 0), False)
            if not still_real
            else (tests[key].diff, low, high, True)
        )
        left -= still_real
    return found


def _pairs(later: Document, earlier: Document) -> Iterator[tuple[Key, str, Document, Document]]:
    before = {(each["code"], one["by"], one["group"]): one for each in earlier["indicators"] for one in each["values"]}
    for each in later["indicators"]:
        for now in each["values"] if each["incomparable"] is None else ():
            key = (each["code"], now["by"], now["group"])
            if now["by"] in {None, BY_AREA} and now["shown"] and before.get(key, {}).get("shown"):
                yield key, each["unit"], now, before[key]


def _test(now: Document, before: Document) -> Comparison:
    """The change of a share: a fall is as uncertain as the later share upwards and the earlier one downwards.

    Distances to the ends of intervals are taken back to standard errors by the t of the published bases, and added as
    squares (Zou and Donner, 2008).
    """
    down = _error(_below(now), _above(before))
    return Comparison(now["value"] - before["value"], down, _error(_above(now), _below(before)), _df(now) + _df(before))


def _below(value: Document) -> float:
    return (value["value"] - value["low"]) / t_quantile(PUBLISHED, _df(value))


def _above(value: Document) -> float:
    return (value["high"] - value["value"]) / t_quantile(PUBLISHED, _df(value))


def _error(*errors: float) -> float:
    return sqrt(sum(each**2 + ROUNDED for each in errors))


def _df(value: Document) -> int:
    return max(1, value["base"] - 1)


def _rates(now: Document, before: Document) -> tuple[float, float, float]:
    """The change of a rate, with the ends of both published intervals that face it, added as squares."""
    diff = now["value"] - before["value"]
    down = hypot(now["value"] - now["low"], before["high"] - before["value"])
    up = hypot(now["high"] - now["value"], before["value"] - before["low"])
    return tuple(round(end, 1) + 0.0 for end in (diff, diff - down, diff + up))
