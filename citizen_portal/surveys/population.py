"""The population that a sample stands for: residents by sex, age band and area, by the codes of the questionnaire."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from sqlalchemy import CheckConstraint, String, delete, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from citizen_portal.municipality import MOST_APART, Municipality
from citizen_portal.storage.engine import Base
from citizen_portal.surveys.pxweb import RegisterTable
from citizen_portal.surveys.reading import questionnaires_of
from citizen_portal.surveys.register_levels import RegisterMismatch, Wanted, margin_of

MOST_SOURCE_CHARACTERS = 200


@dataclass(frozen=True, slots=True)
class Population:
    """Residents per level of each margin (``sex``, ``age``, ``area``). ``example`` says that counts are invented."""

    margins: Mapping[str, Mapping[str, int]]
    source: str
    example: bool


class PopulationMargin(Base):
    """Residents of one level of one margin, as the operator imported it."""

    __tablename__ = "population_margin"
    __table_args__ = (CheckConstraint("persons >= 0", name="persons"),)

    margin: Mapped[str] = mapped_column(String(10), primary_key=True)
    level: Mapped[str] = mapped_column(String(60), primary_key=True)
    persons: Mapped[int]
    source: Mapped[str] = mapped_column(String(MOST_SOURCE_CHARACTERS))


def store_margin(session: Session, margin: str, persons: Mapping[str, int], source: str) -> None:
    """Put these counts in the place of the margin's earlier ones. The caller commits."""
    session.execute(delete(PopulationMargin).where(PopulationMargin.margin == margin))
    session.add_all(
        PopulationMargin(margin=margin, level=level, persons=count, source=source) for level, count in persons.items()
    )


def import_margin(
    session: Session, municipality: Municipality, table: RegisterTable, wanted: Wanted, *, source: str
) -> dict[str, int]:
    """Make a margin of a register table, put it in the place of the earlier one and return it. The caller commits.

    Raises ``RegisterMismatch``, also for a code that no questionnaire has as an answer.
    """
    answers = {
        choice.code
        for questionnaire in questionnaires_of(municipality)
        if (question := questionnaire.background(wanted.margin))
        for choice in question.choices.choices
        if not choice.missing
    }
    unknown = sorted(wanted.levels.keys() - answers)
    if unknown:
        raise RegisterMismatch([f"no questionnaire has the answer {code} about {wanted.margin}" for code in unknown])
    persons = margin_of(table, wanted)
    store_margin(session, wanted.margin, persons, source)
    return persons


def imported_margins(session: Session) -> dict[str, tuple[int, str]]:
    """Persons in all and source of each margin that was imported."""
    margin, source = PopulationMargin.margin, PopulationMargin.source
    rows = session.execute(
        select(margin, func.sum(PopulationMargin.persons), func.min(source)).group_by(margin).order_by(margin)
    )
    return {margin: (int(persons), source) for margin, persons, source in rows}


def margins_apart(imported: Mapping[str, tuple[int, str]]) -> Iterator[str]:
    """A sentence for each pair of neighbours that cannot count the same people: more is between them than noise."""
    counted = list(imported.items())
    for (one, (persons, _source)), (other, (others, _other_source)) in pairwise(counted):
        if abs(persons - others) > MOST_APART * max(persons, others):
            yield f"the margin {one} counts {persons} people and {other} {others}: they are not the same people"


def population_of(session: Session, municipality: Municipality) -> Population:
    """What was imported, margin by margin, before what the municipality's file says; empty without either."""
    imported: dict[str, dict[str, int]] = {}
    sources: list[str] = []
    for row in session.scalars(select(PopulationMargin).order_by(PopulationMargin.margin, PopulationMargin.level)):
        imported.setdefault(row.margin, {})[row.level] = row.persons
        sources.append(row.source)
    from_file = municipality.population
    left = from_file.margins.keys() - imported.keys() if from_file else ()
    if left:
        sources.append(f"{from_file.source.get(municipality.default_language)} {from_file.day}")
    margins = {**{margin: from_file.margins[margin] for margin in left}, **imported}
    return Population(margins, "; ".join(dict.fromkeys(sources)), bool(left) and from_file.example)
