"""The resident's pages of a wave: the questionnaire, and what was stored of the answers."""

from functools import partial

from flask import Blueprint, abort, current_app, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_date
from flask_babel import gettext as _
from markupsafe import Markup

from citizen_portal.storage.engine import db
from citizen_portal.storage.shared_commit import store_together
from citizen_portal.storage.unit_of_work import StorageUnavailable
from citizen_portal.surveys import queries
from citizen_portal.surveys.answers import CodeRefused, Draft, StoredAnswers, WaveNotOpen, receive
from citizen_portal.surveys.asking import in_words, parts_of
from citizen_portal.surveys.form import SurveyForm, form_class
from citizen_portal.surveys.invitations import in_groups, plain_code
from citizen_portal.surveys.letters import (
    CodeForm,
    LetterRefused,
    code_page,
    digests_of_code,
    door,
    ended_page,
    letters,
    refused_code_page,
    wave_of_letter,
)
from citizen_portal.surveys.models import INVITED, OPEN_LINK, Wave
from citizen_portal.surveys.questionnaire import Questionnaire
from citizen_portal.surveys.styles import routing_styles
from citizen_portal.surveys.waves import CLOSED, OPEN, is_code, state_of
from citizen_portal.web.assets import answer_for_good
from citizen_portal.web.carry import is_carried
from citizen_portal.web.clock import seconds, today
from citizen_portal.web.compression import compress_well
from citizen_portal.web.forms import posted_fields
from citizen_portal.web.kept import kept_text
from citizen_portal.web.language import current_language, name_in_itself
from citizen_portal.web.submission import Submission
from citizen_portal.web.suspicion import suspicion

survey = Blueprint("survey", __name__, url_prefix="/<language>/survey")
survey_styles = Blueprint("survey_styles", __name__)


@survey.get("/<wave_code>")
def questions(wave_code: str) -> ResponseReturnValue:
    """The whole questionnaire: 200; 404 for no such wave or one yet to open, 410 for one that has ended.

    A wave by letter asks for the code first.
    """
    wave = _wave(wave_code)
    if state_of(wave, today()) != OPEN:
        return _not_open(wave)
    if wave.sample == INVITED:
        code = request.args.get("code", "")
        return door(code, wave.code) if code else redirect(url_for("letters.ask"))
    return _questions_page(wave, form_class(_questionnaire(wave))())


@letters.post("")
def enter() -> ResponseReturnValue:
    """From the code to the questions it opens, at an address without it; or the box again, with what is wrong."""
    asked = CodeForm(posted_fields())
    if not asked.validate():
        return code_page(asked, 422)
    code = plain_code(asked.code.data)
    try:
        wave = wave_of_letter(db.session(), code)
    except LetterRefused as refusal:
        return refused_code_page(asked.code.data, refusal)
    form = form_class(_questionnaire(wave))()
    form.code.data = in_groups(code)
    return _questions_page(wave, form)


@survey.post("/<wave_code>")
def send(wave_code: str) -> ResponseReturnValue:
    """Take the answers: 200 with what was stored; or the form as it was filled in, with what is wrong."""
    wave = _wave(wave_code)
    form = form_class(_questionnaire(wave))(posted_fields())
    if is_carried():
        return _questions_page(wave, form)
    if not form.validate():
        return _questions_page(wave, form, 422)
    try:
        return _thanks(wave, _store(wave, form))
    except WaveNotOpen:
        return _not_open(wave)
    except CodeRefused:
        return _code_refused(wave, form)
    except StorageUnavailable:
        sentence = _(
            "We cannot save anything right now. Your answers are still here: send them again in a few minutes."
        )
        return _questions_page(wave, form, 503, sentence)


@survey_styles.get("/survey/<wave_code>.<digest>.css")
def styles(wave_code: str, digest: str) -> ResponseReturnValue:
    """The routing of a wave's frozen questionnaire as a style sheet; it never changes."""
    wave = _wave(wave_code)
    if digest != _short(wave.questionnaire_digest):
        abort(404)
    return answer_for_good(".css", routing_styles(_questionnaire(wave)).encode())


def _wave(code: str) -> Wave:
    """The wave of an address; what can be no code is not looked up, because a database may choke on it."""
    return (queries.wave(db.session(), code) if is_code(code) else None) or abort(404)


