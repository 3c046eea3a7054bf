"""Photos: only pixels are stored, and a file that is no photo costs nothing that was typed."""

import tracemalloc
from io import BytesIO

import pytest
from PIL import Image
from sqlalchemy import select

from citizen_portal.reports.models import Photo
from citizen_portal.reports.photos import MOST_WITH_PHOTOS
from citizen_portal.reports.photos.pixels import MAX_SIDE
from citizen_portal.storage.engine import db
from citizen_portal.web.throttle import throttle
from citizen_portal.web.uploads import MAX_FILE_BYTES, MOST_FILES_HELD, BoundedUpload
from tests.photo_makers import (
    FORMATS,
    GPS_PLACE,
    MARKERS,
    OWNER,
    SERIAL,
    XMP,
    bomb,
    in_many_scans,
    photo,
    picture,
)
from tests.steps import REPORT, count, filled_in, reports, sentence_at

WORDS = "Det jag har skrivit."
TYPED = {**REPORT, "description": WORDS, "unsafe": "3"}


def post(client, *files: tuple[str, bytes], **fields):
    uploads = [(BytesIO(content), name) for name, content in files]
    answer = client.post("/en/report", data={**TYPED, **fields, "photos": uploads})
    answer.request.environ["wsgi.input"].close()  # the client leaves a large body's temporary file open
    return answer


def stored_photos() -> list[bytes]:
    return list(db.session.scalars(select(Photo.content).order_by(Photo.position)))


def every_byte_under(folder) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


@pytest.mark.parametrize("kind", FORMATS)
def test_a_test_photo_does_hold_the_metadata_that_must_go(kind):
    content = photo(kind)
    for marker in (SERIAL, OWNER, XMP, GPS_PLACE):
        assert marker.encode() in content


@pytest.mark.parametrize("kind", FORMATS)
def test_no_byte_of_metadata_is_stored_anywhere(app, client, kind):
    assert post(client, (f"IMG-{SERIAL}.{kind}", photo(kind))).status_code == 200
    data_dir = app.config["PORTAL_SETTINGS"].data_dir
    bytes_kept = every_byte_under(data_dir) + stored_photos()[0]
    assert b"vasby_centrum" in bytes_kept
    for marker in MARKERS:
        assert marker.encode() not in bytes_kept
        assert marker.encode("utf-16-le") not in bytes_kept


@pytest.mark.parametrize("kind", FORMATS)
def test_a_stored_photo_is_a_jpeg_without_a_single_extra_segment(client, kind):
    post(client, ("a.jpg", photo(kind)))
    picture = Image.open(BytesIO(stored_photos()[0]))
    assert picture.format == "JPEG"
    assert not picture.getexif()
    assert picture.info.keys() <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


@pytest.mark.parametrize(
    ("orientation", "size", "left_is_red"),
    [(1, (64, 48), True), (3, (64, 48), False), (6, (48, 64), None), (8, (48, 64), None)],
)
def test_a_photo_is_turned_upright_before_the_note_of_how_it_was_held_goes(client, orientation, size, left_is_red):
    post(client, ("a.jpg", photo(orientation=orientation)))
    picture = Image.open(BytesIO(stored_photos()[0]))
    red, _green, blue = picture.getpixel((2, 2))
    assert picture.size == size
    assert left_is_red is None or (red > blue) == left_is_red


