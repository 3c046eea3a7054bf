"""Broken data stops the start, and the error says which file, which key and why."""

from __future__ import annotations

import pytest

from citizen_portal.municipality import MunicipalityError, load_municipality
from citizen_portal.municipality.contrast import contrast

HEAD, PLACES, THEMES, CONTACTS = "municipality.toml", "places.toml", "themes.toml", "contacts.toml"


def edit(folder, file, old, new):
    """Replace the first occurrence; a test whose old text is gone would otherwise test nothing."""
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def refusal(folder):
    with pytest.raises(MunicipalityError) as caught:
        load_municipality(folder)
    return caught.value


BREAKAGES = [
    # file, text that is there, text put in its place, key named, word of the reason
    (HEAD, 'name = "', 'nmae = "', "name", "missing"),
    (HEAD, "timezone", 'motto = "x"\ntimezone', "motto", "not a key"),
    (HEAD, '"Exempelby"', '" "', "name", "empty"),
    (HEAD, '"Exempelby"', "7", "name", "text"),
    (HEAD, '"exempelby"', '"Exempel by"', "code", "a-z"),
    (HEAD, "Europe/Stockholm", "Europe/Nowhere", "timezone", "time zone"),
    (HEAD, "Europe/Stockholm", "../etc/passwd", "timezone", "time zone"),
    (HEAD, '["sv", "en"]', '["sv", "English"]', "languages", "language tag"),
    (HEAD, '["sv", "en"]', '["sv", "sv"]', "languages", "twice"),
    (HEAD, '["sv", "en"]', "[]", "languages", "at least one"),
    (HEAD, '["sv", "en"]', '["sv", 7]', "languages", "texts"),
    (HEAD, '["sv", "en"]', '["sv", "en", "fi"]', "organisation.fi", "missing"),
    (HEAD, 'languages = ["en"]', 'languages = ["fi"]', "unreviewed_languages", "one of"),
    (HEAD, "#7a2e4d", "#c98aa2", "accent", "contrast"),
    (HEAD, "#f0a6bf", "#7a2e4d", "accent_dark", "contrast"),
    (HEAD, "accent = ", 'exit = "http://elsewhere.example"\naccent = ', "exit", "https://"),
    (HEAD, "#7a2e4d", "purple", "accent", "#rrggbb"),
    (HEAD, "south = 60.0", "south = 61.0", "bounds", "south"),
    (HEAD, "west = 15.0", "west = 16.0", "bounds", "west"),
    (HEAD, "south = 60.0", 'south = "60"', "bounds.south", "number"),
    (HEAD, "south = 60.0", "south = true", "bounds.south", "number"),
    (HEAD, "south = 60.0", "south = nan", "bounds.south", "number"),
    (PLACES, 'area = "soder"', 'area = "vaster"', "place[3].area", "not an area"),
    (PLACES, "[[area]]\n", '[[area]]\ncode = "ode"\nname = "Öde"\n\n[[area]]\n', "area", "has no place"),
    (PLACES, "60.03", "59.9", "place[3].latitude", "outside"),
    (PLACES, "15.13", "15.3", "place[4].longitude", "outside"),
    (PLACES, '"skolan"', '"torget"', "place[2].code", "twice"),
    (PLACES, '"soder"', '"söder"', "area[2].code", "a-z"),
    (PLACES, ', en = "North Exempelby"', "", "area[1].name.en", "missing"),
    (PLACES, 'en = "North', 'fi = "Pohjois", en = "North', "area[1].name.fi", "not a key"),
    (PLACES, "longitude = 15.08", "longitud = 15.08", "place[1].longitude", "missing"),
    (PLACES, 'name = "Exempelbron"', 'name = "Exempelbron"\ncolour = "red"', "place[4].colour", "not a key"),
    (THEMES, "goal = 2", "goal = 4", "theme[2].goal", "1 to 3"),
    (THEMES, "goal = 2", "goal = true", "theme[2].goal", "1 to 3"),
    (THEMES, "positive = true", 'positive = "yes"', "theme[2].positive", "true or false"),
    (THEMES, 'en = "Dark"', 'en = ""', "theme[1].label.en", "empty"),
    (THEMES, '"better"', '"dark"', "theme[2].code", "twice"),
    (THEMES, "[[reason]]", "[[raeson]]", "reason", "missing"),
    (CONTACTS, 'role = "police"\n', "", "contact", "'police'"),
    (CONTACTS, 'role = "police"', 'role = "polis"', "contact[2].role", "not one of"),
    (CONTACTS, 'tel = "11414"', 'tel = "11441"', "contact[2].tel", "not the number"),
    (CONTACTS, '"112"\ntel = "112"', '"122"\ntel = "122"', "contact[1].tel", "must reach 112"),
    (CONTACTS, "070-174 06 35", "070-CALL", "contact[3].number", "digits"),
    (CONTACTS, "+46701740635", "tel:0701740635", "contact[3].tel", "digits"),
    (CONTACTS, "+46701740635", "+46701740636", "contact[3].tel", "not the number"),
    (CONTACTS, 'group = "municipality"', 'group = "town"', "contact[3].group", "not one of"),
    (CONTACTS, "https://", "http://", "contact[3].url", "https"),
    (CONTACTS, "town.hall@", "town hall at ", "contact[3].email", "no e-mail address"),
]


