"""A submission: one sending of a form, known again when it comes twice.

It is known by a salt together with its content. The salt is the page's random key, or without JavaScript the
ten-minute window it came in. From both the server's secret derives a fingerprint, which is stored and unique.
"""

import hmac
import json
from collections.abc import Mapping
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
    def of(cls, content: Mapping[str, object], *, key: str, seconds: float) -> Self:
        """Make one from the posted content, the posted key (may be empty) and the clock in seconds."""
        canonical = json.dumps(content, sort_keys=True, ensure_ascii=False, default=str).encode("utf-8", "replace")
        if key:
            return cls(canonical, (b"key:" + key.encode("utf-8", "replace"),), timed=False)
        window = int(seconds) // WINDOW_SECONDS
        # The window before is looked up too, or a double tap across its edge would be stored twice.
        return cls(canonical, (b"window:%d" % window, b"window:%d" % (window - 1)), timed=True)

    def fingerprint(self, secret: bytes, salt: bytes) -> bytes:
        """32 bytes to find what was stored again by."""
        return self.derive(secret, b"fingerprint", salt)

    def fingerprints(self, secret: bytes) -> tuple[bytes, ...]:
        """The fingerprint under each salt; the first is for something new."""
        return tuple(self.fingerprint(secret, salt) for salt in self.salts)

    def derive(self, secret: bytes, label: bytes, salt: bytes) -> bytes:
        """32 bytes that only this submission and the holder of the secret can make."""
        return hmac.digest(secret, b"\0".join((label, salt, sha256(self.content).digest())), "sha256")
