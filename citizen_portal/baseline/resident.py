"""What was found and what was promised: the results and the agreement, as pages for residents.

Both are made from published snapshots and from the agreement. A snapshot is frozen on the command line, which cannot
empty what this process keeps, so each request asks which there are, and a page is kept under their digests.
"""

from collections.abc import Hashable, Sequence
from typing import NamedTuple

from flask import Blueprint, abort, current_app, render_template, url_for
from flask_babel import gettext as _

from citizen_portal.baseline import published, queries
from citizen_portal.baseline.area import AreaResults, areas, results_of
from citizen_portal.baseline.cards import Card, cards, days, report_tables, year_before
from citizen_portal.baseline.provenance import day, fieldwork
from citizen_portal.baseline.published import Snapshot
from citizen_portal.baseline.summary import counted, summary
from citizen_portal.baseline.words import method, promise_states, warnings
from citizen_portal.municipality.agreement import KEPT, Agreement
from citizen_portal.municipality.installed import installed
from citizen_portal.storage.engine import db
from citizen_portal.web.kept import kept_text
from citizen_portal.web.language import current_language

FEED = "feed.snapshot"

outcomes = Blueprint("outcomes", __name__, url_prefix="/<language>")


@outcomes.get("/results")
def results() -> str:
    """The latest figures with the earlier ones beside them; before there are any, a kind sentence."""
    snapshots, withdrawn = published.snapshots(db.session()), _withdrawn()
    if not snapshots:
        return render_template("results/none_yet.html", withdrawn=withdrawn)
    return kept_text((*_key("results", snapshots), *withdrawn), lambda: _results(snapshots, withdrawn))


@outcomes.get("/results/area/<area>")
def area(area: str) -> str:
    """The latest figures of one area, beside those of everyone."""
    snapshots = published.snapshots(db.session())
    found = results_of(snapshots[0], area, current_language()) if snapshots else None
    if found is None:
        abort(404)
    return kept_text(_key(f"area {area}", snapshots), lambda: _area(snapshots, found))


@outcomes.get("/agreement")
def agreement() -> str:
    """What municipality and police have agreed on, what they promised, and how it stands."""
    agreed = installed().municipality.agreement
    if agreed is None:
        abort(404)
    snapshots = published.snapshots(db.session())
    return kept_text(_key("agreement", snapshots), lambda: _agreement(agreed, snapshots))


class Withdrawn(NamedTuple):
    """What is left on the page of figures that were public: the day in words, the reason, and the digest."""

    code: str
    day: str
    because: str
    digest: str


def _withdrawn() -> list[Withdrawn]:
    found = queries.withdrawals(db.session())
    return [Withdrawn(each.code, day(each.done_on.isoformat()), each.because, digest) for each, digest in found]


def _key(page: str, snapshots: Sequence[Snapshot]) -> tuple[Hashable, ...]:
    """All that a page depends on beside its language and what was read at start."""
    return page, *(each.digest for each in snapshots)


def _results(snapshots: Sequence[Snapshot], withdrawn: Sequence[Withdrawn]) -> str:
    municipality, language = installed().municipality, current_language()
    latest, found = snapshots[0], cards(snapshots, language)
    every, reports = [card for each in found.values() for card in each], report_tables(latest, language)
    return render_template(
        "results/results.html",
        snapshot=latest.document,
        withdrawn=withdrawn,
        digest=latest.digest,
        feed=_feed(latest),
        invented=_any_invented(snapshots),
        period=days(latest.document),
        frozen_on=day(latest.document["frozen_on"]),
        earlier=[(each.code, days(each.document)) for each in snapshots[1:]],
        goals=_goals(municipality.agreement, found, language),
        told=[card for card in every if card.is_told],
        summary=summary(every, year_before(snapshots), [f"{label}. {total}" for label, total, _tables in reports]),
        before=year_before(snapshots),
        areas=areas(latest, language),
        warnings=list(warnings(latest.document)),
        method=list(method(latest.document)),
        fieldwork=list(fieldwork(latest.document)),
        not_asked=_not_asked(municipality.agreement, latest, language),
        reports=reports,
        kept=[each for each in municipality.agreement.promises if each.state == KEPT] if municipality.agreement else [],
    )


def _agreement(agreed: Agreement, snapshots: Sequence[Snapshot]) -> str:
    found = cards(snapshots, current_language()) if snapshots else {}
    return render_template(
        "results/agreement.html",
        agreement=agreed,
        goals=[(each, [card for card in found.get(each.number, []) if not card.is_told]) for each in agreed.goals],
        states=promise_states(),
        invented=_any_invented(snapshots),
        period=days(snapshots[0].document) if snapshots else "",
        warnings=list(warnings(snapshots[0].document)) if snapshots else [],
    )


def _area(snapshots: Sequence[Snapshot], found: AreaResults) -> str:
    return render_template(
        "results/area.html",
        found=found,
        invented=_any_invented(snapshots),
        period=days(snapshots[0].document),
        warnings=list(warnings(snapshots[0].document)),
    )


def _goals(
    agreed: Agreement | None, found: dict[int, list[Card]], language: str
) -> list[tuple[int, str, str, list[Card]]]:
    """Number, title, count and cards of each goal, also of a snapshot whose agreement is no longer there."""
    titles = {goal.number: goal.title.get(language) for goal in agreed.goals} if agreed else {}
    shares = {number: [card for card in found[number] if not card.is_told] for number in sorted(found)}
    return [(number, titles.get(number, _("Goal")), counted(asked), asked) for number, asked in shares.items() if asked]


def _not_asked(agreed: Agreement | None, latest: Snapshot, language: str) -> list[str]:
    """The indicators that the latest survey did not ask about, by the words of the agreement that still has them."""
    missing = latest.document["missing"]
    return [each.label.get(language) for each in agreed.indicators if each.code in missing] if agreed else []


def _any_invented(snapshots: Sequence[Snapshot]) -> bool:
    return any(each.is_invented for each in snapshots)


def _feed(snapshot: Snapshot) -> str | None:
    """Where machines read the same document; None as long as nothing serves it."""
    return url_for(FEED, code=snapshot.code) if FEED in current_app.view_functions else None
