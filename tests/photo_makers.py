"""Photos as phones make them: with position, serial number, XMP, colour profile, comments and text in them."""

import struct
import zlib
from io import BytesIO

from PIL import Image, PngImagePlugin

SERIAL, OWNER, XMP, PROFILE, COMMENT, GPS_PLACE = (
    "SERIAL-8f1c77",
    "OWNER-4d02aa",
    "XMP-91be3e",
    "PROFILE-77ac10",
    "COMMENT-5e6f90",
    "GPSPLACE-c0ffee",
)
MARKERS = (SERIAL, OWNER, XMP, PROFILE, COMMENT, GPS_PLACE)
FORMATS = ("JPEG", "PNG", "WEBP")

GPS_DIRECTORY, LENS_AND_BODY, EXIF_ARTIST, EXIF_ORIENTATION = 0x8825, 0x8769, 0x013B, 0x0112
BODY_SERIAL_NUMBER, GPS_LATITUDE_REF, GPS_LATITUDE, GPS_PROCESSING = 0xA431, 1, 2, 27


def exif(orientation: int = 1) -> Image.Exif:
    """Camera metadata with a position, an owner and the camera's serial number."""
    tags = Image.Exif()
    tags[EXIF_ORIENTATION] = orientation
    tags[EXIF_ARTIST] = OWNER
    tags.get_ifd(LENS_AND_BODY)[BODY_SERIAL_NUMBER] = SERIAL
    position = tags.get_ifd(GPS_DIRECTORY)
    position[GPS_LATITUDE_REF], position[GPS_LATITUDE] = "N", (59.0, 31.0, 18.84)
    position[GPS_PROCESSING] = GPS_PLACE.encode()
    return tags


def photo(kind: str = "JPEG", *, size: tuple[int, int] = (64, 48), orientation: int = 1) -> bytes:
    """A photo, red on its left half and blue on its right, full of metadata."""
    picture = Image.new("RGB", size, "red")
    picture.paste("blue", (size[0] // 2, 0, *size))
    xmp = f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><serial>{XMP}</serial></x:xmpmeta>'.encode()
    extra: dict[str, object] = {"exif": exif(orientation).tobytes(), "icc_profile": PROFILE.encode() * 8}
    if kind == "PNG":
        text = PngImagePlugin.PngInfo()
        text.add_text("Comment", COMMENT)
        text.add_itxt("XML:com.adobe.xmp", xmp.decode())
        # The profile chunk is deflated by its definition; a plain copy lets the test see it.
        text.add(b"prVt", PROFILE.encode())
        extra["pnginfo"] = text
    elif kind == "JPEG":
        extra |= {"comment": COMMENT, "xmp": xmp}
    else:
        extra["xmp"] = xmp + COMMENT.encode()
    file = BytesIO()
    picture.save(file, kind, **extra)
    return file.getvalue()


def picture(kind: str, size: tuple[int, int] = (9, 9)) -> bytes:
    """A whole black and white picture of any format."""
    file = BytesIO()
    Image.new("1", size).save(file, kind)
    return file.getvalue()


def bomb(side: int = 30_000) -> bytes:
    """A PNG of a few thousand bytes that unpacks to almost a thousand million pixels."""
    rows = zlib.compress(b"\0" * ((side // 8 + 1) * 200), 9)
    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", rows) + _chunk(b"IEND", b"")


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def flat_jpeg(size: tuple[int, int]) -> bytes:
    """A JPEG of one grey: small, however many pixels it has."""
    file = BytesIO()
    Image.new("L", size, 128).save(file, "JPEG", quality=20)
    return file.getvalue()


def in_many_scans(scans: int) -> bytes:
    """A progressive JPEG whose last scan stands in it again and again: each is work, and few bytes."""
    file = BytesIO()
    Image.new("RGB", (64, 48), "red").save(file, "JPEG", progressive=True)
    whole = file.getvalue()
    last = whole[whole.rindex(b"\xff\xda") : -2]
    return whole[:-2] + last * scans + whole[-2:]


def with_odd_tag(jpeg: bytes, tag: int, kind: int) -> bytes:
    """The JPEG with camera metadata that says "held upright" (6) beside one tag of an odd kind and value."""
    entries = sorted(((EXIF_ORIENTATION, 3, 1, b"\x00\x06\x00\x00"), (tag, kind, 3, b"\xff\xff\xff\x08")))
    packed = b"".join(struct.pack(">HHI", *entry[:3]) + entry[3] for entry in entries)
    tags = b"Exif\0\0MM\0*" + struct.pack(">IH", 8, len(entries)) + packed + bytes(4)
    segments = jpeg[2:]
    while segments[:2] in {b"\xff\xe0", b"\xff\xe1", b"\xff\xe2", b"\xff\xfe"}:  # the other metadata goes
        segments = segments[2 + int.from_bytes(segments[2:4], "big") :]
    return b"\xff\xd8\xff\xe1" + struct.pack(">H", len(tags) + 2) + tags + segments
