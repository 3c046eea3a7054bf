"""The field of photos, in whichever form: at most three at a time, each re-encoded when the form is checked."""

from typing import ClassVar

from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage
from wtforms import Form, MultipleFileField, ValidationError

from citizen_portal.reports.photos.uploads import MAX_PHOTOS, PhotoRefused, encode_anew
from citizen_portal.web.throttle import throttle

# Reports of many from one network are set aside, never refused; photos, which cost real work to decode, have an end.
MOST_WITH_PHOTOS = 120


class PhotosField(MultipleFileField):
    """``encoded`` are the JPEGs of the posted photos after ``validate``, in the order they were chosen."""

    encoded: tuple[bytes, ...] = ()
    MOST: ClassVar[int] = MAX_PHOTOS

    @property
    def uploads(self) -> list[FileStorage]:
        """The files that were chosen; a browser sends an empty part when none was."""
        return [upload for upload in self.data or [] if isinstance(upload, FileStorage) and upload.filename]

    def may_be_decoded(self) -> bool:
        """Whether no file came, or this network may still send some; counts them."""
        return not self.uploads or throttle().count("photos", most=MOST_WITH_PHOTOS)

    def pre_validate(self, _form: Form) -> None:
        """Re-encode the photos. Raises ``ValidationError`` for too many, and for each that cannot be taken."""
        if len(self.uploads) > self.MOST:
            raise ValidationError(_("Choose at most %(most)s photos.", most=self.MOST))
        try:
            self.encoded = tuple(encode_anew(upload) for upload in self.uploads)
        except PhotoRefused as refusal:
            raise ValidationError(str(refusal)) from refusal
