"""Error pages: every failure that reaches the door becomes a page in the reader's language, or a problem document.

They query nothing, so they stand when everything else has fallen. What was posted comes back in them, to be sent again
with a button: no page had come so far as to show it in its form. Rooms below raise their own errors; the factory says
once which status each of them is.
"""

import traceback
from collections.abc import Mapping
from dataclasses import dataclass

from flask import Flask, Response, make_response, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.exceptions import HTTPException

from citizen_portal.web.guard import CrossSitePost
from citizen_portal.web.problems import asked_by_a_machine, problem

# What can be refused before the framework sees it.
REFUSED_BEFORE = (400, 408, 413, 414, 500, 503)
# What the visitor has no part in.
OURS = {500, 503}
NEVER_SHOWN = {"password"}


def init_errors(app: Flask, statuses: Mapping[type[Exception], int]) -> None:
    """Register the error pages. ``statuses`` maps errors of other rooms to HTTP statuses."""

    @app.errorhandler(HTTPException)
    def http_error(error: HTTPException) -> Response:
        if error.response is not None:
            return error.get_response()
        status = 403 if isinstance(error, CrossSitePost) else error.code or 500
        answer = _answer(status)
        for name, value in error.get_headers(request.environ):
            if name in {"Allow", "Retry-After"}:
                answer.headers[name] = value
        return answer

    @app.errorhandler(Exception)
    def unexpected_error(error: Exception) -> Response:
        status = next((status for kind, status in statuses.items() if isinstance(error, kind)), 500)
        if status == 500:
            # Where it broke and the kind of error, but not what the error says: that may be what a resident wrote.
            where = "".join(traceback.format_tb(error.__traceback__))
            app.logger.error("%s, which no page foresaw:\n%s", type(error).__name__, where)
        return _answer(status)


def prepare_refusals(app: Flask) -> None:
    """Make the pages of what is refused before the framework sees it, in every language and for machines."""
    kept = app.extensions["kept_pages"]
    for prefix in ("", "api", *app.config["PORTAL_LANGUAGES"]):
        for status in REFUSED_BEFORE:
            with app.test_request_context(f"/{prefix}/" if prefix else "/"):
                page = app.process_response(_answer(status))
            kept.refusals[(prefix, status)] = (page.status, list(page.headers), page.get_data())


@dataclass(frozen=True, slots=True)
class Typed:
    """What was posted to an address: every field, and whether there were files, which a page cannot give back."""

    address: str
    fields: list[tuple[str, str]]
    had_files: bool

    @property
    def words(self) -> list[str]:
        """What was written, as opposed to chosen: it is shown, so that one can see that it is there."""
        return [value for name, value in self.fields if " " in value.strip()]


def _typed(status: int) -> Typed | None:
    """What the visitor would lose with this answer; None when nothing was posted, or not in a form that can be read."""
    if request.method != "POST" or status not in OURS:
        return None
    try:
        fields = [(name, value) for name, value in request.form.items(multi=True) if name not in NEVER_SHOWN]
    except HTTPException:
        return None
    return Typed(request.full_path.rstrip("?"), fields, bool(request.files)) if fields else None


def _answer(status: int) -> Response:
    return problem(status) if asked_by_a_machine() else error_page(status)


def error_page(status: int) -> Response:
    """The page of an HTTP status, in the language of the address or the browser."""
    heading, sentence = _words().get(status, _words()[500])
    typed = _typed(status)
    if typed:
        sentence = _("What you wrote is still here. Send it again in a few minutes.")
    page = render_template(
        "errors/error.html",
        heading=heading,
        sentence=sentence,
        typed=typed,
        way_on=[(_("Report an unsafe place"), url_for("reports.report")), (_("Start page"), url_for("pages.start"))],
    )
    return make_response(page, status)


def _words() -> dict[int, tuple[str, str]]:
    """Heading and sentence of each status that has words of its own."""
    return _words_on_what_was_asked() | _words_on_how_much_was_sent() | _words_on_our_faults()


def _words_on_what_was_asked() -> dict[int, tuple[str, str]]:
    return {
        400: (
            _("We could not read what was sent"),
            _(
                "Something went wrong on the way here. Go back to the form and send it again. "
                "Most browsers keep what you wrote."
            ),
        ),
        403: (
            _("This came from another site"),
            _("For your safety we only take forms that are sent from our own pages. Open the page here and try again."),
        ),
        404: (
            _("This page does not exist"),
            _("The address may be mistyped or the page may have moved. Nothing is wrong with what you did."),
        ),
        405: (
            _("This page cannot be used that way"),
            _("Open it from the start page instead. Nothing was stored."),
        ),
        421: (
            _("This site has another address"),
            _("Open the page from the municipality's own site. Nothing was stored."),
        ),
    }


def _words_on_how_much_was_sent() -> dict[int, tuple[str, str]]:
    return {
        408: (
            _("It took too long to arrive"),
            _(
                "Nothing was stored. Go back to the form and send it again where the network is better. "
                "Most browsers keep what you wrote."
            ),
        ),
        414: (
            _("This address is too long"),
            _("Open the page from the start page instead. Nothing was stored."),
        ),
        413: (
            _("That was too much to send at once"),
            _(
                "The photos or the text are too large together. Go back to the form, take away a photo or shorten the "
                "text, and send it again. Most browsers keep what you wrote."
            ),
        ),
        429: (
            _("Too many tries in a short time"),
            _("Wait ten minutes and try again. Others on the same network may have used up the tries."),
        ),
    }


def _words_on_our_faults() -> dict[int, tuple[str, str]]:
    return {
        503: (
            _("We cannot save anything right now"),
            _(
                "Nothing was stored. Go back to the form and send it again in a few minutes. "
                "Most browsers keep what you wrote."
            ),
        ),
        500: (
            _("Something went wrong here"),
            _("The fault is ours. Go back to the form and send it again. Most browsers keep what you wrote."),
        ),
    }
