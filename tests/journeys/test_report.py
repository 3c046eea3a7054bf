"""A resident reports a place, gets a receipt and follows the report with it."""

import re

REPORT = {"theme": "drugs", "place": "vasby_centrum"}


def receipt_on(page: str) -> str:
    return re.search(r'<output id="receipt"[^>]*>([^<]+)</output>', page)[1]


def test_a_resident_who_gives_theme_and_place_gets_a_receipt_of_sixteen_digits(client):
    answer = client.post("/sv/report", data=REPORT)
    assert answer.status_code == 200
    assert re.fullmatch(r"\d{4} \d{4} \d{4} \d{4}", receipt_on(answer.text))


def test_a_receipt_opens_the_report_it_was_given_for(client):
    receipt = receipt_on(client.post("/sv/report", data=REPORT).text)
    page = client.post("/en/follow", data={"receipt": receipt})
    assert page.status_code == 200
    assert "Väsby centrum" in page.text
