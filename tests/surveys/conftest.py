"""The shipped questionnaire, the invented one, a copy of the invented municipality to break, and an open wave."""

import shutil
from pathlib import Path

import pytest

from citizen_portal.municipality import Municipality, bundled_folder, load_municipality
from citizen_portal.surveys.questionnaire import Questionnaire
from citizen_portal.surveys.reading import questionnaires_of
from tests.waves import OpenedWave, questionnaire_with_every_kind, store_wave

INVENTED = next((Path(__file__).parents[1] / "data").glob("*/municipality.toml")).parent


@pytest.fixture(scope="session")
def shipped_municipality() -> Municipality:
    return load_municipality(bundled_folder())


@pytest.fixture(scope="session")
def shipped(shipped_municipality) -> Questionnaire:
    return max(questionnaires_of(shipped_municipality), key=lambda each: each.version)


@pytest.fixture(scope="session")
def invented_municipality() -> Municipality:
    return load_municipality(INVENTED)


@pytest.fixture(scope="session")
def invented(invented_municipality) -> Questionnaire:
    [questionnaire] = questionnaires_of(invented_municipality)
    return questionnaire


@pytest.fixture
def folder(tmp_path) -> Path:
    """A copy of the invented municipality that a test may break."""
    return Path(shutil.copytree(INVENTED, tmp_path / "broken"))


@pytest.fixture
def every_kind(app) -> OpenedWave:
    """An open wave, for anyone, of the invented questionnaire: every kind of question, and routing in steps."""
    return store_wave("every-kind", questionnaire=questionnaire_with_every_kind())
