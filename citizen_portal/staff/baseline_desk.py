"""The baseline in the workplace: what is frozen, figures computed to look at, freezing them, and taking them out."""

import json

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from citizen_portal.baseline import queries
from citizen_portal.baseline.compute import Computed, NotComputable, compute
from citizen_portal.baseline.figures import Baseline, Period
from citizen_portal.baseline.freezing import freeze, public_part
from citizen_portal.baseline.models import BASELINE, FOLLOW_UP, BaselineSnapshot
from citizen_portal.baseline.publishing import Title
from citizen_portal.baseline.refusals import ReleaseRefused, SnapshotRefused
from citizen_portal.municipality.installed import installed
from citizen_portal.staff import audit
from citizen_portal.staff.baseline_figures import design_effect_of, figures_seen, sights_of, tables_of
from citizen_portal.staff.baseline_forms import FreezeForm, TermsForm
from citizen_portal.staff.baseline_periods import computable
from citizen_portal.staff.gate import current_staff, require_staff
from citizen_portal.storage.engine import db
from citizen_portal.storage.unit_of_work import StorageUnavailable, unit_of_work
from citizen_portal.surveys import queries as survey_queries
from citizen_portal.surveys.population import population_of
from citizen_portal.surveys.review import set_aside
from citizen_portal.surveys.waves import CLOSED, state_of
from citizen_portal.web.clock import today
from citizen_portal.web.forms import posted_fields
from citizen_portal.web.language import current_language

baseline_desk = Blueprint("baseline_desk", __name__, url_prefix="/staff/baseline")
baseline_desk.before_request(require_staff)


@baseline_desk.get("")
def every() -> ResponseReturnValue:
    """Every snapshot, the latest period first, and the waves that figures can be computed from."""
    session = db.session()
    return render_template(
        "staff/baseline.html",
        snapshots=queries.snapshots(session),
        standings=queries.standings(session),
        kinds=_kinds(),
        waves=computable(survey_queries.waves(session), today()),
        population=population_of(session, installed().municipality),
    )


@baseline_desk.get("/compute")
def computed() -> ResponseReturnValue:
    """Ask for wave, period and earlier baseline; with all of them, show every figure. Nothing is stored."""
    form = TermsForm(request.args, **_choices())
    if not request.args:
        return _compute_page(form)
    if not form.validate():
        return _compute_page(form, 422)
    try:
        found = _compute(form)
    except NotComputable:
        return _compute_page(form, 422, problem=_not_computable())
    return _compute_page(form, found=found)


@baseline_desk.get("/freeze")
def ask_to_freeze() -> ResponseReturnValue:
    """Say what freezing means before it is done, and ask for the code."""
    return _freeze_page(FreezeForm(request.args, **_choices()))


@baseline_desk.post("/freeze")
def freeze_now() -> ResponseReturnValue:
    """Freeze the figures for good. Sent twice, the second time leads to what the first has frozen."""
    form = FreezeForm(posted_fields(), **_choices())
    if not form.validate():
        return _freeze_page(form, 422)
    if _is_frozen(form):
        return redirect(url_for("baseline_desk.one", snapshot_code=form.code.data))
    try:
        found = _compute(form)
        _freeze(form, found)
    except NotComputable:
        return _freeze_page(form, 422, _not_computable())
    except SnapshotRefused as refusal:
        return _refused(form, refusal)
    except StorageUnavailable:
        return _freeze_page(form, 503, _("We could not save it just now. Wait a moment and send it again."))
    return redirect(url_for("baseline_desk.one", snapshot_code=form.code.data))


@baseline_desk.get("/frozen/<snapshot_code>")
def one(snapshot_code: str) -> ResponseReturnValue:
    """One snapshot, with its figures, its changes and its digests."""
    snapshot = _snapshot(snapshot_code)
    public, baseline = json.loads(snapshot.public_document), Baseline.from_document(json.loads(snapshot.document))
    return render_template(
        "staff/baseline_one.html",
        snapshot=snapshot,
        standing=queries.standing(db.session(), snapshot_code),
        kind=_kinds()[snapshot.kind],
        baseline=baseline,
        design_effect=design_effect_of(baseline),
        tables=tables_of(baseline, public, current_language()),
    )


@baseline_desk.get("/frozen/<snapshot_code>/public.json")
def public_file(snapshot_code: str) -> ResponseReturnValue:
    """The public document, byte for byte what its digest is of."""
    snapshot = _snapshot(snapshot_code)
    return _file(snapshot.public_document, f"{snapshot.code}.json")


