"""The population that a sample stands for: residents by sex, age band and area, by the codes of the questionnaire."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from itertools import pairwise

from sqlalchemy import CheckConstraint, String, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from citizen_portal.municipality import MOST_APART, Municipality
from citizen_portal.storage.engine import Base
from citizen_portal.surveys.models import Wave
from citizen_portal.surveys.pxweb import RegisterTable
from citizen_portal.surveys.reading import questionnaires_of
from citizen_portal.surveys.register_levels import RegisterMismatch, Wanted, margin_of

MOST_SOURCE_CHARACTERS = 200
NOT_KNOWN = 0  # a year, of what was imported before years were kept


@dataclass(frozen=True, slots=True)
class Population:
    """Residents per level of each margin (``sex``, ``age``, ``area``). ``example`` says that counts are invented.

    ``year`` is that of the counts (their last day), None where it is not known or margins are of different years.
    """

    margins: Mapping[str, Mapping[str, int]]
    source: str
    example: bool
    year: int | None = None

    def document(self) -> dict[str, object]:
        """Plain values for JSON."""
        return {**asdict(self), "margins": {margin: dict(levels) for margin, levels in self.margins.items()}}

    @classmethod
    def from_document(cls, document: Mapping[str, object]) -> "Population":
        """The same population again."""
        return cls(**document)


class PopulationMargin(Base):
    """Residents of one level of one margin at the end of a year (0: not known), as the operator imported it."""

    __tablename__ = "population_margin"
    __table_args__ = (CheckConstraint("persons >= 0", name="persons"),)

    margin: Mapped[str] = mapped_column(String(10), primary_key=True)
    level: Mapped[str] = mapped_column(String(60), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    persons: Mapped[int]
    source: Mapped[str] = mapped_column(String(MOST_SOURCE_CHARACTERS))


def store_margin(session: Session, margin: str, persons: Mapping[str, int], source: str, year: int) -> None:
    """Put these counts in the place of the margin's earlier ones of this year. The caller commits."""
    replaced = (PopulationMargin.margin == margin, PopulationMargin.year.in_({year, NOT_KNOWN}))
    session.execute(delete(PopulationMargin).where(*replaced))
    session.add_all(
        PopulationMargin(margin=margin, level=level, year=year, persons=count, source=source)
        for level, count in persons.items()
    )


def import_margin(
    session: Session, municipality: Municipality, table: RegisterTable, wanted: Wanted, *, source: str, year: int
) -> dict[str, int]:
    """Make a margin of a register table, put it in the place of the year's earlier one and return it.

    The caller commits.

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
    store_margin(session, wanted.margin, persons, source, year)
    return persons


def imported_margins(session: Session) -> dict[str, tuple[int, str]]:
    """Persons in all and source of each margin that was imported, of its latest year."""
    return {
        margin: (sum(row.persons for row in rows), min(row.source for row in rows))
        for margin, rows in _latest(session, None).items()
    }


def margins_apart(imported: Mapping[str, tuple[int, str]]) -> Iterator[str]:
    """A sentence for each pair of neighbours that cannot count the same people: more is between them than noise."""
    counted = list(imported.items())
    for (one, (persons, _source)), (other, (others, _other_source)) in pairwise(counted):
        if abs(persons - others) > MOST_APART * max(persons, others):
            yield f"the margin {one} counts {persons} people and {other} {others}: they are not the same people"


def population_of(session: Session, municipality: Municipality, year: int | None = None) -> Population:
    """What was imported, margin by margin, before what the municipality's file says; empty without either.

    Counts are of the latest year that is not after ``year``, or the earliest there is.
    """
    imported = _latest(session, year)
    sources = [row.source for rows in imported.values() for row in rows]
    years = {row.year for rows in imported.values() for row in rows}
    from_file = municipality.population
    left = from_file.margins.keys() - imported.keys() if from_file else ()
    if left:
        sources.append(f"{from_file.source.get(municipality.default_language)} {from_file.day}")
        years.add(from_file.day.year)
    margins = {
        **{margin: dict(from_file.margins[margin]) for margin in sorted(left)},
        **{margin: {row.level: row.persons for row in rows} for margin, rows in imported.items()},
    }
    return Population(
        margins=margins,
        source="; ".join(dict.fromkeys(sources)),
        example=bool(left) and from_file.example,
        year=min(years) if len(years) == 1 and years != {NOT_KNOWN} else None,
    )


def population_of_wave(session: Session, municipality: Municipality, wave: Wave) -> Population:
    """What the wave was weighted with when figures of it were frozen; before that, the population of its time."""
    if wave.population is not None:
        return Population.from_document(wave.population)
    # Registers count at the end of a year.
    return population_of(session, municipality, wave.closes_on.year - 1)


def _latest(session: Session, year: int | None) -> dict[str, list[PopulationMargin]]:
    """The rows of each margin, of the latest year that is not after this one, or the earliest there is."""
    by_year: dict[str, dict[int, list[PopulationMargin]]] = {}
    for row in session.scalars(select(PopulationMargin).order_by(PopulationMargin.margin, PopulationMargin.level)):
        by_year.setdefault(row.margin, {}).setdefault(row.year, []).append(row)
    return {
        margin: years[max((each for each in years if year is None or each <= year), default=min(years))]
        for margin, years in by_year.items()
    }
