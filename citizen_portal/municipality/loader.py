"""From a municipality folder to one Municipality, or to an error that says what to mend.

Files: municipality.toml, places.toml, themes.toml, contacts.toml and pages/<language>/<page>.md; agreement.toml, where
there is an agreement; and any number of questionnaires/*.toml, which the survey room reads. The first four may hold
``verify = "..."``: something the operator should check, listed in ``unverified``.
"""

from __future__ import annotations

import re
import zoneinfo
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from .agreement import FILE as AGREEMENT
from .agreement import Known, read_agreement
from .contrast import READABLE, contrast, is_colour
from .errors import MunicipalityError
from .geometry import inside
from .model import CONTACT_GROUPS, Area, Bounds, Contact, Municipality, Place, Reason, Theme
from .pages import read_pages
from .population import FILE as POPULATION
from .population import read_population
from .questionnaires import read_questionnaires
from .tables import Table

HEAD = "municipality.toml"
# A misprint in these two could cost a life, so the data may not choose other numbers.
REQUIRED_ROLES = {"emergency": "112", "police": "11414"}
LIGHT_PAPER, DARK_PAPER = "#ffffff", "#10161d"

_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{1,8})*")
_NUMBER = re.compile(r"\+?[0-9](?:[ -]?[0-9]){2,14}")
_TEL = re.compile(r"\+?[0-9]{3,15}")
_EMAIL = re.compile(r"[a-z0-9]+(?:[._-][a-z0-9]+)*@[a-z0-9-]+(?:\.[a-z0-9-]+)+")


def bundled_folder() -> Path:
    """The one municipality folder inside the package; MunicipalityError unless there is exactly one."""
    found = sorted(Path(__file__).parent.glob(f"*/{HEAD}"))
    if len(found) != 1:
        raise MunicipalityError(HEAD, "(file)", f"the package must hold one, not {len(found)}")
    return found[0].parent


def load_municipality(folder: Path) -> Municipality:
    """Read and check the whole folder. MunicipalityError names the first file and key that is wrong."""
    head = Table.read(folder, HEAD)
    facts = _facts(head)
    places, themes, contacts = (
        Table.read(folder, file, head.languages) for file in ("places.toml", "themes.toml", "contacts.toml")
    )
    areas = places.each("area", _area)
    parts: dict[str, Any] = {
        "areas": areas,
        "places": _places(places, areas, facts["bounds"]),
        "themes": themes.each("theme", _theme),
        "reasons": themes.each("reason", _reason),
        "contacts": _contacts(contacts),
        "pages": read_pages(folder, head.languages),
        "questionnaires": read_questionnaires(folder),
    }
    parts["agreement"] = read_agreement(folder, head.languages, Known(areas, parts["places"], parts["themes"]))
    parts["population"] = read_population(folder, head.languages, areas)
    tables = (head, places, themes, contacts)
    unverified = _unverified(tables, parts["contacts"], facts["unreviewed_languages"])
    if parts["agreement"] and parts["agreement"].example:
        unverified += (f"{AGREEMENT}: promises and targets are invented examples",)
    if parts["population"] and parts["population"].example:
        unverified += (f"{POPULATION}: the counts are invented examples",)
    for table in tables:
        table.close()
    return Municipality(**facts, **parts, unverified=unverified)


def _facts(head: Table) -> dict[str, Any]:
    """What municipality.toml itself says; the languages first, because every later text must have them."""
    head.languages = _languages(head)
    return {
        "languages": head.languages,
        "unreviewed_languages": _unreviewed(head),
        "code": head.code("code"),
        "name": head.word("name"),
        "organisation": head.text("organisation"),
        "timezone": _timezone(head),
        "bounds": _bounds(head),
        "accent": _accent(head, "accent", LIGHT_PAPER),
        "accent_dark": _accent(head, "accent_dark", DARK_PAPER),
        "exit": _exit(head) if head.has("exit") else None,
    }


def _languages(head: Table) -> tuple[str, ...]:
    languages = head.words("languages")
    if not languages:
        raise head.error("languages", "must name at least one language")
    for language in languages:
        if not _LANGUAGE.fullmatch(language):
            raise head.error("languages", f"{language!r} is not a language tag")
    return languages


def _unreviewed(head: Table) -> tuple[str, ...]:
    """Languages whose words no native speaker has read; an absent key means that all are read."""
    unreviewed = head.words("unreviewed_languages") if head.has("unreviewed_languages") else ()
    for language in unreviewed:
        if language not in head.languages:
            raise head.error("unreviewed_languages", f"{language!r} is not one of the languages")
    return unreviewed


def _exit(head: Table) -> str:
    """The address of an everyday site, which says nothing of where somebody has been."""
    address = head.word("exit")
    if not address.startswith("https://"):
        raise head.error("exit", f"{address!r} is no address that begins with https://")
    return address


