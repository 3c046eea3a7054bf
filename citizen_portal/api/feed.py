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
from citizen_portal.api.catalogue import catalogue
from citizen_portal.api.documents import (
    Gone,
    PublicDocument,
    WithdrawnDocument,
    all_documents,
    one_document,
    withdrawn_documents,
)
from citizen_portal.api.formats import FORMATS, METADATA
from citizen_portal.api.licence import LICENCE
from citizen_portal.api.rdf import Node, json_ld, turtle
from citizen_portal.municipality.installed import installed
from citizen_portal.storage.engine import db
from citizen_portal.web.problems import OPEN_TO_EVERY_SITE, problem

JSON, JSON_SCHEMA = "application/json", "application/schema+json"
TURTLE, JSON_LD = "text/turtle; charset=utf-8", "application/ld+json"
# A document never changes, but it may be withdrawn, and how a new release writes its CSV may change.
KEPT_SECONDS = 300

# What the list links to beside the snapshots.
BESIDE = {
    "self": "snapshots",
    "schema": "schema",
    "openapi": "openapi",
    "catalogue_turtle": "catalogue_turtle",
    "catalogue_json_ld": "catalogue_json_ld",
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
    links = {name: absolute(f"feed.{endpoint}") for name, endpoint in BESIDE.items()}
    values = {
        "links": links,
        "snapshots": [_entry(each) for each in all_documents(db.session())],
        "withdrawn": [_withdrawn(each) for each in withdrawn_documents(db.session())],
    }
    return _answer(_readable(values), JSON)


@feed.get("/baseline.schema.json")
def schema() -> Response:
    """The JSON Schema of public documents."""
    return _answer(_file("baseline.schema.json"), JSON_SCHEMA)


@feed.get("/baseline/<code>")
def snapshot(code: str) -> Response:
    """The public document, byte for byte as it was frozen."""
    described = f'<{absolute("feed.schema")}>; rel="describedby"; type="{JSON_SCHEMA}"'
    return _snapshot(code, "json", described)


@feed.get("/baseline/<code>.csv")
def csv(code: str) -> Response:
    """One row per figure."""
    metadata = FORMATS[METADATA]
    address = absolute(metadata.endpoint, code=code)
    return _snapshot(code, "csv", f'<{address}>; rel="describedby"; type="{metadata.media_type}"')


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


@feed.get("/catalogue.ttl")
def catalogue_turtle() -> Response:
    """The catalogue for data portals, in Turtle."""
    return _answer(turtle(_catalogue()), TURTLE)


@feed.get("/catalogue.jsonld")
def catalogue_json_ld() -> Response:
    """The same catalogue in JSON-LD."""
    return _answer(json_ld(_catalogue()), JSON_LD)


@feed.get("/openapi.json")
def openapi() -> Response:
    """The description of the feed, OpenAPI 3.1."""
    return _answer(_file("openapi.json"), JSON)


def _catalogue() -> list[Node]:
    return catalogue(all_documents(db.session()), installed().municipality)


def _snapshot(code: str, name: str, *links: str) -> Response:
    try:
        document = one_document(db.session(), code)
    except Gone as gone:
        return problem(410, _gone(gone.document))
    wanted = FORMATS[name]
    return _answer(wanted.make(document), wanted.media_type, *links, f'<{LICENCE}>; rel="license"')


def _gone(document: WithdrawnDocument) -> str:
    instead = f" In its place: {document.replaced_by}." if document.replaced_by else ""
    return (
        f"Withdrawn on {document.withdrawn_on}, because: {document.because}{instead} "
        f"SHA-256 of what was public: {document.digest}"
    )


def _withdrawn(document: WithdrawnDocument) -> dict[str, object]:
    return {
        "code": document.code,
        "withdrawn_on": document.withdrawn_on.isoformat(),
        "because": document.because,
        "replaced_by": document.replaced_by,
        "public_digest": document.digest,
    }


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
        "links": {name: absolute(each.endpoint, code=document.code) for name, each in FORMATS.items()},
    }


def _answer(body: bytes, media_type: str, *links: str) -> Response:
    """An answer known by its digest, which a reader who has it already gets no bytes of."""
    digest = sha256(body)
    response = Response(body, content_type=media_type)
    response.set_etag(digest.hexdigest())
    response.headers["Repr-Digest"] = f"sha-256=:{b64encode(digest.digest()).decode()}:"
    response.headers["Cache-Control"] = f"public, max-age={KEPT_SECONDS}"
    for link in links:
        response.headers.add("Link", link)
    return response.make_conditional(request)


def _readable(values: dict[str, object]) -> bytes:
    return (json.dumps(values, ensure_ascii=False, indent=2) + "\n").encode()


@cache
def _file(name: str) -> bytes:
    """A file beside this one."""
    return Path(__file__).with_name(name).read_bytes()
