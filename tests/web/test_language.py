"""The language of a page is in its address; outside it the browser decides; no page is left in another one."""

import html5lib
import pytest
from flask_babel import ngettext

from tests.steps import filled_in

XHTML = "{http://www.w3.org/1999/xhtml}"
PAGES = ["/", "/report", "/follow", "/help", "/about/privacy", "/about/cookies", "/about/accessibility"]
LANGUAGES = {"sv": "ltr", "en": "ltr", "fi": "ltr", "ar": "rtl"}
ASKED = {
    "nothing": ("", "sv"),
    "Finnish": ("fi", "fi"),
    "Finnish of Finland": ("fi-FI,fi;q=0.9,en;q=0.8", "fi"),
    "Arabic of Syria": ("ar-SY", "ar"),
    "what we lack first": ("kl,de;q=0.9,en;q=0.5", "en"),
    "only what we lack": ("kl", "sv"),
    "a country's variant before a whole match that is wanted less": ("ar-SE,en;q=0.3", "ar"),
    "a script and a country": ("fi-Latn-FI, en;q=0.9", "fi"),
    "not this one": ("en;q=0, fi;q=0.1", "fi"),
    "by weight": ("sv;q=0.2,ar;q=0.8", "ar"),
    "anything": ("*", "sv"),
    "nonsense": (";;;q=x,\xff", "sv"),
}


@pytest.mark.parametrize(("asked", "given"), ASKED.values(), ids=ASKED)
def test_the_root_sends_a_visitor_to_the_best_language_the_browser_asks_for(client, asked, given):
    answer = client.get("/", headers={"Accept-Language": asked})
    assert (answer.status_code, answer.location) == (302, f"/{given}/")
    assert "Accept-Language" in answer.headers["Vary"]


UNKNOWN = ["/xx/", "/xx", "/xx/report", "/favicon.ico", "/SV/", "/static/", "/sv-SE/help", "/%00/", "/sv/../xx"]


@pytest.mark.parametrize("address", UNKNOWN)
def test_an_unknown_language_is_a_page_that_does_not_exist(client, address):
    answer = client.get(address, headers={"Accept-Language": "fi"})
    assert answer.status_code == 404
    assert 'lang="fi"' in answer.text


@pytest.mark.parametrize("address", ["/sv", "/sv/report/", "/sv/follow/", "/sv/about/privacy/"])
def test_a_slash_more_or_less_at_the_end_makes_no_difference(client, address):
    assert client.get(address).status_code == 200


def test_a_post_to_an_unknown_language_stores_nothing_and_is_not_found(client):
    assert client.post("/xx/report", data={"theme": "drugs", "place": "vasby_centrum"}).status_code == 404


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("page", PAGES)
def test_each_page_says_its_language_and_direction_and_leads_to_itself_in_the_others(client, language, page):
    document = html5lib.parse(client.get(f"/{language}{page}").text)
    # Beside a form the languages are buttons that carry it along.
    links = {
        link.get("lang"): (link.get("href") or link.get("formaction"), link.get("dir"))
        for link in document.find(f".//{XHTML}nav").iter()
        if link.get("lang")
    }
    assert (document.get("lang"), document.get("dir")) == (language, LANGUAGES[language])
    assert links == {code: (f"/{code}{page}", direction) for code, direction in LANGUAGES.items()}


@pytest.mark.parametrize(
    ("query", "kept"),
    [("place=vasby_centrum&x=1", "?place=vasby_centrum"), ("place=%22%3E%00", "?place=%22%3E"), ("x=1&place=", "")],
)
def test_what_a_page_was_opened_with_goes_along_into_the_other_languages(client, query, kept):
    document = html5lib.parse(client.get(f"/sv/help?{query}").text)
    links = {link.get("hreflang"): link.get("href") for link in document.iter(f"{XHTML}a") if link.get("hreflang")}
    assert links == {code: f"/{code}/help{kept}" for code in LANGUAGES}


def test_the_query_of_a_page_that_does_not_exist_goes_nowhere(client):
    assert 'href="/ar/"' in client.get("/sv/nowhere?x=1").text


def test_the_switcher_names_each_language_in_itself(client):
    page = client.get("/sv/").text
    for code, name in {"sv": "Svenska", "en": "English", "fi": "Suomi", "ar": "العربية"}.items():
        assert f'hreflang="{code}"' in page
        assert f">{name}</a>" in page


@pytest.mark.parametrize("address", ["/ar/report", "/ar/report/point", "/ar/follow"])
def test_after_a_post_the_switcher_leads_to_a_page_that_can_be_opened(client, address):
    document = html5lib.parse(client.post(address).text)
    for link in document.iter(f"{XHTML}a"):
        if link.get("hreflang"):
            assert client.get(link.get("href")).status_code == 200


def test_the_address_decides_and_not_the_browser(client):
    answer = client.get("/ar/report", headers={"Accept-Language": "sv"})
    assert 'lang="ar"' in answer.text


def test_the_workplace_is_in_a_language_of_its_own_even_for_an_arabic_browser(client):
    for asked, given in (("ar", "sv"), ("en-GB", "en"), ("sv", "sv")):
        assert f'lang="{given}"' in client.get("/staff/login", headers={"Accept-Language": asked}).text


def test_nothing_unknown_of_an_address_goes_along_to_the_other_languages(client):
    page = client.get("/sv/help", query_string={"place": "marabou", "receipt": "4539148803436467"}).text
    assert 'href="/ar/help?place=marabou"' in page
    assert "4539148803436467" not in page


def test_the_place_of_a_sign_stands_in_the_form_that_goes_along(client):
    form = filled_in(client.get("/sv/report?place=marabou").text)
    assert form["place"] == ["marabou"]
    assert filled_in(client.post("/ar/report", data={"place": "marabou", "carry": ""}).text)["place"] == ["marabou"]


def test_counts_take_the_forms_of_the_page_s_language(app):
    sentences = (
        "One question was skipped or did not apply to you. Nothing is stored for it.",
        "%(num)s questions were skipped or did not apply to you. Nothing is stored for them.",
    )
    distinct = {}
    for language in LANGUAGES:
        with app.app_context(), app.test_request_context(f"/{language}/"):
            forms = [ngettext(*sentences, number).replace(str(number), "") for number in (0, 1, 2, 3, 11, 100)]
            distinct[language] = len(set(forms))
    assert distinct == {"sv": 2, "en": 2, "fi": 2, "ar": 6}