def _bounds(head: Table) -> Bounds:
    table = head.table("bounds")
    bounds = Bounds(**{side: table.number(side) for side in ("south", "north", "west", "east")})
    table.close()
    if not -90 < bounds.south < bounds.north < 90:
        raise head.error("bounds", "south must lie below north, both between -90 and 90 degrees")
    if not -180 <= bounds.west < bounds.east <= 180:
        raise head.error("bounds", "west must lie before east, both between -180 and 180 degrees")
    return bounds


def _timezone(head: Table) -> str:
    name = head.word("timezone")
    try:
        zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        raise head.error("timezone", f"{name!r} is not a known time zone") from None
    return name


def _accent(head: Table, key: str, paper: str) -> str:
    """A colour that stays readable as text on its paper."""
    colour = head.word(key)
    if not is_colour(colour):
        raise head.error(key, f"{colour!r} must be written #rrggbb")
    ratio = contrast(colour, paper)
    if ratio < READABLE:
        raise head.error(key, f"contrast {ratio:.2f} against {paper} is under {READABLE}")
    return colour


def _area(row: Table) -> Area:
    return Area(row.code("code"), row.name("name"))


def _places(table: Table, areas: tuple[Area, ...], bounds: Bounds) -> tuple[Place, ...]:
    known = {area.code for area in areas}
    places = table.each("place", lambda row: _place(row, known, bounds))
    for empty in sorted(known - {place.area for place in places}):
        raise table.error("area", f"{empty!r} has no place")
    return places


def _place(row: Table, areas: set[str], bounds: Bounds) -> Place:
    code, name, area = row.code("code"), row.word("name"), row.code("area")
    if area not in areas:
        raise row.error("area", f"{area!r} is not an area")
    latitude, longitude = row.number("latitude"), row.number("longitude")
    if not inside(bounds, latitude, longitude):
        key = "longitude" if bounds.south <= latitude <= bounds.north else "latitude"
        raise row.error(key, f"{code!r} lies outside the bounds of the municipality")
    return Place(code, name, area, latitude, longitude)


def _theme(row: Table) -> Theme:
    hint = row.text("hint") if row.has("hint") else None
    return Theme(row.code("code"), row.text("label"), hint, row.whole("goal", 1, 3), row.flag("positive"))


def _reason(row: Table) -> Reason:
    return Reason(row.code("code"), row.text("label"))


def _contacts(table: Table) -> tuple[Contact, ...]:
    contacts = table.each("contact", _contact)
    for role in REQUIRED_ROLES:
        count = sum(contact.role == role for contact in contacts)
        if count != 1:
            raise table.error("contact", f"exactly one contact must have the role {role!r}, found {count}")
    return contacts


def _contact(row: Table) -> Contact:
    number, tel = _number(row)
    group = row.code("group")
    if group not in CONTACT_GROUPS:
        raise row.error("group", f"{group!r} is not one of {', '.join(CONTACT_GROUPS)}")
    role = row.code("role") if row.has("role") else None
    if role is not None and role not in REQUIRED_ROLES:
        raise row.error("role", f"{role!r} is not one of {', '.join(REQUIRED_ROLES)}")
    if role is not None and tel != REQUIRED_ROLES[role]:
        raise row.error("tel", f"the role {role!r} must reach {REQUIRED_ROLES[role]}")
    url = row.word("url") if row.has("url") else None
    if url is not None and not url.startswith("https://"):
        raise row.error("url", "must begin with https://")
    email = row.word("email") if row.has("email") else None
    if email is not None and not _EMAIL.fullmatch(email):
        raise row.error("email", f"{email!r} is no e-mail address")
    code, label, when = row.code("code"), row.text("label"), row.text("when")
    return Contact(code, number, tel, label, when, group, role, url, email, row.flag("verify"))


def _number(row: Table) -> tuple[str, str]:
    """The number as read and as dialled; they must be the same number, but for the country code."""
    number, tel = row.word("number"), row.word("tel")
    if not _NUMBER.fullmatch(number):
        raise row.error("number", f"{number!r} must be digits with single spaces or hyphens")
    if not _TEL.fullmatch(tel):
        raise row.error("tel", f"{tel!r} must be 3 to 15 digits, with + before a country code")
    digits = re.sub(r"\D", "", number)
    same = tel.endswith(digits.removeprefix("0")) if tel.startswith("+") else tel == digits
    if not same:
        raise row.error("tel", f"{tel!r} is not the number {number!r}")
    return number, tel


def _unverified(tables: Iterable[Table], contacts: Iterable[Contact], unreviewed: Iterable[str]) -> tuple[str, ...]:
    """One line per fact to check before residents rely on it: file, what, and why."""
    remarks = [f"{table.file}: {table.word('verify')}" for table in tables if table.has("verify")]
    numbers = [
        f"contacts.toml: {contact.code}: is {contact.number} the right number?"
        for contact in contacts
        if contact.verify
    ]
    words = [f"{HEAD}: {language}: no native speaker has reviewed the texts" for language in unreviewed]
    return (*remarks, *numbers, *words)
