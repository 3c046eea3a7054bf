"""The results and the agreement, as residents find them: nothing but what was published, and no empty hole."""

import html
import re
import shutil

import html5lib
import pytest

from citizen_portal.municipality.installed import installed
from tests.conftest import portal
from tests.published_documents import RATE, change, document, hidden, indicator, store, value

PAGES = ("results", "agreement")
LANGUAGES = ("sv", "en", "fi", "ar")
XHTML = "{http://www.w3.org/1999/xhtml}"
SAFE = indicator(
    "safe_after_dark",
    value(54, 50, 58, base=670),
    value(61, 48, 73, by="area", group="centrum", base=75),
    hidden("area", "runby"),
    hidden("area", "ed"),
    target=70,
    changes=[change(11, 5, 17), change(23, 9, 37, by="area", group="centrum")],
)
SAFE_BEFORE = indicator("safe_after_dark", value(43, 39, 47, base=590), target=70)
RARE = indicator("dares_tell", hidden(), goal=3)
REPORTED = indicator("unsafe_reports", value(6.6, 5.8, 7.4, base=265), unit=RATE, direction="down")
MONTHS = {
    "indicator": "unsafe_reports",
    "by": "month",
    "rows": [{"group": None, "count": 265}, {"group": "2026-10", "count": 240}, {"group": "2026-02", "count": 25}],
    "hidden": ["2026-03"],
}
THEMES = {"indicator": "unsafe_reports", "by": "theme", "rows": [{"group": "poor_light", "count": 35}], "hidden": []}
AREAS = {"indicator": "unsafe_reports", "by": "area", "rows": [{"group": "no_area", "count": 15}], "hidden": ["ed"]}


def text_of(page: str, *, inside: str = "main") -> str:
    """The words a reader sees, and those an ear hears of the drawings."""
    tree = html5lib.parse(page)
    (part,) = tree.iter(XHTML + inside)
    heard = [each.get("aria-label") or "" for each in part.iter()]
    return " ".join([" ".join(part.itertext()), *heard])


