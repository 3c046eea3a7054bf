"""Ten thousand reports in the same words cost staff one line and one act, and the residents among them are all read."""

import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from sqlalchemy import insert, select

from citizen_portal.reports.alike.finding import group_of, words_of_report
from citizen_portal.reports.models import Report, ReportMove
from citizen_portal.reports.queries import PER_PAGE, reports_per_theme_area_and_month
from citizen_portal.staff.models import AuditEntry
from citizen_portal.storage.engine import db
from citizen_portal.storage.unit_of_work import unit_of_work
from tests.conftest import PASSWORD, store_account
from tests.staff.test_inbox import links_on
from tests.steps import DAY, alerts, count, in_words, plain_sql, report_row, rows, seen_on

ABOUT = {"theme": "drugs", "place": "vasby_centrum", "area": "centrum", "place_text": ""}
FLOOD, VARIANTS, RESIDENTS = 10_000, 200, 120
SPAM = "Stäng torget nu för det är farligt där varje kväll och ingen gör något åt saken"
# Told by different people: every word is somebody's own.
OWN_WORDS = "Hos oss vid nummer {0} står {0}a {0}b {0}c och {0}d i trappan".format


def store(texts: list[str], **changes) -> None:
    """Many reports at once, each in the group that the way in would find for it."""
    with unit_of_work() as session:
        groups = {
            text: group_of(session, words_of_report(text, received_on=DAY, **ABOUT)) for text in dict.fromkeys(texts)
        }
        stored = [report_row(description=text, text_group=groups[text], **{**ABOUT, **changes}) for text in texts]
        session.execute(insert(Report), stored)


def flood(number: int = FLOOD) -> None:
    words = SPAM.split()
    variants = [SPAM, SPAM.upper(), f"{SPAM}!!!", SPAM.replace(" ", "  ")]
    variants += [
        " ".join([*words[: each % len(words)], f"ord{in_words(each)}", *words[each % len(words) + 1 :]])
        for each in range(VARIANTS)
    ]
    store([variants[each % len(variants)] for each in range(number)], received_on=DAY - timedelta(days=1))


def residents(number: int = RESIDENTS, **changes) -> None:
    store([OWN_WORDS(in_words(each)) for each in range(number)], **changes)


@pytest.fixture
def officer(either_app):
    """A member of staff on either database."""
    return logged_in(either_app, "officer")


def logged_in(app, name):
    store_account(name)
    client = app.test_client()
    assert client.post("/staff/login", data={"username": name, "password": PASSWORD}).status_code == 302
    return client


def group_link(page: str) -> str:
    [link] = set(re.findall(r'href="(/staff/alike/[^"]+)">', page))
    return link


def walk(client, address="/staff/", towards="next"):
    """Every line of the list, page after page."""
    lines = []
    while address:
        page = client.get(address).text
        lines.append(links_on(page))
        found = re.search(rf'rel="{towards}" href="([^"]+)"', page)
        address = found[1].replace("&amp;", "&") if found else None
    return lines


def decide(client, link: str, act: str, **form):
    page = client.get(link).text
    return client.post(f"{link}/{act}", data={"seen": seen_on(page), **form})


def per_state() -> dict[tuple[str, str | None], int]:
    found = plain_sql("SELECT status, quarantine_reason, count(*) FROM report GROUP BY status, quarantine_reason")
    return {(status, reason): number for status, reason, number in found}


def figures():
    return reports_per_theme_area_and_month(db.session(), DAY - timedelta(days=30), DAY)


def test_ten_thousand_in_the_same_words_are_one_line_and_one_act_and_undone_in_one(officer):
    residents(30)
    before = figures()
    flood()
    page = officer.get("/staff/").text
    assert len(links_on(page)) == 31
    assert "9999 till" in page or "9,999" in page or "9999 more" in page
    link = group_link(page)
    assert decide(officer, link, "set-aside").location == link
    assert per_state() == {("received", None): 30, ("quarantined", "same_words"): FLOOD}
    assert figures() == before
    assert count(ReportMove) == FLOOD
    assert decide(officer, link, "take-back").location == link
    assert per_state() == {("received", None): 30 + FLOOD}
    assert sum(figures().values()) == 30 + FLOOD
    assert sorted((entry.action, entry.detail.split()[0]) for entry in rows(AuditEntry)) == [
        ("set alike reports aside", str(FLOOD)),
        ("take alike reports back", str(FLOOD)),
    ]


def test_pages_hold_every_line_once_forwards_and_back_with_a_flood_in_between(officer):
    residents(received_on=DAY - timedelta(days=1))
    flood(1000)
    pages = walk(officer)
    lines = [line for page in pages for line in page]
    assert [len(page) for page in pages] == [PER_PAGE, PER_PAGE, RESIDENTS + 1 - 2 * PER_PAGE]
    assert len(set(lines)) == RESIDENTS + 1
    last = officer.get(f"/staff/?older_than={place_before(lines[-1])}").text
    assert links_on(last) == lines[-1:]
    back = re.search(r'rel="prev" href="([^"]+)"', last)[1]
    assert [line for page in walk(officer, back, "prev")[::-1] for line in page][-PER_PAGE:] == lines[
        -PER_PAGE - 1 : -1
    ]


