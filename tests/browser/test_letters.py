"""Letters on paper: one to a page, nothing cut off, and the square says what the letter says."""

import re
from io import BytesIO

import pytest
from PIL import Image
from zxingcpp import read_barcodes

from citizen_portal.municipality.installed import installed
from citizen_portal.storage.engine import db
from citizen_portal.surveys import queries
from citizen_portal.surveys.invitations import Letter, in_groups, new_code
from citizen_portal.surveys.print_sheet import Printing, letters_html
from tests.waves import store_wave

A4_BETWEEN_MARGINS = {"width": 642, "height": 1016}  # 170 x 269 mm in CSS pixels
LONG_ADDRESS = "https://trygghet-i-kommunen.upplandsvasby.example.se"
PAGES = re.compile(rb"/Type\s*/Page(?!s)")


@pytest.fixture
def printed(app, browser, tmp_path):
    """Three letters of a portal with a long address, open in a browser as they would be printed."""
    wave = store_wave(letters=1)
    stored = queries.wave(db.session(), wave.code)
    printing = Printing(installed().municipality, stored, wave.questionnaire, LONG_ADDRESS)
    letters = [Letter(number, new_code()) for number in (7, 8, 9999)]
    file = tmp_path / "letters.html"
    file.write_bytes(b"".join(letters_html(printing, letters)))
    page = browser.new_page(viewport=A4_BETWEEN_MARGINS)
    page.emulate_media(media="print")
    page.goto(file.as_uri())
    yield page, letters
    page.close()


def test_there_is_a_page_for_each_letter(printed):
    page, letters = printed
    assert len(PAGES.findall(page.pdf(prefer_css_page_size=True))) == len(letters)


def test_there_is_a_page_for_each_letter_in_a_font_a_tenth_wider_than_the_one_here(printed):
    """Which font prints a letter is the operator's machine's; nobody may get the half of two letters."""
    page, letters = printed
    page.evaluate("document.body.style.letterSpacing = '.06em'")  # a letter is about .55em wide
    assert len(PAGES.findall(page.pdf(prefer_css_page_size=True))) == len(letters)


def test_nothing_of_a_letter_is_wider_than_its_page(printed):
    page, _letters = printed
    assert page.evaluate("document.documentElement.scrollWidth") <= A4_BETWEEN_MARGINS["width"]


def test_the_words_are_large_and_the_code_larger(printed):
    page, letters = printed
    size = "e => parseFloat(getComputedStyle(e).fontSize) * 72 / 96"
    assert page.locator(".letter > p").first.evaluate(size) >= 16
    code = page.locator(".code").first
    assert code.evaluate(size) >= 24
    assert code.inner_text().split() == in_groups(letters[0].code).split("-")


def test_a_reader_of_squares_that_is_not_ours_finds_the_address_in_it(printed):
    page, letters = printed
    for picture, letter in zip(page.locator("figure img").all(), letters, strict=True):
        (found,) = read_barcodes(Image.open(BytesIO(picture.screenshot())))
        assert found.text == f"{LONG_ADDRESS}/e/{letter.code}"


def test_the_square_is_big_enough_for_a_telephone_at_arm_s_length(printed):
    page, _letters = printed
    millimetres = page.locator("figure img").first.bounding_box()["width"] * 25.4 / 96
    assert millimetres >= 45
