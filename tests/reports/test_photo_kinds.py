"""Photos as telephones, scanners and strangers make them: what is taken, what it may cost, and what is refused."""

import struct
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageCms

from citizen_portal.reports.photos import decoder, pixels
from citizen_portal.reports.photos.decoder import Decoder, DecoderBusy
from citizen_portal.reports.photos.pixels import MAX_SIDE
from tests.photo_makers import flat_jpeg, photo, with_odd_tag
from tests.reports.test_photos import HTML, post, stored_photos
from tests.steps import sentence_at

HEIC = (Path(__file__).parents[1] / "data" / "synthetic.heic").read_bytes()


def stored_photo() -> Image.Image:
    return Image.open(BytesIO(stored_photos()[0]))


def saved(image: Image.Image, kind: str, **options) -> bytes:
    file = BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


@pytest.mark.parametrize("tag", [0x0100, 0x010F, 0x8769, 0x8825, 0x9286, 0xFDE8])
@pytest.mark.parametrize("kind", [2, 5, 7, 10, 12, 99])
def test_how_the_camera_was_held_is_read_whatever_the_tags_beside_it_are(client, tag, kind):
    post(client, ("a.jpg", with_odd_tag(photo("JPEG"), tag, kind)))
    upright = stored_photo()
    red, _green, blue = upright.getpixel((upright.width // 2, 2))
    assert upright.size == (48, 64)
    assert red > blue


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize(("kind", "value"), [(1, "Bxxx"), (3, "Hxx"), (4, "I")])
def test_how_the_camera_was_held_is_read_however_wide_its_number_is(client, order, kind, value):
    mark = {"<": b"II", ">": b"MM"}[order]
    tags = mark + struct.pack(f"{order}HIHHHI{value}I", 42, 8, 1, pixels.ORIENTATION, kind, 1, 6, 0)
    post(client, ("a.jpg", saved(Image.new("RGB", (64, 48)), "JPEG", exif=b"Exif\0\0" + tags)))
    assert stored_photo().size == (48, 64)


def test_sixteen_bits_of_grey_become_eight_and_not_white(client):
    ramp = Image.frombytes("I;16", (256, 4), b"".join(bytes((level, level)) for level in range(256)) * 4)
    post(client, ("scan.png", saved(ramp, "PNG")))
    levels = [stored_photo().getpixel((x, 2))[0] for x in (0, 64, 128, 192, 255)]
    assert levels == pytest.approx([0, 64, 128, 192, 255], abs=3)


def test_colours_are_what_their_profile_says_before_it_is_dropped(client):
    """A profile whose grey is much darker than that of screens: taken as it stands, the photo would be too light."""
    linear = _profile_with_gamma_one()
    post(client, ("scan.png", saved(Image.new("RGB", (8, 8), (55, 55, 55)), "PNG", icc_profile=linear)))
    assert stored_photo().getpixel((4, 4)) == pytest.approx((128, 128, 128), abs=3)


def _profile_with_gamma_one() -> bytes:
    """The profile of screens, its curves exchanged for straight lines."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    for number in range(int.from_bytes(profile[128:132], "big")):
        at = 132 + 12 * number
        if bytes(profile[at : at + 4]) in {b"rTRC", b"gTRC", b"bTRC"}:
            start = int.from_bytes(profile[at + 4 : at + 8], "big")
            profile[start : start + 12] = b"curv" + bytes(8)  # no points: a straight line
            profile[at + 8 : at + 12] = (12).to_bytes(4, "big")
    return bytes(profile)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_a_photo_of_a_phone_is_taken_in_each_kind(client, kind):
    assert post(client, ("a", saved(Image.new("RGB", (64, 48), "red"), kind))).status_code == 200
    assert stored_photo().getpixel((30, 30))[0] > 240


def test_a_photo_of_an_iphone_is_taken(client):
    assert post(client, ("IMG_0001.HEIC", HEIC)).status_code == 200
    assert stored_photo().size == (64, 48)
    red, _green, blue = stored_photo().getpixel((10, 24))
    assert (red, blue) == (pytest.approx(255, abs=20), pytest.approx(0, abs=20))


@pytest.mark.parametrize("size", [(8192, 6144), (9248, 6944), (12000, 9000), (16382, 3628)])
def test_the_largest_photos_of_phones_are_taken_as_jpeg(client, size):
    assert post(client, ("a.jpg", flat_jpeg(size))).status_code == 200
    longest = max(size)
    assert stored_photo().size == pytest.approx((size[0] * MAX_SIDE / longest, size[1] * MAX_SIDE / longest), abs=1)


@pytest.mark.parametrize(("height", "outcome"), [(4284, pixels.DONE), (4300, pixels.TOO_MANY_PIXELS)])
def test_what_is_unpacked_whole_may_have_as_many_pixels_as_a_phone_of_24_megapixels(height, outcome):
    decodes = Decoder()
    assert decodes.jpeg(saved(Image.new("L", (5712, height)), "PNG"))[0] == outcome
    decodes.end()


def test_the_process_that_decodes_knows_nothing_of_the_portal(monkeypatch, tmp_path):
    tells = tmp_path / "tells.py"
    tells.write_text(
        "import os, sys\nsys.stdin.buffer.read(4)\nfound = b'secret' in repr(os.environ).encode()\n"
        "sys.stdout.buffer.write(b'd\\0\\0\\0\\1' + (b'y' if found else b'n'))\n"
    )
    monkeypatch.setenv("PORTAL_SECRET", "secret")
    monkeypatch.setattr(decoder, "_PROGRAM", tells)
    decodes = Decoder()
    assert decodes.jpeg(b"") == (b"d", b"n")
    decodes.end()


@pytest.mark.parametrize("end", [b"\xff\xd9", b"\xd9"])
@pytest.mark.parametrize("progressive", [False, True])
def test_a_jpeg_that_lacks_only_its_end_mark_is_taken(client, end, progressive):
    whole = saved(Image.effect_noise((300, 200), 60).convert("RGB"), "JPEG", progressive=progressive)
    post(client, ("a.jpg", whole.removesuffix(end)))
    expected = Image.open(BytesIO(whole)).convert("RGB").getpixel((299, 199))
    assert stored_photo().getpixel((299, 199)) == pytest.approx(expected, abs=40)


@pytest.mark.parametrize("part", [0.3, 0.7, 0.95])
def test_half_a_photo_is_no_photo(client, part):
    whole = saved(Image.effect_noise((300, 200), 60).convert("RGB"), "JPEG")
    assert post(client, ("a.jpg", whole[: int(len(whole) * part)])).status_code == 422


def test_a_refusal_names_the_file_as_the_resident_knows_it(client):
    page = post(client, ("good.jpg", photo()), ("IMG_0042.HEIC", HTML)).text
    assert "IMG_0042.HEIC" in sentence_at(page, "photos")


def test_a_decoder_that_never_ends_is_killed_and_the_next_photo_gets_another(monkeypatch, tmp_path):
    hangs = tmp_path / "hangs.py"
    hangs.write_text("import time\ntime.sleep(600)\n")
    decodes = Decoder()
    monkeypatch.setattr(decoder, "WALL_SECONDS", 0.2)
    monkeypatch.setattr(decoder, "_PROGRAM", hangs)
    assert decodes.jpeg(photo()) == (pixels.TOO_MANY_PIXELS, b"")
    monkeypatch.undo()
    outcome, jpeg = decodes.jpeg(photo())
    assert outcome == pixels.DONE
    assert Image.open(BytesIO(jpeg)).size == (64, 48)
    decodes.end()


@pytest.mark.parametrize("answer", [b"d\0\0", b"d\0\0\x03\xe8half"], ids=["head", "photo"])
def test_an_answer_that_breaks_off_is_no_photo(monkeypatch, tmp_path, answer):
    breaks_off = tmp_path / "breaks_off.py"
    breaks_off.write_text(f"import sys\nsys.stdin.buffer.read(4)\nsys.stdout.buffer.write({answer!r})\n")
    monkeypatch.setattr(decoder, "_PROGRAM", breaks_off)
    assert Decoder().jpeg(b"") == (pixels.TOO_MANY_PIXELS, b"")


def test_more_photos_than_may_wait_are_turned_away_at_once(monkeypatch):
    decodes = Decoder()
    held = [decodes._places.acquire(blocking=False) for _place in range(1 + decoder.MOST_WAITING)]
    assert all(held)
    with pytest.raises(DecoderBusy):
        decodes.jpeg(photo())


def test_the_process_that_decodes_has_limits_of_memory_and_of_time(client):
    decodes = Decoder()
    decodes.jpeg(photo())
    limits = Path(f"/proc/{decodes._process.pid}/limits").read_text()
    soft = {line[:26].strip(): line[26:47].strip() for line in limits.splitlines()}
    assert int(soft["Max address space"]) == pixels.MEMORY_BYTES
    assert int(soft["Max cpu time"]) <= pixels.CPU_SECONDS + 5
    assert Path(f"/proc/{decodes._process.pid}/fd/2").readlink() == Path("/dev/null")
    decodes.end()
