"""Pixels of a photo as a small upright JPEG. Runs as a program too: photos in, JPEGs out (see ``decoder``).

Fails closed: whatever the decoder cannot finish is refused. Camera metadata (position, serial number, XMP, comments)
lives outside the pixels and so is left behind; the colour profile is applied first, and how the camera was held.

Knows Pillow and the standard library alone, so that the process that decodes starts quickly and holds little.
"""

import os
import resource
import struct
import sys
from contextlib import suppress
from io import BytesIO
from typing import BinaryIO

import pi_heif
from PIL import Image, ImageCms

MAX_SIDE = 1600
# Pixels that are unpacked: what telephones call 24 megapixels. A JPEG can be unpacked at a half, a quarter or an eighth
# of its sides.
MAX_PIXELS = 5712 * 4284
# A JPEG in the order of its rows needs memory for some of them, one in many scans for all of its coefficients.
MAX_JPEG_PIXELS = 200_000_000
MAX_PIXELS_IN_SCANS = 110_000_000
# Cameras and editors write at most about a dozen. Each is another pass over the whole picture.
MAX_SCANS = 64
JPEG_QUALITY = 78
ACCEPTED_FORMATS = ("JPEG", "PNG", "WEBP", "AVIF", "HEIF")
CPU_SECONDS = 15
MEMORY_BYTES = 1024 * 1024 * 1024
# Of the process that decodes: pages come before pictures when both want a core.
POLITENESS = 10

DONE, TOO_MANY_PIXELS, UNREADABLE = b"d", b"m", b"u"
LENGTH = struct.Struct(">I")

ORIENTATION = 0x0112
TURN = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
SRGB = ImageCms.createProfile("sRGB")
PROGRESSIVE, START_OF_SCAN, JPEG_END = b"\xff\xc2", b"\xff\xda", b"\xff\xd9"
PNG_END = b"\x00\x00\x00\x00IEND\xaeB`\x82"
# Bytes that mean something to a JPEG decoder which still waits for some.
MORE_DATA = b"\x5a\xa5\x3c\xc3" * 64

pi_heif.register_heif_opener(thumbnails=False)
Image.MAX_IMAGE_PIXELS = None  # the bounds above are looked at instead


class TooManyPixels(ValueError):
    """The picture is larger, once unpacked, than memory should have to hold."""


def pixels_as_jpeg(content: bytes) -> bytes:
    """A JPEG of at most ``MAX_SIDE`` pixels a side made from the pixels of a photo alone.

    Raises ``TooManyPixels``, and almost anything else for what is no photo or a broken one.
    """
    try:
        picture = _unpacked(content)
    except (OSError, SyntaxError, EOFError):
        picture = _unpacked(_with_its_end(content))
    stored = BytesIO()
    _clean(picture).save(stored, "JPEG", quality=JPEG_QUALITY, optimize=True)
    return stored.getvalue()


def _unpacked(content: bytes) -> Image.Image:
    picture = Image.open(BytesIO(content), formats=ACCEPTED_FORMATS)
    # The header tells the size before a single pixel is unpacked: this is where a bomb ends.
    if picture.format in {"JPEG", "MPO"}:
        _bound_jpeg(content, picture)
    if picture.width * picture.height > MAX_PIXELS:
        raise TooManyPixels
    picture.load()
    return picture


def _bound_jpeg(content: bytes, picture: Image.Image) -> None:
    scans = content.count(START_OF_SCAN)
    if scans > MAX_SCANS:
        raise TooManyPixels
    if picture.width * picture.height > (MAX_PIXELS_IN_SCANS if PROGRESSIVE in content else MAX_JPEG_PIXELS):
        raise TooManyPixels
    scale = MAX_SIDE / max(picture.size)
    if scale < 1:
        picture.draft(None, (round(picture.width * scale) or 1, round(picture.height * scale) or 1))


def _with_its_end(content: bytes) -> bytes:
    """The file with the end mark that some programs leave out, if that is all it lacks. Raises ``ValueError``."""
    if content.startswith(b"\x89PNG") and PNG_END not in content:
        return content + PNG_END
    if content.startswith(b"\xff\xd8") and not content.endswith(JPEG_END):
        # To a decoder that has every pixel, more data before the end mark is nothing; half a picture would take it up.
        rest = content.removesuffix(JPEG_END[:1])  # of the mark itself a half may be left
        ended, with_more = rest + JPEG_END, rest + MORE_DATA + JPEG_END
        if _unpacked(ended).tobytes() == _unpacked(with_more).tobytes():
            return ended
    raise ValueError


