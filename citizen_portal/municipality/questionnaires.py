"""The municipality's questionnaires: questionnaires/*.toml, opened here and understood by the survey room."""

from __future__ import annotations

from pathlib import Path

from .model import QuestionnaireFile
from .tables import read_toml

FOLDER = "questionnaires"


def read_questionnaires(folder: Path) -> tuple[QuestionnaireFile, ...]:
    """Each questionnaire file of the municipality folder, in the order of their names; none is no error.

    MunicipalityError for a file that cannot be read or is no TOML.
    """
    names = sorted(path.relative_to(folder).as_posix() for path in (folder / FOLDER).glob("*.toml"))
    return tuple(QuestionnaireFile(name, read_toml(folder, name)) for name in names)
