"""The shipped data is complete, and nothing about it is written in code."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from citizen_portal.municipality import CONTACT_GROUPS, bundled_folder, inside, load_municipality

ROOT = Path(__file__).parents[2]
CODE_FOLDERS = ("citizen_portal", "templates", "static")
CODE_ENDINGS = {".py", ".html", ".css", ".js"}
ALLOWED_ADDRESSES = {"https://www.digg.se/tdosanmalan", "https://www.imy.se"}
# As the country of the language writes a day: 27 november 2026, 27.11.2026.
DAY_IN_WORDS = r"27 \w+ 2026|27\.11\.2026"


def code_files():
    files = [path for name in CODE_FOLDERS for path in (ROOT / name).rglob("*")]
    return [path for path in files if path.suffix in CODE_ENDINGS]


def texts_of(municipality):
    yield municipality.organisation
    yield from (area.name for area in municipality.areas)
    yield from (item.label for item in (*municipality.themes, *municipality.reasons))
    yield from (theme.hint for theme in municipality.themes if theme.hint)
    for contact in municipality.contacts:
        yield from (contact.label, contact.when)
    yield from (page.title for page in municipality.pages)


def test_the_shipped_municipality_has_every_place_and_theme_of_the_plan(shipped):
    assert (len(shipped.areas), len(shipped.places)) == (9, 48)
    assert {theme.goal for theme in shipped.themes} == {1, 2, 3}
    assert [theme.code for theme in shipped.themes if theme.positive] == ["became_safer"]
    assert 8 <= len(shipped.reasons) <= 10


def test_swedish_comes_first_and_is_the_only_language_taken_as_reviewed(shipped):
    assert shipped.languages == ("sv", "en", "fi", "ar")
    assert shipped.default_language == "sv"
    assert shipped.unreviewed_languages == ("en", "fi", "ar")


def test_the_emergency_and_police_numbers_are_known_by_role(municipality):
    assert municipality.contact_for("emergency").tel == "112"
    assert municipality.contact_for("police").tel == "11414"
    with pytest.raises(LookupError):
        municipality.contact_for("mayor")


def test_every_contact_group_of_the_shipped_data_has_a_number(shipped):
    assert all(shipped.contacts_in(group) for group in CONTACT_GROUPS)


def test_numbers_nobody_has_checked_are_listed_for_the_operator(shipped):
    unchecked = [contact.number for contact in shipped.contacts if contact.verify]
    assert unchecked == ["116 006", "116 111", "08-590 970 00"]
    assert all(any(number in line for line in shipped.unverified) for number in unchecked)


def test_every_lookup_finds_what_exists_and_nothing_else(municipality):
    for find, items in (
        (municipality.place, municipality.places),
        (municipality.area, municipality.areas),
        (municipality.theme, municipality.themes),
        (municipality.reason, municipality.reasons),
        (municipality.page, municipality.pages),
    ):
        assert [find(item.code) for item in items] == list(items)
        assert find("no_such_code") is None


def test_every_place_is_in_exactly_one_area_and_inside_the_bounds(municipality):
    listed = [place for area in municipality.areas for place in municipality.places_in(area.code)]
    assert sorted(listed, key=id) == sorted(municipality.places, key=id)
    assert all(inside(municipality.bounds, place.latitude, place.longitude) for place in listed)


def test_a_text_speaks_every_language_and_falls_back_to_the_first(municipality):
    for text in texts_of(municipality):
        assert [language for language, _ in text.words] == list(municipality.languages)
        assert text.get("xx") == text.get(municipality.default_language)


def test_arabic_texts_are_written_in_arabic_letters(shipped):
    own = [text for text in texts_of(shipped) if text.get("ar") != text.get("sv")]
    assert all(re.search(r"[\u0600-\u06ff]", text.get("ar")) for text in own)
    assert {text.get("sv") for text in texts_of(shipped)} - {text.get("sv") for text in own} <= {
        area.name.get("sv") for area in shipped.areas
    }


def test_labels_fit_on_a_phone_tile(shipped):
    labels = [item.label for item in (*shipped.themes, *shipped.reasons)]
    assert all(len(words) <= 40 for label in labels for _, words in label.words)


def test_pages_name_no_address_but_those_the_law_asks_for(shipped):
    sources = [source for page in shipped.pages for source in page.markdown.values()]
    found = {address for source in sources for address in re.findall(r"https?://[^\s<>)]+", source)}
    assert found == ALLOWED_ADDRESSES


def test_pages_name_no_number_that_is_not_a_contact(shipped):
    known = {contact.number for contact in shipped.contacts}
    for source in shipped.page("help").markdown.values():
        # A space that does not break holds a number together in Arabic; it is the same number.
        assert set(re.findall(r"\d[\d -]+\d", source.replace("\N{NO-BREAK SPACE}", " "))) <= known


def test_a_page_has_the_same_sections_in_every_language(shipped):
    for page in shipped.pages:
        shapes = {
            tuple(re.match(r"\W*", line)[0].strip("“”«»\"'( ") for line in source.splitlines())
            for source in page.markdown.values()
        }
        assert len(shapes) == 1, page.code


def test_the_accessibility_statement_holds_what_the_law_asks_for(shipped):
    for source in shipped.page("accessibility").markdown.values():
        assert all(
            needed in source
            for needed in ("2018:1937", "axe", "digg.se/tdosanmalan", "Trygghetsportalen Upplands Väsby")
        )
        assert re.search(DAY_IN_WORDS, source)


def test_the_privacy_page_names_ground_record_disposal_and_complaint(shipped):
    for source in shipped.page("privacy").markdown.values():
        assert all(needed in source for needed in ("GDPR", "IMY", "2023:196", "212000-0019"))
        assert re.search(DAY_IN_WORDS, source)
    assert "artikel 6.1 e" in shipped.page("privacy").markdown["sv"]
    assert "gallringsbeslut" in shipped.page("privacy").markdown["sv"]


def test_the_bundled_folder_is_found_by_its_file_alone():
    assert (bundled_folder() / "municipality.toml").is_file()


def test_a_second_municipality_is_only_a_second_folder(invented, shipped):
    assert invented.languages == ("sv", "en")
    assert (len(invented.areas), len(invented.places)) == (2, 4)
    assert invented.accent != shipped.accent


def test_loading_twice_gives_the_same_data(shipped):
    again = load_municipality(bundled_folder())
    assert (again.places, again.themes, again.pages) == (shipped.places, shipped.themes, shipped.pages)


def test_no_code_template_or_asset_mentions_a_municipality(municipality):
    assert any(path.suffix == ".py" for path in code_files())
    names = (municipality.name.casefold(), municipality.code.casefold())
    guilty = [
        path.relative_to(ROOT).as_posix()
        for path in code_files()
        if any(name in path.read_text(encoding="utf-8").casefold() for name in names)
    ]
    assert guilty == []
