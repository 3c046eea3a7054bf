"""The shortest way through in real Firefox: a report, and the survey by open link."""


def test_a_resident_reports_a_place_in_firefox(firefox_visitor, stored):
    resident = firefox_visitor()
    resident.open("/report")
    resident.choose("theme", "drugs")
    resident.write("place_text", "bakom skolan")
    resident.write("description", "sent with Firefox")
    resident.click(".send button")
    assert len(resident.text("output#receipt").replace(" ", "")) == 16
    (row,) = stored("sent with Firefox")
    assert row["place_text"] == "bakom skolan"


def test_a_resident_answers_the_survey_in_firefox(firefox_visitor, stored_answers):
    resident = firefox_visitor("ar")
    resident.open("/survey/open-to-all")
    resident.choose("safe_by_day", "fairly_safe")
    while resident.run("!document.querySelector('[data-next]').hidden"):
        resident.click("[data-next]")
    resident.write("something_else", "answered with Firefox")
    resident.click(".send button")
    assert "answered with Firefox" in resident.text("dl.stored")
    assert len(stored_answers("answered with Firefox")) == 1


def test_going_back_from_a_letter_s_questions_in_firefox_meets_no_address_with_the_code(firefox_visitor, letter_code):
    resident = firefox_visitor("sv")
    resident.open("/")
    resident.run(f"void (location.href = '/e/{letter_code}')")
    resident.wait_until("document.querySelector('form#survey.stepped')")
    addresses = [resident.run("location.href")]
    resident.back()
    resident.wait_until("!document.querySelector('form#survey')")
    addresses.append(resident.run("location.href"))
    assert [address for address in addresses if letter_code in address.replace("-", "")] == []
