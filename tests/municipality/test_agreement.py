"""The agreement is data: complete in every language, or refused with file, key and reason."""

from datetime import date

import pytest

from citizen_portal.municipality import load_municipality
from citizen_portal.municipality.agreement import ReportSource
from tests.municipality.test_municipality_loader import edit, refusal

FILE = "agreement.toml"

BREAKAGES = [
    # text that is there, text put in its place, key named, word of the reason
    ("to_day = 2027-12-31", "to_day = 2025-12-31", "to_day", "later"),
    ("from_day = 2026-01-01", 'from_day = "2026-01-01"', "from_day", "date"),
    ("from_day = 2026-01-01", "from_day = 2026-01-01T08:00:00", "from_day", "time"),
    ("number = 2", "number = 3", "goal[3].code", "twice"),
    ("number = 3", "number = 4", "goal[3].number", "1 to 3"),
    ('place = "torget"', 'place = "stranden"', "focus[1].place", "unknown"),
    ('place = "torget"', 'place = "torget"\narea = "norr"', "focus[1].area", "either"),
    ('place = "torget"', "", "focus[1].area", "either"),
    ('responsible = "municipality"', 'responsible = "king"', "promise[1].responsible", "unknown"),
    ('state = "kept"', 'state = "forgotten"', "promise[1].state", "one of"),
    ("due_on = 2026-06-30", "", "promise[1].due_on", "missing"),
    ('direction = "down"', 'direction = "sideways"', "indicator[1].direction", "one of"),
    ('themes = ["dark"]', 'themes = ["light"]', "indicator[1].themes", "unknown"),
    ('themes = ["dark"]', "themes = []", "indicator[1].themes", "at least one"),
    ('themes = ["dark"]', "", "indicator[1].themes", "missing"),
    ('areas = ["norr"]', 'areas = ["vaster"]', "indicator[1].areas", "unknown"),
    ('themes = ["dark"]', 'question = "q"\ncounted = ["a"]\nthemes = ["dark"]', "indicator[1].themes", "not a key"),
    ("met = false", "met = 0", "aim.fact[1].met", "true or false"),
    ("The lamps are mended.", "", "promise[1].state_note.en", "empty"),
    ('code = "2026-2027"', 'code = "2026-2027"\nmotto = "x"', "motto", "not a key"),
]


@pytest.mark.parametrize(("old", "new", "key", "word"), BREAKAGES)
def test_a_mistake_in_the_agreement_is_named_with_file_key_and_reason(folder, old, new, key, word):
    edit(folder, FILE, old, new)
    error = refusal(folder)
    assert (error.file, error.key) == (FILE, key)
    assert word in error.reason


def test_a_municipality_without_an_agreement_has_none(folder):
    (folder / FILE).unlink()
    assert load_municipality(folder).agreement is None


def test_the_agreement_holds_what_the_file_says(invented):
    agreement = invented.agreement
    assert (agreement.from_day, agreement.to_day) == (date(2026, 1, 1), date(2027, 12, 31))
    assert agreement.goals[0].title.get("en") == "Safer places"
    (promise,) = agreement.promises_of(1)
    assert agreement.party(promise.responsible).name.get("sv") == "Exempelby kommun"
    assert agreement.promises_of(2) == ()
    (indicator,) = agreement.indicators
    assert (indicator.source, indicator.target) == (ReportSource(("dark",), ("norr",)), 2.5)


def test_invented_promises_are_listed_for_the_operator_to_replace(invented):
    assert any(FILE in line for line in invented.unverified)
