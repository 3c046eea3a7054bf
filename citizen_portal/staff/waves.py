"""The waves of the survey: how many have answered and who is missing, closing one, and taking it out as files."""

from collections.abc import Iterator

from flask import Blueprint, Response, abort, current_app, make_response, redirect, render_template, request, url_for
from flask import stream_with_context as streamed
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from citizen_portal.municipality.installed import installed
from citizen_portal.staff import audit
from citizen_portal.staff.forms import ReviewForm
from citizen_portal.staff.gate import current_staff, require_staff
from citizen_portal.staff.wave_figures import (
    compared_with,
    comparisons_of,
    description_of,
    facts_of,
    files_of,
    missing_among,
    rows_of,
    set_aside_in_words,
)
from citizen_portal.storage.engine import db
from citizen_portal.storage.unit_of_work import StorageUnavailable, unit_of_work
from citizen_portal.surveys import queries
from citizen_portal.surveys.closing import close_wave
from citizen_portal.surveys.export.formats import FORMATS, ExportRefused, exported, refuse_too_early
from citizen_portal.surveys.models import OPEN_LINK, Wave
from citizen_portal.surveys.population import imported_margins, population_of
from citizen_portal.surveys.review import ReviewMoved, decide
from citizen_portal.surveys.waves import CLOSED, OPEN, state_of
from citizen_portal.web.clock import today
from citizen_portal.web.forms import posted_fields
from citizen_portal.web.language import current_language

waves = Blueprint("waves", __name__, url_prefix="/staff/waves")
waves.before_request(require_staff)


@waves.get("")
def every() -> ResponseReturnValue:
    """Every wave, the newest first."""
    return render_template("staff/waves.html", rows=rows_of(db.session(), today(), current_language()))


@waves.get("/<wave_code>")
def one(wave_code: str) -> ResponseReturnValue:
    """One wave: its numbers, who is missing, and what can be done with it."""
    return _wave_page(_wave(wave_code))


@waves.get("/<wave_code>/close")
def ask_to_close(wave_code: str) -> ResponseReturnValue:
    """Say what closing does before it is done."""
    wave = _wave(wave_code)
    if wave.purged:
        return redirect(url_for("waves.one", wave_code=wave.code))
    return render_template("staff/close_wave.html", wave=wave, description=description_of(wave))


@waves.post("/<wave_code>/close")
def close(wave_code: str) -> ResponseReturnValue:
    """Close the wave for good."""
    wave = _wave(wave_code)

    def record(session: Session) -> None:
        audit.record(session, current_staff(), "close wave", today=today(), wave_code=wave.code)

    try:
        close_wave(wave.code, today=today(), beside=record)
    except StorageUnavailable:
        return _not_closed(_wave(wave_code))
    return redirect(url_for("waves.one", wave_code=wave.code))


@waves.post("/<wave_code>/set-aside")
def review(wave_code: str) -> ResponseReturnValue:
    """Count what was set aside for one reason, leave it out, or take such a decision back."""
    wave, form = _wave(wave_code), ReviewForm(posted_fields())
    if not form.validate():
        return _wave_page(wave, 422, _("Choose one of the buttons on the page."))
    reason, decision = form.reason.data, form.decision.data
    exact = state_of(wave, today()) != OPEN
    try:
        with unit_of_work() as session:
            if decide(session, wave.code, reason, decision, seen=form.seen.data or "", exact=exact):
                detail = f"{decision}: {reason}"
                audit.record(
                    session, current_staff(), "review answers", today=today(), wave_code=wave.code, detail=detail
                )
    except ReviewMoved:
        moved = _("A colleague has decided about these answers, or more have come in. Nothing was changed: look again.")
        return _wave_page(_wave(wave_code), 409, moved)
    except StorageUnavailable:
        return _wave_page(_wave(wave_code), 503, _("We could not save it just now. Wait a moment and send it again."))
    return redirect(url_for("waves.one", wave_code=wave.code))


@waves.post("/<wave_code>/files/<name>")
def export(wave_code: str, name: str) -> ResponseReturnValue:
    """One file of the wave, streamed. It is posted for, because it is written down who took which file."""
    wave, wanted = _wave(wave_code), FORMATS.get(name) or abort(404)
    try:
        refuse_too_early(wave, wanted, today=today())
    except ExportRefused:
        return _wave_page(wave, 409, _("Files with answers can be taken out when the wave is closed for good."))
    with unit_of_work() as session:
        audit.record(session, current_staff(), "export wave", today=today(), wave_code=wave.code, detail=name)

    def chunks() -> Iterator[bytes]:
        # The session of the view is closed before the first chunk is asked for; the stream has one of its own.
        session = db.session()
        yield from exported(session, queries.wave(session, wave_code), wanted, today=today())

    answer = Response(streamed(chunks()), mimetype=wanted.media_type)
    answer.headers["Content-Disposition"] = f'attachment; filename="{wanted.file_name(wave.code)}"'
    return answer


def _wave(code: str) -> Wave:
    return queries.wave(db.session(), code) or abort(404)


def _wave_page(wave: Wave, status: int = 200, problem: str | None = None) -> ResponseReturnValue:
    session, municipality, language = db.session(), installed().municipality, current_language()
    population = population_of(session, municipality)
    comparisons = comparisons_of(session, wave, population, today(), language)
    page = render_template(
        "staff/wave.html",
        wave=wave,
        description=description_of(wave),
        facts=facts_of(session, wave, today(), language),
        address=_address(wave) if wave.sample == OPEN_LINK and state_of(wave, today()) != CLOSED else None,
        comparisons=comparisons,
        missing=missing_among(comparisons),
        is_example=population.example,
        compared_with=compared_with(
            population, None if imported_margins(session) else municipality.population, language
        ),
        files=files_of(wave),
        set_aside=set_aside_in_words(session, wave, today()),
        unique=queries.unique_on_background(session, wave) if wave.purged else None,
        is_closed=state_of(wave, today()) == CLOSED,
        problem=problem,
    )
    return make_response(page, status)


def _not_closed(wave: Wave) -> ResponseReturnValue:
    """The wave again, with how far its closing came."""
    if wave.closed_on is None:
        unchanged = _("The wave could not be closed just now. Nothing has changed. Try again in a few minutes.")
        return _wave_page(wave, 503, unchanged)
    sentence = _(
        "The answers that have come in are safe and no more are taken, but what ties them to letters is not all "
        "destroyed yet. Close the wave again in a few minutes; otherwise it is done during the night."
    )
    return _wave_page(wave, 503, sentence)


def _address(wave: Wave) -> str:
    """The whole address of an open link, for posters and pages."""
    site = current_app.config["PORTAL_SETTINGS"].public_url or request.host_url
    language = installed().municipality.default_language
    return site.rstrip("/") + url_for("survey.questions", language=language, wave_code=wave.code)
