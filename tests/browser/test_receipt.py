"""The receipt survives the browser, and what was sent does not: in Chromium and in Firefox."""

import pytest

BACK_AT_AN_EMPTY_FORM = """document.querySelector('#report') && document.readyState === 'complete'
    && document.querySelector('[name=description]').value === ''
    && document.querySelector('[name=place_text]').value === ''
    && !document.querySelector('[name=theme]:checked')"""
RECEIPT = "document.querySelector('output#receipt')"


def test_the_receipt_is_a_page_of_its_own_that_back_forward_and_reload_give_again(visitor, stored):
    resident = visitor()
    words = "a page of its own"
    code = resident.report(words)
    resident.page.reload()
    assert resident.receipt() == code
    resident.page.go_back()
    resident.page.wait_for_function(f"() => {BACK_AT_AN_EMPTY_FORM}")
    resident.page.go_forward()
    assert resident.receipt() == code
    assert code not in resident.page.url
    assert len(stored(words)) == 1


def test_in_firefox_too_the_receipt_comes_again_and_the_answers_do_not(firefox_visitor, stored):
    resident = firefox_visitor()
    words = "firefox and its receipt"
    resident.open("/report")
    resident.choose("theme", "drugs")
    resident.write("place_text", "the tunnel")
    resident.write("description", words)
    resident.click(".send button")
    code = resident.text("output#receipt")
    resident.wait_until("history.state?.receipt")
    resident.reload()  # a question of the browser would stay open, and the reload would not come back
    resident.wait_until(f"{RECEIPT}.textContent === '{code}'")
    resident.back()
    resident.wait_until(BACK_AT_AN_EMPTY_FORM)
    resident.reload()
    resident.wait_until(BACK_AT_AN_EMPTY_FORM)
    resident.forward()
    resident.wait_until(f"{RECEIPT}?.textContent === '{code}'")
    assert len(stored(words)) == 1


def test_a_code_that_is_saved_is_no_longer_remembered_by_the_tab(visitor):
    resident = visitor()
    code = resident.report("saved and forgotten")
    resident.settle()
    resident.find(".saved").click()
    resident.page.reload()
    resident.find("[data-absent]").wait_for()
    assert code not in resident.page.content()


@pytest.mark.parametrize("saved", [False, True])
def test_an_unsaved_receipt_is_left_after_one_question(visitor, saved):
    resident = visitor()
    code = resident.report(f"a receipt to save {saved}")
    resident.settle()
    resident.find("#receipt").click()
    if saved:
        resident.find(".saved").click()
    leave = resident.find("a.home").click
    asked = resident.is_asked_before(lambda: leave(no_wait_after=True))
    assert asked == ([] if saved else ["beforeunload"])
    if not saved:
        assert resident.receipt() == code
        leave()
    resident.find("h1").wait_for()
    resident.page.wait_for_url("**/sv/")
