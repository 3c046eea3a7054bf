"""Getting around: by keyboard alone, and from one language to another."""

import pytest

from tests.browser.firefox import ENTER
from tests.browser.test_reporting import photo


def tab_to(resident, selector, most=80):
    """Press Tab until ``selector`` has the focus."""
    for _step in range(most):
        resident.page.keyboard.press("Tab")
        if resident.page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"{most} steps of Tab do not reach {selector}")


def test_a_report_can_be_sent_by_keyboard_alone(visitor, stored):
    resident = visitor(is_mobile=False, has_touch=False)
    keys = resident.page.keyboard
    resident.open("/")
    tab_to(resident, ".skip")
    assert resident.find(".skip").is_visible()
    tab_to(resident, "main a[href$='/report']")
    keys.press("Enter")
    resident.page.wait_for_url("**/report")
    resident.settle()
    tab_to(resident, "[name=theme]")
    keys.press("ArrowDown")
    tab_to(resident, "[name=place_text]")
    keys.type("the tunnel")
    tab_to(resident, "[name=description]")
    keys.type("by keyboard")
    tab_to(resident, ".send button")
    keys.press("Enter")
    resident.receipt()
    # The focus is where the answer begins.
    resident.page.wait_for_function("() => document.activeElement.tagName === 'H1'")
    (row,) = stored("by keyboard")
    assert (row["place_text"], row["latitude"]) == ("the tunnel", "")


@pytest.mark.parametrize("photo_chosen", [False, True])
def test_a_report_is_carried_into_another_language_and_sent_from_there(either_visitor, stored, photo_chosen):
    resident = either_visitor()
    words = f"carried {resident.scripts} {photo_chosen}"
    resident.fill_in_report(words)
    resident.write("place_text", "the tunnel")
    resident.choose("happened", "today")
    resident.tap_map(140, 150)
    if photo_chosen:
        resident.find("[name=photos]").set_input_files([photo()])
    resident.find(".languages summary").click()
    resident.find(".languages li [lang=ar]").click()
    resident.page.wait_for_url("**/ar/report*")
    resident.settle()
    assert (resident.direction, resident.find("html").get_attribute("lang")) == ("rtl", "ar")
    assert (resident.typed("place_text"), resident.typed("description")) == ("the tunnel", words)
    assert resident.find(".note[role=status]").is_visible()
    # A browser leaves files behind, and the page says so; a script takes them along.
    assert resident.find("[role=status].error").count() == (photo_chosen and not resident.scripts)
    assert stored(words) == []
    resident.send()
    resident.receipt()
    (row,) = stored(words)
    assert (row["language"], row["place_text"], row["happened"]) == ("ar", "the tunnel", "today")
    assert row["photos"] == str(int(photo_chosen and resident.scripts))


def test_enter_in_a_one_line_box_goes_to_the_next_question_and_sends_nothing(visitor, stored):
    resident = visitor()
    words = "enter with scripts"
    resident.fill_in_report(words)
    for box, following in (("place_text", "happened"), ("happened", "happened-date"), ("happened-date", "description")):
        target = resident.find(f"input[name={box}], input#{box}").first
        target.focus()
        resident.page.wait_for_function("() => document.querySelector('.undo')")  # what listens to keys has come
        target.press("Enter")
        focused = resident.page.evaluate("[document.activeElement.name, document.activeElement.id]")
        assert following in focused, box
        assert stored(words) == []
    assert resident.typed("description") == words


def test_enter_in_firefox_sends_nothing(firefox_visitor, stored):
    resident = firefox_visitor()
    words = "enter in firefox"
    resident.open("/report")
    resident.choose("theme", "drugs")
    resident.write("description", words)
    resident.write("place_text", "the tunnel" + ENTER)
    resident.write("description", " and more")
    assert (resident.typed("place_text"), resident.typed("description")) == ("the tunnel", words + " and more")
    assert stored(words) == []


def test_enter_without_javascript_sends_nothing_and_loses_nothing(visitor, stored):
    resident = visitor(scripts=False)
    words = "enter without scripts"
    resident.fill_in_report(words)
    resident.find("[name=place_text]").fill("the tunnel")
    resident.find("[name=place_text]").press("Enter")
    resident.find(".note[role=status]").wait_for()
    assert (resident.typed("place_text"), resident.typed("description")) == ("the tunnel", words)
    assert stored(words) == []
    resident.send()
    resident.receipt()
    assert len(stored(words)) == 1


def test_after_a_mistake_the_focus_is_on_what_went_wrong(visitor):
    resident = visitor()
    resident.open("/report")
    resident.send()
    resident.find(".errors").wait_for()
    assert resident.page.evaluate("document.activeElement.className") == "errors"
    resident.find(".errors a").first.click()
    assert resident.page.evaluate("document.activeElement.id") == "theme"


def test_the_language_can_be_changed_on_every_open_page(either_visitor):
    resident = either_visitor()
    for path in ("/", "/report", "/follow", "/help", "/about/privacy"):
        resident.open(path)
        resident.find(".languages summary").click()
        link = resident.find(".languages li [lang=ar]")
        assert (link.inner_text(), link.get_attribute("lang"), link.get_attribute("dir")) == ("العربية", "ar", "rtl")
        link.click()
        resident.page.wait_for_url(f"**/ar{path}")
        assert resident.find("html").get_attribute("lang") == "ar"


@pytest.mark.parametrize(("locale", "expected"), [("fi-FI", "fi"), ("ar-SY", "ar"), ("de-DE", "sv")])
def test_the_front_door_opens_in_the_browsers_language(visitor, locale, expected):
    resident = visitor(locale=locale)
    resident.page.goto("/")
    assert resident.page.url.endswith(f"/{expected}/")


ELSEWHERE = "https://www.smhi.se/"


def leave(resident):
    """Leave quickly, to a page that stands in for the site that the municipality has chosen."""
    asked = []
    resident.page.on("dialog", lambda dialog: (asked.append(dialog.message), dialog.accept()))
    resident.context.route(
        f"{ELSEWHERE}**", lambda route: route.fulfill(body="<h1>Weather</h1>", content_type="text/html")
    )
    resident.find("a.exit").click()
    resident.page.wait_for_url(ELSEWHERE)
    resident.requested.remove(ELSEWHERE)  # the one stranger they were to meet
    assert asked == []


def test_whoever_leaves_quickly_is_asked_nothing_and_comes_not_back_by_going_back(visitor):
    resident = visitor()
    resident.open("/")
    resident.open("/report")
    resident.write("description", "Ord som ingen ska se över axeln")
    leave(resident)
    resident.page.go_back()
    assert resident.page.url.endswith("/sv/"), "the page before the form, and not the form"


def test_not_even_an_unsaved_receipt_holds_up_whoever_leaves_quickly(visitor):
    resident = visitor()
    resident.report("ord")
    leave(resident)
    resident.page.go_back()
    assert resident.page.locator("#receipt").count() == 0


def test_the_way_out_works_without_scripts_and_says_what_it_cannot_do(client):
    page = client.get("/en/report").text
    assert f'<a class="exit" href="{ELSEWHERE}" rel="noreferrer">' in page
    assert "Your browser still remembers that you were here." in page
