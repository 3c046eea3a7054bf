"""What is more than any form holds is refused before it is read, on every form there is, in its page's language."""

import re
from io import BytesIO
from urllib.parse import urlencode

import pytest
from werkzeug.exceptions import RequestEntityTooLarge

from citizen_portal.web.multipart import (
    LONGEST_NAME,
    MAX_TYPED_BYTES,
    MOST_FIELDS,
    MOST_PART_HEAD_BYTES,
    BoundedParts,
)
from tests.faults.bad_values import BOUNDARY
from tests.faults.test_every_field import Portal

TOO_LARGE = 413
LANGUAGE = re.compile("/(sv|en|fi|ar)/")


def part(name, value, *more):
    about = "".join(f"\r\n{line}" for line in more)
    return f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"{about}\r\n\r\n{value}\r\n'


def with_files(*parts):
    return f"multipart/form-data; boundary={BOUNDARY}", "".join([*parts, f"--{BOUNDARY}--\r\n"]).encode()


def typed(pairs):
    return "application/x-www-form-urlencoded", urlencode(pairs).encode()


A_FILE = part("photos", "x" * 10, 'Content-Disposition: form-data; name="photos"; filename="a.jpg"')
TOO_MUCH = {
    "too many fields": lambda fields: typed([*fields, *[("a", "")] * MOST_FIELDS]),
    "too many separators": lambda _fields: ("application/x-www-form-urlencoded", b"&" * MAX_TYPED_BYTES),
    "too much text": lambda fields: typed([*fields, ("a", "x" * MAX_TYPED_BYTES)]),
    "too long a name": lambda fields: typed([*fields, ("a" * (LONGEST_NAME + 1), "")]),
    "too many parts": lambda fields: with_files(*[part(*field) for field in fields], *[part("a", "")] * MOST_FIELDS),
    "too many files": lambda _fields: with_files(*[A_FILE] * (MOST_FIELDS + 1)),
    "too much text in parts": lambda fields: with_files(
        *[part(*field) for field in fields], *[part("a", "x" * (MAX_TYPED_BYTES // 4))] * 5
    ),
    "too long a head": lambda _fields: with_files(part("a", "b", "X-A: " + "b" * MOST_PART_HEAD_BYTES)),
    "too long a head of many lines": lambda _fields: with_files(part("a", "b", *["X-A: b"] * MOST_PART_HEAD_BYTES)),
    "too long a name of a part": lambda _fields: with_files(part("a" * (LONGEST_NAME + 1), "b")),
    "too long a name of a file": lambda _fields: with_files(
        part("photos", "b" * 70_000, f'X: y; filename="{"ا" * MOST_PART_HEAD_BYTES}"')
    ),
    "a head without an end": lambda _fields: with_files(
        f"--{BOUNDARY}\r\nContent-Disposition: form-data" + "a" * 99_000
    ),
}


def test_no_form_takes_more_than_any_of_them_holds(app):
    portal = Portal(app)
    forms = portal.forms()
    before = portal.rows()
    for form in forms:
        for kind, made in TOO_MUCH.items():
            content_type, body = made(form.fields)
            answer = portal.visitor(form).post(form.address, data=body, content_type=content_type)
            assert answer.status_code == TOO_LARGE, f"{form} with {kind}"
            if language := LANGUAGE.match(form.address):
                assert f'lang="{language[1]}"' in answer.text, form
    assert portal.rows() == before


def test_a_form_that_fills_the_bounds_is_read(client):
    pairs = [("description", "x" * 500)] * (MOST_FIELDS - 2)
    assert client.post("/sv/report", data=typed(pairs)[1], content_type=typed(pairs)[0]).status_code != TOO_LARGE
    parts = [part(*pair) for pair in pairs]
    for padding in ([], [part("a", "b", "X-A: " + "b" * 1500)]):
        content_type, body = with_files(*parts, *padding)
        assert client.post("/sv/report", data=body, content_type=content_type).status_code != TOO_LARGE


@pytest.mark.parametrize("size", [1, 3, 64, 1000, 100_000])
def test_parts_are_measured_alike_however_they_are_cut(size):
    def read(parts):
        bounded = BoundedParts(BytesIO(with_files(*parts)[1]), BOUNDARY.encode())
        while bounded.read(size):
            continue

    read([part("a", "b")] * MOST_FIELDS)
    read([part("a", "b" * 5000), A_FILE.replace("x", "y" * 300_000)])
    for parts in (
        [part("a", "b")] * (MOST_FIELDS + 1),
        [part("a", "b", "X-A: " + "b" * MOST_PART_HEAD_BYTES)],
        [part("a", "x" * 100)] * 3 + [part("a", "x" * MAX_TYPED_BYTES)],
    ):
        with pytest.raises(RequestEntityTooLarge):
            read(parts)
