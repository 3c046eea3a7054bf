"""Publishing and withdrawing in the workplace: asked first, done once, on record, and nothing typed is lost."""

import shutil

import pytest

from citizen_portal.baseline import queries
from citizen_portal.baseline.freezing import freeze
from citizen_portal.municipality.installed import installed
from citizen_portal.storage.engine import db
from citizen_portal.storage.unit_of_work import unit_of_work
from citizen_portal.surveys.population import store_margin
from tests.conftest import portal
from tests.database_troubles import locked
from tests.snapshots import AFTER, BEFORE, FROZEN_ON, computed, store_closed_wave
from tests.staff.test_baseline_desk import entries, log_in, shown, words
from tests.steps import alerts, filled_in, sentence_at

FIRST, SECOND = "/staff/baseline/frozen/first", "/staff/baseline/frozen/second"
WHY = {"because": "Folkmängden var fel år"}
NEW = {"replaces": "", "because": ""}


@pytest.fixture(scope="module")
def two_frozen(migrated_sqlite, tmp_path_factory):
    """A database with two periods frozen for staff alone, on a population that was imported; to be copied."""
    folder = shutil.copytree(migrated_sqlite, tmp_path_factory.mktemp("two") / "frozen")
    with portal(folder).app_context():
        freeze_two()
        db.session.remove()
        db.engine.dispose()
    return folder / "portal.sqlite3"


@pytest.fixture
def at_desk(app, two_frozen):
    """A member of staff, where they are."""
    db.session.remove()
    db.engine.dispose()
    shutil.copy(two_frozen, app.config["PORTAL_SETTINGS"].data_dir)
    return log_in(app)


def freeze_two() -> None:
    with unit_of_work() as session:
        for margin, persons in installed().municipality.population.margins.items():
            store_margin(session, margin, persons, "Synthetic register", 2023)
    for code, wave in (("first", BEFORE), ("second", AFTER)):
        store_closed_wave(wave)
        figures = computed(wave)
        with unit_of_work() as session:
            freeze(session, installed().municipality, figures, code=code, against=None, today=FROZEN_ON[wave])


def public() -> list[str]:
    db.session.rollback()
    return [row.code for row in queries.published(db.session())]


def test_publishing_asks_then_shows_it_to_everyone_and_is_written_down(at_desk, client):
    assert "Only staff can see it." in shown(at_desk, "/frozen/first")
    asked = words(at_desk.get(f"{FIRST}/publish").text)
    assert "Everyone sees what passes the disclosure rules" in asked
    assert "Does it correct something" not in asked, "there is nothing yet to correct"
    assert public() == []
    answer = at_desk.post(f"{FIRST}/publish", data=NEW)
    assert (answer.status_code, answer.location) == (302, FIRST)
    assert public() == ["first"]
    assert "Everyone, since" in shown(at_desk, "/frozen/first")
    assert client.get("/api/v1/baseline/first").status_code == 200
    assert entries() == [("publish baseline", BEFORE, "first")]


def test_sent_twice_it_is_published_and_written_down_once(at_desk):
    answers = [at_desk.post(f"{FIRST}/publish", data=NEW) for _time in range(2)]
    assert [each.status_code for each in answers] == [302, 302]
    assert entries() == [("publish baseline", BEFORE, "first")]


def test_withdrawing_asks_why_and_says_so_to_everyone(at_desk, client):
    at_desk.post(f"{FIRST}/publish", data=NEW)
    refused = at_desk.post(f"{FIRST}/withdraw", data={"because": ""})
    assert (refused.status_code, public()) == (422, ["first"])
    assert sentence_at(refused.text, "because")
    assert at_desk.post(f"{FIRST}/withdraw", data=WHY).status_code == 302
    assert public() == []
    assert "because: Folkmängden var fel år" in shown(at_desk, "/frozen/first")
    assert "Withdrawn" in shown(at_desk)
    assert WHY["because"] in client.get("/sv/results").text
    assert ("withdraw baseline", BEFORE, "first") in entries()


def test_a_correction_names_what_it_replaces_and_why(at_desk):
    at_desk.post(f"{FIRST}/publish", data=NEW)
    page = at_desk.get(f"{SECOND}/publish").text
    assert "Yes: first" in page
    no_reason = at_desk.post(f"{SECOND}/publish", data={"replaces": "first", "because": " "})
    assert no_reason.status_code == 422
    assert "Say why" in sentence_at(no_reason.text, "because")
    assert at_desk.post(f"{SECOND}/publish", data={"replaces": "first", **WHY}).status_code == 302
    assert public() == ["second"]
    assert "In its place: second" in shown(at_desk, "/frozen/first")


def test_what_a_colleague_has_withdrawn_meanwhile_is_not_published_again(at_desk):
    at_desk.post(f"{FIRST}/publish", data=NEW)
    at_desk.post(f"{FIRST}/withdraw", data=WHY)
    late = at_desk.post(f"{FIRST}/publish", data=NEW)
    assert late.status_code == 422
    assert "a colleague has withdrawn" in alerts(late.text)


@pytest.mark.parametrize(("page", "typed"), [("publish", {"replaces": "", **WHY}), ("withdraw", WHY)])
def test_a_database_that_cannot_write_now_keeps_what_was_typed(app, at_desk, page, typed):
    if page == "withdraw":
        at_desk.post(f"{FIRST}/publish", data=NEW)
    else:
        at_desk.post(f"{SECOND}/publish", data=NEW)
    before = public()
    with locked(app):
        answer = at_desk.post(f"{FIRST}/{page}", data=typed)
    assert (answer.status_code, public()) == (503, before)
    assert "send it again" in alerts(answer.text)
    assert filled_in(answer.text, page)["because"] == [WHY["because"]]


def test_what_is_not_frozen_is_not_there(at_desk):
    for page in ("publish", "withdraw"):
        assert at_desk.get(f"/staff/baseline/frozen/nothing/{page}").status_code == 404
        assert at_desk.post(f"/staff/baseline/frozen/nothing/{page}", data={**NEW, **WHY}).status_code == 404
