"""Publishing what is frozen, and withdrawing it, in the workplace: each asks first and says what it means."""

from collections.abc import Callable

from flask import Blueprint, abort, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from citizen_portal.baseline import queries
from citizen_portal.baseline.models import BaselineSnapshot
from citizen_portal.baseline.refusals import BaselineNotPublic, ReleaseRefused, RestsOnInvention, SnapshotRefused
from citizen_portal.baseline.releasing import publish, withdraw
from citizen_portal.staff import audit
from citizen_portal.staff.baseline_forms import PublishForm, WithdrawForm
from citizen_portal.staff.gate import current_staff, require_staff
from citizen_portal.storage.engine import db
from citizen_portal.storage.unit_of_work import StorageUnavailable, unit_of_work
from citizen_portal.web.clock import today
from citizen_portal.web.forms import posted_fields

releases = Blueprint("releases", __name__, url_prefix="/staff/baseline/frozen/<snapshot_code>")
releases.before_request(require_staff)

ReleaseForm = PublishForm | WithdrawForm


@releases.get("/publish")
def ask_to_publish(snapshot_code: str) -> ResponseReturnValue:
    """Say what publishing means before it is done, and ask whether it corrects something."""
    return _page(snapshot_code, PublishForm(others=_others(snapshot_code)))


@releases.post("/publish")
def publish_now(snapshot_code: str) -> ResponseReturnValue:
    """Show the snapshot to everyone. Sent twice, the second time leads to what the first has done."""
    form = PublishForm(posted_fields(), others=_others(snapshot_code))

    def act(session: Session) -> None:
        terms = {"replaces": form.data.get("replaces") or None, "because": form.data.get("because") or ""}
        publish(session, snapshot_code, today=today(), **terms)

    return _done(snapshot_code, form, "publish baseline", act)


@releases.get("/withdraw")
def ask_to_withdraw(snapshot_code: str) -> ResponseReturnValue:
    """Say what withdrawing means before it is done, and ask why."""
    return _page(snapshot_code, WithdrawForm())


@releases.post("/withdraw")
def withdraw_now(snapshot_code: str) -> ResponseReturnValue:
    """Take the snapshot from the public pages, with the reason that everyone reads."""
    form = WithdrawForm(posted_fields())

    def act(session: Session) -> None:
        withdraw(session, snapshot_code, because=form.because.data, today=today())

    return _done(snapshot_code, form, "withdraw baseline", act)


def _done(code: str, form: ReleaseForm, action: str, act: Callable[[Session], None]) -> ResponseReturnValue:
    snapshot = _snapshot(code)
    if not form.validate():
        return _page(code, form, 422)
    before, wave_code = queries.standing(db.session(), code), snapshot.wave_code
    try:
        with unit_of_work() as session:
            act(session)
            if queries.standing(session, code) != before:
                audit.record(session, current_staff(), action, today=today(), wave_code=wave_code, detail=code)
    except SnapshotRefused as refusal:
        return _page(code, form, 422, _why(refusal))
    except StorageUnavailable:
        return _page(code, form, 503, _("We could not save it just now. Wait a moment and send it again."))
    return redirect(url_for("baseline_desk.one", snapshot_code=code))


def _page(code: str, form: ReleaseForm, status: int = 200, problem: str | None = None) -> ResponseReturnValue:
    template = "staff/baseline_publish.html" if isinstance(form, PublishForm) else "staff/baseline_withdraw.html"
    return make_response(render_template(template, form=form, snapshot=_snapshot(code), problem=problem), status)


def _snapshot(code: str) -> BaselineSnapshot:
    return queries.snapshot(db.session(), code) or abort(404)


def _others(code: str) -> list[str]:
    return [row.code for row in queries.published(db.session()) if row.code != code]


def _why(refusal: SnapshotRefused) -> str:
    if isinstance(refusal, ReleaseRefused):
        return _(
            "Not published: together with %(other)s, which is or was public, these tables could give somebody away.",
            other=refusal.other,
        )
    if isinstance(refusal, RestsOnInvention):
        return _(
            "Not published: the figures rest on an example of a population or on invented answers. Import the "
            "register’s figures, and freeze anew."
        )
    if isinstance(refusal, BaselineNotPublic):
        return _("Not published: it follows up figures that only staff can see. Publish those first.")
    return _("Not done: a colleague has withdrawn these figures, or they are not public.")
