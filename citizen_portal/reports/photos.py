"""Photos: decoded, turned upright, made smaller and encoded anew, so that only pixels are stored.

Fails closed: whatever the decoder cannot finish is refused, and nothing of the posted file is ever kept. Camera
metadata (position, serial number, XMP, colour profile, comments) lives outside the pixels and so is left behind.
"""

from io import BytesIO

from flask_babel import gettext as _
from PIL import Image, ImageOps
from werkzeug.datastructures import FileStorage

from citizen_portal.web.forms import readable_text

MAX_PHOTOS = 3
MAX_PIXELS = 50_000_000
MAX_SIDE = 1600
JPEG_QUALITY = 78
ACCEPTED_FORMATS = ("JPEG", "PNG", "WEBP")
STORED_MEDIA_TYPE = "image/jpeg"


class PhotoRefused(Exception):
    """A photo cannot be taken; the text is a sentence for the resident that names the file."""


def encode_anew(upload: FileStorage) -> bytes:
    """Return a JPEG of at most ``MAX_SIDE`` pixels a side made from the upload's pixels alone.

    Raises ``PhotoRefused`` for a file that is too large, no photo, broken, or has too many pixels.
    """
    name = readable_text(upload.filename or "")[0].rsplit("/")[-1][:60]
    if getattr(upload.stream, "too_large", False):
        raise PhotoRefused(_("The photo %(name)s is larger than 15 MB. Choose a smaller one.", name=name))
    try:
        return _pixels_as_jpeg(upload.stream.read())
    except (TooManyPixels, Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise PhotoRefused(_("The photo %(name)s has too many pixels. Choose a smaller one.", name=name)) from error
    except Exception as error:
        # Decoders of hostile files raise almost anything. Whatever it was, the file is not kept.
        raise PhotoRefused(
            _("The file %(name)s is not a photo we can read. JPEG, PNG and WebP work.", name=name)
        ) from error


class TooManyPixels(ValueError):
    """The picture is larger, once unpacked, than memory should have to hold."""


def _pixels_as_jpeg(content: bytes) -> bytes:
    with Image.open(BytesIO(content), formats=ACCEPTED_FORMATS) as picture:
        # The header tells the size before a single pixel is unpacked: this is where a bomb ends.
        if picture.width * picture.height > MAX_PIXELS:
            raise TooManyPixels
        picture.draft("RGB", (MAX_SIDE, MAX_SIDE))
        picture.load()
        upright = ImageOps.exif_transpose(picture)
        upright.thumbnail((MAX_SIDE, MAX_SIDE))
        pixels = _on_white(upright)
    stored = BytesIO()
    pixels.save(stored, "JPEG", quality=JPEG_QUALITY, optimize=True)
    return stored.getvalue()


def _on_white(picture: Image.Image) -> Image.Image:
    """A new RGB picture holding the same pixels and no other information, transparency on white."""
    clean = Image.new("RGB", picture.size, "white")
    layered = picture.convert("RGBA") if picture.has_transparency_data else picture.convert("RGB")
    clean.paste(layered, mask=layered.getchannel("A") if layered.mode == "RGBA" else None)
    return clean
