"""Posted forms, within bounds, and read quickly when they are what nearly all are: small, and without a file.

The framework's parser takes files in piece by piece, and for that costs a fifth of the work of a whole report. A small
body of plain fields is cut at its boundary instead. Whatever looks like anything else goes to the framework, past a
layer that counts its parts and measures their heads before they are read.
"""

import re
from io import BytesIO
from typing import IO, Any

from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.formparser import FormDataParser

SMALL_BYTES = 64 * 1024
# Of a whole form, files not counted. Our longest, a survey with every answer in words, takes a quarter of it.
MAX_TYPED_BYTES = 256 * 1024
MOST_FIELDS = 300
LONGEST_NAME = 200
# A browser names the field and the file in it: a file's name of 255 characters has room in any alphabet.
MOST_PART_HEAD_BYTES = 2048

# Exactly what browsers write above a field, or above a file box that was left empty.
PART_HEAD = re.compile(
    rb'\r\nContent-Disposition: form-data; name="(?P<name>[^"\\\r\n]+)"'
    rb'(?P<no_file>; filename=""\r\nContent-Type: application/octet-stream)?\r\n\r\n'
)
END = (b"--\r\n", b"--")
HEAD_ENDS = re.compile(rb"\r\n\r\n|\r\r|\n\n")


class BoundedParts:
    """A multipart body as it is read. Raises ``RequestEntityTooLarge`` for too many parts, too long a head or name in
    one, and too many bytes in all parts that are no files.
    """

    def __init__(self, stream: IO[bytes], boundary: bytes) -> None:
        self._stream, self._mark = stream, b"--" + boundary
        self._unread, self._in_head, self._is_file = b"", False, False
        self._parts = self._typed = 0

    def read(self, size: int = -1) -> bytes:
        """The next bytes, when they are within bounds."""
        data = self._stream.read(size)
        window, position = self._unread + data, 0
        while (following := self._part_of(window, position)) is not None:
            position = following
        # A mark, or the end of a head, may come in two pieces.
        keep = position if self._in_head else max(position, len(window) - len(self._mark) + 1)
        self._count_typed(keep - position)
        self._unread = window[keep:]
        if self._in_head and len(self._unread) > MOST_PART_HEAD_BYTES:
            raise RequestEntityTooLarge
        return data

    def _part_of(self, window: bytes, position: int) -> int | None:
        """Where the head or the content that begins at ``position`` ends; None when it does not end here."""
        if self._in_head:
            found = HEAD_ENDS.search(window, position, position + MOST_PART_HEAD_BYTES + 4)
            if not found:
                return None
            self._look_at_head(window[position : found.start()])
            return found.end()
        at = window.find(self._mark, position)
        if at < 0:
            return None
        self._count_typed(at - position)
        self._in_head, self._parts = True, self._parts + 1
        if self._parts > MOST_FIELDS + 1:  # the last one is the end
            raise RequestEntityTooLarge
        return at + len(self._mark)

    def _look_at_head(self, head: bytes) -> None:
        self._in_head, self._is_file = False, b"filename" in head.lower()
        if len(head) > MOST_PART_HEAD_BYTES:
            raise RequestEntityTooLarge

    def _count_typed(self, size: int) -> None:
        if self._parts and not self._is_file:
            self._typed += size
            if self._typed > MAX_TYPED_BYTES:
                raise RequestEntityTooLarge


class QuickFormParser(FormDataParser):
    """The framework's parser with a short way through for small forms."""

    def parse(
        self, stream: IO[bytes], mimetype: str, content_length: int | None, options: dict[str, str] | None = None
    ) -> tuple[IO[bytes], Any, Any]:
        """As the framework's: the stream, the fields and the files."""
        boundary = (options or {}).get("boundary", "")
        if mimetype == "multipart/form-data" and boundary.isascii() and 0 < (content_length or 0) <= SMALL_BYTES:
            body = stream.read()
            fields = plain_fields(body, boundary.encode())
            if fields is not None:
                return stream, self.cls(fields), self.cls()
            stream = BytesIO(body)
        if mimetype != "multipart/form-data":
            return super().parse(stream, mimetype, content_length, options)
        _bounded, fields, files = super().parse(
            BoundedParts(stream, boundary.encode("latin-1", "replace")), mimetype, content_length, options
        )
        return stream, fields, files


def plain_fields(body: bytes, boundary: bytes) -> list[tuple[str, str]] | None:
    """Names and values of a multipart body that holds nothing but fields and empty file boxes; None for any other."""
    before, *parts = (b"\r\n" + body).split(b"\r\n--" + boundary)
    # The framework also takes a boundary after a bare line feed, so one that was not cut at is not for here.
    if before or not boundary or not 0 < len(parts) <= MOST_FIELDS + 1 or body.count(b"--" + boundary) != len(parts):
        return None
    if parts.pop() not in END:
        return None
    fields = []
    for part in parts:
        head = PART_HEAD.match(part)
        if head is None or (head["no_file"] and head.end() != len(part)):
            return None
        if not head["no_file"]:
            fields.append((head["name"].decode("utf-8", "replace"), part[head.end() :].decode("utf-8", "replace")))
    return fields
