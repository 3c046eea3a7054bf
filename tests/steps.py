"""What several tests do: send a report, read its receipt, read the sentences of a page, count what is stored."""

import re
from datetime import date
from html import unescape

import html5lib
from sqlalchemy import func, select, text

from citizen_portal.municipality.installed import installed
from citizen_portal.reports.location import locate
from citizen_portal.reports.models import Report
from citizen_portal.reports.receipts import Submission
from citizen_portal.reports.submit import Draft, add_message
from citizen_portal.storage.engine import db
from citizen_portal.storage.types import random_id

XHTML = "{http://www.w3.org/1999/xhtml}"
REPORT = {"theme": "drugs", "place": "vasby_centrum"}
DAY = date(2026, 3, 14)
WRONG_CODE = "4539 1488 0343 6467"  # well formed, and nobody's


def report_row(**changes) -> dict:
    """A row of the report table."""
    return {
        "id": random_id(), "received_on": DAY, "status": "received", "language": "sv", "theme": "drugs",
        "place_text": "", "precision": "street", "reasons": (), "description": "", "photo_count": 0,
        "fingerprint": random_id().bytes * 2, "fingerprint_is_timed": False,
        "receipt_digest": random_id().bytes * 2, **changes,
    }  # fmt: skip


def receipt_on(page: str) -> str:
    """The receipt a page shows, in groups."""
    return re.search(r'<output id="receipt"[^>]*>([^<]+)</output>', page)[1]


def send(client, **fields) -> str:
    """Send a report and return its receipt."""
    answer = client.post("/sv/report", data={**REPORT, **fields})
    assert answer.status_code == 200, answer.text
    return receipt_on(answer.text)


def follow(client, receipt: str, **kwargs):
    """Open a report with its receipt."""
    return client.post("/en/follow", data={"receipt": receipt}, **kwargs)


def rows(table) -> list:
    """Every row of a table, as another transaction sees it."""
    db.session.rollback()
    return list(db.session.scalars(select(table)))


def reports() -> list[Report]:
    """Every stored report."""
    return rows(Report)


def count(table=Report) -> int:
    """How many rows a table has, as another transaction sees it."""
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(table))


def sentence_at(page: str, field: str) -> str:
    """The sentence beside a field; it must be in the error summary too, and lead to the field."""
    beside = re.search(rf'<p class="error" id="{re.escape(field)}-error">([^<]+)</p>', page)
    assert beside, f"no sentence beside {field}"
    in_summary = dict(re.findall(r'<li><a href="#([^"]+)">([^<]+)</a></li>', page))
    # In a survey the summary names the question first.
    assert any(said.endswith(beside[1]) for said in in_summary.values()), (
        f"the summary does not say what stands beside {field}"
    )
    return unescape(beside[1])


def alerts(page: str) -> str:
    """The words of the boxes that say what went wrong."""
    return unescape(
        " ".join(re.findall(r'<div class="errors" role="alert" tabindex="-1">(.*?)</div>', page, re.DOTALL))
    )


def filled_in(page: str, form: str = "report") -> dict[str, list[str]]:
    """What a form on a page holds, as a browser would post it again."""
    fields: dict[str, list[str]] = {}
    select = ""
    for element in html5lib.parse(page).find(f".//{XHTML}form[@id='{form}']").iter():
        kind, value = element.get("type"), element.get("value", "")
        if element.tag == f"{XHTML}textarea":
            # A browser drops the first line break of a text area.
            value = "".join(element.itertext()).removeprefix("\n")
        elif element.tag == f"{XHTML}select":
            select = element.get("name")
            continue
        elif element.tag == f"{XHTML}option":
            if element.get("selected") is not None and value:
                fields.setdefault(select, []).append(value)
            continue
        elif element.tag != f"{XHTML}input" or kind in {"image", "file"}:
            continue
        if kind not in {"radio", "checkbox"} or element.get("checked") is not None:
            fields.setdefault(element.get("name"), []).append(value)
    return {name: [value for value in values if value] for name, values in fields.items() if any(values)}


def in_words(number: int) -> str:
    """A number that is none to whoever compares texts, which leaves numbers out."""
    return "".join(chr(ord("a") + int(digit)) for digit in f"{number:03}")


def seen_on(page: str) -> str:
    """What a page of the desk says that it shows, as its forms carry it."""
    return re.search(r'name="seen" value="([^"]*)"', page)[1]


def answer_as_staff(session, report: Report, words: str) -> None:
    """Staff answer a report. ``report`` has its messages loaded; the caller commits."""
    submission = Submission.of({"answer": words}, key=words, seconds=0)
    add_message(session, report, words, submission, secret=b"s" * 32, today=DAY, from_staff=True)


def draft(**changes) -> Draft:
    """A draft, checked and ready to store."""
    municipality = installed().municipality
    where = locate(municipality, place="vasby_centrum", place_text="", point=None, precision="street")
    values = {
        "language": "sv", "theme": "drugs", "location": where, "happened": None, "happened_on": None,
        "light": None, "unsafe": None, "reasons": (), "description": "", "photos": (),
    }  # fmt: skip
    return Draft(**{**values, **changes})


def plain_sql(statement: str) -> list:
    """Rows of a statement, past the models."""
    db.session.rollback()
    return list(db.session.execute(text(statement)))
