"""Uploads: the request class, which holds posted files in memory and never longer than their limit.

The framework would spool a large file to the temporary folder, metadata and all. Here a photo never touches a
disk before it has been re-encoded, and a file past the limit is read to its end and dropped, so that the words
posted beside it still arrive.
"""

from io import BytesIO
from typing import IO
from urllib.parse import parse_qsl

from flask import Request
from werkzeug.exceptions import RequestEntityTooLarge

from citizen_portal.web.multipart import QuickFormParser

MAX_FILE_BYTES = 15 * 1024 * 1024
MAX_BODY_BYTES = 160 * 1024 * 1024
MAX_TYPED_BYTES = 8 * 1024 * 1024
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
    can say so and the others are kept. The framework also reads urlencoded forms without a bound of their own.
    """

    def _parse_urlencoded(self, stream: IO[bytes], *_described: object) -> tuple:
        body = stream.read(MAX_TYPED_BYTES + 1)
        if len(body) > MAX_TYPED_BYTES:
            raise RequestEntityTooLarge
        pairs = parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True, errors="replace")
        return stream, self.cls(pairs), self.cls()


class PortalRequest(Request):
    """Flask's request with bounds on what a body may hold."""

    max_content_length = MAX_BODY_BYTES
    max_form_memory_size = MAX_TYPED_BYTES
    form_data_parser_class = ForgivingFormParser
    _files_begun = 0

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
