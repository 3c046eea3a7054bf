"""The code opens the report again: read, write, take back. And staff, who answer."""

from tests.browser.conftest import STAFF_NAME
from tests.conftest import PASSWORD


def test_a_resident_follows_up_adds_a_message_and_takes_the_report_back(either_visitor, stored):
    resident = either_visitor("en")
    words = f"followed up {resident.scripts}"
    code = resident.report(words)
    resident.follow(code)
    resident.write("message", "It is still dark there.")
    resident.find(".send button").click()
    resident.find(".messages li", has_text="It is still dark there.").wait_for()
    resident.unfold("[action$=withdraw]")
    resident.find("[action$=withdraw] button").click()
    resident.find(".ways").wait_for()
    assert [row["status"] for row in stored(words)] == ["withdrawn"]
    resident.follow(code)
    assert resident.find("[name=message]").count() == 0, "nothing can be added to a report that was taken back"


def test_a_message_that_gives_the_code_away_is_refused_and_kept(either_visitor):
    resident = either_visitor("en")
    code = resident.report(f"gives the code away {resident.scripts}")
    resident.follow(code)
    resident.write("message", f"My code is {code}.")
    resident.find(".send button").click()
    resident.find("#message-error").wait_for()
    assert resident.typed("message") == f"My code is {code}."
    assert resident.find(".messages li").count() == 0


def test_a_wrong_code_is_answered_with_a_sentence(either_visitor):
    resident = either_visitor()
    resident.open("/follow")
    resident.write("receipt", "1234")
    resident.find("main form button").click()
    assert resident.find("#receipt-error").is_visible()
    assert resident.typed("receipt") == "1234"


def test_the_code_can_be_copied(visitor):
    resident = visitor(permissions=["clipboard-read", "clipboard-write"])
    code = resident.report("copied")
    resident.find("[data-copy]").click()
    resident.find(".code [role=status]", has_text=resident.find(".code").get_attribute("data-copied")).wait_for()
    assert resident.page.evaluate("navigator.clipboard.readText()") == code


def test_the_code_is_never_in_an_address(either_visitor):
    resident = either_visitor()
    code = resident.report(f"no code in an address {resident.scripts}")
    resident.follow(code)
    seen = " ".join(resident.requested)
    assert code not in seen
    assert code.replace(" ", "") not in seen
    assert code[:4] not in seen.replace(resident.url, "")


def test_nothing_is_kept_on_the_phone(visitor):
    resident = visitor()
    resident.follow(resident.report("nothing kept"))
    assert resident.page.evaluate("localStorage.length + sessionStorage.length") == 0
    assert resident.page.evaluate("indexedDB.databases().then((found) => found.length)") == 0


def test_staff_find_a_report_move_it_answer_it_and_log_out(either_visitor):
    resident, officer = either_visitor("en"), either_visitor()
    words = f"for staff {resident.scripts}"
    code = resident.report(words, theme="damage")
    officer.log_in(STAFF_NAME, PASSWORD)
    officer.find("[name=theme]").select_option("damage")
    officer.find("[name=status]").select_option("received")
    officer.find(".filters button").click()
    assert "theme=damage" in officer.page.url
    officer.find(".inbox tbody tr", has_text=words).locator("a").first.click()
    assert officer.find(".words", has_text=words).is_visible()
    officer.choose("to_status", "planned")
    officer.write("public_note", "A new lamp on Monday.")
    officer.find("[formaction$=move]").click()
    officer.find(".moves li", has_text="A new lamp on Monday.").wait_for()
    officer.write("body", "Thank you for telling us.")
    officer.find("[action$=answer] button:not([formaction])").click()
    officer.find(".messages .ours", has_text="Thank you for telling us.").wait_for()
    resident.follow(code)
    assert resident.find(".moves li", has_text="A new lamp on Monday.").is_visible()
    assert resident.find(".messages .ours", has_text="Thank you for telling us.").is_visible()
    assert STAFF_NAME not in resident.page.content(), "a resident never sees a name of staff"
    officer.find("[action$=logout] button").click()
    officer.find("[name=password]").wait_for()
    officer.page.goto("/staff/")
    assert officer.page.url.endswith("/staff/login")