@baseline_desk.post("/frozen/<snapshot_code>/full.json")
def full_file(snapshot_code: str) -> ResponseReturnValue:
    """Every figure in full precision. It is posted for, because it is written down who took it."""
    snapshot = _snapshot(snapshot_code)
    document, code, wave_code = snapshot.document, snapshot.code, snapshot.wave_code
    with unit_of_work() as session:
        audit.record(session, current_staff(), "export baseline", today=today(), wave_code=wave_code, detail=code)
    return _file(document, f"{code}-full.json")


def _choices() -> dict[str, object]:
    session = db.session()
    closed = [wave for wave in survey_queries.waves(session) if state_of(wave, today()) == CLOSED]
    return {"waves": closed, "snapshots": queries.snapshots(session), "today": today()}


def _compute(form: TermsForm) -> Computed:
    session, municipality = db.session(), installed().municipality
    return compute(
        session,
        municipality,
        wave=survey_queries.wave(session, form.wave.data),
        period=Period(form.from_day.data, form.to_day.data),
        today=today(),
    )


class FiguresMoved(SnapshotRefused):
    """The figures are others than those that were looked at. ``figures`` is the digest of those that they are now."""

    def __init__(self, figures: str) -> None:
        super().__init__("the figures have moved")
        self.figures = figures


def _freeze(form: FreezeForm, found: Computed) -> None:
    code, against, figures = form.code.data, form.against.data or None, figures_seen(found)
    if form.figures.data not in {None, "", figures}:
        raise FiguresMoved(figures)
    with unit_of_work() as session:
        freeze(session, installed().municipality, found, code=code, against=against, today=today())
        audit.record(session, current_staff(), "freeze baseline", today=today(), wave_code=form.wave.data, detail=code)


def _is_frozen(form: FreezeForm) -> bool:
    """Whether the code stands for the very same terms already."""
    found = queries.snapshot(db.session(), form.code.data)
    return found is not None and (found.wave_code, found.from_day, found.to_day, found.against_code or "") == (
        form.wave.data,
        form.from_day.data,
        form.to_day.data,
        form.against.data or "",
    )


def _compute_page(
    form: TermsForm, status: int = 200, *, found: Computed | None = None, problem: str | None = None
) -> ResponseReturnValue:
    session, shown, language = db.session(), {}, current_language()
    if found:
        against = form.against.data or None
        title = Title("", FOLLOW_UP if against else BASELINE, today().isoformat(), against)
        public = public_part(session, installed().municipality, found, title)
        shown = {
            "baseline": found.baseline,
            "design_effect": design_effect_of(found.baseline),
            "tables": tables_of(found.baseline, public, language),
            "sights": sights_of(found.baseline, public, language),
            "freeze_url": url_for(
                "baseline_desk.ask_to_freeze", **{**request.args.to_dict(), "figures": figures_seen(found)}
            ),
            "undecided": sum(each.undecided for each in set_aside(session, form.wave.data)),
        }
    page = render_template("staff/baseline_compute.html", form=form, problem=problem, **shown)
    return make_response(page, status)


def _moved(form: FreezeForm, figures: str) -> ResponseReturnValue:
    """The question again, now about the figures as they are."""
    form.figures.data = figures
    sentence = _(
        "The figures are others than those you looked at: a colleague has decided about answers or reports since. "
        "Nothing was frozen. Compute them again and look, before you freeze."
    )
    return _freeze_page(form, 409, sentence)


def _freeze_page(form: FreezeForm, status: int = 200, problem: str | None = None) -> ResponseReturnValue:
    return make_response(render_template("staff/baseline_freeze.html", form=form, problem=problem), status)


def _snapshot(code: str) -> BaselineSnapshot:
    return queries.snapshot(db.session(), code) or abort(404)


def _file(document: str, name: str) -> Response:
    answer = Response(document, mimetype="application/json")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _kinds() -> dict[str, str]:
    return {BASELINE: _("Baseline"), FOLLOW_UP: _("Follow-up")}


def _not_computable() -> str:
    return _("There are no figures for this: the municipality has no agreement, or the wave or the period is not over.")


def _refused(form: FreezeForm, refusal: SnapshotRefused) -> ResponseReturnValue:
    if isinstance(refusal, FiguresMoved):
        return _moved(form, refusal.figures)
    if isinstance(refusal, ReleaseRefused):
        return _freeze_page(form, 422, _gives_away(refusal.other))
    form.code.errors = [_("This code is taken, and what is frozen never changes. Choose another one.")]
    return _freeze_page(form, 422)


def _gives_away(other: str) -> str:
    return _(
        "Not frozen: together with %(other)s, which is or was public, these tables could give somebody away. Choose a "
        "period that does not overlap that one, and a wave that is not published yet.",
        other=other,
    )
