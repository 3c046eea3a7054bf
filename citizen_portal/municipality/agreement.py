"""The cooperation agreement between municipality and police, as data: parties, period, goals, promises, indicators.

``agreement.toml`` holds it; a municipality without one has no agreement to follow up. Which survey questions and
answers exist is not known here: the baseline room checks what an indicator counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from .model import Area, Coded, Place, Text, Theme
from .tables import Table

FILE = "agreement.toml"
PLANNED, UNDER_WAY, KEPT, NOT_KEPT = PROMISE_STATES = ("planned", "under_way", "kept", "not_kept")
DOWN, UP = DIRECTIONS = ("down", "up")
LOWEST_GOAL, HIGHEST_GOAL = 1, 3


@dataclass(frozen=True, slots=True)
class Party:
    """One who has signed."""

    code: str
    name: Text


@dataclass(frozen=True, slots=True)
class AimFact:
    """A stated fact about the long-term aim: what is so, whether the aim is met, since when and who says so."""

    code: str
    statement: Text
    met: bool
    as_of: date
    source: Text


@dataclass(frozen=True, slots=True)
class Goal:
    """One of the agreement's three goals. ``code`` is ``goal_1`` to ``goal_3``."""

    code: str
    number: int
    title: Text
    explanation: Text


@dataclass(frozen=True, slots=True)
class FocusPlace:
    """Where the work is concentrated: an area or a place of the municipality, and why."""

    code: str
    name: Text
    area: str | None
    place: str | None
    reason: Text


@dataclass(frozen=True, slots=True)
class CitizenPromise:
    """A promise to residents (medborgarlöfte): who keeps it, until when, and how it stands.

    ``state`` is one of PROMISE_STATES as of ``state_on``; ``state_note`` says what has been done.
    """

    code: str
    goal: int
    text: Text
    responsible: str
    due_on: date
    state: str
    state_on: date
    state_note: Text


@dataclass(frozen=True, slots=True)
class SurveySource:
    """Counts people: the share of those who answered ``question`` whose answer is one of ``counted``."""

    question: str
    counted: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReportSource:
    """Counts reports of ``themes`` (in ``areas``, or everywhere when empty) per 1 000 residents and year."""

    themes: tuple[str, ...]
    areas: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Indicator:
    """One number of the agreement. ``direction`` is where it should go; ``target`` is in its own unit, if there is one.

    The unit follows from the source: percent of those who answered, or reports per 1 000 residents and year.
    """

    code: str
    goal: int
    label: Text
    direction: str
    source: SurveySource | ReportSource
    target: float | None


@dataclass(frozen=True, slots=True)
class Agreement:
    """The whole agreement. ``from_day`` and ``to_day`` are the first and last day of its period.

    ``example`` says that promises and targets are invented for demonstration, which every page must say too.
    """

    code: str
    title: Text
    from_day: date
    to_day: date
    example: bool
    parties: tuple[Party, ...]
    aim: Text
    aim_facts: tuple[AimFact, ...]
    goals: tuple[Goal, ...]
    focus: tuple[FocusPlace, ...]
    promises: tuple[CitizenPromise, ...]
    indicators: tuple[Indicator, ...]

    def promises_of(self, goal: int) -> tuple[CitizenPromise, ...]:
        """The promises that bear on a goal."""
        return tuple(promise for promise in self.promises if promise.goal == goal)

    def party(self, code: str) -> Party:
        """The party with this code; the loader has seen to it that those named exist."""
        return next(party for party in self.parties if party.code == code)


@dataclass(frozen=True, slots=True)
class Known:
    """What the agreement may refer to in the rest of the municipality's data."""

    areas: tuple[Area, ...]
    places: tuple[Place, ...]
    themes: tuple[Theme, ...]