def _short(digest: str) -> str:
    """As much of a digest as an address needs."""
    return digest[:10]


def _questionnaire(wave: Wave) -> Questionnaire:
    return queries.questionnaire(db.session(), wave.questionnaire_digest)


def _store(wave: Wave, form: SurveyForm) -> StoredAnswers:
    code = plain_code(form.code.data or "")
    secret = current_app.config["PORTAL_SECRET"]
    draft = Draft(wave.code, current_language(), form.answers, digests_of_code(code) if code else ())
    submission = Submission.of(draft.content(), key=form.submission_key.data or "", seconds=seconds())
    # Who holds a letter is no stranger; suspicion is for links that anyone can pass on.
    is_doubted = wave.sample == OPEN_LINK and not _is_going_to_thanks(submission)
    quarantine = suspicion("survey answers", trap=form.website.data) if is_doubted else None
    write = partial(receive, draft=draft, submission=submission, secret=secret, today=today(), quarantine=quarantine)
    return store_together(write)


def _is_going_to_thanks(submission: Submission) -> bool:
    """Whether a browser posts once more what a script has sent, to come to the page of thanks: no second try."""
    fingerprints = submission.fingerprints(current_app.config["PORTAL_SECRET"])
    return "sent" in request.form and queries.sent_before(db.session(), fingerprints)


def _code_refused(wave: Wave, form: SurveyForm) -> ResponseReturnValue:
    """The form with every answer in it, and what is wrong with the code beside the code.

    A used code has no use for the form: mostly it is the second tap of a double tap.
    """
    try:
        wave_of_letter(db.session(), plain_code(form.code.data or ""), wave.code)
    except LetterRefused as refusal:
        if refusal.heading:
            return ended_page(refusal)
        form.code.errors = [refusal.sentence]
        return _questions_page(wave, form, refusal.status)
    # The code was used or closed between two looks at it, and is free again: it can be sent again.
    return _questions_page(wave, form, 409, _("Something interrupted us. Please send your answers again."))


def _questions_page(wave: Wave, form: SurveyForm, status: int = 200, problem: str | None = None) -> ResponseReturnValue:
    questionnaire, language = form.questionnaire, current_language()

    def rendered() -> Markup:
        # The template escapes every word in it, so what it returns is markup by its hand alone.
        return Markup(render_template("surveys/questions.html", parts=parts_of(form, language)))  # noqa: S704

    # Unfilled, the questions are the same for everyone.
    untouched = status == 200 and not g.get("carried")
    page = render_template(
        "surveys/survey.html",
        form=form,
        wave=wave,
        title=questionnaire.title.get(language),
        intro=questionnaire.intro.get(language),
        questions=kept_text(("survey", questionnaire.digest), rendered) if untouched else rendered(),
        styles=url_for("survey_styles.styles", wave_code=wave.code, digest=_short(questionnaire.digest)),
        problem=problem,
        at=_part_shown(),
    )
    answer = make_response(page, status)
    if untouched:
        if not form.code.data:
            compress_well()
        # A browser may remember the page, and with it what was filled in, for whoever looks something up and goes back.
        answer.headers["Cache-Control"] = "private, no-cache"
    return answer


def _part_shown() -> str:
    """The number of the part that a form which comes back was left at; empty when it says none."""
    at = request.form.get("at", "")
    return at if at.isascii() and at.isdigit() and len(at) <= 3 else ""


def _not_open(wave: Wave) -> ResponseReturnValue:
    ended = state_of(wave, today()) == CLOSED
    page = render_template(
        "surveys/not_open.html",
        wave=wave,
        ended=ended,
        heading=_("This survey has ended") if ended else _("This survey has not opened yet"),
        sentence=_("Thank you for wanting to answer. The results come on this site.")
        if ended
        else _("It opens on %(day)s.", day=format_date(wave.opens_on)),
    )
    return make_response(page, 410 if ended else 404)


def _thanks(wave: Wave, stored: StoredAnswers) -> ResponseReturnValue:
    questionnaire = _questionnaire(wave)
    return render_template(
        "surveys/thanks.html",
        wave=wave,
        title=questionnaire.title.get(current_language()),
        page_language=name_in_itself(current_language()),
        answers=in_words(questionnaire, stored, current_language()),
        skipped=len(questionnaire.questions) - len(stored),
        by_letter=wave.sample == INVITED,
    )