def place_before(line: str) -> str:
    """The place just before a line of the list."""
    report_id = line.rpartition("/")[2]
    number = int(report_id.replace("-", ""), 16) - 1
    return f"{DAY - timedelta(days=1)}.{number:032x}"


def test_every_one_of_a_group_can_be_listed_and_taken_out(officer):
    flood(60)
    link = group_link(officer.get("/staff/").text)
    listed = re.search(r'href="(/staff/\?group=[^"]+)"', officer.get(link).text)[1]
    assert len({line for page in walk(officer, listed) for line in page}) == 60
    exported = officer.get(f"/staff/reports.csv?{urlsplit(listed).query}&for=machines").text
    assert exported.count("\r\n") == 61
    assert links_on(officer.get("/staff/?group=none").text) == []


def test_a_filter_folds_only_what_it_lists(officer):
    flood(40)
    store([SPAM] * 3, theme="parking")
    assert len(links_on(officer.get("/staff/?theme=drugs").text)) == 1
    assert len(links_on(officer.get("/staff/?theme=parking").text)) == 3


def test_what_a_colleague_has_handled_stays_and_a_page_from_before_that_changes_nothing(either_app, officer):
    flood(20)
    link = group_link(officer.get("/staff/").text)
    seen = seen_on(officer.get(link).text)
    first = links_on(officer.get("/staff/").text)[0]
    colleague = logged_in(either_app, "colleague")
    move = {"to_status": "reading", "public_note": "", "seen": seen_on(colleague.get(first).text)}
    assert colleague.post(f"{first}/move", data=move).status_code == 302
    stale = officer.post(f"{link}/set-aside", data={"seen": seen})
    assert stale.status_code == 409
    assert alerts(stale.text)
    assert per_state() == {("received", None): 19, ("reading", None): 1}
    assert officer.post(f"{link}/set-aside", data={"seen": seen_on(stale.text)}).status_code == 302
    assert per_state() == {("quarantined", "same_words"): 19, ("reading", None): 1}


@pytest.mark.parametrize("claims", [{}, {"seen": ""}, {"seen": "x"}, {"seen": "9" * 400}, {"seen": "1-1"}])
def test_a_form_that_does_not_say_what_it_showed_changes_nothing(officer, claims):
    flood(20)
    link = group_link(officer.get("/staff/").text)
    assert officer.post(f"{link}/set-aside", data=claims).status_code == 409
    assert (per_state(), count(AuditEntry)) == ({("received", None): 20}, 0)


def test_pressing_twice_is_once(officer):
    flood(20)
    link = group_link(officer.get("/staff/").text)
    decide(officer, link, "set-aside")
    assert decide(officer, link, "set-aside").status_code == 302
    assert (count(ReportMove), count(AuditEntry)) == (20, 1)


def test_no_report_is_set_aside_for_being_alike_before_somebody_has_decided(officer):
    flood(20)
    decide(officer, group_link(officer.get("/staff/").text), "set-aside")
    store([SPAM])
    assert per_state() == {("quarantined", "same_words"): 20, ("received", None): 1}
    assert len(links_on(officer.get("/staff/?status=received").text)) == 1


def test_a_resident_whose_words_were_copied_is_let_out_alone_and_stays_out(officer):
    flood(20)
    link = group_link(officer.get("/staff/").text)
    decide(officer, link, "set-aside")
    own = links_on(officer.get("/staff/").text)[0]
    move = {"to_status": "received", "public_note": "", "seen": seen_on(officer.get(own).text)}
    assert officer.post(f"{own}/move", data=move).status_code == 302
    decide(officer, link, "take-back")
    decide(officer, link, "set-aside")
    assert per_state() == {("quarantined", "same_words"): 19, ("received", "same_words"): 1}


def test_taking_back_lets_out_nothing_that_was_set_aside_for_another_reason(officer):
    flood(20)
    store([SPAM] * 4, status="quarantined", quarantine_reason="honeypot")
    link = group_link(officer.get("/staff/").text)
    decide(officer, link, "set-aside")
    decide(officer, link, "take-back")
    assert per_state() == {("received", None): 20, ("quarantined", "honeypot"): 4}


def test_a_few_alike_ones_are_lines_of_their_own(officer):
    flood(4)
    page = officer.get("/staff/").text
    assert len(links_on(page)) == 4
    assert "/staff/alike/" not in page


def test_the_histories_of_the_reports_are_numbered_through(officer):
    flood(6)
    link = group_link(officer.get("/staff/").text)
    for act in ("set-aside", "take-back", "set-aside"):
        decide(officer, link, act)
    reports = select(ReportMove.report_id, ReportMove.position).order_by(ReportMove.report_id, ReportMove.position)
    assert [position for _report, position in db.session.execute(reports)] == [1, 2, 3] * 6
