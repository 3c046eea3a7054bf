"""A resident answers the survey on a phone, in real Chromium: section by section, or all of it on one long page."""

import pytest

SAYS = "words => document.querySelector('.send [role=status]').textContent === words"


@pytest.mark.parametrize("language", ["sv", "en", "ar"])
def test_a_resident_answers_and_sees_what_was_stored(either_visitor, stored_answers, language):
    resident = either_visitor(language)
    words = f"{language} {resident.scripts}: a lamp / مصباح"
    resident.answer("/survey/open-to-all", words, safe_by_day="fairly_safe")
    resident.send()
    shown = resident.thanks()
    assert stored_answers(words) == [{"safe_by_day": "fairly_safe", "something_else": words}]
    assert words in shown.values()
    assert len(shown) == 4, "two answers, the survey and the language: nothing else is stored, nothing else is shown"
    assert resident.direction == ("rtl" if language == "ar" else "ltr")


def test_a_letter_s_code_opens_the_survey_once(either_visitor, stored_answers, letter_code):
    resident = either_visitor("en", locale="en-GB")
    words = f"by letter {resident.scripts}"
    resident.open_letter(letter_code.lower())
    resident.walk()
    resident.write("something_else", words)
    resident.send()
    resident.thanks()
    assert len(stored_answers(words)) == 1
    resident.go(f"/e/{letter_code}")
    assert resident.find("h1").inner_text() == "This letter has been answered"
    assert resident.find(".errors").count() == 0


def test_the_address_of_a_letter_leads_to_the_questions_and_stays_in_no_list_of_pages(visitor, letter_code):
    resident = visitor("sv")
    resident.open("/")
    resident.page.goto(f"/e/{letter_code}")
    resident.find("form#survey").wait_for()
    assert resident.typed("code").replace("-", "") == letter_code
    history = resident.context.new_cdp_session(resident.page).send("Page.getNavigationHistory")
    assert len(history["entries"]) > 1
    assert [entry["url"] for entry in history["entries"] if letter_code in entry["url"].replace("-", "")] == []


def test_without_scripts_a_letter_s_address_has_one_button_and_no_address_after_it_holds_the_code(visitor, letter_code):
    resident = visitor("sv", scripts=False)
    resident.page.goto(f"/e/{letter_code}")
    resident.find("main form button").click()
    resident.find("form#survey").wait_for()
    assert resident.page.url.endswith("/sv/survey")
    assert resident.typed("code").replace("-", "") == letter_code


def test_without_scripts_all_of_it_is_one_long_page(visitor):
    resident = visitor(scripts=False)
    resident.open("/survey/open-to-all")
    assert resident.find(".part:visible").count() == 7
    assert resident.find(".send button").is_visible()
    assert not resident.find("progress, .walk, .keep, .undo").filter(visible=True).count()


def test_with_scripts_there_is_one_section_at_a_time_and_the_focus_is_on_its_heading(visitor):
    resident = visitor("en")
    resident.open("/survey/open-to-all")
    assert resident.shown_section() == "Part 1 of 7\nWhere you live"
    assert not resident.find(".send button").is_visible()
    resident.walk(sections=1)
    assert resident.shown_section().startswith("Part 2 of 7\n")
    assert resident.page.evaluate("document.activeElement.matches('.shown h2')")
    assert resident.page.evaluate("document.querySelector('progress').position") == pytest.approx(2 / 7)
    resident.walk()
    assert resident.shown_section().startswith("Part 7 of 7\n")
    assert resident.find(".send button").is_visible()


def test_back_on_the_page_and_back_of_the_browser_go_back_one_section_and_lose_nothing(visitor):
    resident = visitor("en")
    resident.open("/survey/open-to-all")
    resident.choose("safe_by_day", "very_safe")
    resident.walk(sections=1)
    resident.choose("safe_at_station", "very_unsafe")
    resident.walk(sections=1)
    resident.find("[data-back]").click()
    resident.page.wait_for_function("document.querySelector('.shown h2').innerText.startsWith('Part 2')")
    resident.page.go_back()
    assert resident.shown_section().startswith("Part 1")
    assert resident.find("[name=safe_by_day]:checked").input_value() == "very_safe"
    resident.page.go_forward()
    assert resident.find("[name=safe_at_station]:checked").input_value() == "very_unsafe"
    assert resident.page.url.endswith("/en/survey/open-to-all")


def test_after_the_thanks_the_browser_s_back_opens_the_questions_empty(visitor):
    resident = visitor("en")
    resident.answer("/survey/open-to-all", "back from the thanks", safe_by_day="very_safe")
    resident.send()
    resident.thanks()
    resident.page.go_back()
    resident.find(".part.shown").wait_for()
    assert resident.find("[name=safe_by_day]:checked").count() == 0
    assert resident.find("[name=something_else]").input_value() == ""


def test_who_looks_up_the_rights_and_goes_back_finds_the_answers_still_there(either_visitor):
    resident = either_visitor("en")
    resident.open("/survey/open-to-all")
    resident.choose("safe_by_day", "very_safe")
    resident.find("main > .quiet a").click()
    resident.page.wait_for_url("**/about/privacy")
    resident.page.go_back()
    resident.page.wait_for_url("**/survey/open-to-all")
    resident.find("[name=safe_by_day][value=very_safe]:checked").wait_for()


