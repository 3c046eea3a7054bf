"""The population's counts: read with suspicion, and marked where they are invented."""

from __future__ import annotations

import pytest

from citizen_portal.municipality import MunicipalityError, bundled_folder, load_municipality
from citizen_portal.municipality.population import FILE, MARGINS
from tests.municipality.test_municipality_loader import edit, refusal

INVENTED = """
example = true
day = 2025-12-31
source = { sv = "Påhittat", en = "Invented" }
covers = { sv = "16 år eller äldre", en = "16 or older" }
[sex]
woman = 500
man = 500
[age]
age_16_64 = 700
age_65_plus = 310
[area]
norr = 600
soder = 395
"""


@pytest.fixture
def counted(folder):
    """The invented municipality with a population."""
    (folder / FILE).write_text(INVENTED, "utf-8")
    return folder


def test_a_municipality_without_the_file_has_no_population(folder):
    assert load_municipality(folder).population is None


def test_counts_are_read_by_margin_and_level(counted):
    population = load_municipality(counted).population
    assert population.margins["area"] == {"norr": 600, "soder": 395}
    assert tuple(population.margins) == MARGINS
    assert (str(population.day), population.covers.get("en")) == ("2025-12-31", "16 or older")


def test_invented_counts_are_something_for_the_operator_to_look_at(counted):
    assert f"{FILE}: the counts are invented examples" in load_municipality(counted).unverified
    edit(counted, FILE, "example = true", "example = false")
    assert not [line for line in load_municipality(counted).unverified if FILE in line]


@pytest.mark.parametrize(
    ("old", "new", "key", "why"),
    [
        ("day = 2025-12-31", "", "day", "missing"),
        ('en = "Invented"', 'fi = "x"', "source.en", "missing"),
        ("norr = 600", "vaster = 600", "area.vaster", "not an area"),
        ("soder = 395", "", "area.soder", "missing"),
        ("woman = 500", "woman = -1", "sex.woman", "0 to"),
        ("woman = 500", 'woman = "500"', "sex.woman", "whole number"),
        ("woman = 500\nman = 500", "woman = 0", "sex", "somebody"),
        ("age_65_plus = 310", "age_65_plus = 330", "age", "1030 people and sex 1000"),
        ("[sex]", "[gender]", "sex", "missing"),
        ("example = true", "exemple = true", "exemple", "not a key"),
    ],
)
def test_a_mistake_in_the_counts_is_refused_by_key_and_reason(counted, old, new, key, why):
    edit(counted, FILE, old, new)
    caught = refusal(counted)
    assert (caught.file, caught.key) == (FILE, key)
    assert why in caught.reason


def test_the_shipped_counts_say_that_they_are_examples():
    population = load_municipality(bundled_folder()).population
    assert population.example
    for language in ("sv", "en", "fi", "ar"):
        assert population.source.get(language)


def test_broken_counts_name_the_file(counted):
    (counted / FILE).write_text("[sex", "utf-8")
    with pytest.raises(MunicipalityError, match=FILE):
        load_municipality(counted)


def test_what_a_register_calls_the_levels_is_read_beside_them(counted):
    with (counted / FILE).open("a") as file:
        file.write('[register.age]\nage_16_64 = "16-64"\nage_65_plus = "65+"\n[register.sex]\nwoman = ["kvinnor"]\n')
        file.write('man = ["män", "men"]\n')
    register = load_municipality(counted).population.register
    assert register["age"] == {"age_16_64": ("16-64",), "age_65_plus": ("65+",)}
    assert register["sex"]["man"] == ("män", "men")


@pytest.mark.parametrize(
    ("lines", "key", "why"),
    [
        ('[register.sex]\nwoman = ["kvinnor"]', "register.sex.man", "must stand both"),
        ('[register.sex]\nwoman = "kvinnor"\nman = ["män"]', "register.sex.woman", "a list"),
        ('[register.age]\nage_16_64 = "young"\nage_65_plus = "65+"', "register.age.age_16_64", "16-29"),
        ('[register.city]\nx = ["y"]', "register.city", "not a key"),
    ],
)
def test_a_register_map_that_does_not_fit_the_levels_is_refused(counted, lines, key, why):
    with (counted / FILE).open("a") as file:
        file.write(lines)
    error = refusal(counted)
    assert (error.file, error.key) == (FILE, key)
    assert why in error.reason
