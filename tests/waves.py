"""Waves for tests: opened as the command opens them, with letters whose codes are known."""

from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

from flask import current_app

from citizen_portal.municipality import load_municipality
from citizen_portal.municipality.installed import installed
from citizen_portal.storage.unit_of_work import unit_of_work
from citizen_portal.surveys.invitations import code_digest, new_code
from citizen_portal.surveys.models import INVITED, OPEN_LINK, Invitation
from citizen_portal.surveys.questionnaire import Questionnaire
from citizen_portal.surveys.reading import questionnaire_of_document, questionnaires_of
from citizen_portal.surveys.waves import open_wave
from tests.calendar_day import the_day

INVENTED = Path(__file__).parent / "data" / "exempelby"
A_MONTH = timedelta(days=30)


class OpenedWave(NamedTuple):
    """A wave's code, which stands in its address, what is asked, and the plain codes of its letters."""

    code: str
    questionnaire: Questionnaire
    codes: tuple[str, ...]


def shipped_questionnaire() -> Questionnaire:
    """The whole safety survey of the installed municipality."""
    shipped = (each for each in questionnaires_of(installed().municipality) if each.code == "trygghet")
    return max(shipped, key=lambda each: each.version)


def questionnaire_with_every_kind() -> Questionnaire:
    """The invented questionnaire, which has a question of every kind and routing in steps; in Swedish and English."""
    (questionnaire,) = questionnaires_of(load_municipality(INVENTED))
    return questionnaire


def questionnaire_in_steps() -> Questionnaire:
    """Three short sections, the middle one only for those who say yes in the first; in Swedish, and version 1."""
    yes_no = [{"code": "yes", "label": {"sv": "Ja"}}, {"code": "no", "label": {"sv": "Nej"}}]
    if_yes = [{"question": "heard_it", "any_of": ["yes"]}]
    heard = {"code": "heard_it", "kind": "one", "choices": "yes_no", "wording": {"sv": "Hörde du det?"}}
    times = {"code": "times", "kind": "number", "lowest": 1, "highest": 9, "wording": {"sv": "Hur många gånger?"}}
    words = {"code": "own_words", "kind": "text", "most_characters": 20, "wording": {"sv": "Något mer?"}}
    sections = {"first": heard, "middle": {**times, "ask_if": if_yes}, "last": words}
    return questionnaire_of_document(
        {
            "code": "steps",
            "version": 1,
            "languages": ["sv"],
            "title": {"sv": "Påhittad enkät i steg"},
            "intro": {"sv": "Påhittade frågor för tester."},
            "list": [{"code": "yes_no", "choice": yes_no}],
            "section": [{"code": code, "title": {"sv": code}, "question": [each]} for code, each in sections.items()],
        }
    )


def store_waves_in_every_state(*, letters: int) -> tuple[str, ...]:
    """A wave open to all, one by letter, one in steps, one that has ended and one to come; the codes of the letters."""
    today = the_day()
    store_wave("open-to-all")
    store_wave("in-steps", questionnaire=questionnaire_in_steps())
    store_wave("ended", closes_on=today - timedelta(days=2))
    store_wave("to-come", opens_on=today + timedelta(days=2))
    return store_wave("by-letter", letters=letters).codes


def store_wave(
    code: str = "var-2026",
    *,
    letters: int = 0,
    questionnaire: Questionnaire | None = None,
    opens_on: date | None = None,
    closes_on: date | None = None,
) -> OpenedWave:
    """A wave in the app of the running context, open today unless other days are given.

    With ``letters`` it is by letter, and that many codes are known; without any it is an open link.
    """
    today = the_day()
    questionnaire = questionnaire or shipped_questionnaire()
    codes = tuple(new_code() for _each in range(letters))
    secret = current_app.config["PORTAL_SECRET"]
    with unit_of_work() as session:
        open_wave(
            session,
            questionnaire,
            code=code,
            title=f"A wave for tests, {code}",
            sample=INVITED if letters else OPEN_LINK,
            opens_on=opens_on or today - A_MONTH,
            closes_on=closes_on or today + A_MONTH,
        )
        session.add_all(
            Invitation(wave_code=code, letter=number, code_digest=code_digest(secret, each))
            for number, each in enumerate(codes, start=1)
        )
    return OpenedWave(code, questionnaire, codes)
