"""What a public document says, in sentences a resident understands: values, changes, and why there are none.

Every number here is one of the document's, in the page's way of writing numbers. Shares are percentages of those who
answered; rates are reports per 1 000 residents and year.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import format_decimal, format_percent, ngettext
from flask_babel import gettext as _

from citizen_portal.baseline.figures import PERCENT
from citizen_portal.baseline.following_up import NOT_IN_BOTH, OTHER_METHOD, OTHER_SAMPLE, OTHER_SEASON, QUESTION_CHANGED
from citizen_portal.baseline.provenance import weighting_said
from citizen_portal.baseline.published import NOT_ASKED
from citizen_portal.baseline.publishing import NO_RESIDENTS
from citizen_portal.municipality.agreement import KEPT, NOT_KEPT, PLANNED, UNDER_WAY, UP
from citizen_portal.statistics.disclosure import PROTECTS, SOME_TOO_FEW, WEAK
from citizen_portal.surveys.models import INVITED

Document = Mapping[str, Any]

BETTER, WORSE, SAME, UNKNOWN = "better", "worse", "same", "unknown"
WIDE = 20  # percentage points between the ends of an interval, from which a reader is warned


@dataclass(frozen=True, slots=True)
class Said:
    """A value in words: ``number`` stands large (empty when there is none), ``rest`` beside it."""

    number: str
    rest: str
    weak: str = ""

    @property
    def whole(self) -> str:
        """All of it, for an ear."""
        return f"{self.number} {self.rest}".strip()


@dataclass(frozen=True, slots=True)
class ChangeSaid:
    """Whether a change is real, in one sentence or two. ``kind`` is better, worse, same or unknown."""

    kind: str
    sentence: str

    @property
    def word(self) -> str:
        """The change in a word or three."""
        return verdict(self.kind)


def number(value: float, unit: str) -> str:
    """A value of the document in the page's way of writing numbers."""
    return format_percent(value / 100) if unit == PERCENT else format_decimal(value, "#,##0.0")


def said(value: Document, unit: str) -> Said:
    """A value with its interval; or why it is not shown."""
    if not value["shown"]:
        return Said("", why_hidden(value.get("reason"), unit))
    low, high = _ends(value, unit)
    if low is None:
        return Said(number(value["value"], unit), _("No interval can be given."))
    if unit != PERCENT:
        sentence = _("reports per 1,000 residents per year (between %(low)s and %(high)s)", low=low, high=high)
        return Said(number(value["value"], unit), sentence)
    weak = value["high"] - value["low"] >= WIDE
    return Said(
        number(value["value"], unit),
        _("(between %(low)s and %(high)s)", low=low, high=high),
        _("The interval is wide, so read this number with care.") if weak else "",
    )


def why_hidden(reason: str | None, unit: str) -> str:
    """Why a value or a count is not shown; older documents give no reason, and had but one."""
    said = {
        NOT_ASKED: _("Not asked in this survey.") if unit == PERCENT else _("Not counted then."),
        PROTECTS: _("Not shown, because another group could be worked out from it."),
        WEAK: _("Not shown: too few answers for a number that one could trust."),
        SOME_TOO_FEW: _("Not shown for any group: in some of them too few people gave some of the answers.")
        if unit == PERCENT
        else _("Not shown for any group: there are too few reports in some of them."),
        NO_RESIDENTS: _("Not shown: it is not known how many live there."),
    }
    if unit == PERCENT:
        return said.get(reason, _("Not shown: too few people gave some of the answers."))
    return said.get(reason, _("Not shown: too few reports."))


def interval(value: Document, unit: str) -> str:
    """The ends of an interval, for a narrow table; empty when there is none."""
    low, high = _ends(value, unit)
    return _("%(low)s to %(high)s", low=low, high=high) if low is not None else ""


def change_said(change: Document | None, incomparable: str | None, direction: str, unit: str) -> ChangeSaid:
    """Is this change real? ``direction`` is where the indicator should go."""
    if incomparable:
        return ChangeSaid(UNKNOWN, _incomparable(incomparable))
    if unit != PERCENT:
        return ChangeSaid(
            UNKNOWN, _("The number of reports says how many tell us. So we do not call it better or worse.")
        )
    if change is None:
        return ChangeSaid(UNKNOWN, _("There is no number that this could be compared with."))
    if not change["real"]:
        return ChangeSaid(SAME, _("No change that we can be sure of."))
    if not change["diff"]:
        return ChangeSaid(SAME, _("There is a change, but it is too small to matter."))
    better = (change["diff"] > 0) == (direction == UP)
    verdict = (
        _("This is an improvement, and too large to be due to chance.")
        if better
        else _("Things have got worse, and the change is too large to be due to chance.")
    )
    return ChangeSaid(BETTER if better else WORSE, f"{_moved(change)} {verdict}")


