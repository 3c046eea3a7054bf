"""The fixed choices of a report: codes for storage and CSV, sentences for people.

Themes, reasons and places are the municipality's data; what stands here is the outside contract of the form and
the states a report can be in.
"""

from dataclasses import dataclass

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

NOW, TODAY, THIS_WEEK, OFTEN, ON_DATE = "now", "today", "week", "often", "date"
HAPPENED = {
    NOW: _l("It is happening right now"),
    TODAY: _l("Today"),
    THIS_WEEK: _l("This week"),
    OFTEN: _l("Often"),
}

LIGHT = {"daylight": _l("Daylight"), "dusk": _l("Dusk"), "dark": _l("Dark")}

UNSAFE = {
    1: _l("A little unsafe"),
    2: _l("Fairly unsafe"),
    3: _l("Very unsafe"),
    4: _l("Extremely unsafe"),
}

EXACT, STREET, AREA = "exact", "street", "area"
PRECISION = {
    EXACT: _l("The spot, to about 25 metres"),
    STREET: _l("The street, to about 100 metres"),
    AREA: _l("Only the part of town"),
}
PRECISION_METRES = {EXACT: 25, STREET: 100}

RECEIVED, READING, PASSED_ON, PLANNED, FIXED, NOT_FIXED = (
    "received",
    "reading",
    "passed_on",
    "planned",
    "fixed",
    "not_fixed",
)
QUARANTINED, WITHDRAWN = "quarantined", "withdrawn"
# Reports that are in no figure: set aside as spam, one by one or many in the same words, and taken back.
NOT_COUNTED = (QUARANTINED, WITHDRAWN)
# Why a report was set aside: staff did it, together with those in the same words.
SAME_WORDS = "same_words"


@dataclass(frozen=True, slots=True)
class Status:
    """A state of a report: what staff call it, and the sentence the resident reads."""

    code: str
    label: LazyString
    sentence: LazyString


# Closed is not fixed: each outcome has its own state and its own sentence.
STATUSES = {
    status.code: status
    for status in (
        Status(RECEIVED, _l("Received"), _l("Your report has come in and waits to be read.")),
        Status(READING, _l("Being looked into"), _l("Someone at the municipality has read it and is looking into it.")),
        Status(PASSED_ON, _l("Passed on"), _l("It is now with those who can do something about it.")),
        Status(PLANNED, _l("Something is planned"), _l("It has been decided to do something. It is not done yet.")),
        Status(FIXED, _l("Done"), _l("Something has been done about it.")),
        Status(
            NOT_FIXED,
            _l("Closed, nothing more planned"),
            _l(
                "We have read your report and are not planning anything more now. "
                "It still counts in the picture of where it feels unsafe."
            ),
        ),
        Status(
            QUARANTINED, _l("Set aside as possible spam"), _l("Someone has to check whether this is a real report.")
        ),
        Status(WITHDRAWN, _l("Withdrawn"), _l("You have withdrawn this report. We do not work on it or count it.")),
    )
}


def as_resident_sees(status: str) -> Status:
    """The state to show to the one who reported.

    A quarantined report looks received: telling a spammer what was caught helps only the spammer, and a person
    whose report was set aside by mistake has nothing to do about it.
    """
    return STATUSES[RECEIVED if status == QUARANTINED else status]


STAFF_MAY_SET = (RECEIVED, READING, PASSED_ON, PLANNED, FIXED, NOT_FIXED, QUARANTINED)
