"""The way in from a letter: its short address, the box for its code, and what to say to a code that does not work."""

from flask import Blueprint, current_app, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_date
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from citizen_portal.storage.engine import db
from citizen_portal.surveys import queries
from citizen_portal.surveys.invitations import code_digest, in_groups, is_well_formed, plain_code
from citizen_portal.surveys.models import INVITED, OPEN_LINK, Wave
from citizen_portal.surveys.waves import CLOSED, PLANNED, state_of
from citizen_portal.web.clock import today
from citizen_portal.web.forms import PlainText, PortalForm, required
from citizen_portal.web.language import current_language
from citizen_portal.web.wrong_tries import wait_after_wrong_try, wait_in_words

letters = Blueprint("letters", __name__, url_prefix="/<language>/survey")
short_links = Blueprint("short_links", __name__)


class CodeForm(PortalForm):
    """The one field that opens the survey of a letter."""

    code = PlainText(validators=[required(_l("Enter the code in your letter."))])


class LetterRefused(Exception):
    """A letter's code does not open the survey. ``sentence`` says why to the one who holds it.

    With a ``heading`` nothing is wrong: the letter has been answered, or its survey has ended.
    """

    def __init__(self, status: int, sentence: str, heading: str | None = None) -> None:
        super().__init__(sentence)
        self.status, self.sentence, self.heading = status, sentence, heading


def wave_of_letter(session: Session, code: str, wave_code: str | None = None) -> Wave:
    """The open wave that a plain code was printed for and has not been used in, ``wave_code`` if that is given.

    Raises ``LetterRefused``.
    """
    if not is_well_formed(code):
        sentence = _("That code is not right. It has 12 letters and digits: compare it with the one in your letter.")
        raise _wrong(code, LetterRefused(404, sentence))
    invitation = queries.invitation(session, digests_of_code(code))
    if invitation is None:
        raise _wrong(code, _unknown(session))
    wave = queries.wave(session, invitation.wave_code)
    if invitation.used:
        raise LetterRefused(
            410,
            _("This code has been used, and the answers are safe. Each code works once, so that nobody counts twice."),
            _("This letter has been answered"),
        )
    _refuse_unless_open(wave)
    if wave_code not in {None, wave.code}:
        raise LetterRefused(404, _("That code is for another survey. Use the address in your letter."))
    return wave


def _wrong(code: str, refusal: LetterRefused) -> LetterRefused:
    """The refusal of a wrong code, which counts as a try: the given one, or that of many tries."""
    seconds = wait_after_wrong_try("survey codes", code)
    return LetterRefused(429, wait_in_words(seconds)) if seconds else refusal


def digests_of_code(code: str) -> tuple[bytes, ...]:
    """What may be stored of a plain code: under the secret, and under the one from before."""
    return tuple(code_digest(secret, code) for secret in current_app.config["PORTAL_SECRETS"])


def _refuse_unless_open(wave: Wave) -> None:
    state = state_of(wave, today())
    if state == CLOSED:
        raise _ended()
    if state == PLANNED:
        raise LetterRefused(
            404, _("The survey has not opened yet. It opens on %(day)s.", day=format_date(wave.opens_on))
        )


def _unknown(session: Session) -> LetterRefused:
    """Codes are purged when a wave closes: while no letters are out, a code that looks right is of an earlier wave."""
    if any(wave.sample == INVITED for wave in queries.open_waves(session, today())):
        return LetterRefused(404, _("We do not know that code. Compare it with the one in your letter."))
    return _ended()


def _ended() -> LetterRefused:
    sentence = _("The survey that this code was for has ended. Thank you for wanting to answer.")
    return LetterRefused(410, sentence, _("This survey has ended"))


@short_links.get("/e")
def short_door() -> ResponseReturnValue:
    """The address on a letter for those who type it: on to the box for the code."""
    return redirect(url_for("letters.ask"))


@short_links.get("/e/<code>")
def short_link(code: str) -> ResponseReturnValue:
    """The address printed on a letter: the door of its survey, in the language of the browser."""
    return door(code)


@letters.get("")
def ask() -> ResponseReturnValue:
    """Which surveys are open: those for everyone, and a box for the code of a letter."""
    return code_page(CodeForm())


def door(code: str, wave_code: str | None = None) -> ResponseReturnValue:
    """What an address with a code in it leads to: one button that posts the code, so that no later address holds it.

    A redirect would put the code into another address, and into the history of the browser once more.
    """
    try:
        wave = wave_of_letter(db.session(), plain_code(code), wave_code)
    except LetterRefused as refusal:
        return refused_code_page(code, refusal)
    return render_template("surveys/door.html", title=_title(wave), code=in_groups(plain_code(code)))


def refused_code_page(code: str, refusal: LetterRefused) -> ResponseReturnValue:
    """The box with the code that did not work in it, and why; or calm words when there is nothing to mend."""
    if refusal.heading:
        return ended_page(refusal)
    form = CodeForm(data={"code": code})
    form.code.errors = [refusal.sentence]
    return code_page(form, refusal.status)


def ended_page(refusal: LetterRefused) -> ResponseReturnValue:
    """Calm words for a code that has done its work."""
    page = render_template("surveys/not_open.html", heading=refusal.heading, sentence=refusal.sentence)
    return make_response(page, refusal.status)


def code_page(form: CodeForm, status: int = 200) -> ResponseReturnValue:
    """The page of open surveys."""
    waves = queries.open_waves(db.session(), today())
    page = render_template(
        "surveys/surveys.html",
        form=form,
        open_to_all=[(wave, _title(wave)) for wave in waves if wave.sample == OPEN_LINK],
        by_letter=any(wave.sample == INVITED for wave in waves) or bool(form.code.errors),
    )
    return make_response(page, status)


def _title(wave: Wave) -> str:
    return queries.questionnaire(db.session(), wave.questionnaire_digest).title.get(current_language())
