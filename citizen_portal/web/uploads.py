"""Uploads: the request class, which takes a body whole or not at all, and holds posted files in memory.

A body that broke off on its way is refused before any view sees it, whatever its encoding: half a form must not be
stored, and must not use up the code of a letter. The framework would take what came for all there is.

It would also spool a large file to the temporary folder, metadata and all. Here a photo never touches a disk before
it has been re-encoded, and a file past the limit is read to its end and dropped, so that the words posted beside it
still arrive.
"""

from io import BytesIO
from typing import IO, Any
from urllib.parse import parse_qsl

from flask import Request
from werkzeug.datastructures import ImmutableMultiDict, MultiDict
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge
from werkzeug.utils import cached_property

from citizen_portal.web.forms import readable_text
from citizen_portal.web.multipart import LONGEST_NAME, MAX_TYPED_BYTES, MOST_FIELDS, QuickFormParser

MAX_FILE_BYTES = 15 * 1024 * 1024
MAX_BODY_BYTES = 160 * 1024 * 1024
# No form takes more than three; the fourth is how it knows that there were too many.
MOST_FILES_HELD = 4


class BoundedUpload(BytesIO):
    """A posted file. Past ``MAX_FILE_BYTES`` it empties itself, drops the rest and says ``too_large``."""

    too_large = False

    def write(self, data: bytes) -> int:
        if self.too_large or self.tell() + len(data) > MAX_FILE_BYTES:
            self.too_large = True
            self.seek(0)
            self.truncate()
            return len(data)
        return super().write(data)


class ForgivingFormParser(QuickFormParser):
    """The framework's parser, which would drop a whole urlencoded form for one byte that is no UTF-8.

    Such a byte becomes the replacement character, as it does in a multipart form, so that the field it stands in
    can say so and the others are kept. The framework also reads urlencoded forms without a bound of their own, and
    hands on a form without any field for a multipart body that breaks off before its closing boundary.
    """

    def parse(self, stream: IO[bytes], *described: Any, **more: Any) -> tuple[IO[bytes], Any, Any]:
        """As the framework's. Raises ``BadRequest`` for a multipart body that is not one from end to end, and
        ``RequestEntityTooLarge`` for more than any form of ours holds.
        """
        self.silent = False
        try:
            rest, fields, files = super().parse(stream, *described, **more)
        except ValueError as error:
            raise BadRequest from error
        _refuse_too_much(list(fields.items(multi=True)), list(files))
        return rest, fields, files

    def _parse_urlencoded(self, stream: IO[bytes], *_described: object) -> tuple:
        body = stream.read(MAX_TYPED_BYTES + 1)
        if len(body) > MAX_TYPED_BYTES or body.count(b"&") >= MOST_FIELDS:
            raise RequestEntityTooLarge
        pairs = parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True, errors="replace")
        return stream, self.cls(pairs), self.cls()


def _refuse_too_much(pairs: list[tuple[str, str]], names_of_files: list[str]) -> None:
    names = [name for name, _value in pairs] + names_of_files
    if len(names) > MOST_FIELDS or sum(len(value) for _name, value in pairs) > MAX_TYPED_BYTES:
        raise RequestEntityTooLarge
    if any(name and len(name) > LONGEST_NAME for name in names):
        raise RequestEntityTooLarge


class PortalRequest(Request):
    """Flask's request, whose body is whole and within bounds."""

    max_content_length = MAX_BODY_BYTES
    max_form_memory_size = MAX_TYPED_BYTES
    max_form_parts = MOST_FIELDS
    form_data_parser_class = ForgivingFormParser
    _files_begun = 0

    def __init__(self, environ: dict[str, Any], *described: Any, **more: Any) -> None:
        if "CONTENT_LENGTH" in environ:
            # Servers say that their streams end by themselves. So they do when the connection breaks, and then only
            # the announced length tells: without this word the framework holds the stream to it.
            environ.pop("wsgi.input_terminated", None)
        super().__init__(environ, *described, **more)

    @cached_property
    def args(self) -> MultiDict[str, str]:
        """The query, without characters that no database or page can take."""
        return ImmutableMultiDict((name, readable_text(value)[0]) for name, value in super().args.items(multi=True))

    def take_body(self) -> None:
        """Read the body to its end, as a form if it is one.

        Raises ``BadRequest`` when it broke off, ``RequestEntityTooLarge`` when it is past a bound.
        """
        self._load_form_data()
        while self.stream.read(64 * 1024):
            continue  # what no form has read

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        self._files_begun += 1
        stream = BoundedUpload()
        stream.too_large = self._files_begun > MOST_FILES_HELD
        return stream
