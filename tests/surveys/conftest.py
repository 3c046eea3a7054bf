"""Ways through the survey for the tests of this room."""

import pytest

from tests.waves import OpenedWave, questionnaire_with_every_kind, store_wave


@pytest.fixture
def every_kind(app) -> OpenedWave:
    """An open wave, for anyone, of the invented questionnaire: every kind of question, and routing in steps."""
    return store_wave("every-kind", questionnaire=questionnaire_with_every_kind())
