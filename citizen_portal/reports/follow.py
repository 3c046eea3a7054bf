"""The resident's pages for following up: a receipt opens a report, takes a message, takes the report back.

The receipt travels in the body of a post and never in an address, so it is in no history and no log.
"""

from flask import Blueprint, current_app, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import ValidationError

from citizen_portal.municipality.installed import installed
from citizen_portal.reports import queries, triage
from citizen_portal.reports.cases import Case
from citizen_portal.reports.models import Report
from citizen_portal.reports.photos import PhotosField, thumbnail_address
from citizen_portal.reports.receipts import (
    Submission,
    contains_receipt,
    digits_of,
    in_groups,
    is_well_formed,
    receipt_digest,
)
from citizen_portal.reports.submit import MOST_PHOTOS_OF_A_REPORT, TooManyPhotos, add_message_with_photos
from citizen_portal.storage.engine import db
from citizen_portal.storage.unit_of_work import StorageUnavailable, unit_of_work
from citizen_portal.web.carry import is_carried
from citizen_portal.web.clock import seconds, today
from citizen_portal.web.forms import (
    PlainHidden,
    PlainText,
    PlainTextArea,
    PortalForm,
    at_most,
    posted_fields,
    readable,
    required,
)
from citizen_portal.web.guard import CONTENT_SECURITY_POLICY
from citizen_portal.web.kept import kept_page
from citizen_portal.web.language import current_language
from citizen_portal.web.wrong_tries import wait_after_wrong_try, wait_in_words

MOST_MESSAGE_CHARACTERS = 4000

following = Blueprint("follow", __name__, url_prefix="/<language>/follow")


class ReceiptForm(PortalForm):
    """The one field that opens a report."""

    receipt = PlainText(validators=[required(_l("Enter the code you were given when you reported."))])

    def validate_receipt(self, field: PlainText) -> None:
        """Refuse what cannot be a code before anything is looked up."""
        if not is_well_formed(digits_of(field.data)):
            raise ValidationError(
                _("That code is not right. It has 16 digits in four groups: compare it with the one you saved.")
            )


class MessageForm(PortalForm):
    """A message added to a report that a receipt has opened: words, photos or both."""

    receipt = PlainHidden()
    message = PlainTextArea(validators=[readable, at_most(MOST_MESSAGE_CHARACTERS)])
    photos = PhotosField()
    submission_key = PlainHidden()

    def validate_message(self, field: PlainTextArea) -> None:
        """Refuse a message that gives its own code away: staff would see what opens the report."""
        if not field.data and not self.photos.uploads:
            raise ValidationError(_("Write a message first, then send it."))
        if contains_receipt(field.data, digits_of(self.receipt.data or "")):
            raise ValidationError(
                _("Your code is in the message. Take it out: whoever sees it could open your report.")
            )


@following.get("")
@kept_page
def ask() -> ResponseReturnValue:
    """Ask for the receipt."""
    return render_template("reports/follow.html", form=ReceiptForm(), written=None)


@following.post("")
def show() -> ResponseReturnValue:
    """Open a report with its receipt: 200, 422 for what is no code, 404 for an unknown one, 429 after many."""
    receipt, form = ReceiptForm(posted_fields()), MessageForm(posted_fields())
    if is_carried() and "opened" not in request.form:
        return render_template("reports/follow.html", form=receipt, written=None)
    return _case_page(_opened(receipt, form if form.message.data else None), receipt, form if is_carried() else None)


