"""The base of every form: our own messages in the reader's language, and text that can be stored.

WTForms has no words of its own in several of the languages offered, so every validator takes its sentence here.
"""

import unicodedata
from collections.abc import Callable, Iterable
from typing import ClassVar

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import FileStorage, MultiDict
from wtforms import (
    Field,
    FileField,
    Form,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.fields.choices import SelectChoice
from wtforms.fields.core import UnboundField
from wtforms.meta import DefaultMeta
from wtforms.validators import DataRequired, Optional
from wtforms.widgets import CheckboxInput, HiddenInput, ListWidget

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"  # what a byte that is no UTF-8 has become
KEPT_CONTROLS = {"\n", "\t"}
# Phones put these around what is copied, and others around a name to turn its end about. Nobody sees them, so nothing
# is lost without them; the marks and joiners that Arabic and Persian are written with are not among them.
DIRECTION_CONTROLS = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])


class PortalForm(Form):
    """A posted form. After ``validate`` fails, ``errors_in_order`` feeds the error summary."""

    _patterns: ClassVar[dict[str, Field]] = {}

    class Meta(DefaultMeta):
        """How fields come into a form: as copies of a pattern that is made once per class of form.

        Labels, flags and validators are the same in every form; the library would make them anew for each request.
        """

        def bind_field(self, form: "PortalForm", unbound_field: UnboundField, options: dict[str, object]) -> Field:
            """The field, fresh for this form. What a pattern holds is shared and must not be changed in place."""
            full_name = options["prefix"] + options["name"]
            pattern = form._patterns.get(full_name)
            if pattern is None:
                # Bound to no form: it outlives this one, which holds what somebody wrote.
                pattern = form._patterns[full_name] = unbound_field.bind(form=None, _meta=self, **options)
            # ``copy`` would call the class, and the library turns that into another unbound field.
            field = object.__new__(type(pattern))
            vars(field).update(vars(pattern), _form=form, meta=self)
            return field

        def wrap_formdata(self, form: "PortalForm", formdata: MultiDict[str, object] | None) -> object:
            """What was posted, as far as each field can take it."""
            if formdata is not None:
                fields = {field.name: field for field in form}
                pairs = [(name, fields.get(name), value) for name, value in formdata.items(multi=True)]
                formdata = MultiDict(
                    (name, _legible(field, value)) for name, field, value in pairs if _fits(field, value)
                )
            return super().wrap_formdata(form, formdata)

    def __init_subclass__(cls) -> None:
        """Give each class of form patterns of its own."""
        cls._patterns = {}

    @property
    def errors_in_order(self) -> list[tuple[str, str]]:
        """Pairs of field id and sentence, in the order of the page."""
        return [(field.id, str(field.errors[0])) for field in self if field.errors]


class PlainText(StringField):
    """One line of text, trimmed, refused when it holds characters no database or reader can take."""

    unreadable = False

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data, self.unreadable = readable_text(valuelist[0] if valuelist else "")


class PlainHidden(PlainText):
    """A hidden field, read as strictly as one that is seen: its text goes back into the page."""

    widget = HiddenInput()


class PlainTextArea(TextAreaField):
    """Several lines of text, with line ends as ``\\n``."""

    unreadable = False

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data, self.unreadable = readable_text(valuelist[0] if valuelist else "")


class _LooksUpCodes:
    """What was chosen is looked up by its code; the library would build every option of the list to find it."""

    def pre_validate(self, form: Form) -> None:
        if self.data not in {choice.value for choice in self.choices}:
            raise ValidationError(self.invalid_choice_message)


class RadioChoice(_LooksUpCodes, RadioField):
    """One of a few choices, as radio buttons."""


class ListChoice(_LooksUpCodes, SelectField):
    """One choice of a long list."""


class CheckboxesField(SelectMultipleField):
    """Several choices of a list, as checkboxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


def _fits(field: Field | None, value: object) -> bool:
    """Whether it is not a file under the name of a field that takes text, which no page of ours sends."""
    return not isinstance(value, FileStorage) or isinstance(field, FileField)


def _legible(field: Field | None, value: object) -> object:
    """The value without what no page can hold; a field of text takes that out itself, and says so."""
    if not isinstance(value, str) or value.isprintable() or hasattr(field, "unreadable"):
        return value
    return readable_text(value)[0]


def readable(_form: Form, field: Field) -> None:
    """Validator: no control characters and no broken UTF-8."""
    if field.unreadable:
        raise ValidationError(
            _("Some characters could not be read. We took them out: check the text and send it again.")
        )


def at_most(characters: int) -> Callable[[Form, Field], None]:
    """Validator: a text of at most so many characters."""

    def check(_form: Form, field: Field) -> None:
        length = len(field.data or "")
        if length > characters:
            raise ValidationError(
                _(
                    "This text is %(length)s characters long. Shorten it to %(most)s at most.",
                    length=length,
                    most=characters,
                )
            )

    return check


def required(message: str | None = None) -> DataRequired:
    """Validator: the field must be filled in, and with more than blanks."""
    return DataRequired(message or _l("Fill this in."))


def optional() -> Optional:
    """Validator: the field may be left empty. A blank is no empty field: no choice of ours has that code."""
    return Optional(strip_whitespace=False)


def options(pairs: Iterable[tuple[object, str]]) -> list[SelectChoice]:
    """Choices of a field from pairs of value and label."""
    return [SelectChoice(str(value), label) for value, label in pairs]


def posted_fields() -> MultiDict[str, object]:
    """The request's posted fields and files together, as a form takes them."""
    if not request.files:
        return request.form
    fields: MultiDict[str, object] = MultiDict(request.form)
    for name, files in request.files.lists():
        fields.setlist(name, files)
    return fields


def readable_text(text: str) -> tuple[str, bool]:
    """The text with one kind of line end and what cannot be stored taken out, and whether anything was."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if text.isprintable() and REPLACEMENT not in text:
        return text.strip(), False
    text = text.translate(DIRECTION_CONTROLS)
    kept = "".join(
        character
        for character in text
        if character != REPLACEMENT
        and (character in KEPT_CONTROLS or unicodedata.category(character) not in {"Cc", "Cs"})
        and not _is_noncharacter(ord(character))
    )
    return kept.strip(), len(kept) != len(text)


def _is_noncharacter(code: int) -> bool:
    """Whether Unicode promises that this code point will never be a character; no page may hold one."""
    return code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF
