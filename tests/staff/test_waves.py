"""Waves in the workplace: numbers in bands while a wave is open, closing it for good, its files, and who did it."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from citizen_portal.staff.models import AuditEntry, StaffAccount
from citizen_portal.staff.wave_figures import file_labels
from citizen_portal.storage.engine import db
from citizen_portal.storage.unit_of_work import unit_of_work
from citizen_portal.surveys import closing, queries
from citizen_portal.surveys.export.formats import FORMATS
from citizen_portal.surveys.models import AnswerSet, Invitation, Wave
from citizen_portal.surveys.population import store_margin
from citizen_portal.surveys.representation import groups_of
from tests.calendar_day import the_day
from tests.conftest import PASSWORD, store_account
from tests.steps import count, rows
from tests.waves import store_wave

TODAY = the_day()
YESTERDAY = TODAY - timedelta(days=1)
# No other number of the page looks like this one.
MANY = 137


def answer(wave_code: str, times: int = 1, *, doubtful: bool = False, **answers: object) -> None:
    """Store answer sets, and use as many letters, if there are any."""
    with unit_of_work() as session:
        wave = session.get_one(Wave, wave_code)
        session.add_all(
            AnswerSet(
                wave_code=wave_code,
                questionnaire_digest=wave.questionnaire_digest,
                language="sv",
                answers=answers,
                quarantine_reason="honeypot" if doubtful else None,
            )
            for _each in range(times)
        )
        unused = select(Invitation).where(Invitation.wave_code == wave_code, ~Invitation.used).limit(times)
        for invitation in session.scalars(unused):
            invitation.used = True


def shown_of(client, *addresses: str) -> str:
    """The pages at these addresses below /staff/waves, one after the other."""
    answers = [client.get(f"/staff/waves{address}") for address in addresses]
    assert [each.status_code for each in answers] == [200] * len(addresses)
    return "".join(each.text for each in answers)


def words(page: str) -> str:
    """The words of a page's content, without tags and without what styles and scripts are called."""
    return " ".join(re.sub(r"<[^>]+>", " ", page.partition("<main")[2]).split())


def numbers(page: str) -> set[int]:
    """Every whole number among the words of a page, whatever parts its thousands."""
    return {int(re.sub(r"\D", "", found)) for found in re.findall(r"\d[\d\u00a0\u202f,]*", words(page))}


def facts(page: str) -> dict[str, str]:
    found = re.findall(r"<div><dt>([^<]+)</dt><dd>(?:<a[^>]*>)?([^<]*)", page)
    return {name: value.replace("\u00a0", " ") for name, value in found}


def groups(page: str) -> dict[str, str]:
    """Group -> the words of its row."""
    found = re.findall(r'<th scope="row">([^<]+)</th>(.*?)</tr>', page, re.DOTALL)
    return {name: " ".join(re.sub(r"<[^>]+>", " ", cells).split()) for name, cells in found}


@pytest.fixture
def by_letter(app):
    """An open wave by letter with two hundred letters, and unrelated waves beside it."""
    store_wave("other", letters=3)
    answer("other", 2, area="runby", age="age_16_29")
    return store_wave("by-letter", letters=200)


def test_the_list_shows_every_wave_with_its_state_the_newest_first(app, staff_client):
    store_wave("past", opens_on=TODAY - timedelta(60), closes_on=YESTERDAY)
    store_wave("now", letters=1)
    store_wave("coming", opens_on=TODAY + timedelta(10), closes_on=TODAY + timedelta(40))
    answer("past", MANY)
    answer("now", 10)
    page = staff_client.get("/staff/waves").text
    assert re.findall(r'href="/staff/waves/([^"]+)"', page) == ["coming", "now", "past"]
    assert re.findall(r'data-state="(\w+)"', page) == ["planned", "open", "closed"]
    assert str(MANY) in words(page)
    assert "10–49" in words(page)


def test_without_a_wave_the_list_says_so(staff_client):
    assert staff_client.get("/staff/waves").status_code == 200


def test_an_unknown_wave_is_not_found(staff_client):
    for method, address in (("get", ""), ("get", "/close"), ("post", "/close"), ("post", "/files/csv")):
        assert getattr(staff_client, method)(f"/staff/waves/none{address}").status_code == 404


@pytest.mark.parametrize("answers", [3, 14, MANY])
def test_while_a_wave_is_open_no_page_tells_an_exact_number(app, by_letter, staff_client, answers):
    pages = ("", "/by-letter", "/by-letter/close")
    empty = numbers(shown_of(staff_client, *pages))
    answer("by-letter", answers, area="centrum", age="age_50_64", sex="woman")
    answer("by-letter", answers, doubtful=True)
    told = numbers(shown_of(staff_client, *pages))
    exact = {answers, 2 * answers, 200 - answers, 200 - 2 * answers}
    assert not (told - empty) & exact