@following.post("/message")
def message() -> ResponseReturnValue:
    """Add a message to the report the receipt opens."""
    receipt, form = ReceiptForm(posted_fields()), MessageForm(posted_fields())
    report = _opened(receipt, form)
    if not form.photos.may_be_decoded():
        form.photos.errors = [_("Too many photos have come from this network. Wait ten minutes.")]
        return _case_page(report, receipt, form, 429)
    if not form.validate():
        return _case_page(report, receipt, form, 422)
    try:
        _store(report, form)
    except TooManyPhotos:
        most = MOST_PHOTOS_OF_A_REPORT
        form.photos.errors = [_("A report can have at most %(most)s photos, those from before included.", most=most)]
        return _case_page(report, receipt, form, 422)
    except StorageUnavailable:
        form.message.errors = [_("We could not save it just now. Wait a moment and send it again.")]
        return _case_page(report, receipt, form, 503)
    return _case_page(_opened(receipt), receipt, notice=_("Your message is saved."))


def _store(report: Report, form: MessageForm) -> None:
    """Store the message and its photos, once."""
    words, photos = form.message.data, form.photos.encoded
    submission = Submission.of(
        {"report": report.id, "message": words}, key=form.submission_key.data or "", seconds=seconds(), files=photos
    )
    secret = current_app.config["PORTAL_SECRET"]
    with unit_of_work() as session:
        found = queries.report_by_receipt_digest(session, report.receipt_digest, to_change=True)
        add_message_with_photos(session, found, words, photos, submission, secret=secret, today=today())


@following.post("/withdraw")
def withdraw() -> ResponseReturnValue:
    """Take the report back."""
    digest = _opened(ReceiptForm(posted_fields())).receipt_digest
    with unit_of_work() as session:
        triage.withdraw(session, queries.report_by_receipt_digest(session, digest, to_change=True), today=today())
    return render_template("reports/withdrawn.html")


class CodeRefused(Exception):
    """A code opens nothing here; carries the page that asks for it again, with the message that came with it."""

    def __init__(self, form: ReceiptForm, status: int, written: MessageForm | None) -> None:
        super().__init__(status)
        page = render_template("reports/follow.html", form=form, written=written)
        self.page = make_response(page, status)


@following.errorhandler(CodeRefused)
def ask_again(refusal: CodeRefused) -> ResponseReturnValue:
    """Show the page that the refusal carries."""
    return refusal.page


def _opened(form: ReceiptForm, written: MessageForm | None = None) -> Report:
    """The report that the posted code opens. Raises ``CodeRefused``; a wrong code counts as a try.

    ``written`` is a message that came with the code, to be kept if the code opens nothing.
    """
    digits = digits_of(form.receipt.data or "")
    if not form.validate():
        raise _wrong(form, 422, written) if digits else CodeRefused(form, 422, written)
    digests = [receipt_digest(secret, digits) for secret in current_app.config["PORTAL_SECRETS"]]
    report = queries.report_by_receipt_digest(db.session(), *digests)
    if report is None:
        form.receipt.errors = [_("No report has that code. Check each digit against what you saved.")]
        raise _wrong(form, 404, written)
    return report


def _wrong(form: ReceiptForm, status: int, written: MessageForm | None) -> CodeRefused:
    """The refusal of a wrong code, which counts as a try."""
    seconds = wait_after_wrong_try("receipts", digits_of(form.receipt.data))
    if seconds:
        status, form.receipt.errors = 429, [wait_in_words(seconds)]
    return CodeRefused(form, status, written)


def _case_page(
    report: Report, receipt: ReceiptForm, form: MessageForm | None = None, status: int = 200, notice: str | None = None
) -> ResponseReturnValue:
    photos = [thumbnail_address(content) for content in queries.photos_of(db.session(), report)]
    page = render_template(
        "reports/case.html",
        case=Case.of(report, installed().municipality, current_language(), photos),
        receipt=in_groups(digits_of(receipt.receipt.data)),
        message_form=form or MessageForm(),
        notice=notice,
    )
    answer = make_response(page, status)
    if photos:
        # The photos stand in the page itself, for whoever has the code.
        answer.headers["Content-Security-Policy"] = CONTENT_SECURITY_POLICY.replace(
            "img-src 'self'", "img-src 'self' data:"
        )
    return answer
