"""A report as the one who sent it sees it: states as sentences, days, and never a name of staff."""

from dataclasses import dataclass
from datetime import date

from flask_babel import LazyString
from flask_babel import gettext as _

from citizen_portal.municipality import Municipality
from citizen_portal.reports.choices import WITHDRAWN, as_resident_sees
from citizen_portal.reports.models import Report


@dataclass(frozen=True, slots=True)
class CaseMove:
    """One move, for a template."""

    day: date
    label: LazyString
    sentence: LazyString
    note: str


@dataclass(frozen=True, slots=True)
class CaseMessage:
    """One message, for a template."""

    day: date
    from_staff: bool
    body: str


@dataclass(frozen=True, slots=True)
class Case:
    """What the page of one report shows its sender."""

    status_label: LazyString
    status_sentence: LazyString
    theme_label: str
    place_label: str
    received_on: date
    moves: tuple[CaseMove, ...]
    messages: tuple[CaseMessage, ...]
    withdrawn: bool

    @property
    def can_withdraw(self) -> bool:
        """Whether there is something left to take back."""
        return not self.withdrawn

    @classmethod
    def of(cls, report: Report, municipality: Municipality, language: str) -> "Case":
        """Make one from a report with its moves and messages loaded."""
        status = as_resident_sees(report.status)
        return cls(
            status_label=status.label,
            status_sentence=status.sentence,
            theme_label=theme_label(municipality, report.theme, language),
            place_label=place_label(municipality, report, language),
            received_on=report.received_on,
            moves=tuple(_move(move) for move in report.moves),
            messages=tuple(CaseMessage(each.sent_on, each.from_staff, each.body) for each in report.messages),
            withdrawn=report.status == WITHDRAWN,
        )


def theme_label(municipality: Municipality, code: str, language: str) -> str:
    """The theme's name, or its code when the municipality has dropped the theme since."""
    theme = municipality.theme(code)
    return theme.label.get(language) if theme else code


def place_label(municipality: Municipality, report: Report, language: str) -> str:
    """The most exact thing that is kept of where: named place, own words, a point's area."""
    place = municipality.place(report.place) if report.place else None
    area = municipality.area(report.area) if report.area else None
    if place:
        return place.name
    return report.place_text or (area.name.get(language) if area else _("A point on the map"))


def _move(move: object) -> CaseMove:
    status = as_resident_sees(move.to_status)
    return CaseMove(move.moved_on, status.label, status.sentence, move.public_note)
