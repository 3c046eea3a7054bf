"""Small copies of stored photos, inside the page itself: an address of a photo would need a key in it."""

from base64 import b64encode
from io import BytesIO

from PIL import Image

LONGEST_SIDE = 480
QUALITY = 60


def thumbnail_address(stored: bytes) -> str:
    """A ``data:`` address of a small copy of one of our own JPEGs, which needs no decoder of its own to be safe."""
    with Image.open(BytesIO(stored), formats=("JPEG",)) as picture:
        picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
        picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
        small = BytesIO()
        picture.save(small, "JPEG", quality=QUALITY)
    return f"data:image/jpeg;base64,{b64encode(small.getvalue()).decode('ascii')}"
