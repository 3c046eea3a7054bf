"""The feed: frozen baselines for other systems, each format at an address of its own. ``docs/feed.md`` describes it.

Everything is made from public documents, is the same for every reader and may be read from any site.
"""

import json
from base64 import b64encode
from functools import cache
from hashlib import sha256
from pathlib import Path

from flask import Blueprint, Response, request

from citizen_portal.api.addresses import absolute
from citizen_portal.api.documents import PublicDocument, all_documents, one_document
from citizen_portal.api.formats import FORMATS
from citizen_portal.api.licence import LICENCE
from citizen_portal.storage.engine import db
from citizen_portal.web.problems import OPEN_TO_EVERY_SITE

JSON, JSON_SCHEMA, METADATA = "application/json", "application/schema+json", "csv-metadata"
# A snapshot never changes, but how a new release writes its CSV may.
A_DAY, FIVE_MINUTES = 86_400, 300

ENDPOINTS = {
    "json": "feed.snapshot",
    "csv": "feed.csv",
    METADATA: "feed.csv_metadata",
    "jsonstat": "feed.jsonstat",
    "zip": "feed.data_package",
}

feed = Blueprint("feed", __name__, url_prefix="/api/v1")


@feed.after_request
def open_to_every_site(response: Response) -> Response:
    """Let scripts of every site read the answer."""
    response.headers.update(OPEN_TO_EVERY_SITE)
    return response


@feed.get("/baseline")
def snapshots() -> Response:
    """Every snapshot, the latest period first, with the addresses of its formats."""
    links = {"self": absolute("feed.snapshots"), "schema": absolute("feed.schema")}
    values = {"links": links, "snapshots": [_entry(each) for each in all_documents(db.session())]}
    return _answer(_readable(values), JSON, FIVE_MINUTES)


@feed.get("/baseline.schema.json")
def schema() -> Response:
    """The JSON Schema of public documents."""
    return _answer(_file("baseline.schema.json"), JSON_SCHEMA, FIVE_MINUTES)


@feed.get("/baseline/<code>")
def snapshot(code: str) -> Response:
    """The public document, byte for byte as it was frozen."""
    described = f'<{absolute("feed.schema")}>; rel="describedby"; type="{JSON_SCHEMA}"'
    return _snapshot(code, "json", described)


@feed.get("/baseline/<code>.csv")
def csv(code: str) -> Response:
    """One row per figure."""
    metadata = absolute(ENDPOINTS[METADATA], code=code)
    return _snapshot(code, "csv", f'<{metadata}>; rel="describedby"; type="{FORMATS[METADATA].media_type}"')


@feed.get("/baseline/<code>.csv-metadata.json")
def csv_metadata(code: str) -> Response:
    """What the columns of the CSV mean."""
    return _snapshot(code, METADATA)


@feed.get("/baseline/<code>.jsonstat.json")
def jsonstat(code: str) -> Response:
    """Figures as a JSON-stat cube."""
    return _snapshot(code, "jsonstat")


@feed.get("/baseline/<code>.zip")
def data_package(code: str) -> Response:
    """Everything in one archive."""
    return _snapshot(code, "zip")


def _snapshot(code: str, name: str, *links: str) -> Response:
    document = one_document(db.session(), code)
    wanted = FORMATS[name]
    return _answer(wanted.make(document), wanted.media_type, A_DAY, *links, f'<{LICENCE}>; rel="license"')


def _entry(document: PublicDocument) -> dict[str, object]:
    values = document.values
    return {
        "code": document.code,
        "kind": values["kind"],
        "period": values["period"],
        "wave": values["survey"]["wave"],
        "frozen_on": values["frozen_on"],
        "against": values["against"],
        "example_population": values["survey"]["example_population"],
        "public_digest": document.digest,
        "links": {name: absolute(endpoint, code=document.code) for name, endpoint in ENDPOINTS.items()},
    }


def _answer(body: bytes, media_type: str, seconds: int, *links: str) -> Response:
    """An answer known by its digest, which a reader who has it already gets no bytes of."""
    digest = sha256(body)
    response = Response(body, content_type=media_type)
    response.set_etag(digest.hexdigest())
    response.headers["Repr-Digest"] = f"sha-256=:{b64encode(digest.digest()).decode()}:"
    response.headers["Cache-Control"] = f"public, max-age={seconds}"
    for link in links:
        response.headers.add("Link", link)
    return response.make_conditional(request)


def _readable(values: dict[str, object]) -> bytes:
    return (json.dumps(values, ensure_ascii=False, indent=2) + "\n").encode()


@cache
def _file(name: str) -> bytes:
    """A file beside this one."""
    return Path(__file__).with_name(name).read_bytes()