@pytest.mark.parametrize(("file", "old", "new", "key", "why"), BREAKAGES)
def test_a_mistake_in_the_data_is_refused_by_file_key_and_reason(folder, file, old, new, key, why):
    edit(folder, file, old, new)
    error = refusal(folder)
    assert (error.file, error.key) == (file, key)
    assert why in error.reason
    assert str(error) == f"{file}: {key}: {error.reason}"


def test_the_copy_that_the_tests_break_is_whole_to_begin_with(folder):
    assert load_municipality(folder).places


@pytest.mark.parametrize("file", [HEAD, PLACES, THEMES, CONTACTS])
def test_a_missing_file_is_refused_by_name(folder, file):
    (folder / file).unlink()
    assert str(refusal(folder)) == f"{file}: (file): the file is missing"


@pytest.mark.parametrize("file", [HEAD, PLACES, THEMES, CONTACTS])
def test_broken_toml_is_refused_with_its_line(folder, file):
    (folder / file).write_text("name = \n", encoding="utf-8")
    error = refusal(folder)
    assert error.file == file
    assert "line 1" in error.reason


def test_a_file_in_another_encoding_is_refused(folder):
    (folder / PLACES).write_bytes("name = 'Söder'".encode("latin-1"))
    assert "cannot be read" in str(refusal(folder))


def test_a_page_missing_in_one_language_is_refused(folder):
    (folder / "pages/en/privacy.md").unlink()
    assert str(refusal(folder)) == "pages/en/privacy.md: (file): the file is missing"


def test_a_required_page_missing_in_every_language_is_refused(folder):
    for language in ("sv", "en"):
        (folder / f"pages/{language}/help.md").unlink()
    assert refusal(folder).file == "pages/en/help.md"


def test_an_extra_page_must_exist_in_every_language(folder):
    (folder / "pages/sv/school.md").write_text("# Skola\n\nText.\n", encoding="utf-8")
    assert refusal(folder).file == "pages/en/school.md"
    (folder / "pages/en/school.md").write_text("# School\n\nText.\n", encoding="utf-8")
    assert load_municipality(folder).page("school").title.get("en") == "School"


def test_a_page_in_a_language_nobody_offers_is_refused(folder):
    (folder / "pages/fi").mkdir()
    (folder / "pages/fi/help.md").write_text("# Apua\n\nTeksti.\n", encoding="utf-8")
    assert refusal(folder).file == "pages/fi/help.md"


@pytest.mark.parametrize(
    ("source", "key"), [("Help\n\ntext\n", "title"), ("# \n\ntext\n", "title"), ("# Help\n\n \n", "text")]
)
def test_a_page_needs_a_title_and_a_text(folder, source, key):
    (folder / "pages/en/help.md").write_text(source, encoding="utf-8")
    error = refusal(folder)
    assert (error.file, error.key) == ("pages/en/help.md", key)


def test_the_title_of_a_page_is_not_repeated_in_its_markdown(folder):
    page = load_municipality(folder).page("help")
    assert page.title.get("en") == "help (en)"
    assert page.markdown["en"] == "Påhittad text. Invented text.\n"


def test_two_contacts_cannot_share_a_role(folder):
    edit(folder, CONTACTS, 'group = "municipality"', 'group = "municipality"\nrole = "police"')
    edit(folder, CONTACTS, '"070-174 06 35"\ntel = "+46701740635"', '"114 14"\ntel = "11414"')
    assert "found 2" in refusal(folder).reason


def test_a_remark_to_verify_reaches_the_operator(folder):
    edit(folder, PLACES, "[[area]]", 'verify = "measure again"\n\n[[area]]')
    assert "places.toml: measure again" in load_municipality(folder).unverified


def test_contrast_agrees_with_the_two_known_ends_of_the_scale():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)
    assert contrast("#123456", "#123456") == pytest.approx(1)
