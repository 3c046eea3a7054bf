"""Waves of the invented questionnaire, ended and ready to be exported, with another wave's answers beside them."""

from collections.abc import Iterator
from datetime import date, timedelta

from citizen_portal.municipality import Text
from citizen_portal.storage.engine import db
from citizen_portal.storage.types import random_id
from citizen_portal.storage.unit_of_work import unit_of_work
from citizen_portal.surveys import queries
from citizen_portal.surveys.export.formats import FORMATS, exported
from citizen_portal.surveys.models import OPEN_LINK, AnswerSet
from citizen_portal.surveys.questionnaire import ONE, Choice, ChoiceList, Question, Questionnaire, Section
from citizen_portal.surveys.waves import open_wave
from tests.waves import questionnaire_with_every_kind

FIRST_DAY = date(2026, 3, 1)
LAST_DAY = FIRST_DAY + timedelta(days=30)
AFTERWARDS = LAST_DAY + timedelta(days=1)
ELSEWHERE = "words of another wave"


def store_wave(
    code: str,
    answers: list[dict],
    *,
    purged: bool = True,
    title: str = "Påhittad omgång",
    questionnaire: Questionnaire | None = None,
    **columns,
) -> str:
    """Store a wave and its answer sets; ``columns`` are given to every answer set. Return the wave's code."""
    questionnaire = questionnaire or questionnaire_with_every_kind()
    with unit_of_work() as session:
        wave = open_wave(
            session, questionnaire, code=code, title=title, sample=OPEN_LINK,
            opens_on=FIRST_DAY, closes_on=LAST_DAY,
        )  # fmt: skip
        wave.purged = purged
        session.add_all(
            AnswerSet(
                id=random_id(), wave_code=code, questionnaire_digest=questionnaire.digest, answers=given,
                **{"language": "sv", **columns},
            )
            for given in answers
        )  # fmt: skip
    return code


def store_noise() -> None:
    """Another wave, whose answers must turn up in no file."""
    store_wave("elsewhere", [{"calm": "very_noisy", "age": "age_65_plus", "more": ELSEWHERE}] * 3)


def chunks(code: str, name: str, **options) -> Iterator[bytes]:
    """One file of a wave, as it streams."""
    db.session.rollback()
    wave = queries.wave(db.session(), code)
    return exported(db.session(), wave, FORMATS[name], **{"today": AFTERWARDS, **options})


def content(code: str, name: str) -> bytes:
    """One file of a wave, whole."""
    return b"".join(chunks(code, name))


def arabic(wording: str = "Varför?") -> Questionnaire:
    """A questionnaire of one question, with Arabic as its first language; ``wording`` is the Swedish one."""
    words = Text((("ar", "لماذا؟"), ("sv", wording)))
    reasons = ChoiceList("reasons", (Choice("dark", Text((("ar", "الظلام"), ("sv", "Mörkret")))),))
    section = Section("reasons", words, None, (Question("why", ONE, words, reasons),))
    return Questionnaire("arabic", 1, ("ar", "sv"), words, words, (section,))
