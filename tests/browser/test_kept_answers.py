"""Answers to the survey that stay on the phone, when that is asked for, until they are sent or deleted."""

EVERYTHING_KEPT = "() => Object.entries(localStorage).map((entry) => entry.join(' '))"
SAYS = "words => document.querySelector('.send [role=status]').textContent === words"


def test_nothing_is_kept_on_the_phone_unless_it_is_asked_for(visitor):
    resident = visitor()
    resident.answer("/survey/open-to-all", "not kept", safe_by_day="very_safe")
    assert not resident.find(".keep input").is_checked()
    assert resident.page.evaluate(EVERYTHING_KEPT) == []


def test_kept_answers_come_back_can_be_deleted_and_hold_no_code(visitor, letter_code):
    resident = visitor()
    resident.open_letter(letter_code)
    resident.find(".keep input").check()
    resident.choose("safe_by_day", "very_safe")
    resident.walk(sections=1)
    resident.choose("changed_habits", "avoided_place")
    resident.find("[name=avoided_place]").select_option(index=2)
    place = resident.typed("avoided_place")
    (kept,) = resident.page.evaluate(EVERYTHING_KEPT)
    assert "very_safe" in kept
    assert letter_code not in kept.replace("-", "")
    resident.page.close()
    resident.page = resident.context.new_page()
    resident.open_letter(letter_code)
    assert resident.find(".keep input").is_checked()
    assert resident.find("[name=safe_by_day]:checked").input_value() == "very_safe"
    assert resident.typed("avoided_place") == place
    assert resident.find(".keep [role=status]").inner_text()
    resident.find(".keep button").click()
    assert resident.page.evaluate(EVERYTHING_KEPT) == []
    assert not resident.find(".keep input").is_checked()
    resident.open_letter(letter_code)
    assert resident.find("[name=safe_by_day]:checked").count() == 0


def test_kept_answers_are_gone_after_sending(visitor, stored_answers):
    resident = visitor()
    words = "kept until sent"
    resident.open("/survey/open-to-all")
    resident.find(".keep input").check()
    resident.walk()
    resident.write("something_else", words)
    assert len(resident.page.evaluate(EVERYTHING_KEPT)) == 1
    resident.send()
    resident.thanks()
    resident.settle()
    assert resident.page.evaluate(EVERYTHING_KEPT) == []
    assert len(stored_answers(words)) == 1


def test_kept_answers_whose_thanks_were_lost_are_stored_once_when_sent_again(visitor, stored_answers):
    resident = visitor()
    words = "the thanks were lost, and the page was closed"
    resident.open("/survey/open-to-all")
    resident.find(".keep input").check()
    resident.walk()
    resident.write("something_else", words)
    lost = []

    def lose(route):
        lost.append(route.fetch().status)
        route.abort()

    resident.page.route("**/survey/open-to-all", lose, times=1)
    resident.send()
    resident.page.wait_for_function(SAYS, arg=resident.find("form").get_attribute("data-waiting"))
    resident.page.close()
    resident.page = resident.context.new_page()
    resident.open("/survey/open-to-all")
    resident.walk()
    assert resident.typed("something_else") == words
    resident.send()
    resident.thanks()
    assert lost == [200]
    assert len(stored_answers(words)) == 1


def test_kept_answers_to_a_survey_that_has_ended_are_deleted(visitor):
    resident = visitor()
    resident.open("/survey/open-to-all")
    resident.page.evaluate("localStorage.setItem('survey:ended', '[]')")
    resident.open("/survey/ended")
    resident.page.wait_for_function("localStorage.length === 0")
