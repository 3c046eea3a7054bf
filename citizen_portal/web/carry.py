"""Carrying a form along: the same form again, in this language or another, filled in as it was.

A language link would leave the form behind, so beside a form the languages are submit buttons: each posts what is
typed, under the name ``carry``, to where the form is sent in that language (``components/languages.html``). A view that
takes the form asks ``is_carried`` first, and then shows it again without checking, counting or storing anything.

Enter in a one-line box presses the first submit button of the page. That is one of these too, for the language the
page is in: without JavaScript as well, an unfinished form is not sent by a key.
"""

from flask import g, request

CARRY = "carry"


def is_carried() -> bool:
    """Whether the form that was posted is only to be shown again; the page then says so (``g.carried``)."""
    g.carried = CARRY in request.form
    return g.carried
