"""Indicators and questions know each other: what an indicator counts is asked somewhere, under that very code."""

from collections.abc import Sequence

from citizen_portal.municipality import MunicipalityError
from citizen_portal.municipality.agreement import FILE, Agreement, Indicator, SurveySource
from citizen_portal.surveys.questionnaire import WITHOUT_CHOICES, Questionnaire


def question_of(indicator: Indicator) -> str | None:
    """The code of the question an indicator counts; None when it counts reports."""
    return indicator.source.question if isinstance(indicator.source, SurveySource) else None


def refuse_unknown_questions(agreement: Agreement, questionnaires: Sequence[Questionnaire]) -> None:
    """Raise ``MunicipalityError`` for the first indicator that counts a question or choice which no questionnaire has.

    Choices that say nothing ("don't know") cannot be counted either: they are not in the base.
    """
    for place, indicator in enumerate(agreement.indicators, start=1):
        if isinstance(indicator.source, SurveySource):
            _check(f"indicator[{place}]", indicator.source, questionnaires)


def _check(key: str, source: SurveySource, questionnaires: Sequence[Questionnaire]) -> None:
    asking = [each.by_code[source.question] for each in questionnaires if source.question in each.by_code]
    if not asking:
        raise MunicipalityError(FILE, f"{key}.question", f"no questionnaire asks {source.question!r}")
    for question in asking:
        if question.kind in WITHOUT_CHOICES:
            raise MunicipalityError(FILE, f"{key}.question", f"{source.question!r} has no choices to count")
        for code in source.counted:
            choice = question.choices.choice(code)
            if choice is None or choice.missing:
                raise MunicipalityError(FILE, f"{key}.counted", f"{code!r} is no answer to {source.question!r}")
