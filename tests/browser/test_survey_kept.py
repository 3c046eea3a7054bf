"""Nothing of a survey is lost to a browser, and nothing of it is left for whoever sits down next."""

from tests.browser.firefox import FirefoxVisitor


def choose_and_write(resident, words):
    """Choose in the first section, write in the last."""
    resident.open("/survey/open-to-all")
    resident.choose("safe_by_day", "fairly_safe")
    resident.walk()
    resident.write("something_else", words)


def test_the_languages_carry_the_answers_and_the_part_along(either_visitor):
    resident = either_visitor()
    choose_and_write(resident, "halvskrivet svar")
    resident.find(".languages summary").click()
    resident.find('.languages [lang="en"]').click()
    resident.find('html[lang="en"]').wait_for()
    resident.settle()
    assert resident.typed("something_else") == "halvskrivet svar"
    assert resident.find('[name="safe_by_day"][value="fairly_safe"]').is_checked()
    if resident.scripts:
        assert resident.find("[name=something_else]").is_visible(), "it is the part that was shown"


def test_back_from_another_page_comes_to_the_part_where_one_was(visitor):
    resident = visitor()
    choose_and_write(resident, "innan jag läser")
    resident.find('.bottom a[href$="/privacy"]').click()
    resident.page.wait_for_url("**/about/privacy")
    resident.page.go_back()
    resident.find("form#survey.stepped").wait_for()
    assert resident.find("[name=something_else]").is_visible()
    assert resident.typed("something_else") == "innan jag läser"


def test_a_choice_that_excludes_the_others_unticks_them_and_they_it(visitor):
    resident = visitor()
    resident.open("/survey/open-to-all")
    resident.find("form#survey.stepped").wait_for()
    alone = resident.find("fieldset:has([data-alone])").first
    resident.page.evaluate("document.querySelectorAll('.part').forEach((part) => part.classList.add('shown'))")
    none, some = alone.locator("[data-alone]").first, alone.locator("[type=checkbox]:not([data-alone])").first
    some.check()
    none.check()
    assert not some.is_checked()
    some.check()
    assert not none.is_checked()


def test_without_scripts_it_is_told_at_once_that_a_choice_excludes_the_others(visitor):
    resident = visitor(scripts=False)
    resident.open("/survey/open-to-all")
    alone = resident.find("fieldset:has([data-alone])").first
    clash = alone.locator(".clash")
    alone.locator("[data-alone]").first.check()
    assert not clash.is_visible()
    alone.locator("[type=checkbox]:not([data-alone])").first.check()
    assert clash.is_visible()


def test_what_is_refused_names_its_question_and_is_sent_where_it_is_mended(either_visitor, stored_answers):
    resident = either_visitor()
    words = f"mended where it stands {resident.scripts}"
    choose_and_write(resident, words + "x" * 3000)
    resident.send()
    summary = resident.find(".errors li").first
    summary.wait_for()
    assert summary.inner_text().startswith("Är det något mer")
    resident.settle()
    resident.write("something_else", words)
    resident.find("fieldset:has([name=something_else]) button:has-text('Skicka')").click()
    resident.thanks()
    assert len(stored_answers(words)) == 1


def test_in_firefox_back_from_the_thanks_and_a_reload_show_no_answer_again(firefox_visitor: FirefoxVisitor):
    resident = firefox_visitor()
    resident.open("/survey/open-to-all")
    resident.choose("safe_by_day", "fairly_safe")
    while resident.run("!document.querySelector('[data-next]').hidden"):
        resident.click("[data-next]")
    resident.write("something_else", "for nobody else to see")
    resident.click(".send button")
    resident.text("dl.stored")
    resident.back()
    resident.wait_until("document.querySelector('form#survey.stepped')")
    for _look in ("back", "reload"):
        assert resident.typed("something_else") == ""
        assert not resident.is_chosen("safe_by_day", "fairly_safe")
        resident.reload()
        resident.wait_until("document.querySelector('form#survey.stepped')")


def test_back_from_the_thanks_of_a_letter_leads_to_calm_words(visitor, letter_code):
    resident = visitor("en")
    resident.open_letter(letter_code)
    resident.walk()
    resident.write("something_else", "answered, and back")
    resident.send()
    resident.thanks()
    resident.page.go_back()
    resident.page.wait_for_load_state()
    assert resident.find(".errors").count() == 0
    assert "answered, and back" not in resident.page.content()
