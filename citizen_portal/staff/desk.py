"""The desk: one report with its photos, its next move and the answer to whoever sent it."""

from secrets import token_hex
from uuid import UUID

from flask import Blueprint, Response, current_app, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_date
from flask_babel import gettext as _

from citizen_portal.municipality import Municipality
from citizen_portal.municipality.installed import installed
from citizen_portal.reports import choices, queries, triage
from citizen_portal.reports.cases import CaseMessage, CaseMove, said_facts, theme_label
from citizen_portal.reports.models import Report
from citizen_portal.reports.photos import STORED_MEDIA_TYPE
from citizen_portal.reports.receipts import Submission
from citizen_portal.reports.submit import add_message, has_message
from citizen_portal.staff import audit
from citizen_portal.staff.forms import AnswerForm, MoveForm
from citizen_portal.staff.gate import current_staff, require_staff
from citizen_portal.storage.engine import db
from citizen_portal.storage.unit_of_work import StorageUnavailable, unit_of_work
from citizen_portal.web.clock import seconds, today
from citizen_portal.web.forms import posted_fields
from citizen_portal.web.language import current_language
from citizen_portal.web.suspicion import HONEYPOT, MANY_FROM_ONE_ADDRESS

desk = Blueprint("desk", __name__, url_prefix="/staff")
desk.before_request(require_staff)


@desk.get("/reports/<uuid:report_id>")
def report(report_id: UUID) -> ResponseReturnValue:
    """One report, whole."""
    return _desk_page(report_id)


@desk.post("/reports/<uuid:report_id>/move")
def move(report_id: UUID) -> ResponseReturnValue:
    """Move the report on, with a public note. An answer that is half written beside it stays on the page."""
    form, beside = MoveForm(posted_fields()), AnswerForm(posted_fields())
    if not form.validate():
        return _desk_page(report_id, form, beside, status=422)
    to_status, note, seen = form.to_status.data, form.public_note.data or "", triage.Seen.read(form.seen.data)
    try:
        with unit_of_work() as session:
            found = queries.report_with_everything(session, report_id, to_change=True)
            if not triage.is_there(found, to_status, public_note=note):
                seen.refuse_if_stale(found)
                triage.move(session, found, to_status, public_note=note, today=today())
                audit.record(session, current_staff(), "move", today=today(), report_id=report_id, detail=to_status)
    except triage.ReportMoved:
        return _desk_page(report_id, form, beside, status=409, seen=seen)
    except triage.MoveRefused:
        form.to_status.errors = [_("The report has been taken back by the one who sent it.")]
        return _desk_page(report_id, form, beside, status=422)
    except StorageUnavailable:
        form.public_note.errors = [_("We could not save it just now. Wait a moment and send it again.")]
        return _desk_page(report_id, form, beside, status=503)
    if beside.body.data:
        return _desk_page(report_id, None, beside, done=_("The report is moved. Your answer is not sent yet."))
    return redirect(url_for("desk.report", report_id=report_id))


@desk.post("/reports/<uuid:report_id>/answer")
def answer(report_id: UUID) -> ResponseReturnValue:
    """Answer the one who reported, once however often the form is sent. A note that is half written stays there."""
    form, beside = AnswerForm(posted_fields()), MoveForm(posted_fields())
    if not form.validate():
        return _desk_page(report_id, beside, form, status=422)
    body, secret, seen = form.body.data, current_app.config["PORTAL_SECRET"], triage.Seen.read(form.seen.data)
    submission = Submission.of(
        {"report": report_id, "answer": body}, key=form.submission_key.data or "", seconds=seconds()
    )
    try:
        with unit_of_work() as session:
            found = queries.report_with_everything(session, report_id, to_change=True)
            if not has_message(session, submission, secret=secret):
                seen.refuse_if_stale(found)
                add_message(session, found, body, submission, secret=secret, today=today(), from_staff=True)
                audit.record(session, current_staff(), "answer", today=today(), report_id=report_id)
    except triage.ReportMoved:
        return _desk_page(report_id, beside, form, status=409, seen=seen)
    except StorageUnavailable:
        form.body.errors = [_("We could not save it just now. Wait a moment and send it again.")]
        return _desk_page(report_id, beside, form, status=503)
    if beside.public_note.data:
        return _desk_page(report_id, beside, None, done=_("The answer is sent. The report is not moved yet."))
    return redirect(url_for("desk.report", report_id=report_id))


@desk.get("/photos/<uuid:photo_id>")
def photo(photo_id: UUID) -> ResponseReturnValue:
    """One stored photo."""
    answer = Response(queries.photo_content(db.session(), photo_id), mimetype=STORED_MEDIA_TYPE)
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


def _desk_page(
    report_id: UUID,
    move_form: MoveForm | None = None,
    answer_form: AnswerForm | None = None,
    *,
    status: int = 200,
    seen: triage.Seen | None = None,
    done: str | None = None,
) -> ResponseReturnValue:
    """The page of a report. ``seen`` is what an older page showed, ``done`` what has just been done."""
    found = queries.report_with_everything(db.session(), report_id)
    municipality, language = installed().municipality, current_language()
    moves = [
        CaseMove(each.moved_on, choices.STATUSES[each.to_status].label, "", each.public_note) for each in found.moves
    ]
    messages = [CaseMessage(each.sent_on, each.from_staff, each.body) for each in found.messages]
    page = render_template(
        "staff/report.html",
        report={
            "id": found.id,
            "theme_label": theme_label(municipality, found.theme, language),
            "description": found.description,
        },
        facts=[(name, value) for name, value in _facts(found, municipality, language) if value],
        photos=[url_for("desk.photo", photo_id=each.id) for each in found.photos],
        moves=moves,
        messages=messages,
        can_move=found.status != choices.WITHDRAWN,
        seen=triage.Seen.of(found),
        is_stale=seen is not None,
        new_moves=moves[seen.moves :] if seen else [],
        new_messages=messages[seen.messages :] if seen else [],
        done=done,
        move_form=move_form or MoveForm(data={"to_status": found.status}),
        answer_form=answer_form or AnswerForm(data={"submission_key": token_hex(16)}),
    )
    return make_response(page, status)


def _facts(report: Report, municipality: Municipality, language: str) -> list[tuple[str, object]]:
    return [
        (_("Status"), choices.STATUSES[report.status].label),
        (_("Set aside because"), _quarantine_reason(report.quarantine_reason)),
        (_("Received on"), format_date(report.received_on)),
        *said_facts(report, municipality, language),
    ]


def _quarantine_reason(code: str | None) -> str | None:
    reasons = {
        HONEYPOT: _("A field that people cannot see was filled in."),
        MANY_FROM_ONE_ADDRESS: _("Very many reports came from one network in a short time."),
        choices.SAME_WORDS: _("Staff have set it aside with others in the same words."),
    }
    return reasons.get(code) if code else None
