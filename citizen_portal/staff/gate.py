"""The gate: logging in and out, and who is inside.

The session is a signed cookie that only staff ever get. It ends after a working day, at log-out, or when the account's
session number moves on.
"""

from datetime import timedelta

from flask import Blueprint, Flask, Request, g, make_response, redirect, render_template, request, session, url_for
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms import PasswordField

from citizen_portal.staff.accounts import account_of_session, authenticate, end_sessions
from citizen_portal.staff.models import StaffAccount
from citizen_portal.staff.roles import ADMINISTRATOR, ANALYST, OFFICER, READER, first_page, may
from citizen_portal.storage.engine import db
from citizen_portal.storage.unit_of_work import unit_of_work
from citizen_portal.web.forms import PlainText, PlainTextArea, PortalForm, posted_fields, required
from citizen_portal.web.wrong_tries import wait_after_wrong_try, wait_in_words

WRITTEN_BY_STAFF = ("public_note", "body")
WORKING_DAY = timedelta(hours=10)
HASHES_AT = "/staff/login"
# The name in the environ of a login for which there is no time: too many wait for theirs.
TOO_BUSY = "citizen_portal.too_busy_to_hash"

gate = Blueprint("gate", __name__, url_prefix="/staff")


class SessionsOfStaff(SecureCookieSessionInterface):
    """Sessions in the workplace and nowhere else: on a resident's page there is none to read, and none can be begun."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """The session, or None (which Flask turns into one that refuses to be written to)."""
        return super().open_session(app, request) if request.path.startswith(f"{gate.url_prefix}/") else None

    def get_cookie_secure(self, app: Flask) -> bool:
        """Also where no public address is set, but a trusted proxy says that the visitor came over TLS."""
        return super().get_cookie_secure(app) or request.is_secure

    def get_cookie_name(self, app: Flask) -> str:
        """The browser itself refuses a cookie of this name that did not come over TLS."""
        return "__Secure-staff" if self.get_cookie_secure(app) else "staff"


class LoginForm(PortalForm):
    """Name and password; ``unsent`` is what was written when the session ended, to be copied."""

    username = PlainText(validators=[required()])
    password = PasswordField(validators=[required()])
    unsent = PlainTextArea()


def init_gate(app: Flask, *, https: bool) -> None:
    """Set the session cookie's terms, and let pages ask what whoever reads them may do."""
    app.session_interface = SessionsOfStaff()
    app.jinja_env.globals.update(may=_may, workplace_home=_home)
    app.config.update(
        SESSION_COOKIE_SECURE=https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Strict",
        # The cookie never leaves the workplace: a resident's page neither gets nor sets it, whoever looks at it.
        SESSION_COOKIE_PATH="/staff",
        SESSION_REFRESH_EACH_REQUEST=False,
        PERMANENT_SESSION_LIFETIME=WORKING_DAY,
    )


def require_staff() -> ResponseReturnValue | None:
    """Before every page of the workplace: someone is logged in whose role may see it, or goes to the login page first.

    A role that may not gets a page that says so, with 403. What was written in a session that has ended meanwhile
    stands on the login page: a page that is never stored is not filled in again by the browser's way back.
    """
    if "account" in session:
        g.staff = account_of_session(
            db.session(), account_id=session["account"], session_number=session["session_number"]
        )
    unsent = "\n".join(filter(None, (request.form.get(name, "").strip() for name in WRITTEN_BY_STAFF)))
    if g.get("staff") is not None:
        return None if _may(request.endpoint) else _refuse_role(unsent)
    if unsent:
        problem = _("You have been logged out. What you wrote was not sent: copy it before you log in.")
        return _refuse(LoginForm(data={"unsent": unsent}), 403, problem)
    return redirect(url_for("gate.login"))


def _may(endpoint: str) -> bool:
    """Whether whoever is logged in may ask for this route; nobody may who is not."""
    account = g.get("staff")
    return account is not None and may(account.role, endpoint)


def _home() -> str:
    """The first page of whoever is logged in, or of anybody."""
    account = g.get("staff")
    return first_page(account.role if account else ADMINISTRATOR)


def _refuse_role(unsent: str) -> ResponseReturnValue:
    account = current_staff()
    names = {READER: _("reader"), OFFICER: _("officer"), ANALYST: _("analyst"), ADMINISTRATOR: _("administrator")}
    page = render_template("staff/refused.html", name=account.username, role=names[account.role], unsent=unsent)
    return make_response(page, 403)


def current_staff() -> StaffAccount:
    """The member of staff whose request this is."""
    return g.staff


@gate.get("/login")
def login() -> ResponseReturnValue:
    """Ask for name and password."""
    return render_template("staff/login.html", form=LoginForm(), problem=None)


@gate.post("/login")
def enter() -> ResponseReturnValue:
    """Log in: a redirect to the first page of one's role, 422 for a wrong name or password, 429 after many."""
    form = LoginForm(posted_fields())
    if not form.validate():
        return _refuse(form, 422, None)
    if request.environ.get(TOO_BUSY):
        return _refuse(form, 503, _("Many are logging in just now. Wait a minute and try again."))
    account = authenticate(db.session(), username=form.username.data, password=form.password.data)
    if account is None:
        seconds = wait_after_wrong_try("logins", form.username.data.strip().casefold())
        if seconds:
            return _refuse(form, 429, wait_in_words(seconds))
        return _refuse(form, 422, _("The name or the password is wrong."))
    session.clear()
    session.update(account=account.id, session_number=account.session_number)
    session.permanent = True
    return redirect(url_for(first_page(account.role)))


@gate.post("/logout")
def logout() -> ResponseReturnValue:
    """Log out here and everywhere else this account is logged in."""
    require_staff()
    if g.get("staff") is not None:
        with unit_of_work() as write:
            end_sessions(write.merge(current_staff()))
    session.clear()
    answer = redirect(url_for("gate.login"))
    # What the workplace showed is gone from this browser too: the next person's Back finds none of it. "cookies" would
    # reach every site of the municipality's domain and log the officer out of them all.
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return answer


def _refuse(form: LoginForm, status: int, problem: str | None) -> ResponseReturnValue:
    return make_response(render_template("staff/login.html", form=form, problem=problem), status)
