"""The auditor of releases: public documents in, all of them together, and every way in which one betrays another out.

Tables of reports are one-way, and the sets of themes never share a theme, so any whole numbers with the same total make
all of them true at once. So the smallest and the largest value of a hidden count need no solver: an integer program
over such tables comes down to sums of whole intervals. Shares of answers are audited beside them, and a wave is
published once.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any

from citizen_portal.publication.shares_audit import faults_of_shares

Document = Mapping[str, Any]
Range = tuple[int, int]
# Numbers by where they stand.
Told = Mapping[tuple[Any, ...], tuple[Any, ...]]

ROUNDING = 2  # a count rounded to five is at most two away
FEWEST = 5
TOO_FEW, PROTECTS = "too_few", "protects_another"  # why a cell is hidden, where a document says it
NO_TOTAL: Range = (0, FEWEST - 1)  # a total that is not shown is under five


def audit(documents: Sequence[Document]) -> list[str]:
    """Every fault of these public documents taken together, a sentence each; none when nothing can be found out."""
    return [
        *(fault for one, other in combinations(documents, 2) for fault in between(one, other)),
        *(fault for each in documents for fault in within(each)),
    ]


def between(one: Document, other: Document) -> Iterator[str]:
    """What two documents give away together: overlapping periods of reports, or a wave that is published twice."""
    first, second = one["period"], other["period"]
    if first["from"] <= second["to"] and second["from"] <= first["to"]:
        same = first == second and _one_says_no_more(_counts(one), _counts(other))
        if not same and (one["reports"] or other["reports"]):
            yield (
                f"the period of {one['code']!r} overlaps that of {other['code']!r}: the difference of the two would "
                "count the reports of a few days or of one person"
            )
    if one["survey"]["wave"] == other["survey"]["wave"] and not _one_says_no_more(_answers(one), _answers(other)):
        yield (
            f"{one['code']!r} and {other['code']!r} publish the wave {one['survey']['wave']!r} in different tables, "
            "which laid beside each other can single out a person"
        )


def within(document: Document) -> Iterator[str]:
    """The hidden counts of a document that can be worked out, or told from zero: of its reports and of its answers."""
    yield from faults_of_shares(document)
    for indicator in dict.fromkeys(table["indicator"] for table in document["reports"]):
        tables = [table for table in document["reports"] if table["indicator"] == indicator]
        total = _total(tables)
        for table in tables:
            for group in table["hidden"]:
                low, high = _hidden(table, total, group)
                if low > 0 or high < FEWEST - 1:
                    yield (
                        f"{document['code']!r}: the hidden count of {group!r} in the table of {indicator!r} by "
                        f"{table['by']} lies between {low} and {high}, and so can be told from zero"
                    )


def _one_says_no_more(one: Told, other: Told) -> bool:
    """Whether one of the two tells nothing that the other does not: the same numbers, or fewer of them."""
    return one.items() <= other.items() or other.items() <= one.items()


def _answers(document: Document) -> Told:
    return {
        (each["source"], _counted(each), value["by"], value["group"]): (value["base"], value["value"])
        for each in document["indicators"]
        if each["unit"] == "percent"
        for value in each["values"]
        if value["shown"]
    }


def _counted(indicator: Document) -> tuple[str, ...]:
    """The answers that an indicator counts: two of one question are not the same."""
    question = indicator.get("question") or {"choices": ()}
    return tuple(each["code"] for each in question["choices"] if each["counted"])


def _counts(document: Document) -> Told:
    """Every count that is shown. What is hidden is told too: which cells are large enough to be shown."""
    told: dict[tuple[Any, ...], tuple[Any, ...]] = {}
    for table in document["reports"]:
        place = table["indicator"], table["by"]
        told |= {(*place, row["group"]): (row["count"],) for row in table["rows"]}
        told |= {(*place, group): ("hidden",) for group in table["hidden"]}
    return told


def _around(count: int) -> Range:
    return max(FEWEST, count - ROUNDING), count + ROUNDING


def _total(tables: Sequence[Document]) -> Range:
    """What the total can be, from every table that states it and every table that hides nothing."""
    low, high = NO_TOTAL
    for row in (row for table in tables for row in table["rows"] if row["group"] is None):
        low, high = _around(row["count"])
    for table in tables:
        least, most = _shown(table)
        low, high = max(low, least), high if table["hidden"] else min(high, most)
    return low, high


def _shown(table: Document) -> Range:
    ranges = [_around(row["count"]) for row in table["rows"] if row["group"] is not None]
    return sum(low for low, _high in ranges), sum(high for _low, high in ranges)


def _hidden(table: Document, total: Range, group: str) -> Range:
    """The exact ends of one hidden count. Where reasons tell which are small, the others hold five or more."""
    least, most = _shown(table)
    left = max(0, total[0] - most), total[1] - least
    cells = [_around(row["count"])[1] for row in table["rows"] if row["group"] is not None]
    # Shown counts are the largest of their table, so none that is hidden is larger than the smallest shown.
    largest = min(cells, default=left[1])
    others = [reason for name, reason in table.get("reasons", {}).items() if name != group]
    small, covers = others.count(TOO_FEW), others.count(PROTECTS)
    if table.get("reasons", {}).get(group) == PROTECTS:
        return NO_TOTAL  # known to be five or more, and meant to be
    unknown = len(table["hidden"]) - 1 - small - covers
    most_others = largest * (unknown + covers) + (FEWEST - 1) * small
    return max(0, left[0] - most_others), min(largest, left[1] - FEWEST * covers)
