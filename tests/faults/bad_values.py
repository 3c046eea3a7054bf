"""Values no field is made for, by kind, and how a form is posted with them."""

from urllib.parse import quote_from_bytes

from tests.every_form import PostedForm

BOUNDARY = "----bad"
LONE_SURROGATE = b"\xed\xa0\x80"
OVERRIDE = "\N{RIGHT-TO-LEFT OVERRIDE}"
BIDI_CONTROLS = f"abc{OVERRIDE}fdp.exe\N{LEFT-TO-RIGHT ISOLATE}"
MEGABYTE = b"a " * (1024 * 512)

# What stands in the field: bytes, as they travel. Two values make a list of it.
KINDS: dict[str, tuple[bytes, ...]] = {
    "a file": (b"%PDF-1.7",),
    "a list": (b"one", b"two"),
    "NUL": (b"a\0b",),
    "a lone surrogate": (b"a" + LONE_SURROGATE + b"b",),
    "bidi controls": (BIDI_CONTROLS.encode(),),
    "a megabyte": (MEGABYTE,),
    "as much as may be typed": (MEGABYTE[: 200 * 1024],),
    "nothing": (b"",),
    "a number past every integer": (b"9" * 400,),
    "not a number": (b"NaN",),
}
# The kinds a database may take otherwise than its neighbour: what is text to one is an error to the other.
STORED_OTHERWISE = ("NUL", "a lone surrogate", "a number past every integer", "not a number")
IN_AN_ADDRESS = ("NUL", "a lone surrogate", "bidi controls", "a number past every integer", "not a number")


def multipart_with(form: PostedForm, name: str, kind: str) -> tuple[str, bytes]:
    """Content type and body of a form whose field ``name`` holds a value of that kind."""
    others = [(each, value.encode()) for each, value in form.fields if each != name]
    about = b'; filename="a.pdf"\r\nContent-Type: application/pdf' if kind == "a file" else b""
    parts = [_part(each, value) for each, value in others] + [_part(name, value, about) for value in KINDS[kind]]
    body = b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()
    return f"multipart/form-data; boundary={BOUNDARY}", body


def urlencoded_with(form: PostedForm, name: str, kind: str) -> tuple[str, bytes]:
    """The same as a browser without files to send would post it."""
    pairs = [(each, value.encode()) for each, value in form.fields if each != name]
    pairs += [(name, value) for value in KINDS[kind]]
    body = "&".join(f"{quote_from_bytes(each.encode())}={quote_from_bytes(value)}" for each, value in pairs)
    return "application/x-www-form-urlencoded", body.encode()


def _part(name: str, value: bytes, about: bytes = b"") -> bytes:
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"'.encode()
    return head + about + b"\r\n\r\n" + value + b"\r\n"
