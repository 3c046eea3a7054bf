"""The start page, help, and what a public site owes its visitors to say."""

from functools import lru_cache

from flask import Blueprint, abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markdown_it import MarkdownIt
from markupsafe import Markup

from citizen_portal.municipality import CONTACT_GROUPS, Municipality
from citizen_portal.municipality.installed import installed
from citizen_portal.web.kept import kept_page
from citizen_portal.web.language import current_language

ABOUT_TOPICS = ("privacy", "accessibility", "cookies")

pages = Blueprint("pages", __name__, url_prefix="/<language>")
root = Blueprint("root", __name__)


@root.get("/")
def pick_language() -> ResponseReturnValue:
    """Send a visitor to the start page in the best language their browser asks for."""
    answer = redirect(url_for("pages.start", language=current_language()))
    answer.headers["Vary"] = "Accept-Language"
    return answer


@pages.get("/")
@kept_page
def start() -> ResponseReturnValue:
    """Whom to call first, then the doors."""
    return render_template("pages/start.html")


@pages.get("/help")
@kept_page
def help() -> ResponseReturnValue:
    """Who to call for what, and where the young, their families and those who want out can turn."""
    municipality = installed().municipality
    groups = [(heading, municipality.contacts_in(group)) for group, heading in _headings().items()]
    return _text_page("pages/help.html", "help", groups=[(heading, found) for heading, found in groups if found])


@pages.get("/about/<topic>")
@kept_page
def about(topic: str) -> ResponseReturnValue:
    """Privacy, accessibility or cookies, in the municipality's words."""
    if topic not in ABOUT_TOPICS:
        abort(404)
    return _text_page("pages/text.html", topic)


def _text_page(template: str, code: str, **context: object) -> str:
    municipality, language = installed().municipality, current_language()
    return render_template(
        template,
        title=municipality.page(code).title.get(language),
        html=_as_html(municipality, code, language),
        **context,
    )


@lru_cache(maxsize=256)
def _as_html(municipality: Municipality, code: str, language: str) -> Markup:
    """The page's markdown as HTML. Raw HTML in it is shown as text, so data cannot carry markup of its own."""
    # The renderer escapes any HTML in the text, so what it returns is markup by its hand alone.
    return Markup(MarkdownIt("commonmark", {"html": False}).render(municipality.page(code).markdown[language]))  # noqa: S704


def _headings() -> dict[str, str]:
    headings = {
        "now": _("Right now"),
        "police": _("The police"),
        "health": _("Health care"),
        "support": _("Someone to talk to"),
        "municipality": _("The municipality"),
    }
    return {group: headings[group] for group in CONTACT_GROUPS}
