"""Posted photos, and the sentence for one that cannot be taken: it names the file as the resident knows it."""

from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage

from citizen_portal.reports.photos import pixels
from citizen_portal.reports.photos.decoder import Decoder, DecoderBusy
from citizen_portal.web.forms import readable_text

MAX_PHOTOS = 3
STORED_MEDIA_TYPE = "image/jpeg"
_decoder = Decoder()


class PhotoRefused(Exception):
    """A photo cannot be taken; the text is a sentence for the resident that names the file."""


def encode_anew(upload: FileStorage) -> bytes:
    """Return a JPEG of at most ``pixels.MAX_SIDE`` pixels a side made from the upload's pixels alone.

    Raises ``PhotoRefused`` for a file that is too large, no photo, broken, or has too many pixels.
    """
    name = readable_text(upload.filename or "")[0].rsplit("/")[-1][:60]
    if getattr(upload.stream, "too_large", False):
        raise PhotoRefused(_("The photo %(name)s is larger than 15 MB. Choose a smaller one.", name=name))
    try:
        outcome, jpeg = _decoder.jpeg(upload.stream.read())
    except DecoderBusy as busy:
        raise PhotoRefused(
            _("Many photos are coming in just now. Wait a moment and send again, or send without photos.")
        ) from busy
    if outcome == pixels.TOO_MANY_PIXELS:
        raise PhotoRefused(
            _("The photo %(name)s is too large to open. Choose a smaller one, or a screenshot of it.", name=name)
        )
    if outcome != pixels.DONE:
        raise PhotoRefused(
            _("We cannot open the file %(name)s. Choose another photo, or a screenshot of this one.", name=name)
        )
    return jpeg
