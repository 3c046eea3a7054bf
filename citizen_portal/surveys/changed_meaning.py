"""Whether a question means what it meant in an earlier questionnaire: a code stands for one question for ever."""

from citizen_portal.municipality import Faults, MunicipalityError, Table, Text
from citizen_portal.surveys.questionnaire import ChoiceList, Question, Questionnaire


def refuse_changed_meaning(table: Table, questionnaire: Questionnaire, earlier: Questionnaire) -> None:
    """Refuse a question code that meant something else earlier: a trend over it would compare two questions.

    The wording is that of the questionnaire's first language; translations may be mended. Raises
    ``MunicipalityError``, with the others that there are.
    """
    faults = Faults(MunicipalityError)
    for number, section in enumerate(questionnaire.sections, start=1):
        for place, question in enumerate(section.questions, start=1):
            before = earlier.by_code.get(question.code)
            changed = before and what_changed(before, question)
            if changed:
                with faults.noted():
                    raise table.error(
                        f"section[{number}].question[{place}].code",
                        f"{question.code!r} has other {changed} than in {earlier.code!r} version {earlier.version}: "
                        "give the changed question a new code",
                    )
    faults.raise_if_any()


def what_changed(before: Question, now: Question) -> str | None:
    """What makes two questions of one code different ones (kind, wording, limits, conditions, choices), or None.

    Other conditions ask other people. Help may be improved: it explains the words and is not among them.
    """
    if (before.kind, before.about) != (now.kind, now.about):
        return "kind"
    if not _same_words(before.wording, now.wording):
        return "wording"
    if (before.lowest, before.highest) != (now.lowest, now.highest):
        return "limits"
    if _asks(before) != _asks(now):
        return "conditions"
    return None if _same_choices(before.choices, now.choices) else "choices"


def _asks(question: Question) -> dict[str, frozenset[str]]:
    return {condition.question: frozenset(condition.any_of) for condition in question.ask_if}


def _same_choices(before: ChoiceList | None, now: ChoiceList | None) -> bool:
    if before is None or now is None:
        return before is now
    pairs = list(zip(before.choices, now.choices, strict=False))
    return len(before.choices) == len(now.choices) and all(
        (old.code, old.missing, old.alone) == (new.code, new.missing, new.alone) and _same_words(old.label, new.label)
        for old, new in pairs
    )


def _same_words(before: Text, now: Text) -> bool:
    """Whether the first language says the same. A translation may be mended: it means what the first language says."""
    language, words = before.words[0]
    return dict(now.words).get(language, words) == words
