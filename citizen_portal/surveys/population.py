"""The population that a sample stands for: residents by sex, age band and area, by the codes of the questionnaire."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import CheckConstraint, String, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from citizen_portal.municipality import Municipality
from citizen_portal.storage.engine import Base


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
    source: Mapped[str] = mapped_column(String(200))


def store_margin(session: Session, margin: str, persons: Mapping[str, int], source: str) -> None:
    """Put these counts in the place of the margin's earlier ones. The caller commits."""
    session.execute(delete(PopulationMargin).where(PopulationMargin.margin == margin))
    session.add_all(
        PopulationMargin(margin=margin, level=level, persons=count, source=source) for level, count in persons.items()
    )


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
