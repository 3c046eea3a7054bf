"""What the public document says of how its shares came about: the survey's sample and weights, and each question."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from citizen_portal.baseline.figures import Baseline
from citizen_portal.municipality import Text
from citizen_portal.municipality.agreement import Indicator, SurveySource
from citizen_portal.statistics.disclosure import rounded_base
from citizen_portal.statistics.quality import enough_people
from citizen_portal.surveys.models import INVITED
from citizen_portal.surveys.questionnaire import Questionnaire

Document = dict[str, object]

LETTER, LINK = "letter_then_web", "link_then_web"
RAKING, WEIGHTS_BROUGHT, NO_WEIGHTS = "raking", "brought", "none"


@dataclass(frozen=True, slots=True)
class Fieldwork:
    """When a wave was asked, and its letters: how many were sent and how many came back (0 and 0 for an open link).

    ``unsure`` counts, per question, those who answered and those who said not to know or to rather not say.
    """

    opens_on: date
    closes_on: date
    letters: int
    used: int
    unsure: Mapping[str, tuple[int, int]]


def survey_part(baseline: Baseline, fieldwork: Fieldwork) -> Document:
    """The survey round of a public document."""
    return {
        "wave": baseline.wave,
        "sample": baseline.sample,
        "questionnaire": baseline.questionnaire,
        "weighted": baseline.unweighted_because is None,
        "population": baseline.population_source,
        "population_year": baseline.population_year,
        "example_population": baseline.example_population,
        "weighting": _weighting(baseline),
        "fieldwork": _fieldwork(baseline, fieldwork),
    }


def question_part(indicator: Indicator, questionnaire: Questionnaire, fieldwork: Fieldwork) -> Document | None:
    """The question that an indicator counts, as it was asked; None for one that counts reports."""
    if not isinstance(indicator.source, SurveySource):
        return None
    question = questionnaire.by_code[indicator.source.question]
    return {
        "code": question.code,
        "wording": _words(question.wording),
        "choices": [
            {
                "code": choice.code,
                "label": _words(choice.label),
                "counted": choice.code in indicator.source.counted,
                "left_out": choice.missing,
            }
            for choice in question.choices.choices
        ],
        "only_some_asked": bool(question.ask_if),
        "dont_know": _whole_percent(*fieldwork.unsure.get(question.code, (0, 0))),
    }


def _weighting(baseline: Baseline) -> Document:
    is_weighted = baseline.unweighted_because is None
    by_register = bool(baseline.weighted_by or baseline.strata)
    return {
        "method": NO_WEIGHTS if not is_weighted else RAKING if by_register else WEIGHTS_BROUGHT,
        "columns": list(baseline.weighted_by) if is_weighted else [],
        "joined": [{"by": by, "group": group, "with": other} for by, group, other in baseline.joined],
        "left_out": list(baseline.margins_left_out),
        "strata": baseline.strata,
        "design_effect": None if baseline.design_effect is None else round(baseline.design_effect, 2),
    }


def _fieldwork(baseline: Baseline, fieldwork: Fieldwork) -> Document:
    is_invited = baseline.sample == INVITED
    letters = fieldwork.letters if is_invited and fieldwork.letters else None
    return {
        "from": fieldwork.opens_on.isoformat(),
        "to": fieldwork.closes_on.isoformat(),
        "days": (fieldwork.closes_on - fieldwork.opens_on).days + 1,
        # Of an earlier survey that was imported, nobody remembers its letters, nor how it was answered.
        "mode": (LETTER if letters else None) if is_invited else LINK,
        "letters": letters,
        "answers": rounded_base(baseline.answer_sets),
        "response_rate": round(100 * fieldwork.used / letters) if letters else None,
    }


def _whole_percent(answered: int, unsure: int) -> int | None:
    """The share of the unsure; None when fewer than five are on a side, which a reader could tell apart."""
    return round(100 * unsure / (answered + unsure)) if enough_people(answered, unsure) else None


def _words(text: Text) -> dict[str, str]:
    return dict(text.words)
