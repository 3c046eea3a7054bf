"""What machines look for at a well-known address: search engines' rules, and whom to tell of a weakness."""

from datetime import UTC, datetime, time, timedelta

from flask import Blueprint, Response, abort, current_app

from citizen_portal.municipality.installed import installed
from citizen_portal.web.clock import today

# RFC 9116, 2.5.5 recommends less than a year. The file is made per request, so it is never out of date.
SECURITY_CONTACT_HOLDS = timedelta(days=180)

well_known = Blueprint("well_known", __name__)


@well_known.get("/robots.txt")
def robots() -> Response:
    """Search engines may find the site, so that residents can; the workplace they have no business in."""
    return Response("User-agent: *\nDisallow: /staff/\n", mimetype="text/plain")


@well_known.get("/.well-known/security.txt")
def security() -> Response:
    """Whom to tell of a weakness (RFC 9116); 404 where the municipality's data names no e-mail address."""
    municipality, settings = installed().municipality, current_app.config["PORTAL_SETTINGS"]
    email = next((contact.email for contact in municipality.contacts_in("municipality") if contact.email), None)
    if email is None:
        abort(404)
    expires = datetime.combine(today() + SECURITY_CONTACT_HOLDS, time(), UTC)
    lines = [
        f"Contact: mailto:{email}",
        f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}",
        f"Preferred-Languages: {', '.join(municipality.languages)}",
    ]
    if settings.public_url:
        lines.append(f"Canonical: {settings.public_url}/.well-known/security.txt")
    return Response("\n".join(lines) + "\n", mimetype="text/plain")