@pytest.fixture
def two_snapshots(app):
    """A baseline and its follow-up; their digests, the follow-up's first."""
    later = document("2026", SAFE, RARE, REPORTED, against="2024", reports=[MONTHS, THEMES, AREAS])
    return store(document("2024", SAFE_BEFORE), later)[::-1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_before_there_are_results_a_kind_sentence_and_the_doors_stand_there(client, language):
    page = client.get(f"/{language}/results")
    assert page.status_code == 200
    for door in ("report", "survey", "agreement"):
        assert f'href="/{language}/{door}"' in page.text


def test_the_agreement_stands_before_there_are_any_numbers(client):
    page = html.unescape(client.get("/en/agreement").text)
    agreement = installed().municipality.agreement
    for text in (*(each.text for each in agreement.promises), *(each.title for each in agreement.goals)):
        assert str(text.get("en")) in page
    assert "There are no figures yet." in page


def test_the_latest_snapshot_leads_and_the_earlier_one_stands_beside_it(client, two_snapshots):
    page = client.get("/en/results").text
    assert "1 January 2026 to 30 November 2026" in page
    assert "<bdi>2024</bdi>: 1 January 2024 to 30 November 2024" in page
    assert "54%</b> <span>(between 50% and 58%)" in page
    assert page.index('<th scope="row">2026</th>') < page.index('<th scope="row">2024</th>')
    assert "43%" in page


def test_is_this_change_real_is_answered_on_both_pages(client, two_snapshots):
    for address in PAGES:
        page = client.get(f"/en/{address}").text
        assert (
            "up 11 percentage points (between 5 and 17). This is an improvement, and too large to be due to chance."
            in page
        )


def test_a_baseline_speaks_of_no_change(client, app):
    store(document("2024", SAFE_BEFORE))
    assert "chance explains" not in client.get("/en/results").text
    assert "compared" not in client.get("/en/agreement").text


def test_what_is_hidden_says_so_and_shows_nothing_else(client, two_snapshots):
    page = client.get("/en/results").text
    runby = re.search(r'<th scope="row">Runby</th>(.*?)</tr>', page, re.DOTALL)[1]
    assert re.sub(r"<[^>]+>", " ", runby).strip() == "Not shown: too few people gave some of the answers."
    card = page[page.index('id="dares_tell"') :]
    card = card[: card.index("</article>")]
    assert "Not shown: too few people gave some of the answers." in card
    assert set(re.findall(r"\d+", re.sub(r"<[^>]+>", " ", card.partition("</h3>")[2]))) == {"2024", "2026"}


def test_reports_stand_by_month_theme_and_area_in_their_order(client, two_snapshots):
    words = text_of(client.get("/en/results").text)
    assert words.index("February 2026") < words.index("October 2026")
    for each in ("Poor light", "Outside every area", "March 2026", "Reports, about: 265"):
        assert each in words


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("address", PAGES)
def test_no_page_says_nothing_in_the_words_of_a_machine(client, two_snapshots, language, address):
    page = client.get(f"/{language}/{address}").text
    assert not re.search(r"\b(?:NaN|None|null|nan|Undefined|undefined|inf)\b", page)
    assert "%(" not in page


def test_every_number_of_a_figure_stands_in_the_public_document(client, two_snapshots):
    page = client.get("/en/results").text
    found = set()
    for figure in re.findall(r'<p class="(?:value|change[^"]*|(?:quiet )?parts)">(.*?)</p>', page, re.DOTALL):
        words = re.sub(r"<[^>]+>", " ", figure).replace("1,000", "")
        found |= set(re.findall(r"\d+(?:\.\d+)?", words))
    changes = {"43", "2024", "11", "5", "17", "23", "9", "37"}
    published = {"54", "50", "58", "670", "70", "6.6", "5.8", "7.4", "265"} | changes
    assert found == published


def test_the_full_figures_never_come_near_a_page(client, app):
    store(document("2024", SAFE_BEFORE))
    for address in PAGES:
        assert "0" * 64 not in client.get(f"/en/{address}").text


def test_the_digest_of_the_public_document_is_shown(client, two_snapshots):
    page = client.get("/en/results").text
    assert two_snapshots[0] in page
    assert two_snapshots[1] not in page


def test_machines_find_the_same_document_from_here(client, two_snapshots):
    assert 'href="/api/v1/baseline/2026"' in client.get("/en/results").text


def test_a_snapshot_frozen_elsewhere_is_there_at_the_next_look(client, app):
    assert "no results yet" in client.get("/en/results").text
    store(document("2024", SAFE_BEFORE))
    assert "43%" in client.get("/en/results").text


def test_examples_say_that_they_are_examples(client, two_snapshots, app):
    assert installed().municipality.agreement.example
    assert "The promises and the targets are examples." in client.get("/en/results").text
    assert "are examples. They are invented" in client.get("/en/agreement").text


def test_only_invented_answers_are_called_invented(client, app, two_snapshots):
    assert "nobody has answered" not in client.get("/en/results").text + client.get("/en/agreement").text


def test_promises_that_were_kept_lead_to_all_of_them(client, two_snapshots):
    page = html.unescape(client.get("/en/results").text)
    promises = installed().municipality.agreement.promises
    shown = [each.code for each in promises if each.text.get("en") in page]
    assert shown == [each.code for each in promises if each.state == "kept"] != []
    assert 'href="/en/agreement"' in page


def test_an_indicator_on_the_agreement_leads_to_its_card(client, two_snapshots):
    assert 'href="/en/results#safe_after_dark"' in client.get("/en/agreement").text
    assert 'id="safe_after_dark"' in client.get("/en/results").text


def test_what_cannot_be_compared_draws_no_earlier_mark(client, app):
    changed = indicator("safe_after_dark", value(54, 50, 58), incomparable="question_changed")
    store(document("2024", SAFE_BEFORE), document("2026", changed, against="2024"))
    page = client.get("/en/results").text
    card = page[page.index('id="safe_after_dark"') : page.index("</article>")]
    assert "because the question has changed" in card
    assert 'class="before"' not in card


def test_a_survey_that_nobody_answered_gives_sentences_and_no_drawing(client, app):
    store(document("2026", indicator("safe_after_dark", hidden()), indicator("dares_tell", hidden(), goal=3)))
    page = client.get("/en/results").text
    assert page.count("Not shown: too few people gave some of the answers.") == 2
    assert 'role="img"' not in page


def test_a_snapshot_without_any_indicator_is_a_page_too(client, app):
    store(document("2026"))
    for address in PAGES:
        assert client.get(f"/en/{address}").status_code == 200


def test_the_start_page_and_every_footer_lead_there(client):
    for address in ("", "help"):
        page = client.get(f"/sv/{address}").text
        assert 'href="/sv/results"' in page
        assert 'href="/sv/agreement"' in page


def test_a_municipality_without_an_agreement_has_no_page_for_it(tmp_path):
    folder = tmp_path / "without"
    shutil.copytree("tests/data/exempelby", folder)
    (folder / "agreement.toml").unlink()
    client = portal(tmp_path / "instance", PORTAL_MUNICIPALITY=str(folder)).test_client(use_cookies=False)
    assert client.get("/sv/agreement").status_code == 404
    assert "/sv/agreement" not in client.get("/sv/").text
