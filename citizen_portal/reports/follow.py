"""The resident's pages for following up: a receipt opens a report, takes a message, takes the report back.

The receipt travels in the body of a post and never in an address, so it is in no history and no log.
"""

from flask import Blueprint, current_app, make_response, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session
from wtforms import HiddenField, StringField
from wtforms.validators import ValidationError

from citizen_portal.municipality.installed import installed
from citizen_portal.reports import triage
from citizen_portal.reports.cases import Case
from citizen_portal.reports.models import Report
from citizen_portal.reports.queries import report_by_receipt_digest
from citizen_portal.reports.receipts import Submission, contains_receipt, digits_of, in_groups, is_well_formed
from citizen_portal.reports.receipts import receipt_digest as digest_of
from citizen_portal.reports.submit import add_message
from citizen_portal.storage.engine import db
from citizen_portal.storage.unit_of_work import StorageUnavailable, unit_of_work
from citizen_portal.web.clock import seconds, today
from citizen_portal.web.forms import PlainTextArea, PortalForm, at_most, posted_fields, readable, required
from citizen_portal.web.kept import kept_page
from citizen_portal.web.language import current_language
from citizen_portal.web.throttle import throttle

MOST_WRONG_CODES = 20
MOST_MESSAGE_CHARACTERS = 4000
MOST_KEY_CHARACTERS = 200

following = Blueprint("follow", __name__, url_prefix="/<language>/follow")


class ReceiptForm(PortalForm):
    """The one field that opens a report."""

    receipt = StringField(validators=[required(_l("Write the code you got when you reported."))])

    def validate_receipt(self, field: StringField) -> None:
        """Refuse what cannot be a code before anything is looked up."""
        if not is_well_formed(digits_of(field.data)):
            raise ValidationError(
                _("That is not a whole code. It has 16 digits in four groups: check them against what you saved.")
            )


class MessageForm(PortalForm):
    """A message added to a report that a receipt has opened."""

    receipt = HiddenField()
    message = PlainTextArea(
        validators=[required(_l("Write a message first.")), readable, at_most(MOST_MESSAGE_CHARACTERS)]
    )
    submission_key = HiddenField(validators=[at_most(MOST_KEY_CHARACTERS)])

    def validate_message(self, field: PlainTextArea) -> None:
        """Refuse a message that gives its own code away: staff would see what opens the report."""
        if contains_receipt(field.data, digits_of(self.receipt.data or "")):
            raise ValidationError(
                _("Your code is in the message. Take it out: whoever sees it could open your report.")
            )


@following.get("")
@kept_page
def ask() -> ResponseReturnValue:
    """Ask for the receipt."""
    return _ask_page(ReceiptForm())


@following.post("")
def show() -> ResponseReturnValue:
    """Open a report with its receipt: 200, 422 for what is no code, 404 for an unknown one, 429 for guessing."""
    form = ReceiptForm(posted_fields())
    if not throttle().is_open("codes", most=MOST_WRONG_CODES):
        return _ask_page(form, 429, _("Too many wrong codes have come from this network. Wait ten minutes."))
    if not form.validate():
        return _ask_page(form, 422)
    report = _open(db.session(), form)
    return _case_page(report, form) if report else _unknown_code(form)


@following.post("/message")
def message() -> ResponseReturnValue:
    """Add a message to the report the receipt opens."""
    receipt, form = ReceiptForm(posted_fields()), MessageForm(posted_fields())
    report = _opened_or_none(receipt)
    if report is None:
        return _unknown_code(receipt)
    if not form.validate():
        return _case_page(report, receipt, form, 422)
    submission = Submission.of(
        {"report": report.id, "message": form.message.data}, key=form.submission_key.data or "", seconds=seconds()
    )
    try:
        with unit_of_work() as session:
            report = _open(session, receipt)
            add_message(
                session,
                report,
                form.message.data,
                submission,
                secret=current_app.config["PORTAL_SECRET"],
                today=today(),
            )
    except StorageUnavailable:
        form.message.errors = [_("We could not save it just now. Wait a moment and send it again.")]
        return _case_page(report, receipt, form, 503)
    return _case_page(_open(db.session(), receipt), receipt, notice=_("Your message is saved."))


@following.post("/withdraw")
def withdraw() -> ResponseReturnValue:
    """Take the report back."""
    form = ReceiptForm(posted_fields())
    if _opened_or_none(form) is None:
        return _unknown_code(form)
    with unit_of_work() as session:
        triage.withdraw(session, _open(session, form), today=today())
    return render_template("reports/withdrawn.html")


def _opened_or_none(form: ReceiptForm) -> Report | None:
    """The report of a well-formed receipt, while the visitor has tries left."""
    if not throttle().is_open("codes", most=MOST_WRONG_CODES) or not form.validate():
        return None
    return _open(db.session(), form)


def _open(session: Session, form: ReceiptForm) -> Report | None:
    digest = digest_of(current_app.config["PORTAL_SECRET"], digits_of(form.receipt.data))
    return report_by_receipt_digest(session, digest)


def _unknown_code(form: ReceiptForm) -> ResponseReturnValue:
    throttle().count("codes", most=MOST_WRONG_CODES)
    form.receipt.errors = [_("No report has that code. Check each digit against what you saved.")]
    return _ask_page(form, 404)


def _ask_page(form: ReceiptForm, status: int = 200, problem: str | None = None) -> ResponseReturnValue:
    return make_response(render_template("reports/follow.html", form=form, problem=problem), status)


def _case_page(
    report: Report, receipt: ReceiptForm, form: MessageForm | None = None, status: int = 200, notice: str | None = None
) -> ResponseReturnValue:
    page = render_template(
        "reports/case.html",
        case=Case.of(report, installed().municipality, current_language()),
        receipt=in_groups(digits_of(receipt.receipt.data)),
        message_form=form or MessageForm(),
        notice=notice,
    )
    return make_response(page, status)