def test_pages_of_an_open_wave_are_the_same_for_every_number_of_a_band(app, by_letter, staff_client):
    pages = ("", "/by-letter", "/by-letter/close")
    answer("by-letter", 50, area="centrum", age="age_50_64", sex="woman")
    at_fifty = shown_of(staff_client, *pages)
    for _each in range(3):
        answer("by-letter", 13, area="centrum", age="age_50_64", sex="woman")
        assert shown_of(staff_client, *pages) == at_fifty
    answer("by-letter", 11, area="centrum", age="age_50_64", sex="woman")
    assert shown_of(staff_client, *pages) != at_fifty, "and a hundred is another band"


def test_unused_letters_are_told_from_the_band_of_the_used_ones(app, by_letter, staff_client):
    answer("by-letter", 14)
    shown = facts(staff_client.get("/staff/waves/by-letter").text)
    assert (shown["Brev"], shown["Besvarade brev"], shown["Obesvarade brev"]) == ("200", "10–49", "151–190")
    assert "Svarsfrekvens" not in shown


def test_an_open_link_shows_the_address_to_spread_and_no_letters(app, staff_client):
    store_wave("open-to-all")
    shown = facts(staff_client.get("/staff/waves/open-to-all").text)
    assert shown["Adress att sprida"] == "http://localhost/sv/survey/open-to-all"
    assert "Brev" not in shown
    assert staff_client.get(shown["Adress att sprida"]).status_code == 200


def test_the_groups_that_are_missing_are_named_in_words(app, by_letter, staff_client):
    answer("by-letter", 120, area="centrum", age="age_50_64", sex="woman")
    answer("by-letter", 5, area="runby", age="age_30_49", sex="man")
    page = staff_client.get("/staff/waves/by-letter").text
    assert groups(page)["Runby"] == "färre än 10 färre än sin andel 12 % av befolkningen"
    assert groups(page)["Centrum"].startswith("100–199 fler än sin andel")
    missing = re.search(r"<p><b>[^<]+</b> ([^<]+)\.</p>", page)[1].split("; ")
    assert {"Runby", "Man", "16–29 år"} <= set(missing)
    assert "Centrum" not in missing
    assert "Exempelsiffror" in page


def test_answers_are_compared_with_the_population_that_was_imported(app, by_letter, staff_client):
    with unit_of_work() as session:
        store_margin(session, "sex", {"woman": 300, "man": 100}, "Ett påhittat register", 2025)
        store_margin(session, "age", {"age_16_29": 400}, "Ett påhittat register", 2025)
    page = staff_client.get("/staff/waves/by-letter").text
    assert "75 % av befolkningen" in groups(page)["Kvinna"]
    assert "Källa: Ett påhittat register" in page
    assert "Exempelsiffror" in page  # areas are still those of the file


def test_with_few_answers_nothing_is_called_missing(app, by_letter, staff_client):
    answer("by-letter", 99, area="centrum", age="age_50_64", sex="woman")
    page = staff_client.get("/staff/waves/by-letter").text
    assert "för få svar för att jämföra" in groups(page)["Runby"]
    assert "Färre än sin andel har svarat" not in page


def test_answers_are_counted_by_group_without_those_set_aside(either_app):
    store_wave("other")
    answer("other", 4, area="runby")
    store_wave("counted")
    answer("counted", 3, area="runby", age="age_16_29")
    answer("counted", 2, age="age_65_plus")
    answer("counted", 1, doubtful=True, area="runby")
    session = db.session()
    assert queries.answers_per_choice(session, "counted", "area") == {"runby": 3, None: 2}
    assert queries.answers_per_choice(session, "counted", "sex") == {None: 5}
    assert queries.answers_per_wave(session) == {"other": (4, 0), "counted": (5, 1)}


def test_letters_are_counted_while_they_are_there_and_remembered_after(either_app):
    store_wave("letters", letters=5)
    answer("letters", 2)
    assert queries.letters_of(db.session(), db.session.get_one(Wave, "letters")) == (5, 2)
    closing.close_wave("letters", today=TODAY)
    assert queries.letters_of(db.session(), db.session.get_one(Wave, "letters")) == (5, 2)


def test_closing_is_explained_before_it_is_done(app, by_letter, staff_client):
    asked = staff_client.get("/staff/waves/by-letter/close")
    assert "Det går inte att ångra." in asked.text
    assert "Brevens koder förstörs." in asked.text
    assert rows(Wave)[0].closed_on is None
    store_wave("open-to-all")
    assert "Brevens koder" not in staff_client.get("/staff/waves/open-to-all/close").text


