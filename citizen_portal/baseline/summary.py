"""The results in three sentences: how many measures are better or worse, and which have moved most."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from flask_babel import format_decimal
from flask_babel import gettext as _

from citizen_portal.baseline.cards import Card
from citizen_portal.baseline.words import BETTER, SAME, WORSE, verdict

JUDGED = (BETTER, WORSE, SAME)
HEADLINES = 2


class Sentence(NamedTuple):
    """A sentence, and what it tells of: better, worse, or nothing of the kind."""

    kind: str
    text: str


def summary(found: Sequence[Card], year: str | None, reported: Sequence[str]) -> list[Sentence]:
    """Three sentences at most, from figures of the document alone.

    ``year`` is that of the earlier survey; ``reported`` says how many reports came, a sentence for each kind.
    """
    judged = [card for card in found if card.change and card.change.kind in JUDGED]
    if judged and year:
        return [_how_many(judged, year), _most(judged, BETTER, year), _most(judged, WORSE, year)]
    asked = (card for card in found if card.said.number and not card.is_told)
    shown = [Sentence("", f"{card.label}: {card.said.number}.") for card in asked]
    if shown:
        first = Sentence("", _("This is the first survey. What changes can be told after the next one."))
        return [first, *shown[:HEADLINES]]
    nothing = Sentence("", _("Too few have answered for any figure of the survey to be shown."))
    return [nothing, *(Sentence("", each) for each in reported[:HEADLINES])]


def counted(found: Iterable[Card]) -> str:
    """How many of these measures are better, worse or neither; empty before anything can be compared."""
    kinds = Counter(card.change.kind for card in found if card.change and card.change.kind in JUDGED)
    return " · ".join(f"{verdict(kind)}: {format_decimal(kinds[kind])}" for kind in JUDGED if kinds[kind])


def _how_many(judged: Sequence[Card], year: str) -> Sentence:
    kinds = Counter(card.change.kind for card in judged)
    text = _(
        "Measures that can be compared with %(year)s: %(all)s. Better: %(better)s. Worse: %(worse)s. "
        "No sure change: %(same)s.",
        year=year,
        all=format_decimal(len(judged)),
        better=format_decimal(kinds[BETTER]),
        worse=format_decimal(kinds[WORSE]),
        same=format_decimal(kinds[SAME]),
    )
    return Sentence("", text)


def _most(judged: Sequence[Card], kind: str, year: str) -> Sentence:
    """The measure that has moved most in this direction; of two that moved as far, the first."""
    moved = [card for card in judged if card.change.kind == kind]
    if not moved:
        nothing = {BETTER: _("Nothing has surely become better."), WORSE: _("Nothing has surely become worse.")}
        return Sentence("", nothing[kind])
    card = max(moved, key=_size)
    terms = {"label": card.label, "now": card.said.number, "then": card.then, "year": year}
    told = {
        BETTER: _("Most has improved: %(label)s. In %(year)s: %(then)s. Now: %(now)s.", **terms),
        WORSE: _("Most has got worse: %(label)s. In %(year)s: %(then)s. Now: %(now)s.", **terms),
    }
    return Sentence(kind, told[kind])


def _size(card: Card) -> float:
    return card.size
