"""The report form: reads what was posted, keeps it, and says what has to be mended."""

import math
from datetime import date
from functools import cache

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from citizen_portal.municipality import Municipality, TapMap, inside
from citizen_portal.reports.choices import LIGHT, PRECISION, STREET, UNSAFE
from citizen_portal.reports.happened import HappenedField
from citizen_portal.reports.location import (
    Location,
    OutsideMunicipality,
    TooInexact,
    are_apart,
    locate,
    precision_of,
)
from citizen_portal.reports.photos import PhotosField
from citizen_portal.web.forms import (
    CheckboxesField,
    ListChoice,
    PlainHidden,
    PlainText,
    PlainTextArea,
    PortalForm,
    RadioChoice,
    at_most,
    optional,
    options,
    readable,
)

MOST_PLACE_CHARACTERS = 200
MOST_DESCRIPTION_CHARACTERS = 4000

# Before the code of an area in the list of places: somewhere in it.
PART = "area:"
PLACE, POINT = "place", "point"

NO_SUCH_CHOICE = _l("That choice does not exist here. Choose one from the page.")


class ReportForm(PortalForm):
    """The form of the outside contract. Only ``theme`` and some notion of place are required."""

    theme = RadioChoice(
        validators=[InputRequired(_l("Choose what it is about."))], invalid_choice_message=NO_SUCH_CHOICE
    )
    place = ListChoice(validators=[optional()], invalid_choice_message=NO_SUCH_CHOICE)
    place_text = PlainText(validators=[readable, at_most(MOST_PLACE_CHARACTERS)])
    latitude = PlainHidden()
    longitude = PlainHidden()
    accuracy = PlainHidden()
    where = RadioChoice(validators=[optional()], invalid_choice_message=NO_SUCH_CHOICE)
    map_x = PlainText(name="map.x")
    map_y = PlainText(name="map.y")
    precision = RadioChoice(
        choices=options(PRECISION.items()),
        default=STREET,
        validators=[optional()],
        invalid_choice_message=NO_SUCH_CHOICE,
    )
    happened = HappenedField()
    light = RadioChoice(choices=options(LIGHT.items()), validators=[optional()], invalid_choice_message=NO_SUCH_CHOICE)
    unsafe = RadioChoice(
        choices=options(UNSAFE.items()),
        validators=[optional()],
        invalid_choice_message=NO_SUCH_CHOICE,
    )
    reasons = CheckboxesField(invalid_choice_message=NO_SUCH_CHOICE)
    description = PlainTextArea(validators=[readable, at_most(MOST_DESCRIPTION_CHARACTERS)])
    photos = PhotosField()
    website = PlainText()
    submission_key = PlainHidden()

    def __init__(
        self, *args: object, municipality: Municipality, tap_map: TapMap, language: str, today: date, **kwargs: object
    ) -> None:
        super().__init__(*args, **kwargs)
        self._municipality, self._tap_map, self._today = municipality, tap_map, today
        self.location: Location | None = None
        self.theme.choices, self.reasons.choices, self.place.choices = _choices(municipality, language)
        self.where.choices = options([(PLACE, _("The place in the list")), (POINT, _("The point"))])
        self._settle_where()

    def _settle_where(self) -> None:
        """Drop what lies elsewhere, when the resident has said which of the two is right."""
        if self.where.data == PLACE:
            for field in (self.latitude, self.longitude, self.accuracy, self.map_x, self.map_y):
                field.data = ""
        elif self.where.data == POINT:
            self.place.data = ""

    @property
    def accuracy_metres(self) -> float | None:
        """How well the telephone knows the position, in metres: None when it did not say, infinite for no number."""
        if not self.accuracy.data or not self.latitude.data:
            return None
        try:
            metres = _coordinate(self.accuracy.data)
        except ValueError:
            return math.inf
        return metres if metres >= 0 else math.inf

    @property
    def point(self) -> tuple[float, float] | None:
        """Latitude and longitude in degrees, from the phone's position or the tapped map; None without."""
        if self.latitude.data or self.longitude.data:
            return _coordinate(self.latitude.data), _coordinate(self.longitude.data)
        if not (self.map_x.data and self.map_y.data):
            return None
        x, y = _coordinate(self.map_x.data), _coordinate(self.map_y.data)
        # Enter pressed on the map posts 0,0: no point was meant.
        return None if (x, y) == (0, 0) else self._tap_map.point_at(x, y)

    def point_or_none(self) -> tuple[float, float] | None:
        """The point to mark on the map again, if what was posted is one inside the municipality."""
        try:
            point = self.point
        except ValueError:
            return None
        return point if point and inside(self._municipality.bounds, *point) else None

    def take_tapped_point(self) -> None:
        """Turn a tap on the map into the position fields, in place of an earlier point."""
        earlier = self.latitude.data, self.longitude.data
        self.latitude.data = self.longitude.data = ""
        point = self.point_or_none()
        self.latitude.data, self.longitude.data = map(str, point) if point else earlier

    def validate_latitude(self, _field: Field) -> None:
        """Refuse what is no position, and a position outside the municipality."""
        try:
            self._locate(place=None, precision=STREET)
            precision_of(STREET, self.accuracy_metres)
        except TooInexact as error:
            raise ValidationError(
                _("Your phone does not know well enough where you are. Choose a place in the list, or describe it.")
            ) from error
        except OutsideMunicipality as error:
            raise ValidationError(
                _(
                    "That point is outside %(name)s. Choose another or pick a place in the list.",
                    name=self._municipality.name,
                )
            ) from error
        except ValueError as error:
            raise ValidationError(_("We could not read that position. Choose a place in the list.")) from error

    def validate_happened(self, field: HappenedField) -> None:
        """Refuse what is no day, and a day to come."""
        field.check(self._today)

    def validate(self, extra_validators: object = None) -> bool:
        """Check every field, then whether there is a place at all."""
        sound = super().validate(extra_validators)
        where = (self.place, self.place_text, self.latitude, self.precision)
        if not any(field.errors for field in where):
            if self._lie_apart():
                self.where.errors = [_("The place in the list and the point lie far apart. Which one is right?")]
                return False
            precision = precision_of(self.precision.data or STREET, self.accuracy_metres)
            self.location = self._locate(place=self.place.data or None, precision=precision)
            if not (self.location.area or self.location.place_text):
                self.place.errors = [_("Say where it is: choose a place, or describe it.")]
                return False
        return sound

    def _lie_apart(self) -> bool:
        point, place = self.point, self.place.data
        return bool(point and place) and are_apart(self._municipality, place, point)

    def _locate(self, *, place: str | None, precision: str) -> Location:
        is_part = bool(place) and place.startswith(PART)
        return locate(
            self._municipality,
            place=None if is_part else place,
            part=place.removeprefix(PART) if is_part else None,
            place_text=self.place_text.data or "",
            point=self.point,
            precision=precision,
        )


@cache
def _choices(municipality: Municipality, language: str) -> tuple[list[SelectChoice], ...]:
    """Choices of theme, reasons and place, made once per language: every post would make them anew."""
    themes = options((theme.code, theme.label.get(language)) for theme in municipality.themes)
    reasons = options((reason.code, reason.label.get(language)) for reason in municipality.reasons)
    return themes, reasons, _places_by_area(municipality, language)


def _places_by_area(municipality: Municipality, language: str) -> list[SelectChoice]:
    places = [SelectChoice("", _("Choose a place"))]
    for area in municipality.areas:
        heading = area.name.get(language)
        places.append(SelectChoice(f"{PART}{area.code}", _("Somewhere in %(area)s", area=heading), optgroup=heading))
        places += [SelectChoice(each.code, each.name, optgroup=heading) for each in municipality.places_in(area.code)]
    return places


def _coordinate(text: str | None) -> float:
    return float((text or "").strip().replace(",", "."))
