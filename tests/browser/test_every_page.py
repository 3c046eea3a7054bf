"""What must hold on every page: for eyes, for screen readers, on the narrowest phone, in both directions."""

from collections.abc import Iterable

import pytest

from tests.browser.axe import violations
from tests.browser.chromium import NARROW, PHONE
from tests.browser.conftest import STAFF_NAME
from tests.browser.tour import resident_tour, staff_tour
from tests.browser.visitor import Visitor

TOO_WIDE = """() => {
    const room = document.documentElement.clientWidth
    return document.documentElement.scrollWidth <= room ? [] : [...document.body.querySelectorAll('*')]
        .filter((element) => { const box = element.getBoundingClientRect(); return box.right > room || box.left < 0 })
        .map((element) => element.outerHTML.slice(0, 80))
}"""
# A control must be 44 px to a side; WCAG 2.5.5. A link inside a sentence is as high as its line.
TOO_SMALL = """() => [...document.querySelectorAll('button, select, textarea, summary, a, input:not([type=hidden])')]
    .filter((element) => element.checkVisibility({visibilityProperty: true}))
    .filter((element) => !element.closest('.trap, .unseen, .skip'))
    .filter((element) => getComputedStyle(element).display !== 'inline')
    .map((element) => (element.matches('[type=radio], [type=checkbox]') ? element.closest('label') : element))
    .filter((element) => element.getBoundingClientRect().height < 43.5)
    .map((element) => element.outerHTML.slice(0, 80))"""
SMALL_LETTERS = """() => [...document.querySelectorAll('select, textarea, input')]
    .filter((element) => !['hidden', 'radio', 'checkbox'].includes(element.type))
    .filter((element) => parseFloat(getComputedStyle(element).fontSize) < 16).map((element) => element.name)"""
# A number to call, or the code, that goes on in another line: half of it may be read, or dialled.
IN_TWO_LINES = r"""() => [...document.querySelectorAll('[href^="tel:"], output')]
    .filter((element) => element.checkVisibility())
    .map((element) => {
        const words = element.querySelector('b')?.firstChild ?? element.firstChild
        const digits = /\d[\d -]*\d/.exec(words.data)
        const range = document.createRange()
        range.setStart(words, digits.index)
        range.setEnd(words, digits.index + digits[0].length)
        return [words.data, new Set([...range.getClientRects()].map((line) => line.top)).size]
    }).filter(([, lines]) => lines > 1).map(([words]) => words)"""
EDGES = """() => { const box = document.querySelector('.home').getBoundingClientRect()
    return [box.left, document.documentElement.clientWidth - box.right] }"""


# Colours are the same in every language, and a page in Finnish has the markup of one in Swedish, with longer words.
SEEN_IN_THE_DARK, HEARD = {"sv", "staff"}, {"sv", "ar", "staff"}


def look(page, name, found, *, heard, dark):
    """Put what is wrong on the open page into ``found``, per kind."""

    def keep(kind: str, faults: Iterable[str]) -> None:
        found[kind].extend(f"{name}: {fault}" for fault in faults)

    if heard:
        keep("light", violations(page))
    keep("small", page.evaluate(TOO_SMALL))
    keep("letters", page.evaluate(SMALL_LETTERS))
    if dark:
        page.emulate_media(color_scheme="dark")
        keep("dark", violations(page, rules=("color-contrast", "link-in-text-block")))
        page.emulate_media(color_scheme="light")
    page.set_viewport_size(NARROW)
    keep("wide", page.evaluate(TOO_WIDE))
    keep("two lines", page.evaluate(IN_TWO_LINES))
    page.set_viewport_size(PHONE)


@pytest.fixture(scope="module", params=["sv", "fi", "ar", "staff"])
def found(request, browser, served):
    """Everything wrong on every page of one language, or of the workplace."""
    found = {kind: [] for kind in ("light", "dark", "wide", "two lines", "small", "letters")}
    staff = request.param == "staff"
    visitor = Visitor(
        browser, served.url, language="sv" if staff else request.param, is_mobile=False, reduced_motion="reduce"
    )
    for name in staff_tour(visitor, STAFF_NAME) if staff else resident_tour(visitor):
        look(visitor.page, name, found, heard=request.param in HEARD, dark=request.param in SEEN_IN_THE_DARK)
    visitor.leave()
    return found


def test_axe_finds_no_violation_on_any_page(found):
    assert found["light"] == []


def test_axe_finds_no_violation_in_the_dark_scheme(found):
    assert found["dark"] == []


def test_no_page_scrolls_sideways_on_the_narrowest_phone(found):
    assert found["wide"] == []


def test_no_number_and_no_code_is_broken_across_lines_on_the_narrowest_phone(found):
    assert found["two lines"] == []


def test_every_control_is_large_enough_for_a_thumb(found):
    assert found["small"] == []


def test_no_field_has_letters_so_small_that_a_phone_zooms_in(found):
    assert found["letters"] == []


def test_a_page_in_arabic_is_the_mirror_of_one_in_swedish(visitor):
    edges = {}
    for language in ("sv", "ar"):
        resident = visitor(language)
        resident.open("/report")
        edges[language] = resident.page.evaluate(EDGES)
    assert edges["sv"][0] == edges["ar"][1], "what begins at the left in Swedish begins at the right in Arabic"
    assert edges["ar"][0] > edges["ar"][1]


def test_the_map_is_not_mirrored(visitor):
    resident = visitor("ar")
    resident.open("/report")
    resident.tap_map(40, 150)
    box = resident.find("[type=image]").bounding_box()
    mark = resident.find(".map circle").bounding_box()
    assert mark["x"] + mark["width"] / 2 - box["x"] == pytest.approx(40, abs=2)
