"""The codebook as a page to read and print: one HTML file that needs nothing beside it."""

from collections.abc import Iterator
from dataclasses import dataclass

import rcssmin
from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _
from markupsafe import escape

from citizen_portal.resources import folder
from citizen_portal.surveys.export.codebook import Value, values_of
from citizen_portal.surveys.export.columns import columns_of
from citizen_portal.surveys.export.rows import WaveExport
from citizen_portal.surveys.questionnaire import NUMBER, TEXT, Question, Questionnaire
from citizen_portal.web.language import direction_of, name_in_itself


@dataclass(frozen=True, slots=True)
class Entry:
    """One question; ``lines`` are pairs of a column's name and one of its values."""

    question: Question
    lines: list[tuple[str, Value]]

    @property
    def is_number(self) -> bool:
        """Whether the answer is a number."""
        return self.question.kind == NUMBER

    @property
    def is_text(self) -> bool:
        """Whether the answer is words."""
        return self.question.kind == TEXT


def codebook_page(export: WaveExport) -> Iterator[bytes]:
    """The codebook in every language of the questionnaire, its headings in the reference language."""
    questionnaire = export.questionnaire
    entries = {each.question.code: each for each in _entries(questionnaire)}
    # Not with render_template: what it adds to every page needs a request, and a command has none.
    template = current_app.jinja_env.get_template("surveys/codebook.html")
    with force_locale(export.language):
        head = _head(export)
        body = template.render(
            title=export.wave.title,
            questionnaire=questionnaire,
            sections=[(each, [entries[asked.code] for asked in each.questions]) for each in questionnaire.sections],
            directions={language: direction_of(language) for language in questionnaire.languages},
            names={language: name_in_itself(language) for language in questionnaire.languages},
        )
    yield head.encode()
    yield body.encode()
    yield b"</html>\n"


def _entries(questionnaire: Questionnaire) -> Iterator[Entry]:
    columns = columns_of(questionnaire)
    for question in questionnaire.questions:
        mine = [column for column in columns if column.question is question]
        lines = [(column.name, value) for column in mine for value in values_of(column, questionnaire.languages)]
        yield Entry(question, lines)


def _head(export: WaveExport) -> str:
    language = export.language
    title = _("Codebook of %(wave)s", wave=export.wave.title)
    styles = rcssmin.cssmin((folder("static") / "css" / "codebook.css").read_text("utf-8"))
    return (
        f'<!doctype html>\n<html lang="{language}" dir="{direction_of(language)}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{styles}</style>\n</head>\n"
    )
