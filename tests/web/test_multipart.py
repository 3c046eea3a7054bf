"""The short way through for small forms: the same fields as the framework's parser reads, or none of its business."""

from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.formparser import FormDataParser

from citizen_portal.web.multipart import SMALL_BYTES, QuickFormParser, plain_fields

HEAD = b'Content-Disposition: form-data; name="'
EMPTY_FILE = b'; filename=""\r\nContent-Type: application/octet-stream'
PIECES = [
    *(b"\r\n", b"\n", b"\r\n\r\n", b"-", b"--", b"--X", b"--X--", b"X", b"words", b"\xff", "å".encode()),
    *(HEAD + b'a"', HEAD + b'"', b'; filename="f"', b'; filename=""', EMPTY_FILE),
]
contents = st.lists(st.sampled_from(PIECES), max_size=4).map(b"".join)
parts = st.tuples(st.sampled_from([b"", EMPTY_FILE]), contents).map(
    lambda part: b"--X\r\n" + HEAD + b'a"' + part[0] + b"\r\n\r\n" + part[1] + b"\r\n"
)
forms = st.tuples(st.lists(parts, max_size=4).map(b"".join), st.sampled_from([b"--X--\r\n", b"--X--", b"--X", b""]))
bodies = st.one_of(forms.map(b"".join), st.lists(st.sampled_from(PIECES), max_size=12).map(b"".join))


def in_memory(*_described: object, **_more: object) -> BytesIO:
    return BytesIO()


def read(parser: FormDataParser, body: bytes):
    _stream, form, files = parser.parse(BytesIO(body), "multipart/form-data", len(body), {"boundary": "X"})
    return list(form.items(multi=True)), [(name, file.read()) for name, file in files.items(multi=True) if file]


@given(bodies)
def test_a_body_is_read_as_the_framework_reads_it(body):
    assert read(QuickFormParser(in_memory), body) == read(FormDataParser(in_memory), body)


def form_of(*fields: tuple[str, str]) -> bytes:
    lines = [f'--X\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in fields]
    return "".join([*lines, "--X--\r\n"]).encode()


def test_a_browser_form_takes_the_short_way():
    assert plain_fields(form_of(("theme", "x"), ("description", "å\r\n")), b"X") == [
        ("theme", "x"),
        ("description", "å\r\n"),
    ]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"--X",
        form_of(("a", "b"))[:-4],
        form_of(("a", "b")).replace(b'"a"', b'"a"; filename="photo.jpg"'),
        form_of(("a", "b")).replace(b'"a"', b'"a"\r\nContent-Type: text/plain; charset=latin-1'),
        form_of(("a", "b\n--X\r\nc")),
    ],
)
def test_anything_else_is_left_to_the_framework(body):
    assert plain_fields(body, b"X") is None


def test_a_large_form_is_left_to_the_framework(monkeypatch):
    monkeypatch.setattr("citizen_portal.web.multipart.plain_fields", None)
    large = form_of(("description", "x" * SMALL_BYTES))
    assert read(QuickFormParser(), large)[0][0][0] == "description"
