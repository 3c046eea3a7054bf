"""A report as the one who sent it sees it: states as sentences, days, and never a name of staff."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import LazyString, format_date
from flask_babel import gettext as _

from citizen_portal.municipality import Municipality
from citizen_portal.reports.choices import HAPPENED, LIGHT, PRECISION, UNSAFE, WITHDRAWN, as_resident_sees
from citizen_portal.reports.models import Report
from citizen_portal.web.language import name_in_itself


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
    facts: tuple[tuple[str, str], ...]
    description: str
    photos: tuple[str, ...]
    moves: tuple[CaseMove, ...]
    messages: tuple[CaseMessage, ...]
    withdrawn: bool

    @property
    def can_withdraw(self) -> bool:
        """Whether there is something left to take back."""
        return not self.withdrawn

    @classmethod
    def of(cls, report: Report, municipality: Municipality, language: str, photos: Sequence[str] = ()) -> "Case":
        """Make one from a report with its moves and messages loaded; ``photos`` are addresses of its pictures."""
        status = as_resident_sees(report.status)
        return cls(
            status_label=status.label,
            status_sentence=status.sentence,
            theme_label=theme_label(municipality, report.theme, language),
            place_label=place_label(municipality, report, language),
            received_on=report.received_on,
            facts=tuple((name, str(value)) for name, value in said_facts(report, municipality, language) if value),
            description=report.description,
            photos=tuple(photos),
            moves=tuple(_move(move) for move in report.moves),
            messages=tuple(CaseMessage(each.sent_on, each.from_staff, each.body) for each in report.messages),
            withdrawn=report.status == WITHDRAWN,
        )


def said_facts(report: Report, municipality: Municipality, language: str) -> Iterator[tuple[str, object]]:
    """Everything that was stored of what the resident said, but words and photos: names and values, or nothing."""
    place = municipality.place(report.place) if report.place else None
    area = municipality.area(report.area) if report.area else None
    reasons = [municipality.reason(code) for code in report.reasons]
    yield _("Place"), place.name if place else report.place
    yield _("Described as"), report.place_text
    yield _("Area"), area.name.get(language) if area else report.area
    yield _("Point (WGS84)"), f"{report.latitude:.5f}, {report.longitude:.5f}" if report.latitude is not None else None
    # Own words alone are kept as they were written, so how exactly would say nothing.
    yield _("Kept as"), PRECISION[report.precision] if report.area else None
    yield _("When"), format_date(report.happened_on) if report.happened_on else HAPPENED.get(report.happened)
    yield _("Light"), LIGHT.get(report.light)
    yield _("How unsafe"), UNSAFE.get(report.unsafe)
    yield _("Reasons"), "; ".join(reason.label.get(language) for reason in reasons if reason)
    yield _("Written in"), name_in_itself(report.language)


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
