"""The forms of the workplace."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField
from wtforms.validators import InputRequired, Optional

from citizen_portal.municipality import Municipality
from citizen_portal.reports.choices import STAFF_MAY_SET, STATUSES
from citizen_portal.surveys.review import DECISIONS
from citizen_portal.web.forms import PlainHidden, PlainTextArea, PortalForm, at_most, options, readable, required
from citizen_portal.web.suspicion import REASONS

MOST_NOTE_CHARACTERS = 2000
NO_SUCH_STATUS = _l("Choose one of the states on the page.")


class FilterForm(PortalForm):
    """Which reports to list; every field may be left at all."""

    area = SelectField(validators=[Optional()])
    theme = SelectField(validators=[Optional()])
    status = SelectField(validators=[Optional()])

    def __init__(self, *args: object, municipality: Municipality, language: str) -> None:
        super().__init__(*args)
        every = ("", _("All"))
        self.area.choices = options([every, *((area.code, area.name.get(language)) for area in municipality.areas)])
        self.theme.choices = options(
            [every, *((theme.code, theme.label.get(language)) for theme in municipality.themes)]
        )
        self.status.choices = options([every, *((status.code, status.label) for status in STATUSES.values())])


class SeenForm(PortalForm):
    """A form that says what stood on its page, so that nobody undoes what they have not seen."""

    seen = PlainHidden()


class MoveForm(SeenForm):
    """A report's next state, and what the resident is told."""

    to_status = RadioField(
        choices=options((code, STATUSES[code].label) for code in STAFF_MAY_SET),
        validators=[InputRequired(NO_SUCH_STATUS)],
        invalid_choice_message=NO_SUCH_STATUS,
    )
    public_note = PlainTextArea(validators=[readable, at_most(MOST_NOTE_CHARACTERS)])


class AnswerForm(SeenForm):
    """An answer to the one who reported. The key is made with the page, so that a second post of it is known as one."""

    body = PlainTextArea(validators=[required(_l("Write the answer first.")), readable, at_most(MOST_NOTE_CHARACTERS)])
    submission_key = PlainHidden()


class ReviewForm(SeenForm):
    """What becomes of the answers of a wave that were set aside for one reason."""

    reason = SelectField(choices=options((code, code) for code in REASONS))
    decision = SelectField(choices=options((code, code) for code in DECISIONS))
