"""The survey's form: WTForms fields made from a questionnaire, one per question, named by its code."""

from functools import cached_property, lru_cache

from flask_babel import gettext as _
from wtforms import Field, ValidationError

from citizen_portal.surveys import checking
from citizen_portal.surveys.checking import AnswerRefused, answer_from
from citizen_portal.surveys.questionnaire import Answer, Question, Questionnaire
from citizen_portal.surveys.routing import is_asked, keep_asked
from citizen_portal.web.forms import PlainHidden, PlainText, PortalForm, readable_text
from citizen_portal.web.language import current_language


class AnswerField(Field):
    """One question. ``data`` is the answer, None when it was skipped or is refused; ``typed`` is shown again."""

    def __init__(self, *args: object, question: Question, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.question = question
        self.typed: list[str] = []
        self.refusal: AnswerRefused | None = None
        self.unreadable = False

    def process_formdata(self, valuelist: list[str]) -> None:
        readings = [readable_text(text) for text in valuelist if isinstance(text, str)]
        self.typed = [text for text, _unreadable in readings]
        self.unreadable = any(unreadable for _text, unreadable in readings)
        try:
            self.data = answer_from(self.question, self.typed)
        except AnswerRefused as refusal:
            self.data, self.refusal = None, refusal

    def pre_validate(self, form: "SurveyForm") -> None:
        """Refuse what is no answer, in the reader's language; what was not to be asked is not looked at."""
        if not is_asked(self.question, form.answers):
            return
        if self.unreadable:
            raise ValidationError(
                _("Some characters could not be read. We took them out: check the text and send it again.")
            )
        if self.refusal:
            raise ValidationError(_sentence(self.question, self.refusal))


class SurveyForm(PortalForm):
    """The fields every questionnaire has; ``form_class`` adds one per question."""

    questionnaire: Questionnaire
    code = PlainHidden()
    website = PlainText()
    submission_key = PlainHidden()

    def answer_field(self, question: Question) -> AnswerField:
        """The field of a question."""
        return self[_attribute(question)]

    @property
    def errors_in_order(self) -> list[tuple[str, str]]:
        """As of any form; a sentence about a question names it, because it may be one of thirty."""
        named = {field.id: field.question.wording.get(current_language()) for field in self._of_questions()}
        return [
            (id_, f"{named[id_]} {sentence}" if id_ in named else sentence) for id_, sentence in super().errors_in_order
        ]

    def _of_questions(self) -> list[AnswerField]:
        return [self.answer_field(question) for question in self.questionnaire.questions]

    @cached_property
    def answers(self) -> dict[str, Answer]:
        """The answers to what was to be asked; skipped questions are not in it."""
        given = {field.name: field.data for field in self._of_questions() if field.data is not None}
        return keep_asked(self.questionnaire, given)

    def validate(self, extra_validators: object = None) -> bool:
        """Check every field, then whether anything was answered at all: an empty set would use up a letter's code."""
        if not super().validate(extra_validators):
            return False
        if not self.answers:
            first = self.answer_field(self.questionnaire.questions[0])
            first.errors = [_("Nothing is answered yet. Answer at least one question, or just close the page.")]
        return bool(self.answers)


@lru_cache(maxsize=32)
def form_class(questionnaire: Questionnaire) -> type[SurveyForm]:
    """The form of a questionnaire."""
    fields = {
        _attribute(question): AnswerField(name=question.code, id=f"q-{question.code}", question=question)
        for question in questionnaire.questions
    }
    return type("FormOfQuestionnaire", (SurveyForm,), {"questionnaire": questionnaire, **fields})


def _attribute(question: Question) -> str:
    """A name no attribute of a form has, whatever a question is called."""
    return f"question_{question.code}"


def _sentence(question: Question, refusal: AnswerRefused) -> str:
    """Why an answer is refused, and what to do, in the reader's language."""
    if refusal.reason == checking.STANDS_ALONE:
        return _("One of these choices cannot stand beside the others. Choose either that one or the others.")
    if refusal.reason == checking.NO_NUMBER:
        return _("Write a whole number with digits.")
    if refusal.reason == checking.OUT_OF_RANGE:
        return _("Write a number from %(lowest)s to %(highest)s.", lowest=question.lowest, highest=question.highest)
    if refusal.reason == checking.TOO_LONG:
        return _(
            "This text is %(length)s characters long. Shorten it to %(most)s at most.",
            length=len(refusal.value),
            most=question.most_characters,
        )
    if refusal.reason == checking.MORE_THAN_ONE:
        return _("Choose only one answer here.")
    return _("That choice does not exist here. Choose one from the page.")
