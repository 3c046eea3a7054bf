"""Reports in the same words: what is in a group, and deciding about the whole of it in one act."""

from collections.abc import Callable
from uuid import UUID

from flask import Blueprint, abort, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from citizen_portal.reports import triage
from citizen_portal.reports.alike import setting_aside
from citizen_portal.reports.alike.folding import group_with
from citizen_portal.reports.alike.setting_aside import GroupSeen
from citizen_portal.staff import audit
from citizen_portal.staff.forms import SeenForm
from citizen_portal.staff.gate import current_staff, require_staff
from citizen_portal.storage.engine import db
from citizen_portal.storage.unit_of_work import StorageUnavailable, unit_of_work
from citizen_portal.web.clock import today
from citizen_portal.web.forms import posted_fields

alike = Blueprint("alike", __name__, url_prefix="/staff/alike")
alike.before_request(require_staff)


@alike.get("/<uuid:group_id>")
def group(group_id: UUID) -> ResponseReturnValue:
    """How many there are, in which words and from which days: what somebody who decides has to know."""
    return _group_page(group_id)


@alike.post("/<uuid:group_id>/set-aside")
def set_aside(group_id: UUID) -> ResponseReturnValue:
    """Set aside all that nobody has handled yet."""
    return _decide(group_id, "set alike reports aside", setting_aside.set_aside)


@alike.post("/<uuid:group_id>/take-back")
def take_back(group_id: UUID) -> ResponseReturnValue:
    """Undo that."""
    return _decide(group_id, "take alike reports back", setting_aside.take_back)


def _decide(group_id: UUID, action: str, act: Callable[..., int]) -> ResponseReturnValue:
    seen = GroupSeen.read(SeenForm(posted_fields()).seen.data)
    try:
        with unit_of_work() as session:
            number = act(session, group_id, seen=seen, today=today())
            if number:
                detail = f"{number} reports of group {group_id}"
                audit.record(session, current_staff(), action, today=today(), detail=detail)
    except triage.ReportMoved:
        moved = _("A colleague has changed something here since you opened the page, so nothing was done. Look again.")
        return _group_page(group_id, 409, moved)
    except StorageUnavailable:
        return _group_page(group_id, 503, _("We could not save it just now. Wait a moment and send it again."))
    return redirect(url_for("alike.group", group_id=group_id))


def _group_page(group_id: UUID, status: int = 200, problem: str | None = None) -> ResponseReturnValue:
    found = group_with(db.session(), group_id) or abort(404)
    page = render_template("staff/alike.html", group=found, seen=GroupSeen.of(found), problem=problem)
    return make_response(page, status)
