"""What was found and what was promised: the results and the agreement, as pages for residents.

Both are made from published snapshots and from the agreement, at each request: a snapshot is frozen on the command line
or in another process, which could not empty a page kept here.
"""

from flask import Blueprint, abort, current_app, render_template, url_for
from flask_babel import gettext as _

from citizen_portal.baseline import published
from citizen_portal.baseline.cards import Card, cards, day, days, report_tables
from citizen_portal.baseline.published import Snapshot
from citizen_portal.baseline.words import method, promise_states, warnings
from citizen_portal.municipality import Municipality
from citizen_portal.municipality.agreement import KEPT
from citizen_portal.municipality.installed import installed
from citizen_portal.storage.engine import db
from citizen_portal.web.language import current_language

FEED = "feed.snapshot"

outcomes = Blueprint("outcomes", __name__, url_prefix="/<language>")


@outcomes.get("/results")
def results() -> str:
    """The latest figures with the earlier ones beside them; before there are any, a kind sentence."""
    municipality, language = installed().municipality, current_language()
    snapshots = published.snapshots(db.session())
    if not snapshots:
        return render_template("results/none_yet.html")
    latest = snapshots[0]
    found = cards(snapshots, language)
    return render_template(
        "results/results.html",
        snapshot=latest.document,
        digest=latest.digest,
        feed=_feed(latest),
        example=_is_example(municipality, snapshots),
        period=days(latest.document),
        frozen_on=day(latest.document["frozen_on"]),
        earlier=[(each.code, days(each.document)) for each in snapshots[1:]],
        goals=_goals(municipality, found, language),
        warnings=list(warnings(latest.document)),
        method=list(method(latest.document)),
        reports=report_tables(latest, language),
        kept=[each for each in _agreed(municipality, "promises") if each.state == KEPT],
    )


@outcomes.get("/agreement")
def agreement() -> str:
    """What municipality and police have agreed on, what they promised, and how it stands."""
    municipality, language = installed().municipality, current_language()
    if municipality.agreement is None:
        abort(404)
    snapshots = published.snapshots(db.session())
    found = cards(snapshots, language) if snapshots else {}
    return render_template(
        "results/agreement.html",
        agreement=municipality.agreement,
        goals=[(each, found.get(each.number, [])) for each in municipality.agreement.goals],
        states=promise_states(),
        period=days(snapshots[0].document) if snapshots else "",
        warnings=list(warnings(snapshots[0].document)) if snapshots else [],
    )


def _goals(
    municipality: Municipality, found: dict[int, list[Card]], language: str
) -> list[tuple[int, str, list[Card]]]:
    """Number, title and cards of each goal, also of a snapshot whose agreement is no longer there."""
    titles = {goal.number: goal.title.get(language) for goal in _agreed(municipality, "goals")}
    return [(number, titles.get(number, _("Goal")), found[number]) for number in sorted(found)]


def _agreed(municipality: Municipality, what: str) -> tuple:
    return getattr(municipality.agreement, what) if municipality.agreement else ()


def _is_example(municipality: Municipality, snapshots: list[Snapshot]) -> bool:
    agreed = municipality.agreement is not None and municipality.agreement.example
    return agreed or any(each.is_invented for each in snapshots)


def _feed(snapshot: Snapshot) -> str | None:
    """Where machines read the same document; None as long as nothing serves it."""
    return url_for(FEED, code=snapshot.code) if FEED in current_app.view_functions else None
