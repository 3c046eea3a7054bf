"""The baseline in the workplace: figures to look at, freezing them for good, and what is written down about it."""

import hashlib
import json
import re
from datetime import date, timedelta
from html import unescape

import pytest
from sqlalchemy import text, update

from citizen_portal.baseline import queries
from citizen_portal.baseline.models import BaselineSnapshot
from citizen_portal.reports.choices import QUARANTINED
from citizen_portal.reports.models import Report
from citizen_portal.staff.baseline_periods import computable
from citizen_portal.staff.models import AuditEntry
from citizen_portal.storage.engine import db
from citizen_portal.storage.unit_of_work import unit_of_work
from citizen_portal.surveys.models import AnswerSet, Wave
from citizen_portal.web.clock import today
from citizen_portal.web.suspicion import HONEYPOT
from tests.conftest import PASSWORD, store_account
from tests.database_troubles import locked
from tests.snapshots import AFTER, BASELINE_CODE, BEFORE, FOLLOW_UP_CODE, YEARS, store_baseline
from tests.steps import alerts, count, filled_in, rows, sentence_at
from tests.waves import store_wave

TERMS = {"wave": AFTER, "from_day": "2025-04-01", "to_day": "2026-03-31", "against": BASELINE_CODE}
NEW = {**TERMS, "code": "second-look"}


def log_in(app):
    store_account("desk")
    client = app.test_client()
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    assert client.post("/staff/login", data={"username": "desk", "password": PASSWORD}).status_code == 302
    return client


@pytest.fixture
def at_desk(app, snapshots):
    """A member of staff, where a baseline and its follow-up are frozen."""
    return log_in(app)


def words(page: str) -> str:
    """The words of a page's content."""
    return unescape(" ".join(re.sub(r"<[^>]+>", " ", page.partition("<main")[2]).split())).replace("\xa0", " ")


def shown(client, address: str = "", **terms: str) -> str:
    answer = client.get(f"/staff/baseline{address}", query_string=terms)
    assert answer.status_code == 200, answer.text
    return words(answer.text)


def entries() -> list[tuple[str, str | None, str]]:
    return [(each.action, each.wave_code, each.detail) for each in rows(AuditEntry)]


def test_the_list_shows_every_snapshot_with_its_digest_and_what_can_be_computed(at_desk):
    page = shown(at_desk)
    for snapshot in rows(BaselineSnapshot):
        assert snapshot.code in page
        assert snapshot.public_digest in page
    assert "Example figures" in page
    assert "Påhittad våg spring-2026, with the reports of 1 Apr 2025 to 31 Mar 2026" in page


def test_a_portal_without_waves_says_so(app):
    client = log_in(app)
    page = shown(client)
    assert "Nothing is frozen yet." in page
    assert "No wave has ended yet" in page
    assert shown(client, "/compute")


def test_computing_shows_every_indicator_and_stores_nothing(at_desk):
    page = shown(at_desk, "/compute", **TERMS)
    snapshot = queries.snapshot(db.session(), FOLLOW_UP_CODE)
    for indicator in json.loads(snapshot.public_document)["indicators"]:
        assert indicator["label"]["en"] in page
    assert "By area, sex and age" in page
    assert "These figures are for staff" in page
    assert (count(BaselineSnapshot), entries()) == (2, [])


def test_an_exact_figure_stands_beside_what_is_published_of_it(at_desk):
    snapshot = queries.snapshot(db.session(), FOLLOW_UP_CODE)
    full, public = json.loads(snapshot.document), json.loads(snapshot.public_document)
    page = at_desk.get("/staff/baseline/compute", query_string=TERMS).text
    exact, published = full["indicators"][0]["figures"][0], public["indicators"][0]["values"][0]
    row = words("<main" + re.search(r'<tr role="row">\s*<th role="rowheader".*?</tr>', page, re.DOTALL)[0])
    low, high = f"{100 * exact['low']:.2f}", f"{100 * exact['high']:.2f}"
    assert f"Everyone {100 * exact['estimate']:.2f} % ({low}–{high})" in row
    assert f"{exact['counted']} of {exact['n']}" in row
    assert f"Published: {published['value']} % ({published['low']}–{published['high']})" in row


def test_what_the_rules_hide_is_marked_in_every_row_where_it_is_hidden(at_desk):
    public = json.loads(queries.snapshot(db.session(), FOLLOW_UP_CODE).public_document)
    hidden = [value for each in public["indicators"] for value in each["values"] if not value["shown"]]
    page = at_desk.get(f"/staff/baseline/frozen/{FOLLOW_UP_CODE}").text
    assert hidden
    assert page.count('<span class="tag">hidden</span>') >= len(hidden)


