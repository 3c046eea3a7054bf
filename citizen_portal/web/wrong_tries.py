"""Wrong codes and passwords: what they cost the one who types them, and nobody else.

Look up first. What is right passes, whatever others behind the same address have typed, and counts nothing. What is
wrong is counted, and past the first ones is answered with 429 and a wait that grows. No thread sleeps meanwhile. The
wait bounds nobody who guesses: that the codes are too many does, and for passwords that few can be tried in a second
(docs/threat-model.md has the sums).
"""

from datetime import timedelta

from flask import Response, after_this_request
from flask_babel import format_timedelta
from flask_babel import gettext as _

from citizen_portal.web.throttle import throttle

# Per network and per code or account, in ten minutes: enough for a classroom that types from paper.
FREE_TRIES = 20


def wait_after_wrong_try(kind: str, about: str) -> int:
    """Count one wrong try at ``about``, the code or the account; seconds to wait before the next, 0 for none.

    With a wait the answer to this request gets its ``Retry-After``; the view gives it the status 429.
    """
    seconds = throttle().count_wrong(kind, free=FREE_TRIES, about=about)
    if seconds:

        @after_this_request
        def say_how_long(response: Response) -> Response:
            response.headers["Retry-After"] = str(seconds)
            return response

    return seconds


def wait_in_words(seconds: int) -> str:
    """What to tell whoever mistyped: how long to wait, and that what others typed shuts nobody out."""
    step = 60 if seconds > 60 else 1
    rounded_up = timedelta(seconds=-(-seconds // step) * step)
    return _(
        "That is not right, and there have been many wrong tries. Check it, and wait %(time)s before you try again. "
        "What is right is let in at once, however many wrong tries there were.",
        time=format_timedelta(rounded_up, threshold=1),
    )
