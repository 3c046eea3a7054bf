"""The population that a sample stands for: residents by sex, age band and area, by the codes of the questionnaire."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import CheckConstraint, String, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

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


def imported_margins(session: Session) -> dict[str, dict[str, int]]:
    """The margins that have been imported."""
    margins: dict[str, dict[str, int]] = {}
    for row in session.scalars(select(PopulationMargin).order_by(PopulationMargin.margin, PopulationMargin.level)):
        margins.setdefault(row.margin, {})[row.level] = row.persons
    return margins
