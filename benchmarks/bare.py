"""The bare reference: what Flask and the database cost when a view does the least that could be called the same.

The pages are bytes read from ``BARE_PAGES``; the insert puts one fixed row into ``BARE_DATABASE_URL`` through an
engine with the portal's own options, so it is as durable as a report.
"""

import os
from pathlib import Path

from flask import Flask, Response
from sqlalchemy import Column, Integer, MetaData, Table, Text, create_engine, insert

from citizen_portal.settings import Settings
from citizen_portal.storage.engine import engine_options

PAGE_TYPE = "text/html; charset=utf-8"
SAVED = "saved"
ROW = {"theme": "lighting", "place": "the square", "description": "Two of three lamps have been broken for a week."}

note = Table(
    "bare_note",
    MetaData(),
    Column("id", Integer, primary_key=True),
    *(Column(name, Text, nullable=False) for name in ROW),
)


def create_app() -> Flask:
    """A Flask app with a page per file of ``BARE_PAGES`` and, with ``BARE_DATABASE_URL``, the insert."""
    app = Flask(__name__, static_folder=None)
    if "BARE_PAGES" in os.environ:
        _add_pages(app, Path(os.environ["BARE_PAGES"]))
    if "BARE_DATABASE_URL" in os.environ:
        _add_insert(app, os.environ["BARE_DATABASE_URL"])
    return app


def _add_pages(app: Flask, folder: Path) -> None:
    bodies = {file.name: file.read_bytes() for file in folder.iterdir()}

    @app.get("/<name>")
    def page(name: str) -> Response:
        return Response(bodies[name], headers={"Content-Encoding": "br"}, content_type=PAGE_TYPE)


def _add_insert(app: Flask, url: str) -> None:
    threads = Settings.from_environment(os.environ).threads
    engine = create_engine(url, **engine_options(url, connections=threads))

    @app.post("/sv/report")
    def save() -> str:
        with engine.connect().execution_options(portal_writes=True) as connection, connection.begin():
            connection.execute(insert(note).values(ROW))
        return SAVED


def create_table(url: str) -> None:
    """Make the table of the insert."""
    engine = create_engine(url)
    note.metadata.create_all(engine)
    engine.dispose()
