"""Start, help and about: the municipality's words, the numbers to call, and the doors to the rooms."""

import pytest

from citizen_portal.municipality import CONTACT_GROUPS
from citizen_portal.municipality.installed import installed
from tests.conftest import portal

LANGUAGES = ["sv", "en", "fi", "ar"]
ABOUT = ["privacy", "accessibility", "cookies"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_112_and_114_14_stand_above_the_first_door_of_the_start_page(client, language):
    page = client.get(f"/{language}/").text
    places = [page.index(words) for words in ('href="tel:112"', 'href="tel:11414"', f'href="/{language}/report"')]
    assert places == sorted(places)


@pytest.mark.parametrize("language", LANGUAGES)
def test_help_holds_every_number_of_the_municipality_to_be_called_with_one_tap(client, language):
    page = client.get(f"/{language}/help").text
    contacts = [contact for group in CONTACT_GROUPS for contact in installed().municipality.contacts_in(group)]
    for contact in contacts:
        assert not contact.tel or f'href="tel:{contact.tel}"' in page
        assert contact.label.get(language).split(",")[0] in page


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("topic", ABOUT)
def test_what_a_public_site_owes_its_visitors_to_say_is_there_in_every_language(client, language, topic):
    title = installed().municipality.page(topic).title.get(language)
    page = client.get(f"/{language}/about/{topic}")
    assert page.status_code == 200
    assert f"<h1>{title}</h1>" in page.text


@pytest.mark.parametrize("topic", ["help", "nothing", "..", "privacy/x", "Privacy"])
def test_no_other_topic_exists(client, topic):
    assert client.get(f"/sv/about/{topic}").status_code == 404


def test_a_translation_that_nobody_has_reviewed_says_so(client):
    unreviewed = set(installed().municipality.unreviewed_languages)
    pages = {language: client.get(f"/{language}/").text for language in LANGUAGES}
    warned = {language for language, page in pages.items() if "unreviewed" in page}
    assert warned == unreviewed != set()


def test_the_pages_of_another_municipality_hold_its_own_words_and_languages(tmp_path):
    exempelby = portal(tmp_path / "exempelby", PORTAL_MUNICIPALITY="tests/data/exempelby")
    client = exempelby.test_client(use_cookies=False)
    name = exempelby.extensions["municipality"].municipality.name
    for address in ("/sv/", "/en/report", "/en/help", "/en/about/privacy"):
        page = client.get(address).text
        assert name in page
        assert "Upplands Väsby" not in page
    assert client.get("/ar/").status_code == 404


def test_search_engines_may_find_the_site_but_not_the_workplace(client):
    robots = client.get("/robots.txt").text
    assert "Disallow: /staff/" in robots
    assert "Disallow: /\n" not in robots
    assert 'name="robots" content="noindex"' in client.get("/staff/login").text


def test_the_operator_s_monitor_learns_whether_the_portal_stands_and_can_take_a_report(either_app):
    client = either_app.test_client(use_cookies=False)
    assert (client.get("/healthz").text, client.get("/readyz").text) == ("ok\n", "ready\nlast night: none yet\n")


def test_a_portal_whose_tables_were_never_made_is_not_ready(tmp_path):
    client = portal(tmp_path / "never_upgraded").test_client(use_cookies=False)
    assert (client.get("/healthz").status_code, client.get("/readyz").status_code) == (200, 503)


def test_pages_without_a_form_stand_when_the_database_is_out_of_reach(tmp_path):
    nowhere = "postgresql+psycopg://x:x@127.0.0.1:1/none"
    client = portal(tmp_path / "cut_off", PORTAL_DATABASE_URL=nowhere).test_client(use_cookies=False)
    assert {client.get(address).status_code for address in ("/sv/", "/sv/help", "/healthz")} == {200}
    assert client.get("/readyz").status_code == 503
    assert client.post("/sv/report", data={"theme": "drugs", "place_text": "x"}).status_code == 503
