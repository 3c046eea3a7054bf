"""The language of a page: a prefix of its address, so that it needs no cookie and no memory.

Outside the prefix (the root, error pages, the workplace) the browser's Accept-Language decides.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from babel import Locale
from flask import Flask, current_app, request
from flask_babel import Babel, get_babel
from werkzeug.exceptions import NotFound

STAFF_LANGUAGES = ("sv", "en")
# A page opened with one of these keeps it. Nothing else goes along: a receipt that someone wrote into an address
# would stand in a link per language.
GOES_ALONG = ("place",)
# Which country's way of writing days and numbers a language has, where it is not the first that one thinks of.
AS_WRITTEN_IN = {"en": "en_GB"}
SOURCE_LANGUAGE = "en"  # message ids are English sentences, so English needs no catalogue


@dataclass(frozen=True, slots=True)
class LanguageLink:
    """One line of the language switcher; ``name`` is the language's own, ``url`` the same page in it."""

    code: str
    name: str
    direction: str
    url: str
    current: bool


class MissingCatalogue(Exception):
    """A language is offered but has no compiled catalogue."""


def init_language(app: Flask, *, languages: tuple[str, ...], catalogues: str, domains: tuple[str, ...]) -> None:
    """Wire languages and catalogues into the app. ``languages[0]`` is the default.

    Raises ``MissingCatalogue`` when an offered language has none: half a site in the wrong language is worse
    than a server that does not start.
    """
    app.config["PORTAL_LANGUAGES"] = languages
    Babel(
        app,
        default_locale=languages[0],
        locale_selector=lambda: AS_WRITTEN_IN.get(current_language(), current_language()),
        default_translation_directories=";".join([catalogues] * len(domains)),
        default_domain=";".join(domains),
    )
    with app.app_context():
        compiled = {locale.language for locale in get_babel().instance.list_translations()}
    missing = sorted(set(languages) - compiled - {SOURCE_LANGUAGE})
    if missing:
        raise MissingCatalogue(f"no compiled catalogue for {', '.join(missing)} in {catalogues}")
    app.url_defaults(_put_language)
    app.url_value_preprocessor(_take_language)


def current_language() -> str:
    """The language of the page being made, one of those offered."""
    languages = current_app.config["PORTAL_LANGUAGES"]
    if not request:
        return languages[0]
    prefix = request.path.split("/", 2)[1]
    if prefix in languages:
        return prefix
    offered = [code for code in STAFF_LANGUAGES if code in languages] if prefix == "staff" else languages
    return _asked_for(offered or languages) or languages[0]


def _asked_for(offered: Sequence[str]) -> str | None:
    """The offered language that the browser asks for most, each of its tags looked up as RFC 4647, 3.4 has it.

    The library would pass over ``ar-SE`` for an ``en`` that is asked for less, because only that is a whole match.
    """
    by_tag = {code.lower(): code for code in offered}
    for asked, weight in request.accept_languages:
        parts = asked.lower().split("-")
        for length in range(len(parts), 0, -1):
            found = by_tag.get("-".join(parts[:length]))
            if found and weight:
                return found
    return None


def direction_of(language: str) -> str:
    """``rtl`` or ``ltr``."""
    return Locale.parse(language, sep="-").text_direction


def name_in_itself(language: str) -> str:
    """The language's name in that language, with a capital where its script has them."""
    name = Locale.parse(language, sep="-").get_language_name()
    return name[:1].upper() + name[1:] if name else language


def language_links() -> list[LanguageLink]:
    """The page being shown, in each language the portal offers."""
    here = current_language()
    address = _address_without_language()
    return [
        LanguageLink(code, name_in_itself(code), direction_of(code), f"/{code}{address}", code == here)
        for code in current_app.config["PORTAL_LANGUAGES"]
    ]


def _address_without_language() -> str:
    """The part of the address after the prefix, or the nearest page above it that can be fetched.

    A page that answers a posted form has no address of its own to link to in another language.
    """
    routes = current_app.url_map.bind("")
    path = request.path.rstrip("/")
    if path.split("/", 2)[1:2] != [current_language()]:
        return "/"  # an address outside every language, such as one of the workplace
    query = _query() if request.method == "GET" else ""
    while path.count("/") > 1:
        if routes.test(path, "GET"):
            return quote(path[path.index("/", 1) :]) + query
        path, query = path.rpartition("/")[0], ""
    return "/" + query


def _query() -> str:
    """What of the request's query goes along, with its question mark; empty when nothing does."""
    kept = {name: request.args[name] for name in GOES_ALONG if request.args.get(name)}
    return "?" + urlencode(kept) if kept else ""


def _put_language(endpoint: str, values: dict[str, object]) -> None:
    if "language" not in values and current_app.url_map.is_endpoint_expecting(endpoint, "language"):
        values["language"] = current_language()


def _take_language(_endpoint: str | None, values: dict[str, object] | None) -> None:
    if values and "language" in values and values.pop("language") not in current_app.config["PORTAL_LANGUAGES"]:
        raise NotFound