def test_the_changes_of_a_follow_up_are_told_in_words(at_desk):
    public = json.loads(queries.snapshot(db.session(), FOLLOW_UP_CODE).public_document)
    shares, counts = (
        [
            change
            for each in public["indicators"]
            if (each["unit"] == "percent") == of_shares
            for change in each["changes"]
        ]
        for of_shares in (True, False)
    )
    page = shown(at_desk, f"/frozen/{FOLLOW_UP_CODE}")
    assert page.count("More than chance explains:") == sum(change["real"] for change in shares) > 0
    assert page.count("No sure change:") == sum(not change["real"] for change in shares) > 0
    assert page.count("called neither better nor worse") == len(counts) > 0
    assert "change:" not in shown(at_desk, f"/frozen/{BASELINE_CODE}")


def test_the_smallest_visible_change_is_larger_for_one_area_than_for_everyone(at_desk):
    page = at_desk.get("/staff/baseline/compute", query_string=TERMS).text
    found = re.findall(r'<tr><th scope="row">[^<]+</th><td>([\d.]+)</td><td>([\d.]+)–([\d.]+)</td></tr>', page)
    assert len(found) >= 10
    for everyone, best, worst in found:
        assert 0 < float(everyone) < float(best) <= float(worst) < 100


def test_freezing_stores_what_was_shown_and_writes_down_who_did_it(at_desk):
    assert shown(at_desk, "/freeze", **TERMS)
    answer = at_desk.post("/staff/baseline/freeze", data=NEW)
    assert (answer.status_code, answer.location) == (302, "/staff/baseline/frozen/second-look")
    new, old = (queries.snapshot(db.session(), code) for code in ("second-look", FOLLOW_UP_CODE))
    assert (new.document, new.kind, new.against_code) == (old.document, "follow_up", BASELINE_CODE)
    assert entries() == [("freeze baseline", AFTER, "second-look")]
    assert "Follow-up: second-look" in shown(at_desk, "/frozen/second-look")


def test_figures_that_moved_since_they_were_looked_at_are_not_frozen_until_they_are_looked_at_again(app, at_desk):
    looked_at = re.search(r"figures=(\w+)", at_desk.get("/staff/baseline/compute", query_string=TERMS).text)[1]
    with unit_of_work() as session:
        session.execute(update(Report).values(status=QUARANTINED))
    answer = at_desk.post("/staff/baseline/freeze", data={**NEW, "figures": looked_at})
    assert (answer.status_code, "others than those you looked at" in alerts(answer.text)) == (409, True)
    assert (count(BaselineSnapshot), entries()) == (2, [])
    # Pressed again, on the page that has said so, it is meant, and judged like any release beside those before it.
    again = at_desk.post("/staff/baseline/freeze", data=filled_in(answer.text, "freeze"))
    assert (again.status_code, FOLLOW_UP_CODE in alerts(again.text)) == (422, True)


def test_answers_that_nobody_has_decided_about_are_named_before_the_figures_are_frozen(app, at_desk):
    assert "nobody has decided" not in shown(at_desk, "/compute", **TERMS)
    with unit_of_work() as session:
        session.add_all(
            AnswerSet(
                wave_code=AFTER,
                questionnaire_digest=session.get(Wave, AFTER).questionnaire_digest,
                language="sv",
                answers={},
                quarantine_reason=HONEYPOT,
            )
            for _each in range(2)
        )
    assert "2 answers were set aside as doubtful and nobody has decided about them" in shown(
        at_desk, "/compute", **TERMS
    )


def test_a_snapshot_and_its_entry_are_one_commit_on_both_databases(either_app):
    store_baseline()
    client = log_in(either_app)
    terms = {"wave": BEFORE, "from_day": "2023-04-01", "to_day": "2024-03-31", "against": ""}
    assert client.post("/staff/baseline/freeze", data={**terms, "code": "once-more"}).status_code == 302
    assert entries() == [("freeze baseline", BEFORE, "once-more")]
    with unit_of_work() as session:
        session.execute(text("ALTER TABLE audit_entry RENAME TO out_of_reach"))
    assert client.post("/staff/baseline/freeze", data={**terms, "code": "unwritten"}).status_code >= 500
    assert sorted(each.code for each in rows(BaselineSnapshot)) == [BASELINE_CODE, "once-more"]


def test_a_database_that_cannot_write_now_keeps_what_was_filled_in(app, at_desk):
    with locked(app):
        answer = at_desk.post("/staff/baseline/freeze", data=NEW)
    assert answer.status_code == 503
    assert "Wait a moment and send it again" in alerts(answer.text)
    assert filled_in(answer.text, "freeze") == {name: [value] for name, value in NEW.items()}
    assert (count(BaselineSnapshot), entries()) == (2, [])