def _clean(picture: Image.Image) -> Image.Image:
    """A new, small, upright RGB picture of the same pixels and no other information, transparency on white."""
    profile, orientation = picture.info.get("icc_profile"), _orientation(picture)
    # As many grey levels as a screen shows; cut off at 255, all but the darkest would be white.
    if picture.mode.startswith("I"):
        picture = picture.convert("I").point(lambda value: value * (1 / 257)).convert("L")
    if picture.has_transparency_data or picture.mode == "P":
        picture = _on_white(picture.convert("RGBA"))
    picture.thumbnail((MAX_SIDE, MAX_SIDE))
    if orientation in TURN:
        picture = picture.transpose(TURN[orientation])
    return _in_srgb(picture, profile)


def _orientation(picture: Image.Image) -> int | None:
    """How the camera was held, 1 to 8 (TIFF 6.0, tag 274), or None."""
    with suppress(Exception):
        return _short_tag(picture.info.get("exif", b"").removeprefix(b"Exif\0\0"), ORIENTATION)
    with suppress(Exception):
        return picture.getexif().get(ORIENTATION)
    return None


def _short_tag(tags: bytes, wanted: int) -> int:
    """One tag of the first directory. Raises ``KeyError``.

    The library stops at a broken tag before it, and cameras write such.
    """
    order = {b"II": "<", b"MM": ">"}[tags[:2]]
    (start,) = struct.unpack_from(f"{order}I", tags, 4)
    (entries,) = struct.unpack_from(f"{order}H", tags, start)
    for number in range(entries):
        at = start + 2 + 12 * number
        tag, kind = struct.unpack_from(f"{order}HH", tags, at)
        if tag == wanted:
            # Some programs write it in one byte or in four. What is named otherwise is read as the two it should be.
            return struct.unpack_from(order + {1: "B", 4: "I"}.get(kind, "H"), tags, at + 8)[0]
    raise KeyError(wanted)


def _on_white(picture: Image.Image) -> Image.Image:
    ground = Image.new("RGB", picture.size, "white")
    ground.paste(picture, mask=picture.getchannel("A"))
    return ground


def _in_srgb(picture: Image.Image, profile: bytes | None) -> Image.Image:
    converted = None
    if profile:
        # A profile that does not fit its picture is a note that was never true.
        with suppress(ImageCms.PyCMSError, OSError, ValueError):
            given = ImageCms.ImageCmsProfile(BytesIO(profile))
            converted = ImageCms.profileToProfile(picture, given, SRGB, outputMode="RGB")
    clean = Image.new("RGB", picture.size)
    clean.paste(converted or picture.convert("RGB"))
    return clean


def serve(photos: BinaryIO, answers: BinaryIO) -> None:
    """Answer each photo, its length before it, with how it went and a JPEG, its length before it too."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    while len(length := photos.read(LENGTH.size)) == LENGTH.size:
        _allow_cpu_for_one_photo()
        outcome, jpeg = _outcome(photos.read(*LENGTH.unpack(length)))
        answers.write(outcome + LENGTH.pack(len(jpeg)) + jpeg)
        answers.flush()


def _outcome(content: bytes) -> tuple[bytes, bytes]:
    try:
        return DONE, pixels_as_jpeg(content)
    except (TooManyPixels, MemoryError):
        return TOO_MANY_PIXELS, b""
    except Exception:
        # Decoders of hostile files raise almost anything. Whatever it was, the file is not kept.
        return UNREADABLE, b""


def _allow_cpu_for_one_photo() -> None:
    used = resource.getrusage(resource.RUSAGE_SELF)
    most = int(used.ru_utime + used.ru_stime) + 1 + CPU_SECONDS
    resource.setrlimit(resource.RLIMIT_CPU, (most, resource.RLIM_INFINITY))


if __name__ == "__main__":
    os.nice(POLITENESS)
    serve(sys.stdin.buffer, sys.stdout.buffer)
