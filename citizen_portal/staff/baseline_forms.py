"""The forms of the baseline's pages: which wave, which period, against what, and under which code."""

from collections.abc import Sequence
from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, SelectField, ValidationError
from wtforms.validators import InputRequired, Length, Optional

from citizen_portal.baseline.freezing import MOST_CODE_CHARACTERS, is_code
from citizen_portal.baseline.models import BaselineSnapshot
from citizen_portal.baseline.releasing import MOST_REASON_CHARACTERS
from citizen_portal.surveys.models import Wave
from citizen_portal.web.forms import ListChoice, PlainHidden, PlainText, PortalForm, RadioChoice, options, required

NO_SUCH_WAVE = _l("Choose a wave that has ended: the figures of an open one still change.")
NO_DAY = _l("Fill this in.")
TOO_LONG = _l("Write at most 300 characters.")
NO_SUCH_SNAPSHOT = _l("Choose one of the frozen baselines on the page.")


class DayField(DateField):
    """A day, written 2026-03-31."""

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            raise ValueError(_("Write the day like %(example)s.", example="2026-03-31")) from error


class TermsForm(PortalForm):
    """What figures are computed from. ``waves`` are those that have ended; ``snapshots`` may be followed up."""

    wave = ListChoice(invalid_choice_message=NO_SUCH_WAVE)
    from_day = DayField(validators=[InputRequired(NO_DAY)])
    to_day = DayField(validators=[InputRequired(NO_DAY)])
    against = SelectField(validators=[Optional()], invalid_choice_message=NO_SUCH_SNAPSHOT)

    def __init__(
        self, *args: object, waves: Sequence[Wave], snapshots: Sequence[BaselineSnapshot], today: date, **kwargs: object
    ) -> None:
        super().__init__(*args, **kwargs)
        self._today = today
        self.wave.choices = options((wave.code, wave.title) for wave in waves)
        nothing = ("", _("Nothing: it is a baseline"))
        self.against.choices = options([nothing, *((each.code, each.code) for each in snapshots)])

    def validate_to_day(self, field: DayField) -> None:
        """The last day is over, and not before the first."""
        if field.data and self.from_day.data and field.data < self.from_day.data:
            raise ValidationError(_("The last day lies before the first."))
        if field.data and field.data >= self._today:
            raise ValidationError(_("The period is not over: reports of its last day may still come in."))


class FreezeForm(TermsForm):
    """The same, with the code that the snapshot is frozen under.

    ``figures`` is the digest of the figures that were looked at; empty when nobody says they have.
    """

    figures = PlainHidden()
    code = PlainText(validators=[required()])

    def validate_code(self, field: PlainText) -> None:
        """The code fits into an address."""
        if not is_code(field.data):
            raise ValidationError(
                _(
                    "Use small letters a to z, digits and single hyphens, %(most)s characters at most.",
                    most=MOST_CODE_CHARACTERS,
                )
            )


class PublishForm(PortalForm):
    """Which of the ``others`` that are public this corrects, or none, and why. Without others nothing is asked."""

    replaces = RadioChoice(invalid_choice_message=_l("Choose one of these."))
    because = PlainText(validators=[Length(max=MOST_REASON_CHARACTERS, message=TOO_LONG)])

    def __init__(self, *args: object, others: Sequence[str], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        if not others:
            del self.replaces, self.because
            return
        nothing = ("", _("No, it is new"))
        self.replaces.choices = options([nothing, *((code, _("Yes: %(code)s", code=code)) for code in others)])

    def validate_because(self, field: PlainText) -> None:
        """What is withdrawn says why."""
        if self.replaces.data and not (field.data or "").strip():
            raise ValidationError(_("Say why the earlier figures are withdrawn."))


class WithdrawForm(PortalForm):
    """Why figures are withdrawn."""

    because = PlainText(validators=[required(), Length(max=MOST_REASON_CHARACTERS, message=TOO_LONG)])
