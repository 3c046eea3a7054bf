"""The field for when it happened: four quick answers, or a day, both posted under one name."""

from datetime import date

from flask_babel import gettext as _
from wtforms import Field, ValidationError

from citizen_portal.reports.choices import HAPPENED, ON_DATE
from citizen_portal.web.forms import readable_text

FIRST_YEAR = 1900


class HappenedField(Field):
    """``data`` is a code of ``HAPPENED``, or ``date`` with ``day`` set, or None.

    The page has radio buttons and a date box of the same name. A day is the more exact answer, so it wins.
    """

    day: date | None = None
    date_value = ""
    _quick: str | None = None

    def process_formdata(self, valuelist: list[str]) -> None:
        self._quick = None
        for value in filter(None, (readable_text(text)[0] for text in valuelist)):
            if value in HAPPENED:
                self._quick = self._quick or value
            else:
                self.date_value = value[:40]
        self.data = ON_DATE if self.date_value else self._quick

    @property
    def options(self) -> list[tuple[str, str, bool]]:
        """Triples of value, label and whether it is chosen, for the radio buttons."""
        return [(code, str(label), code == self._quick) for code, label in HAPPENED.items()]

    def check(self, today: date) -> None:
        """Read the day. Raises ``ValidationError`` for what is no day, or a day to come."""
        if self.data != ON_DATE:
            return
        try:
            # Some browsers post a date box as date and time; the time is never read.
            self.day = date.fromisoformat(self.date_value.partition("T")[0])
            # What a date box makes of a year of two digits.
            if self.day.year < FIRST_YEAR:
                raise ValueError(self.day)
        except ValueError as error:
            raise ValidationError(
                _("We do not understand that day. Write it like %(example)s.", example=today.isoformat())
            ) from error
        if self.day > today:
            raise ValidationError(_("That day has not come yet. Choose today or an earlier day."))
