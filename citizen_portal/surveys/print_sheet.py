"""Letters to print: one HTML file that needs nothing beside it, a letter to a page, and the same codes as CSV."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import rcssmin
import segno
from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _
from markupsafe import escape

from citizen_portal.municipality import Contact, Municipality
from citizen_portal.resources import folder
from citizen_portal.surveys.invitations import Letter, in_groups
from citizen_portal.surveys.models import Wave
from citizen_portal.surveys.questionnaire import Questionnaire
from citizen_portal.web.csv_rows import FOR_EXCEL, csv_chunks
from citizen_portal.web.language import direction_of

HEADER = ("letter", "code", "address")

# Stands where the address goes, which the page sets apart and keeps from left to right.
_ADDRESS = "\N{OBJECT REPLACEMENT CHARACTER}"


@dataclass(frozen=True, slots=True)
class Printing:
    """What stands on every letter of a wave. ``public_url`` is where the portal is reached, without a last slash."""

    municipality: Municipality
    wave: Wave
    questionnaire: Questionnaire
    public_url: str

    @property
    def short_address(self) -> str:
        """The address for people who type it; behind it, the page asks for the code."""
        return f"{self.public_url.removeprefix('https://')}/e"

    @property
    def contact(self) -> Contact | None:
        """Whom to ask: the first contact of the municipality itself."""
        return next(iter(self.municipality.contacts_in("municipality")), None)

    def address(self, letter: Letter) -> str:
        """The address that opens the survey of one letter."""
        return f"{self.public_url}/e/{letter.code}"


def letters_csv(printing: Printing, letters: Sequence[Letter]) -> Iterator[bytes]:
    """Number, code and address of each letter, for Excel."""
    rows = ((each.number, in_groups(each.code), printing.address(each)) for each in letters)
    return csv_chunks(HEADER, rows, FOR_EXCEL)


def letters_html(printing: Printing, letters: Iterable[Letter]) -> Iterator[bytes]:
    """The sheet, a letter at a time, in the municipality's reference language with a line in each of the others."""
    # Not with render_template: what it adds to every page needs a request, and a command has none.
    template = current_app.jinja_env.get_template("surveys/letter.html")
    language = printing.municipality.default_language
    lines = list(_lines(printing))
    yield _head(printing, language).encode()
    with force_locale(language):
        for letter in letters:
            body = template.render(
                printing=printing,
                letter=letter,
                code=in_groups(letter.code).split("-"),
                square=segno.make(printing.address(letter), error="m", micro=False).svg_data_uri(border=4),
                lines=lines,
                language=language,
            )
            yield body.encode()
    yield b"</html>\n"


def _lines(printing: Printing) -> Iterator[tuple[str, str, str, str]]:
    """Language, direction, and the words before and after the address, in each of the other languages."""
    for language in printing.municipality.languages[1:]:
        with force_locale(language):
            # Each translation names its own language: "Voit vastata suomeksi."
            words = _("You can answer in English. Go to %(address)s and enter your code.", address=_ADDRESS)
        yield language, direction_of(language), *words.split(_ADDRESS)


def _head(printing: Printing, language: str) -> str:
    styles = rcssmin.cssmin((folder("static") / "css" / "letters.css").read_text("utf-8"))
    return (
        f'<!doctype html>\n<html lang="{language}" dir="{direction_of(language)}">\n<head>\n<meta charset="utf-8">\n'
        f"<title>{escape(printing.wave.title)}</title>\n"
        f"<style>:root{{--accent:{printing.municipality.accent}}}{styles}</style>\n</head>\n"
    )
