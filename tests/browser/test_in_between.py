"""Answers that are not the portal's, from something in between; and what is typed while one looks elsewhere."""

import pytest

from tests.browser.test_reporting import photo

MOST_TRIES = 8
HALF_AN_HOUR = 1800


def something_in_between(resident, status, times=None):
    """Answer posts in the portal's place; the numbers of bytes that were sent."""
    sent = []

    def answer(route):
        if route.request.method != "POST":
            return route.fallback()
        sent.append(len(route.request.post_data_buffer or b""))
        return route.fulfill(status=status, content_type="text/html", body="<h1>refused by a proxy</h1>")

    resident.page.route("**/report", answer, times=times)
    return sent


def said(resident):
    resident.page.wait_for_function("() => !document.querySelector('.send button').hasAttribute('aria-disabled')")
    return resident.find(".send [role=status]").inner_text()


def test_photos_too_large_for_a_proxy_can_be_left_out(visitor, stored):
    resident = visitor()
    words = "too large for a proxy"
    resident.fill_in_report(words)
    resident.find("[name=photos]").set_input_files([photo()])
    sent = something_in_between(resident, 413, times=1)
    resident.send()
    resident.find(".send .second").click()
    resident.receipt()
    assert len(sent) == 1
    assert [row["photos"] for row in stored(words)] == ["0"]


@pytest.mark.parametrize("status", [403, 405])
def test_a_refusal_of_a_proxy_stops_with_a_sentence_and_keeps_the_words(visitor, stored, status):
    resident = visitor()
    resident.page.clock.install()
    words = f"refused by a proxy {status}"
    resident.fill_in_report(words)
    sent = something_in_between(resident, status, times=1)
    resident.send()
    resident.find(".send [role=status]", has_text="nätverk").wait_for()
    resident.page.clock.run_for(HALF_AN_HOUR * 1000)
    assert len(sent) == 1
    assert resident.typed("description") == words
    resident.send()
    resident.receipt()
    assert len(stored(words)) == 1


def test_a_portal_that_does_not_answer_is_asked_again_with_an_end(visitor, stored):
    resident = visitor()
    resident.page.clock.install()
    words = "bad gateway"
    resident.fill_in_report(words)
    sent = something_in_between(resident, 502)
    resident.send()
    for _minute in range(2 * MOST_TRIES):
        said(resident)
        resident.page.clock.run_for(61_000)
    assert len(sent) == MOST_TRIES
    resident.page.unroute("**/report")
    resident.send()
    resident.receipt()
    assert len(stored(words)) == 1


def test_what_was_typed_is_there_after_looking_something_up(either_visitor):
    resident = either_visitor()
    resident.fill_in_report("looked up")
    resident.write("place_text", "the tunnel")
    resident.find("main a[href$=privacy]").click()
    resident.page.wait_for_url("**/privacy")
    resident.page.go_back()
    resident.find("#report").wait_for()
    assert (resident.typed("place_text"), resident.typed("description")) == ("the tunnel", "looked up")


def test_a_form_that_came_back_is_there_after_looking_something_up(visitor):
    resident = visitor(scripts=False)
    resident.open("/report")
    resident.write("place_text", "the tunnel")
    resident.send()
    resident.find(".errors").wait_for()
    resident.find("main a[href$=privacy]").click()
    resident.page.wait_for_url("**/privacy")
    resident.page.go_back()
    resident.find("#report").wait_for()
    assert resident.typed("place_text") == "the tunnel"


def test_in_firefox_what_was_typed_is_there_after_looking_something_up_and_after_a_reload(firefox_visitor):
    resident = firefox_visitor()
    asked = []
    resident.browser.prompts[resident.tab] = lambda: bool(asked.append(1)) or True
    resident.open("/report")
    resident.write("place_text", "the tunnel")
    resident.click("main a[href$=privacy]")
    resident.wait_until("document.URL.endsWith('privacy')")
    resident.back()
    resident.wait_until("document.querySelector('#report') && document.readyState === 'complete'")
    assert (resident.typed("place_text"), asked) == ("the tunnel", [])
    resident.write("description", "half filled in")
    resident.reload()
    del resident.browser.prompts[resident.tab]
    assert asked == [1] or resident.typed("description") == "half filled in"


def test_a_half_filled_form_is_not_emptied_by_a_reload_without_a_question(visitor):
    resident = visitor()
    asked = []

    def answer(dialog):
        asked.append(dialog.type)
        dialog.dismiss()

    resident.page.on("dialog", answer)
    resident.fill_in_report("half filled in")
    resident.page.wait_for_function("() => document.querySelector('.undo')")  # what asks has come
    resident.find("[name=description]").click()
    resident.page.evaluate("setTimeout(() => location.reload())")
    resident.page.wait_for_timeout(500)
    assert asked == ["beforeunload"]
    assert resident.typed("description") == "half filled in"
    resident.page.remove_listener("dialog", answer)


def test_the_answer_to_a_question_that_may_be_skipped_can_be_taken_away(visitor):
    resident = visitor()
    resident.open("/report")
    resident.choose("happened", "today")
    resident.find("#happened .undo").click()
    assert resident.find("#happened :checked").count() == 0
    resident.choose("theme", "drugs")
    assert resident.find("#theme .undo").count() == 0


def test_the_button_says_that_it_sends_and_how_far_the_photos_have_come(visitor):
    resident = visitor()
    resident.fill_in_report("how far")
    resident.find("[name=photos]").set_input_files([photo()])
    held = []
    resident.page.route("**/report", lambda route: held.append(route), times=1)  # noqa: PLW0108  a method will not do
    button = resident.find(".send button").first
    label = button.inner_text()
    resident.send()
    resident.find(".send progress").wait_for()
    assert button.inner_text() != label
    held[0].continue_()
    resident.receipt()