def target_said(indicator: Document) -> str:
    """The target; empty when there is none."""
    if indicator["target"] is None:
        return ""
    target = number(indicator["target"], indicator["unit"])
    if indicator["direction"] == UP:
        return _("Target: at least %(target)s", target=target)
    return _("Target: at most %(target)s", target=target)


def target_met(indicator: Document, value: Document) -> str:
    """Whether the target is met, as far as the interval lets one say; empty without a target or an interval."""
    target = indicator["target"]
    if target is None or not value["shown"] or value["low"] is None:
        return ""
    up = indicator["direction"] == UP
    if value["low"] >= target if up else value["high"] <= target:
        return _("Reached.")
    if value["high"] < target if up else value["low"] > target:
        return _("Not reached.")
    return _("Too close to tell.")


def verdict(kind: str) -> str:
    """A change in a word or three."""
    return {
        BETTER: _("Better"),
        WORSE: _("Worse"),
        SAME: _("No sure change"),
        UNKNOWN: _("Cannot be compared"),
    }[kind]


def base_said(value: Document, unit: str) -> str:
    """How many answers or reports a value rests on, rounded as they are published; empty when it is not shown."""
    if not value["shown"]:
        return ""
    base = format_decimal(value["base"])
    return _("Answers, about: %(count)s", count=base) if unit == PERCENT else _("Reports, about: %(count)s", count=base)


def warnings(document: Document) -> Iterator[str]:
    """What a reader of any number of this snapshot must know first."""
    survey = document["survey"]
    if survey["sample"] != INVITED:
        yield _(
            "Anyone could answer this survey. It is not a random sample, so the figures need not be right for "
            "everyone who lives here."
        )
    if not survey["weighted"]:
        yield _("The answers are not weighted. The figures tell what those who answered think.")
    if survey["example_population"]:
        yield _(
            "The number of residents is an example. Everything that is weighted with it or divided by it is an example "
            "too."
        )


def method(document: Document) -> Iterator[str]:
    """How the numbers were made, a sentence each."""
    survey = document["survey"]
    if survey["sample"] == INVITED:
        yield _("The percentages come from a survey. People were drawn by chance and invited by letter.")
    else:
        yield _("The percentages come from a survey that anyone with the link could answer.")
        yield _(
            "Who answers it is not left to chance. So its percentages have no interval, and no change is called real."
        )
    yield from weighting_said(document)
    yield _(
        "The numbers in brackets are a confidence interval. If the survey were made many times, 95 such intervals of "
        "100 would hold the true number."
    )
    yield _(
        "We call a change real when chance alone would hardly ever give it: in fewer than 5 cases of 100, all "
        "comparisons taken together."
    )
    yield _("Reports are counted per 1,000 residents per year. More reports can also mean that more people tell us.")
    yield _(
        "Reports that somebody at the municipality has set aside as spam are not counted, for instance very many in "
        "the same words, and neither are those that were withdrawn."
    )
    yield _(
        "Changes and intervals are computed from the rounded numbers that stand here. A count that is not shown can be "
        "zero or more: nobody can tell which."
    )
    yield _(
        "Figures that could point at someone are not shown. Percentages are whole, and counts are rounded to the "
        "nearest five."
    )


def promise_states() -> dict[str, str]:
    """How a promise stands, in words."""
    return {
        PLANNED: _("Not begun yet"),
        UNDER_WAY: _("Under way"),
        KEPT: _("Kept"),
        NOT_KEPT: _("Not kept"),
    }


def _ends(value: Document, unit: str) -> tuple[str | None, str | None]:
    if value["low"] is None or value["high"] is None:
        return None, None
    return number(value["low"], unit), number(value["high"], unit)


def _moved(change: Document) -> str:
    up = change["diff"] > 0
    ends = (change["low"], change["high"]) if up else (-change["high"], -change["low"])
    size = abs(change["diff"])
    low, high = (format_decimal(end) for end in ends)
    if up:
        return ngettext(
            "A larger share than in the first survey: up %(num)s percentage point (between %(low)s and %(high)s).",
            "A larger share than in the first survey: up %(num)s percentage points (between %(low)s and %(high)s).",
            size,
            low=low,
            high=high,
        )
    return ngettext(
        "A smaller share than in the first survey: down %(num)s percentage point (between %(low)s and %(high)s).",
        "A smaller share than in the first survey: down %(num)s percentage points (between %(low)s and %(high)s).",
        size,
        low=low,
        high=high,
    )


def _incomparable(reason: str) -> str:
    return {
        NOT_IN_BOTH: _("Cannot be compared with the first survey, because it was not measured then."),
        QUESTION_CHANGED: _("Cannot be compared with the first survey, because the question has changed."),
        OTHER_SAMPLE: _("Cannot be compared with the first survey, because people were asked in another way."),
        OTHER_METHOD: _("Cannot be compared with the first survey, because it was computed in another way."),
        OTHER_SEASON: _("Cannot be compared with the first survey, because it is of other months of the year."),
    }[reason]
