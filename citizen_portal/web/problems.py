"""Answers for machines: errors as problem documents (RFC 9457), and leave for scripts of other sites to read.

What lies under ``/api/`` is for everyone to reuse, in a page of another site too: it is the same for every reader,
asks for no cookie and changes nothing. Nothing else of the portal may be read from another site.
"""

import json

from flask import Response, request
from werkzeug.http import HTTP_STATUS_CODES

MACHINES = "/api/"
PROBLEM = "application/problem+json"

OPEN_TO_EVERY_SITE = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Link, Repr-Digest",
    # Without this a page that isolates itself may not read the answer, whatever the line above says.
    "Cross-Origin-Resource-Policy": "cross-origin",
}

DETAILS = {
    404: "There is nothing at this address. The list at /api/v1/baseline has the address of everything there is.",
    405: "This address is only read: use GET or HEAD.",
    500: "The fault is ours. Trying again may help.",
    503: "The database does not answer right now. Try again in a few minutes.",
}


def asked_by_a_machine() -> bool:
    """Whether the address of this request is one for machines."""
    return request.path.startswith(MACHINES)


def problem(status: int, said: str | None = None) -> Response:
    """The problem document of an HTTP status; its meaning is the status's own, so it has no type of its own.

    ``said`` is its detail where the one of the status does not say enough.
    """
    words = {"title": HTTP_STATUS_CODES.get(status, HTTP_STATUS_CODES[500]), "status": status}
    told = said or DETAILS.get(status)
    detail = {"detail": told} if told else {}
    body = json.dumps({"type": "about:blank", **words, **detail}) + "\n"
    return Response(body, status, headers=OPEN_TO_EVERY_SITE, content_type=PROBLEM)
