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
from citizen_portal.surveys.reading import questionnaires_of
from citizen_portal.surveys.waves import open_wave

INVENTED = Path(__file__).parent / "data" / "exempelby"
A_MONTH = timedelta(days=30)


class OpenedWave(NamedTuple):
    """A wave's code, which stands in its address, what is asked, and the plain codes of its letters."""

    code: str
    questionnaire: Questionnaire
    codes: tuple[str, ...]


def shipped_questionnaire() -> Questionnaire:
    """The whole safety survey of the installed municipality."""
    return next(each for each in questionnaires_of(installed().municipality) if each.code == "trygghet")


def questionnaire_with_every_kind() -> Questionnaire:
    """The invented questionnaire, which has a question of every kind and routing in steps; in Swedish and English."""
    (questionnaire,) = questionnaires_of(load_municipality(INVENTED))
    return questionnaire


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
    today = date.today()
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
