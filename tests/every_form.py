"""Every form of the portal, found on its own pages and filled in, so that a test of all of them needs no list."""

import html5lib
from flask import Flask
from flask.testing import FlaskClient
from wtforms.fields.core import UnboundField

from citizen_portal.web.forms import PortalForm
from tests.architecture.test_routes import every_request
from tests.steps import XHTML

# What no page says: words for any box of text, and a number or a day where a box takes only these.
WORDS, NUMBER, DAY = "ett tva tre fyra fem", "1", "2026-03-14"
ENDS_SOMETHING = ("close", "withdraw", "logout")
BY_TYPE = {"number": NUMBER, "date": DAY}
Fields = list[tuple[str, str]]


class PostedForm:
    """A route that takes a post: ``fields`` are filled in as a person would, ``cookie`` is a member of staff's."""

    def __init__(self, endpoint: str, address: str, fields: Fields, cookie: str) -> None:
        self.endpoint, self.address, self.fields, self.cookie = endpoint, address, fields, cookie

    def __repr__(self) -> str:
        return f"{self.endpoint} at {self.address}"


def every_form(app: Flask, visitors: dict[str, FlaskClient], known: dict[str, str]) -> list[PostedForm]:
    """A form for each route that takes a post, those that put an end to something last.

    ``visitors`` are a client by cookie. ``known`` are values that cannot be invented, by the name of their field: the
    code of a letter that was sent, a password. A route whose form stands on no page that can be fetched gets every
    field of every form.
    """
    on_pages: dict[str, tuple[Fields, str]] = {}
    for cookie, visitor in visitors.items():
        for _endpoint, (_method, address) in every_request(app, "GET"):
            # The page of a survey by letter has its form for those who have a letter.
            for answer in (visitor.get(address), visitor.get(address, query_string={"code": known["code"]})):
                if answer.mimetype == "text/html":
                    for action, fields in _forms_of(answer.text, address, known):
                        on_pages.setdefault(action, (fields, cookie))
        # The questions of a letter stand behind its code.
        opened = visitor.post("/sv/survey", data={"code": known["code"]})
        for action, fields in _forms_of(opened.text, "/sv/survey", known):
            on_pages.setdefault(action, (fields, cookie))
    anything = [(name, known.get(name, WORDS)) for name in names_of_every_field()]
    staff = max(visitors)
    forms = [
        PostedForm(endpoint, address, *on_pages.get(address, (anything, staff)))
        for endpoint, (_method, address) in every_request(app, "POST")
    ]
    return sorted(forms, key=lambda form: (any(word in form.endpoint for word in ENDS_SOMETHING), form.endpoint))


def names_of_every_field() -> list[str]:
    """The names of all fields of all forms."""
    return sorted(_names_anywhere(PortalForm))


def _names_anywhere(form: type[PortalForm]) -> set[str]:
    names = {name for name in dir(form) if isinstance(getattr(form, name), UnboundField)}
    return names.union(*map(_names_anywhere, form.__subclasses__()))


def _forms_of(page: str, address: str, known: dict[str, str]) -> list[tuple[str, Fields]]:
    found = []
    for form in html5lib.parse(page).iter(f"{XHTML}form"):
        if form.get("method", "get").lower() == "post":
            fields = _filled_in(form, known)
            found.append((form.get("action") or address, fields))
            # A button may send the same fields to an address of its own.
            found += [(each.get("formaction"), fields) for each in form.iter() if each.get("formaction")]
    return found


def _filled_in(form: object, known: dict[str, str]) -> Fields:
    """Every box written in, the first of each choice taken, what is hidden left as it is."""
    fields: Fields = []
    for element in form.iter():
        tag, name, kind = element.tag.removeprefix(XHTML), element.get("name"), element.get("type", "text")
        if not name or name == "website":  # the trap for programs, which a person never sees
            continue
        if tag == "select":
            values = [each.get("value") for each in element.iter(f"{XHTML}option") if each.get("value")]
            fields += [(name, value) for value in values[:1]]
        elif tag == "textarea" or (tag == "input" and kind in {"text", "password", "number", "date", "search"}):
            fields.append((name, known.get(name, BY_TYPE.get(kind, WORDS))))
        elif tag == "input" and (kind == "hidden" or (kind in {"radio", "checkbox"} and name not in dict(fields))):
            fields.append((name, known.get(name, element.get("value", ""))))
    return fields or [("button", WORDS)]
