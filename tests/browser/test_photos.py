"""Photos on the phone: redrawn truly or not at all, shown, and taken away again."""

import hashlib
import sqlite3
from io import BytesIO

import pytest
from PIL import Image, ImageChops, ImageStat

from tests.browser.bidi import firefox
from tests.browser.firefox import FirefoxVisitor

SHRUNK = """(async () => {
    const module = await import(document.querySelector('#report').dataset.photos)
    const digests = []
    for (let time = 0; time < 3; time++) {
        const body = new FormData(document.querySelector('#report'))
        await module.default(body)
        const photo = body.get('photos')
        const digest = await crypto.subtle.digest('SHA-256', await photo.arrayBuffer())
        const bytes = [...new Uint8Array(digest)]
        digests.push([photo.name, bytes.map((byte) => byte.toString(16).padStart(2, '0')).join('')])
    }
    return digests
})()"""


def scene() -> Image.Image:
    return Image.linear_gradient("L").resize((320, 240)).convert("RGB")


@pytest.fixture
def files(tmp_path):
    """A photo, a drawing with a hole, and a file that is none, by the names a resident knows them by."""
    scene().save(tmp_path / "IMG_0001.jpg", quality=95)
    Image.new("RGBA", (64, 48), (0, 0, 0, 0)).save(tmp_path / "hole.png")
    (tmp_path / "IMG_0042.HEIC").write_bytes(b"no photo at all")
    return tmp_path


@pytest.fixture
def stored_photos(served):
    """The photos of the report with these words, in their order."""

    def photos(words):
        with sqlite3.connect(f"file:{served.data_dir}/portal.sqlite3?mode=ro", uri=True) as connection:
            found = connection.execute(
                "SELECT content FROM photo JOIN report ON report.id = report_id WHERE description = ?"
                " ORDER BY position",
                (words,),
            ).fetchall()
        connection.close()
        return [Image.open(BytesIO(content)) for (content,) in found]

    return photos


def difference(one: Image.Image, other: Image.Image) -> float:
    return max(ImageStat.Stat(ImageChops.difference(one, other)).mean)


def test_a_browser_that_gives_noise_for_a_canvas_sends_the_photo_as_it_is(served, files, stored_photos):
    with firefox(**{"privacy.resistFingerprinting": True}) as browser:
        resident = FirefoxVisitor(browser, served.url)
        resident.open("/report")
        resident.choose("theme", "drugs")
        resident.write("place_text", "bakom skolan")
        resident.write("description", "photo from a private browser")
        resident.attach("photos", files / "IMG_0001.jpg")
        names_and_digests = resident.run(SHRUNK)
        resident.click(".send button")
        resident.text("output#receipt")
    digest = hashlib.sha256((files / "IMG_0001.jpg").read_bytes()).hexdigest()
    assert names_and_digests == [["IMG_0001.jpg", digest]] * 3
    (photo,) = stored_photos("photo from a private browser")
    assert difference(photo, scene()) < 5


def test_what_is_transparent_is_white_when_the_phone_redraws_it(visitor, files, stored_photos):
    resident = visitor()
    resident.fill_in_report("photo with a hole")
    resident.find("[name=photos]").set_input_files(files / "hole.png")
    resident.send()
    resident.receipt()
    (photo,) = stored_photos("photo with a hole")
    assert photo.getpixel((30, 20)) == (255, 255, 255)


def test_a_refusal_names_the_photo_that_was_redrawn_as_the_resident_knows_it(either_visitor, files):
    resident = either_visitor()
    resident.fill_in_report("one of these is no photo")
    resident.find("[name=photos]").set_input_files([files / "IMG_0001.jpg", files / "IMG_0042.HEIC"])
    resident.send()
    assert "IMG_0042.HEIC" in resident.find(".errors").inner_text()


def test_chosen_photos_are_shown_add_up_and_can_be_taken_away(visitor, files, stored_photos):
    resident = visitor()
    resident.fill_in_report("three chosen and one taken away")
    resident.find("[name=photos]").set_input_files([files / "IMG_0001.jpg"])
    resident.find(".chosen li").first.wait_for()
    resident.find("[name=photos]").set_input_files([files / "hole.png", files / "IMG_0042.HEIC"])
    names = resident.find(".chosen bdi")
    names.nth(2).wait_for()
    assert names.all_inner_texts() == ["IMG_0001.jpg", "hole.png", "IMG_0042.HEIC"]
    resident.page.get_by_role("button", name="Ta bort IMG_0042.HEIC").click()
    names.nth(2).wait_for(state="detached")
    resident.send()
    resident.receipt()
    assert [photo.size for photo in stored_photos("three chosen and one taken away")] == [(320, 240), (64, 48)]