def test_a_large_photo_is_made_smaller(client):
    post(client, ("a.jpg", photo(size=(4000, 3000))))
    assert Image.open(BytesIO(stored_photos()[0])).size == (MAX_SIDE, MAX_SIDE * 3 // 4)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16", "CMYK"])
def test_a_photo_of_any_colour_mode_is_taken(client, mode):
    file = BytesIO()
    Image.new(mode, (9, 9)).save(file, "JPEG" if mode == "CMYK" else "PNG")
    assert post(client, ("a", file.getvalue())).status_code == 200
    assert count(Photo) == 1


def test_what_was_transparent_is_white(client):
    file = BytesIO()
    Image.new("RGBA", (9, 9), (0, 0, 0, 0)).save(file, "PNG")
    post(client, ("a.png", file.getvalue()))
    assert Image.open(BytesIO(stored_photos()[0])).getpixel((4, 4)) == (255, 255, 255)


def test_three_photos_are_kept_in_the_order_they_were_chosen(client):
    post(client, *[(f"{width}.jpg", photo(size=(width, 10))) for width in (30, 10, 20)])
    assert [Image.open(BytesIO(content)).width for content in stored_photos()] == [30, 10, 20]
    assert reports()[0].photo_count == 3


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><script>alert(1)</script>"
REFUSED = {
    "decompression bomb": [("bomb.png", bomb())],
    "truncated JPEG": [("half.jpg", photo("JPEG", size=(600, 600))[:-900])],
    "truncated PNG": [("half.png", photo("PNG")[:-40])],
    "truncated WebP": [("half.webp", photo("WEBP")[:-40])],
    "SVG": [("drawing.svg", SVG)],
    "HTML with a photo's name": [("holiday.jpg", HTML)],
    "a JPEG of thousands of scans": [("slow.jpg", in_many_scans(3000))],
    "whole picture with more pixels than are taken": [("wide.png", picture("PNG", (8000, 7000)))],
    "GIF": [("a.jpg", picture("GIF"))],
    "TIFF": [("a.jpg", picture("TIFF"))],
    "BMP": [("a.jpg", picture("BMP"))],
    "PDF": [("a.jpg", b"%PDF-1.7")],
    "file of no bytes": [("empty.jpg", b"")],
    "40 MB": [("big.jpg", b"\xff\xd8\xff" + b"x" * 40_000_000)],
    "four photos": [(f"{number}.jpg", photo()) for number in range(4)],
    "a good one and a broken one": [("good.jpg", photo()), ("bad.jpg", HTML)],
    "a name with control characters": [("a\0\x07b.jpg", HTML)],
}


@pytest.mark.parametrize("files", REFUSED.values(), ids=REFUSED)
def test_a_file_that_cannot_be_taken_gets_a_sentence_and_costs_nothing_that_was_typed(client, files):
    answer = post(client, *files)
    again = filled_in(answer.text)
    assert answer.status_code == 422
    assert len(sentence_at(answer.text, "photos")) > 10
    assert (again["description"], again["theme"], again["unsafe"]) == ([WORDS], ["drugs"], ["3"])
    assert (count(), count(Photo)) == (0, 0)


def test_the_sentence_names_the_file_when_there_are_several(client):
    page = post(client, ("good.jpg", photo()), ("bad.jpg", HTML)).text
    assert "bad.jpg" in sentence_at(page, "photos")


def test_no_file_chosen_is_no_photo(client):
    assert post(client, ("", b"")).status_code == 200
    assert (count(), count(Photo)) == (1, 0)


def test_a_text_posted_as_a_photo_is_no_photo(client):
    assert client.post("/en/report", data={**TYPED, "photos": "holiday.jpg"}).status_code == 200
    assert count(Photo) == 0


def test_an_upload_past_its_limit_is_dropped_as_it_comes_and_takes_no_memory():
    upload, chunk = BoundedUpload(), b"x" * 1_000_000
    tracemalloc.start()
    for _ in range(100):
        upload.write(chunk)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert upload.too_large
    assert upload.getvalue() == b""
    assert peak < 3 * MAX_FILE_BYTES


def test_however_many_files_are_sent_only_a_few_are_held(app):
    files = [(BytesIO(b"x" * 1000), f"{number}.jpg") for number in range(20)]
    with app.test_request_context("/en/report", method="POST", data={"photos": files}) as context:
        held = [upload.stream.getvalue() for upload in context.request.files.getlist("photos")]
    assert len(held) == 20, "the form learns how many there were"
    assert sum(map(len, held)) == MOST_FILES_HELD * 1000


def test_a_retry_with_the_same_photos_gives_one_report_with_its_photos_once(either_app):
    client = either_app.test_client(use_cookies=False)
    for _ in range(2):
        assert post(client, ("a.jpg", photo()), submission_key="k").status_code == 200
    assert (count(), count(Photo)) == (1, 1)


def test_plain_forms_from_one_network_never_use_up_what_photos_may_cost(client):
    for _ in range(130):
        post(client, ("", b""), submission_key="k")
    assert post(client, ("a.jpg", photo())).status_code == 200


def test_past_the_limit_of_photos_the_words_are_kept(client):
    with client.application.test_request_context(environ_base={"REMOTE_ADDR": "127.0.0.1"}):
        while throttle().count("photos", most=MOST_WITH_PHOTOS):
            pass
    answer = post(client, ("a.jpg", photo()))
    assert answer.status_code == 429
    assert filled_in(answer.text)["description"] == [WORDS]
    assert post(client).status_code == 200
