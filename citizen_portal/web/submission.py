"""A submission: one sending of a form, known again when it comes twice.

It is known by a salt together with its content. The salt is the page's random key, or without JavaScript the
ten-minute window it came in. From both the server's secret derives a fingerprint, which is stored and unique.

The content is what was said. The language of the page is not part of it: it may be changed between two tries. Nor are
the bytes of files beside a key: a phone encodes a photo anew for each try, and the key changes when another is chosen.
Without a key a browser sends the same file twice, and only its bytes tell it from another.
"""

import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Self

WINDOW_SECONDS = 600


@dataclass(frozen=True, slots=True)
class Submission:
    """What was sent, and the salts it may be known by.

    ``salts[0]`` is the one that something new gets; the others are looked up as well. ``timed`` says that the salts are
    windows of time and the fingerprint has to be forgotten within a day.
    """

    content: bytes
    salts: tuple[bytes, ...]
    timed: bool

    @classmethod
    def of(cls, content: Mapping[str, object], *, key: str, seconds: float, files: Sequence[bytes] = ()) -> Self:
        """Make one from the posted content, the posted key (may be empty) and the clock in seconds.

        ``files`` are the bytes of those that came with it.
        """
        if key:
            return cls(_canonical(content), (b"key:" + key.encode("utf-8", "replace"),), timed=False)
        digests = [sha256(each).hexdigest() for each in files]
        window = int(seconds) // WINDOW_SECONDS
        # The window before is looked up too, or a double tap across its edge would be stored twice.
        salts = (b"window:%d" % window, b"window:%d" % (window - 1))
        return cls(_canonical({**content, "files": digests}), salts, timed=True)

    def fingerprint(self, secret: bytes, salt: bytes) -> bytes:
        """32 bytes to find what was stored again by."""
        return self.derive(secret, b"fingerprint", salt)

    def fingerprints(self, secret: bytes) -> tuple[bytes, ...]:
        """The fingerprint under each salt; the first is for something new."""
        return tuple(self.fingerprint(secret, salt) for salt in self.salts)

    def derive(self, secret: bytes, label: bytes, salt: bytes) -> bytes:
        """32 bytes that only this submission and the holder of the secret can make."""
        return hmac.digest(secret, b"\0".join((label, salt, sha256(self.content).digest())), "sha256")


def _canonical(content: Mapping[str, object]) -> bytes:
    # What is empty is left out, so that a later release, which asks for more, knows the tries of an earlier one again.
    said = {name: value for name, value in content.items() if value or value == 0}
    return json.dumps(said, sort_keys=True, ensure_ascii=False, default=str).encode("utf-8", "replace")