def test_sent_twice_it_is_frozen_once(at_desk):
    answers = [at_desk.post("/staff/baseline/freeze", data=NEW) for _time in range(2)]
    assert [each.location for each in answers] == ["/staff/baseline/frozen/second-look"] * 2
    assert (count(BaselineSnapshot), len(entries())) == (3, 1)


@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"code": "Vår 2026"}, "code", "Use small letters"),
        ({"code": "x" * 41}, "code", "40 characters"),
        ({"code": ""}, "code", "Fill this in"),
        ({"code": FOLLOW_UP_CODE, "from_day": "2025-05-01"}, "code", "This code is taken"),
        ({"wave": "still-open"}, "wave", "Choose a wave that has ended"),
        ({"wave": ""}, "wave", "Choose a wave that has ended"),
        ({"to_day": "2999-12-31"}, "to_day", "The period is not over"),
        ({"to_day": "2025-03-31"}, "to_day", "before the first"),
        ({"from_day": "1 april"}, "from_day", "Write the day like 2026-03-31"),
        ({"from_day": ""}, "from_day", "Fill this in"),
        ({"against": "nothing"}, "against", "Choose one of the frozen baselines"),
    ],
)
def test_what_cannot_be_frozen_is_said_beside_the_field_and_nothing_is_stored(at_desk, changes, field, said):
    store_wave("still-open")
    answer = at_desk.post("/staff/baseline/freeze", data={**NEW, **changes})
    assert answer.status_code == 422
    assert said in sentence_at(answer.text, field)
    assert (count(BaselineSnapshot), entries()) == (2, [])


def test_what_is_frozen_is_on_no_public_page_and_in_no_feed(at_desk, client):
    answer = at_desk.post("/staff/baseline/freeze", data={**NEW})
    assert answer.status_code == 302
    assert "Only staff can see it." in shown(at_desk, "/frozen/second-look")
    assert "second-look" in shown(at_desk)
    assert "second-look" not in client.get("/api/v1/baseline").text
    assert client.get("/api/v1/baseline/second-look").status_code == 404
    assert "second-look" not in client.get("/en/results").text


def test_a_period_that_overlaps_a_published_one_is_refused_with_its_name_and_nothing_is_stored(at_desk):
    answer = at_desk.post("/staff/baseline/freeze", data={**NEW, "from_day": "2025-04-02"})
    assert answer.status_code == 422
    assert f"together with {FOLLOW_UP_CODE}, which is or was public" in words(answer.text)
    assert filled_in(answer.text, "freeze")["from_day"] == ["2025-04-02"]
    assert (count(BaselineSnapshot), entries()) == (2, [])


def test_a_period_is_over_on_the_day_after_its_last(at_desk):
    for days, status in ((0, 422), (1, 200)):
        last_day = (today() - timedelta(days=days)).isoformat()
        answer = at_desk.get("/staff/baseline/compute", query_string={**TERMS, "to_day": last_day})
        assert answer.status_code == status


def test_terms_that_make_no_figures_are_said_beside_the_field(at_desk):
    answer = at_desk.get("/staff/baseline/compute", query_string={**TERMS, "wave": "no-wave"})
    assert answer.status_code == 422
    assert "Choose a wave that has ended" in sentence_at(answer.text, "wave")
    assert "Freeze these figures" not in answer.text
    assert alerts(answer.text)


def test_the_public_document_is_downloaded_as_the_bytes_its_digest_is_of(at_desk):
    answer = at_desk.get(f"/staff/baseline/frozen/{BASELINE_CODE}/public.json")
    snapshot = queries.snapshot(db.session(), BASELINE_CODE)
    assert hashlib.sha256(answer.data).hexdigest() == snapshot.public_digest
    assert f'filename="{BASELINE_CODE}.json"' in answer.headers["Content-Disposition"]
    assert entries() == []


def test_who_takes_out_all_figures_is_written_down(at_desk):
    answer = at_desk.post(f"/staff/baseline/frozen/{BASELINE_CODE}/full.json")
    snapshot = queries.snapshot(db.session(), BASELINE_CODE)
    assert hashlib.sha256(answer.data).hexdigest() == snapshot.digest
    assert entries() == [("export baseline", BEFORE, BASELINE_CODE)]
    assert at_desk.post("/staff/baseline/frozen/nothing/full.json").status_code == 404


def test_the_year_that_goes_with_a_wave_ends_with_its_last_day():
    def period(closes_on: date, today: date):
        wave = Wave(code="w", title="w", opens_on=closes_on - timedelta(days=9), closes_on=closes_on, closed_on=None)
        return [each.period for each in computable([wave], today)]

    assert period(YEARS[AFTER].to_day, date(2026, 5, 1)) == [YEARS[AFTER]]
    (leap,) = period(date(2024, 2, 28), date(2026, 5, 1))
    assert leap.from_day == date(2023, 2, 28)
    assert period(date(2026, 5, 1), date(2026, 5, 1)) == []