def test_a_question_appears_with_the_answer_that_asks_for_it(either_visitor):
    resident = either_visitor()
    resident.open("/survey/open-to-all")
    resident.walk(sections=1)
    asked = resident.find("#q-avoided_place")
    assert not asked.is_visible()
    resident.choose("changed_habits", "avoided_place")
    assert asked.is_visible()
    resident.find("[name=changed_habits][value=avoided_place]").uncheck()
    assert not asked.is_visible()


def test_a_section_without_a_question_for_this_resident_is_stepped_over(visitor):
    resident = visitor()
    resident.open("/survey/in-steps")
    assert resident.shown_section() == "Del 1 av 2\nfirst"
    resident.choose("heard_it", "yes")
    assert resident.shown_section() == "Del 1 av 3\nfirst"
    resident.choose("heard_it", "no")
    resident.walk(sections=1)
    assert resident.shown_section() == "Del 2 av 2\nlast"
    resident.find("[data-back]").click()
    resident.page.wait_for_function("document.querySelector('.shown h2').innerText.endsWith('first')")


def test_an_answer_can_be_taken_away_again(visitor, stored_answers):
    resident = visitor()
    words = "took one away"
    resident.open("/survey/open-to-all")
    undo = resident.find("#q-safe_by_day .undo")
    assert not undo.is_visible()
    resident.choose("safe_by_day", "very_safe")
    undo.click()
    assert resident.find("[name=safe_by_day]:checked").count() == 0
    assert resident.page.evaluate("document.activeElement.id") == "q-safe_by_day"
    assert not undo.is_visible()
    resident.walk()
    resident.write("something_else", words)
    resident.send()
    resident.thanks()
    assert stored_answers(words) == [{"something_else": words}]


def test_a_mistake_opens_its_section_and_keeps_everything(either_visitor, stored_answers):
    resident = either_visitor()
    resident.open("/survey/in-steps")
    resident.choose("heard_it", "yes")
    resident.walk(sections=1)
    resident.write("times", "12")
    resident.walk()
    resident.write("own_words", "more than twenty characters")
    resident.send()
    resident.find(".errors a[href='#q-times']").wait_for()
    resident.settle()
    assert resident.find("#q-times-error").is_visible()
    resident.find(".errors a[href='#q-own_words']").click()
    assert resident.find("#q-own_words-error").is_visible()
    assert resident.page.evaluate("document.activeElement.id") == "q-own_words"
    assert resident.typed("own_words") == "more than twenty characters"
    words = f"mended {resident.scripts}"
    resident.write("own_words", words)
    if resident.scripts:
        resident.find("[data-back]").click()
    resident.write("times", "9")
    resident.walk()
    resident.send()
    resident.thanks()
    assert stored_answers(words) == [{"heard_it": "yes", "times": 9, "own_words": words}]


def test_enter_in_a_field_goes_on_to_the_next_section(visitor):
    resident = visitor()
    resident.open("/survey/in-steps")
    resident.choose("heard_it", "yes")
    resident.walk(sections=1)
    resident.write("times", "3")
    resident.find("[name=times]").press("Enter")
    assert resident.shown_section().endswith("last")
    assert resident.find(".errors, dl.stored").count() == 0


def test_a_double_tap_with_a_letter_and_without_scripts_says_that_the_answers_are_safe(
    visitor, stored_answers, letter_code
):
    resident = visitor("en", scripts=False)
    words = "a double tap by letter"
    resident.answer("", words, letter=letter_code)
    resident.find(".send button").dblclick()
    resident.find("h1:has-text('saved'), .lead:has-text('the answers are safe')").first.wait_for()
    assert len(stored_answers(words)) == 1


def test_a_double_tap_stores_one_answer_set(either_visitor, stored_answers):
    resident = either_visitor()
    words = f"a double tap {resident.scripts}"
    resident.answer("/survey/open-to-all", words)
    resident.find(".send button").dblclick()
    resident.thanks()
    assert len(stored_answers(words)) == 1


def test_answers_wait_for_the_network_and_send_themselves(visitor, stored_answers):
    resident = visitor()
    words = "answered under the rails"
    resident.answer("/survey/open-to-all", words, safe_by_day="very_unsafe")
    resident.lose_the_network()
    resident.send()
    waiting = resident.find("form").get_attribute("data-waiting")
    resident.page.wait_for_function(SAYS, arg=waiting)
    resident.find("[data-back]").click()
    resident.walk()
    assert resident.typed("something_else") == words
    resident.context.set_offline(False)
    resident.thanks()
    assert len(stored_answers(words)) == 1


def test_when_the_thanks_were_lost_on_the_way_a_letter_s_answers_are_stored_once(visitor, stored_answers, letter_code):
    resident = visitor()
    words = "lost on the way"
    resident.answer("", words, letter=letter_code)
    lost = []

    def lose(route):
        lost.append(route.fetch().status)  # the server has answered; the phone never hears it
        route.abort()

    resident.page.route("**/survey/by-letter", lose, times=1)
    resident.send()
    resident.thanks()
    assert lost == [200]
    assert len(stored_answers(words)) == 1