def read_agreement(folder: Path, languages: tuple[str, ...], known: Known) -> Agreement | None:
    """Read agreement.toml; None when there is no such file. MunicipalityError for the first thing that is wrong."""
    if not (folder / FILE).exists():
        return None
    table = Table.read(folder, FILE, languages)
    from_day, to_day = table.day("from_day"), table.day("to_day")
    if to_day <= from_day:
        raise table.error("to_day", f"must be later than {from_day}")
    parties = table.each("party", _party)
    aim = table.table("aim")
    agreement = Agreement(
        code=table.word("code"),
        title=table.text("title"),
        from_day=from_day,
        to_day=to_day,
        example=table.flag("example"),
        parties=parties,
        aim=aim.text("statement"),
        aim_facts=aim.each("fact", _aim_fact),
        goals=_goals(table),
        focus=table.each("focus", lambda row: _focus(row, known)),
        promises=table.each("promise", lambda row: _promise(row, parties)),
        indicators=table.each("indicator", lambda row: _indicator(row, known)),
    )
    aim.close()
    table.close()
    return agreement


def _party(row: Table) -> Party:
    return Party(row.code("code"), row.text("name"))


def _aim_fact(row: Table) -> AimFact:
    return AimFact(row.code("code"), row.text("statement"), row.flag("met"), row.day("as_of"), row.text("source"))


def _goals(table: Table) -> tuple[Goal, ...]:
    goals = table.each("goal", _goal)
    if [goal.number for goal in goals] != list(range(LOWEST_GOAL, HIGHEST_GOAL + 1)):
        raise table.error("goal", f"must be the goals {LOWEST_GOAL} to {HIGHEST_GOAL}, in order")
    return goals


def _goal(row: Table) -> Goal:
    number = _goal_number(row, "number")
    return Goal(f"goal_{number}", number, row.text("title"), row.text("explanation"))


def _goal_number(row: Table, key: str) -> int:
    return row.whole(key, LOWEST_GOAL, HIGHEST_GOAL)


def _focus(row: Table, known: Known) -> FocusPlace:
    area = _one_of(row, "area", known.areas) if row.has("area") else None
    place = _one_of(row, "place", known.places) if row.has("place") else None
    if (area is None) == (place is None):
        raise row.error("area", "name either an area or a place")
    return FocusPlace(row.code("code"), row.text("name"), area, place, row.text("reason"))


def _promise(row: Table, parties: tuple[Party, ...]) -> CitizenPromise:
    state = row.code("state")
    if state not in PROMISE_STATES:
        raise row.error("state", f"{state!r} is not one of {', '.join(PROMISE_STATES)}")
    return CitizenPromise(
        code=row.code("code"),
        goal=_goal_number(row, "goal"),
        text=row.text("text"),
        responsible=_one_of(row, "responsible", parties),
        due_on=row.day("due_on"),
        state=state,
        state_on=row.day("state_on"),
        state_note=row.text("state_note"),
    )


def _indicator(row: Table, known: Known) -> Indicator:
    direction = row.code("direction")
    if direction not in DIRECTIONS:
        raise row.error("direction", f"{direction!r} is not one of {', '.join(DIRECTIONS)}")
    return Indicator(
        code=row.code("code"),
        goal=_goal_number(row, "goal"),
        label=row.text("label"),
        direction=direction,
        source=_source(row, known),
        target=row.number("target") if row.has("target") else None,
    )


def _source(row: Table, known: Known) -> SurveySource | ReportSource:
    """Either ``question`` and ``counted``, or ``themes`` and perhaps ``areas``."""
    if row.has("question"):
        return SurveySource(row.code("question"), row.words("counted"))
    themes = _all_of(row, "themes", known.themes)
    if not themes:
        raise row.error("themes", "must name at least one theme")
    return ReportSource(themes, _all_of(row, "areas", known.areas) if row.has("areas") else ())


def _one_of(row: Table, key: str, known: tuple[Coded, ...]) -> str:
    return _known(row, key, row.code(key), known)


def _all_of(row: Table, key: str, known: tuple[Coded, ...]) -> tuple[str, ...]:
    return tuple(_known(row, key, code, known) for code in row.words(key))


def _known(row: Table, key: str, code: str, known: tuple[Coded, ...]) -> str:
    if code not in {item.code for item in known}:
        raise row.error(key, f"{code!r} is unknown")
    return code
