"""The resident's pages for reporting: the form, the receipt it gives, and the short address on a sign."""

from functools import partial

from flask import Blueprint, current_app, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from citizen_portal.municipality import Municipality, nearest_place
from citizen_portal.municipality.installed import installed
from citizen_portal.reports.choices import NOW
from citizen_portal.reports.form import ReportForm
from citizen_portal.reports.receipts import Submission, in_groups
from citizen_portal.reports.submit import Draft, stored_receipt, submit
from citizen_portal.storage.engine import db
from citizen_portal.storage.shared_commit import store_together
from citizen_portal.storage.unit_of_work import StorageUnavailable
from citizen_portal.web.carry import is_carried
from citizen_portal.web.clock import seconds, today
from citizen_portal.web.forms import posted_fields
from citizen_portal.web.kept import keep_this_page, kept_page, kept_text
from citizen_portal.web.language import current_language
from citizen_portal.web.suspicion import suspicion

# By the browser that asked, for the tab it was shown in.
REMEMBERED = "private, no-cache"

CODE_GOES_HERE = "{receipt}"

resident = Blueprint("reports", __name__, url_prefix="/<language>")
signs = Blueprint("signs", __name__)


@resident.get("/report")
def report() -> ResponseReturnValue:
    """The form, with the place filled in when a sign's address names one."""
    place = request.args.get("place", "")
    if place and installed().municipality.place(place) is None:
        return _form_page(_form(None), 404, _("We do not know the place in that address. Choose one in the list."))
    # The empty form, and the one for each known place, are the same for everyone.
    if request.query_string == (f"place={place}" if place else "").encode():
        keep_this_page()
    return _form_page(_form(None, place=place))


@resident.post("/report")
def send() -> ResponseReturnValue:
    """Take a report: 200 with its receipt, 422 or 503 with the form as it was filled in."""
    form = _form(request)
    if is_carried():
        return _form_page(form)
    form.take_tapped_point()
    if not form.photos.may_be_decoded():
        return _form_page(
            form,
            429,
            _("Too many photos have come from this network. Send the report without photos, or wait ten minutes."),
        )
    if not form.validate():
        return _form_page(form, 422)
    draft = _draft(form)
    try:
        receipt = _receipt_of(draft, form)
    except StorageUnavailable:
        sentence = _("We could not save it just now. What you wrote is still here: wait a moment and send it again.")
        return _form_page(form, 503, sentence)
    answer = make_response(_receipt_page(in_groups(receipt), advice_now=draft.happened == NOW))
    # Back and Forward give the receipt again; with "no-store" a browser would show an error page in its place.
    answer.headers["Cache-Control"] = REMEMBERED
    return answer


def _receipt_of(draft: Draft, form: ReportForm) -> str:
    """Store the draft, or find it again; its receipt. Raises ``StorageUnavailable``."""
    secret = current_app.config["PORTAL_SECRET"]
    key = form.submission_key.data or ""
    submission = Submission.of(draft.content(), key=key, seconds=seconds(), files=draft.photos)
    # A browser that goes to the receipt of what a script has sent posts it once more: that is no second try.
    if key and "sent" in request.form:
        receipt = stored_receipt(db.session(), submission, secret=secret)
        if receipt:
            return receipt
    write = partial(
        submit,
        draft=draft,
        submission=submission,
        secret=secret,
        today=today(),
        quarantine=suspicion("reports", trap=form.website.data),
    )
    return store_together(write)


def _receipt_page(receipt: str, *, advice_now: bool) -> str:
    """The page of a receipt. All but the code is the same for everyone, so only the code is written each time."""
    page = kept_text(
        ("receipt", advice_now),
        lambda: render_template("reports/receipt.html", receipt=CODE_GOES_HERE, advice_now=advice_now),
    )
    return page.replace(CODE_GOES_HERE, receipt)


@resident.get("/report/sent")
@kept_page
def sent() -> str:
    """The page of a receipt without the code, which the browser remembers: what a reload of the receipt gives."""
    return render_template("reports/receipt.html", receipt="", advice_now="now" in request.args)


@resident.post("/report/point")
def point() -> ResponseReturnValue:
    """Show the form again with the point that was tapped on the map, or without it. Stores nothing."""
    form = _form(request)
    if "remove_point" in request.form:
        form.latitude.data = form.longitude.data = ""
    else:
        form.take_tapped_point()
    return _form_page(form)


@signs.get("/p/<place>")
def sign(place: str) -> ResponseReturnValue:
    """The short address on a sign at a place: the form in the browser's language, place filled in."""
    answer = redirect(url_for("reports.report", language=current_language(), place=place))
    answer.headers["Vary"] = "Accept-Language"
    return answer


def _form(posted: object, **data: object) -> ReportForm:
    house = installed()
    return ReportForm(
        posted_fields() if posted else None,
        municipality=house.municipality,
        tap_map=house.tap_map,
        language=current_language(),
        today=today(),
        data=data,
    )


def _form_page(form: ReportForm, status: int = 200, problem: str | None = None) -> ResponseReturnValue:
    municipality = installed().municipality
    page = render_template(
        "reports/report.html",
        form=form,
        map=installed().tap_map,
        point=_marked_point(form, municipality),
        problem=problem,
        theme_hints=_hints(municipality, current_language()),
    )
    answer = make_response(page, status)
    if request.method == "POST":
        # Whoever looks something up and goes back finds what was typed, and no question whether to send it again.
        answer.headers["Cache-Control"] = REMEMBERED
    return answer


def _hints(municipality: Municipality, language: str) -> dict[str, str]:
    return {theme.code: theme.hint.get(language) for theme in municipality.themes if theme.hint}


def _marked_point(form: ReportForm, municipality: Municipality) -> dict[str, object] | None:
    point = form.point_or_none()
    if point is None:
        return None
    x, y = installed().tap_map.pixel_of(*point)
    return {"x": round(x), "y": round(y), "place_name": nearest_place(municipality, *point).name}


def _draft(form: ReportForm) -> Draft:
    return Draft(
        language=current_language(),
        theme=form.theme.data,
        location=form.location,
        happened=form.happened.data,
        happened_on=form.happened.day,
        light=form.light.data or None,
        unsafe=int(form.unsafe.data) if form.unsafe.data else None,
        reasons=tuple(sorted(set(form.reasons.data or ()))),
        description=form.description.data or "",
        photos=form.photos.encoded,
    )
