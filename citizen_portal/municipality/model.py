"""What a municipality is: frozen values, complete in every language once they exist.

Only the loader builds these, so whoever holds one may trust it: codes are unique, every place has an area and
lies inside the bounds, every text has every language, and 112 and 114 14 are there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

if TYPE_CHECKING:
    from .agreement import Agreement
    from .population import PopulationCounts

CONTACT_GROUPS = ("now", "police", "health", "support", "municipality")


class _Coded(Protocol):
    @property
    def code(self) -> str: ...


Coded = TypeVar("Coded", bound=_Coded)


@dataclass(frozen=True, slots=True)
class Text:
    """The same words in every language of the municipality; the default language comes first."""

    words: tuple[tuple[str, str], ...]

    def get(self, language: str) -> str:
        """The words in this language, or in the default language when this one is unknown here."""
        return dict(self.words).get(language, self.words[0][1])


@dataclass(frozen=True, slots=True)
class Bounds:
    """The box around the municipality, WGS84 degrees; south < north and west < east."""

    south: float
    north: float
    west: float
    east: float


@dataclass(frozen=True, slots=True)
class Area:
    """A set of places; the smallest geography that is ever published."""

    code: str
    name: Text


@dataclass(frozen=True, slots=True)
class Place:
    """A named spot; ``area`` is an area's code, the position WGS84 degrees."""

    code: str
    name: str
    area: str
    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Theme:
    """What a report is about. ``goal`` is the goal of the agreement (1-3) that it bears on.

    ``positive`` marks good news ("has become safer"), which must not be counted as an unsafe event.
    """

    code: str
    label: Text
    hint: Text | None
    goal: int
    positive: bool = False


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a place feels unsafe; a resident may choose several."""

    code: str
    label: Text


@dataclass(frozen=True, slots=True)
class Contact:
    """A number to call. ``number`` is for reading, ``tel`` for a ``tel:`` link (digits, or + and digits).

    ``group`` is one of CONTACT_GROUPS. ``email`` is for those who reuse the open data. ``verify`` marks a number that
    the operator has yet to check.
    """

    code: str
    number: str
    tel: str
    label: Text
    when: Text
    group: str
    role: str | None = None
    url: str | None = None
    email: str | None = None
    verify: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the municipality's own words; ``markdown`` maps language to the source below the title."""

    code: str
    title: Text
    markdown: Mapping[str, str] = field(hash=False)


@dataclass(frozen=True, slots=True)
class QuestionnaireFile:
    """A questionnaire as it lies in the folder: ``file`` is its name there, ``values`` what its TOML says."""

    file: str
    values: Mapping[str, Any] = field(hash=False)


@dataclass(frozen=True, slots=True, eq=False)
class Municipality:
    """One municipality, loaded once at start; compared by identity, so it may key a cache.

    ``languages`` begins with the default. ``unreviewed_languages`` are translations that no native speaker
    has read yet, which pages must say. ``exit`` is the site that whoever leaves quickly comes to. ``unverified`` holds
    one line per fact the operator should check.
    """

    code: str
    name: str
    organisation: Text
    timezone: str
    languages: tuple[str, ...]
    unreviewed_languages: tuple[str, ...]
    bounds: Bounds
    accent: str
    accent_dark: str
    exit: str | None
    areas: tuple[Area, ...]
    places: tuple[Place, ...]
    themes: tuple[Theme, ...]
    reasons: tuple[Reason, ...]
    contacts: tuple[Contact, ...]
    pages: tuple[Page, ...]
    unverified: tuple[str, ...]
    questionnaires: tuple[QuestionnaireFile, ...]
    agreement: Agreement | None
    population: PopulationCounts | None

    @property
    def default_language(self) -> str:
        """The reference language, in which the municipality answers for its words."""
        return self.languages[0]

    def place(self, code: str) -> Place | None:
        """The place with this code, or None."""
        return _find(self.places, code)

    def area(self, code: str) -> Area | None:
        """The area with this code, or None."""
        return _find(self.areas, code)

    def theme(self, code: str) -> Theme | None:
        """The theme with this code, or None."""
        return _find(self.themes, code)

    def reason(self, code: str) -> Reason | None:
        """The reason with this code, or None."""
        return _find(self.reasons, code)

    def page(self, code: str) -> Page | None:
        """The page with this code, or None."""
        return _find(self.pages, code)

    def places_in(self, area_code: str) -> tuple[Place, ...]:
        """The places of one area, in the order of the data; empty for an unknown area."""
        return tuple(place for place in self.places if place.area == area_code)

    def contact_for(self, role: str) -> Contact:
        """The one contact with this role; ``emergency`` and ``police`` always exist. Else LookupError."""
        for contact in self.contacts:
            if contact.role == role:
                return contact
        raise LookupError(f"no contact has the role {role!r}")

    def contacts_in(self, group: str) -> tuple[Contact, ...]:
        """The contacts of one group, in the order of the data."""
        return tuple(contact for contact in self.contacts if contact.group == group)


def _find(items: Iterable[Coded], code: str) -> Coded | None:
    return next((item for item in items if item.code == code), None)