def test_a_wave_is_closed_for_good_its_numbers_are_exact_and_who_did_it_is_written_down(app, by_letter, staff_client):
    answer("by-letter", MANY, area="centrum")
    closed = staff_client.post("/staff/waves/by-letter/close")
    assert (closed.status_code, closed.location) == (302, "/staff/waves/by-letter")
    page = staff_client.get(closed.location).text
    shown = facts(page)
    assert (shown["Läge"], shown["Svar"], shown["Obesvarade brev"]) == ("stängd", str(MANY), str(200 - MANY))
    assert shown["Svarsfrekvens"] == "68,5 %"
    assert groups(page)["Centrum"].startswith(f"{MANY} fler än sin andel")
    [entry] = rows(AuditEntry)
    assert (entry.action, entry.wave_code, entry.done_on) == ("close wave", "by-letter", TODAY)
    assert entry.staff_account_id == rows(StaffAccount)[0].id
    assert "/close" not in page
    assert staff_client.get("/staff/waves/by-letter/close").location == "/staff/waves/by-letter"


def test_closing_that_is_held_up_is_written_down_and_can_be_finished(either_app):
    repeatable = "REPEATABLE READ" if db.engine.dialect.name == "postgresql" else "SERIALIZABLE"
    store_wave("closing")
    store_account("closer")
    client = either_app.test_client()
    client.post("/staff/login", data={"username": "closer", "password": PASSWORD})

    # Past the commit, closing waits for readers of what was there before; this one stays.
    with db.engine.connect().execution_options(isolation_level=repeatable) as reader:
        reader.execute(select(Wave)).all()
        page = client.post("/staff/waves/closing/close")
    assert page.status_code == 503
    assert "inga fler tas emot" in page.text
    [wave], [entry] = rows(Wave), rows(AuditEntry)
    assert (wave.closed_on, wave.purged, entry.wave_code) == (TODAY, False, "closing")
    db.session.rollback()  # or the test itself is a reader
    assert client.post("/staff/waves/closing/close").status_code == 302
    assert rows(Wave)[0].purged


def test_no_file_with_answers_leaves_before_the_wave_is_closed_for_good(app, by_letter, staff_client):
    answer("by-letter", 3, area="centrum")
    store_wave("ended", opens_on=TODAY - timedelta(60), closes_on=YESTERDAY)
    for wave_code in ("by-letter", "ended"):
        page = staff_client.get(f"/staff/waves/{wave_code}").text
        offered = set(re.findall(r'action="[^"]+/files/([^"]+)"', page))
        assert offered == {name for name, wanted in FORMATS.items() if not wanted.holds_rows}
        for name in FORMATS.keys() - offered:
            refusal = staff_client.post(f"/staff/waves/{wave_code}/files/{name}")
            assert refusal.status_code == 409
            assert "stängd för gott" in refusal.text
    assert count(AuditEntry) == 0


@pytest.mark.parametrize("name", FORMATS)
def test_every_file_can_be_taken_out_and_that_is_written_down(app, staff_client, name):
    store_wave("closed")
    answer("closed", 2, area="centrum", something_else="Åäö")
    closing.close_wave("closed", today=TODAY)
    assert f'/files/{name}"' in staff_client.get("/staff/waves/closed").text
    file = staff_client.post(f"/staff/waves/closed/files/{name}")
    assert file.status_code == 200
    assert file.headers["Content-Disposition"] == f'attachment; filename="{FORMATS[name].file_name("closed")}"'
    assert file.data
    [entry] = rows(AuditEntry)
    assert (entry.action, entry.wave_code, entry.detail) == ("export wave", "closed", name)
    assert file_labels()[name]


def test_an_unknown_file_is_not_found_and_not_written_down(app, staff_client):
    store_wave("closed")
    assert staff_client.post("/staff/waves/closed/files/everything").status_code == 404
    assert count(AuditEntry) == 0


def test_people_who_are_alone_with_their_background_are_warned_of(app, staff_client):
    store_wave("closed")
    answer("closed", 2, area="centrum")
    answer("closed", 1, area="runby")
    closing.close_wave("closed", today=TODAY)
    assert "1 person i filerna är ensam" in staff_client.get("/staff/waves/closed").text


def test_a_wave_whose_questionnaire_asks_in_other_groups_is_not_compared(app):
    area = store_wave().questionnaire.background("area")
    groups = groups_of(area, {"centrum": 200}, {"somewhere_else": 100}, exact=True)
    assert {group.standing for group in groups} == {None}
