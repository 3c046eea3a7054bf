"""What the night does with reports: forget fingerprints that hold a window of time."""

from datetime import date

from sqlalchemy import update
from sqlalchemy.orm import Session

from citizen_portal.reports.models import Report, ReportMessage


def forget_timed_fingerprints(session: Session, *, today: date) -> int:
    """Clear the fingerprints of earlier days that were salted with a time window; return how many.

    They have done their work after twenty minutes, and whoever held both the database and the server's secret
    could try out the windows of that day. The caller commits.
    """
    forgotten = 0
    for table, day in ((Report, Report.received_on), (ReportMessage, ReportMessage.sent_on)):
        statement = update(table).where(table.fingerprint_is_timed, day < today)
        forgotten += session.execute(statement.values(fingerprint=None, fingerprint_is_timed=False)).rowcount
    return forgotten
