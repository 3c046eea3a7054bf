"""Estimates as a table a person reads: whole percentages, intervals, and a plain word on what is too weak to use."""

from collections.abc import Iterator

from citizen_portal.statistics.estimates import GroupChange, GroupEstimate, WaveEstimates

EVERYONE = "everyone"
MINUS = "\N{MINUS SIGN}"
DASH = "\N{EN DASH}"
SMALLEST_P = 0.001


def table_lines(found: WaveEstimates, against: str | None) -> Iterator[str]:
    """The lines of the table: a heading, a row for each group, and what the marks mean."""
    yield f"{found.question}, wave {found.wave}: share that said yes, with its 95 % interval"
    yield f"Unequal weights: design effect {found.deff:.2f}, worth {found.n_eff:.0f} equally weighted answers"
    yield ""
    rows = [("", "answers", "share", "interval", *((f"since {against}", "p (Holm)") if found.change else ()), "")]
    changes = [found.change.all, *found.change.groups] if found.change else []
    for place, one in enumerate((found.all, *found.groups)):
        changed = (_change(changes[place]), _p_value(changes[place])) if changes else ()
        rows.append((_name(one), str(one.n), _percent(one.p), _interval(one), *changed, _marks(one)))
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for name, *cells in rows:
        padded = (cell.rjust(width) for cell, width in zip(cells[:-1], widths[1:-1], strict=True))
        yield "  ".join((name.ljust(widths[0]), *padded, cells[-1])).rstrip()
    yield ""
    yield "weak: too uncertain to rest a decision on (the rule of NCHS, 2017)"
    yield "few: fewer than five people on one side, not to be published"


def _name(one: GroupEstimate) -> str:
    return EVERYONE if one.group is None else f"{one.by} {one.group}"


def _marks(one: GroupEstimate) -> str:
    return " ".join(mark for mark, fine in (("weak", one.show_quality), ("few", one.show_disclosure)) if not fine)


def _percent(share: float | None) -> str:
    return DASH if share is None else f"{100 * share:.1f} %"


def _interval(one: GroupEstimate) -> str:
    return DASH if one.low is None or one.high is None else f"{100 * one.low:.1f} to {100 * one.high:.1f}"


def _change(one: GroupChange) -> str:
    if one.diff is None:
        return DASH
    if one.low is None or one.high is None:
        return _points(one.diff)
    return f"{_points(one.diff)} ({_points(one.low)} to {_points(one.high)})"


def _p_value(one: GroupChange) -> str:
    if one.p_holm is None:
        return DASH
    return f"< {SMALLEST_P}" if one.p_holm < SMALLEST_P else f"{one.p_holm:.3f}"


def _points(difference: float) -> str:
    """A difference in percentage points, with its sign."""
    return f"{100 * difference:+.1f}".replace("-", MINUS)
