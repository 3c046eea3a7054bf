"""Words that are not sent yet: nothing throws them away without a question, and nothing stores them twice."""

import pytest


@pytest.mark.parametrize("page", ["/report", "/survey/open-to-all"])
def test_a_reload_asks_although_the_network_went_before_the_first_touch(visitor, page):
    resident = visitor()
    resident.open(page)
    resident.context.set_offline(True)
    resident.find("main label:has([type=radio])").first.click()
    asked = resident.is_asked_before(lambda: resident.page.evaluate("location.reload()"))
    resident.context.set_offline(False)
    assert asked == ["beforeunload"]
    assert resident.find("main [type=radio]").first.is_checked()
    resident.complaints.clear()  # of the browser, about the network that went


def test_a_page_that_answered_a_post_is_left_by_a_link_after_a_question(visitor):
    """Back gives such a page again from the network, and without one the words would be gone."""
    resident = visitor()
    resident.follow(resident.report("a report to follow"))
    resident.settle()
    resident.write("message", "half a message")
    privacy = resident.find('.bottom a[href$="/privacy"]')
    assert resident.is_asked_before(lambda: privacy.click(no_wait_after=True)) == ["beforeunload"]
    assert resident.typed("message") == "half a message"


def test_what_was_sent_in_another_language_is_found_on_no_page_before_it(visitor, stored):
    resident = visitor("sv")
    words = "sent in two languages"
    resident.open()
    resident.fill_in_report(words)
    resident.find(".languages summary").click()
    resident.find('.languages [lang="fi"]').click()
    resident.find('html[lang="fi"] main [data-carried]').wait_for()
    resident.send()
    resident.receipt()
    while not resident.page.url.endswith("/sv/"):
        resident.page.go_back()
        resident.settle()
        resident.page.wait_for_timeout(100)  # a browser fills in what was typed after the page is there
        assert words not in resident.page.evaluate("[...document.querySelectorAll('textarea')].map((e) => e.value)")
    assert len(stored(words)) == 1


def half_a_report(resident):
    resident.open("/report")
    resident.write("description", "half of it")


def half_a_survey(resident):
    resident.answer("/survey/open-to-all", "half of it")


def half_a_message(resident):
    resident.follow(resident.report("a report to follow"))
    resident.write("message", "half of it")


@pytest.mark.parametrize("begin", [half_a_report, half_a_survey, half_a_message])
def test_a_reload_asks_after_the_language_was_changed_too(visitor, begin):
    resident = visitor("sv")
    begin(resident)
    resident.find(".languages summary").click()
    resident.find('.languages [lang="fi"]').click()
    resident.find('html[lang="fi"] main [data-carried]').wait_for()
    resident.settle()
    assert resident.is_asked_before(lambda: resident.page.evaluate("location.reload()")) == ["beforeunload"]
    assert "half of it" in resident.page.evaluate("[...document.querySelectorAll('textarea')].map((e) => e.value)")


class Waiting:
    """Posts to an address, each held back until it is let go."""

    def __init__(self, resident, address):
        self._page, self._held = resident.page, []
        resident.page.route(address, self._hold)

    def _hold(self, route):
        self._held.append(route)

    def until_there_is_one(self):
        while not self._held:
            self._page.wait_for_timeout(20)

    def let_go(self):
        self._held.pop().continue_()


@pytest.mark.parametrize("way", ["send", "language"])
def test_nothing_can_be_written_into_a_form_that_is_under_way_and_everything_after_it(visitor, way):
    """What was written then would be on neither of the pages that come."""
    resident = visitor("sv")
    resident.open("/report")
    resident.write("description", "before")
    waiting = Waiting(resident, "**/sv/report" if way == "send" else "**/fi/report")
    if way == "send":
        resident.send()  # without a theme, so that the form comes back
    else:
        resident.find(".languages summary").click()
        resident.find('.languages [lang="fi"]').click()
    waiting.until_there_is_one()
    words, theme = resident.find("[name=description]"), resident.find("main label:has([name=theme])").first
    words.press_sequentially(" lost?")
    theme.click()
    assert resident.typed("description") == "before"
    assert not resident.find("[name=theme]").first.is_checked()
    waiting.let_go()
    resident.find("main .errors, main [data-carried]").wait_for()
    words.press_sequentially("after ")
    theme.click()
    assert resident.typed("description") == "after before"
    assert resident.find("[name=theme]").first.is_checked()


def test_back_asks_when_a_language_did_not_come(visitor):
    resident = visitor("sv")
    resident.open("/")
    resident.open("/report")
    resident.write("description", "half a report")
    resident.lose_the_network()
    resident.find(".languages summary").click()
    resident.find('.languages [lang="fi"]').click()
    asked = resident.is_asked_before(lambda: resident.page.evaluate("history.back()"))
    resident.context.set_offline(False)
    assert asked == ["beforeunload"]
    assert resident.typed("description") == "half a report"
    resident.complaints.clear()  # of the browser, about the network that went
