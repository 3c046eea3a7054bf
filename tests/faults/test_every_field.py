"""No field, path or query of the portal breaks it: every form and route, times every kind of bad value.

Forms and routes are found, not listed, so that a new one is held to this without a line here.
"""

import logging
import os
import random
import re
from urllib.parse import quote_from_bytes

import pytest
from flask.testing import FlaskClient

from citizen_portal.municipality.installed import installed
from citizen_portal.reports.demonstration import load_demonstration
from citizen_portal.storage.engine import db
from citizen_portal.storage.unit_of_work import unit_of_work
from tests.architecture.test_routes import every_request
from tests.calendar_day import the_day
from tests.conftest import PASSWORD, forget_attempts, store_account
from tests.every_form import every_form, names_of_every_field
from tests.faults.bad_values import (
    IN_AN_ADDRESS,
    KINDS,
    OVERRIDE,
    STORED_OTHERWISE,
    multipart_with,
    urlencoded_with,
)
from tests.steps import send
from tests.waves import store_wave

# The short form takes each field with some of the kinds in turn; FUZZ_EVERYTHING=1 takes all of them.
EVERYTHING = os.environ.get("FUZZ_EVERYTHING") == "1"
KINDS_PER_FIELD = len(KINDS) if EVERYTHING else 2
REFUSED = 400


class QuickClient(FlaskClient):
    """A visitor whose pages are not looked at closely: thousands are fetched here."""

    def open(self, *args, **kwargs):
        with self.application.app_context():
            return super().open(*args, buffered=True, **kwargs)


class Portal:
    """A portal with something of everything, the visitors who use it, and what its database holds."""

    def __init__(self, app) -> None:
        self.app = app
        with unit_of_work() as session:
            load_demonstration(session, installed().municipality, secret=app.config["PORTAL_SECRET"], today=the_day())
        self.letter_wave = store_wave("by-letter", letters=3)
        store_account("tester")
        self.resident = QuickClient(app, app.response_class, use_cookies=False)
        self.staff = QuickClient(app, app.response_class)
        self.log_in()
        self.cookie = f"staff={self.staff.get_cookie('staff', path='/staff').value}"

    def forms(self):
        """Every form, filled in, by its own page."""
        receipt = send(self.app.test_client(use_cookies=False), description="Att följa upp.")
        self.last_rows = self.rows()
        known = {"code": self.letter_wave.codes[0], "receipt": receipt, "username": "tester", "password": PASSWORD}
        return every_form(self.app, {"": self.resident, self.cookie: self.staff}, known)

    def log_in(self) -> None:
        """Log in again."""
        self.staff.post("/staff/login", data={"username": "tester", "password": PASSWORD})
        self.last_rows = self.rows()

    def visitor(self, form) -> FlaskClient:
        """Who posts a form."""
        return self.staff if form.cookie else self.resident

    def rows(self) -> list:
        """Every row of every table."""
        db.session.rollback()
        found = [sorted(map(repr, db.session.execute(table.select()))) for table in db.metadata.sorted_tables]
        db.session.rollback()
        return found


@pytest.fixture
def portal(app, caplog):
    caplog.set_level(logging.WARNING)
    return Portal(app)


@pytest.fixture
def portal_on_either(either_app, caplog):
    caplog.set_level(logging.WARNING)
    return Portal(either_app)


def kinds_for(number: int, kinds=tuple(KINDS), most: int = KINDS_PER_FIELD) -> list[str]:
    """Some of the kinds, others for the next field, so that all of them meet every form."""
    if most >= len(kinds):
        return list(kinds)
    return random.Random(number).sample(kinds, most)


def assert_answered(answer, caplog, asked: str) -> None:
    assert answer.status_code < 500, asked
    assert not caplog.records, f"{asked}: {caplog.text}"
    if answer.mimetype == "text/html" and not answer.content_encoding:
        assert OVERRIDE not in answer.text, asked
        assert "\0" not in answer.text, asked


def post_bad_value(portal, caplog, form, name, kind, encode) -> None:
    forget_attempts(portal.app)  # or after some wrong codes nothing would read the others
    content_type, body = encode(form, name, kind)
    answer = portal.visitor(form).post(form.address, data=body, content_type=content_type)
    asked = f"{form}: {name} is {kind}"
    assert_answered(answer, caplog, asked)
    before, portal.last_rows = portal.last_rows, portal.rows()
    if answer.status_code >= REFUSED:
        assert portal.last_rows == before, asked


def test_every_field_of_every_form_bears_every_kind_of_value(portal, caplog):
    number, met = 0, set()
    for form in portal.forms():
        for name in sorted({name for name, _value in form.fields} | {"website", "photos", "not-a-field"}):
            for kind in kinds_for(number):
                number += 1
                post_bad_value(portal, caplog, form, name, kind, multipart_with)
                met.add(kind)
        # Whoever gets past the staff's door with bad values must not have logged the others out.
        portal.log_in()
    assert met == set(KINDS)


def test_both_databases_bear_the_characters_that_only_one_of_them_takes(portal_on_either, caplog):
    portal = portal_on_either
    number = 0
    for form in portal.forms():
        for name in sorted({name for name, _value in form.fields}):
            for kind in kinds_for(number, STORED_OTHERWISE, most=len(STORED_OTHERWISE) if EVERYTHING else 1):
                post_bad_value(portal, caplog, form, name, kind, urlencoded_with)
            number += 1
        portal.log_in()


def bad_paths(app):
    """Each route that has parameters, with a bad value for one of them at a time."""
    for rule in app.url_map.iter_rules():
        parts = re.split(r"<[^>]+>", rule.rule)
        good = dict(every_request_of(app)).get(rule.endpoint)
        for position in range(1, len(parts)):
            for kind in IN_AN_ADDRESS:
                values = ["sv"] * (len(parts) - 1)
                if good is not None:
                    found = re.fullmatch("(.+)".join(map(re.escape, parts)), good)
                    values = list(found.groups()) if found else values
                values[position - 1] = quote_from_bytes(KINDS[kind][0])
                address = "".join(part + value for part, value in zip(parts, [*values, ""], strict=True))
                yield sorted(rule.methods - {"OPTIONS", "HEAD"}), address


def every_request_of(app):
    return [(endpoint, address) for endpoint, (_method, address) in every_request(app, "GET", "POST")]


def test_every_part_of_every_address_bears_every_kind_of_value(portal_on_either, caplog):
    for methods, address in bad_paths(portal_on_either.app):
        for visitor in (portal_on_either.resident, portal_on_either.staff):
            for method in methods:
                assert_answered(visitor.open(address, method=method), caplog, f"{method} {address}")


def test_every_query_of_every_page_bears_every_kind_of_value(portal_on_either, caplog):
    names = names_of_every_field()
    for endpoint, address in every_request_of(portal_on_either.app):
        for kind in IN_AN_ADDRESS:
            query = "&".join(f"{name}={quote_from_bytes(KINDS[kind][0])}" for name in names)
            answer = portal_on_either.staff.get(f"{address}?{query}")
            assert_answered(answer, caplog, f"{endpoint} with {kind}")


ODD_HEADERS = {
    "Accept-Language": "ar;q=x,,*;q=-1," + "a" * 5000,
    "Cookie": "staff=.e\x80\xff; staff=\x01; session=" + "e" * 3000,
    "If-None-Match": '"\xff',
    "If-Modified-Since": "Thu, 99 Foo 99999 99:99:99 GMT",
    "Range": "bytes=99999999999999999999-1",
    "X-Forwarded-For": "\xff, , 999.1.1.1",
    "Origin": "null\xff",
    "Referer": "http://[",
    "Accept": ";;;q=,",
    "Accept-Encoding": "br;q=NaN, \xff",
}


def test_every_page_bears_headers_no_browser_sends(portal, caplog):
    for endpoint, address in every_request_of(portal.app):
        for name, value in ODD_HEADERS.items():
            answer = portal.resident.get(address, headers={name: value})
            assert_answered(answer, caplog, f"{endpoint} with {name}")


ODD_BODIES = {
    "application/json": b'{"theme": ["drugs"]',
    "multipart/form-data": b"no boundary",
    "multipart/form-data; boundary=": b"----",
    "multipart/form-data; boundary=\xc3\xa9": b"----",
    "application/x-www-form-urlencoded; charset=utf-16": b"\xff\xfet\x00h\x00",
    "text/xml": b"<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>",
    "": b"\0" * 1000,
}


def test_every_form_bears_bodies_that_are_no_form(portal, caplog):
    for form in portal.forms():
        for content_type, body in ODD_BODIES.items():
            before = portal.rows()
            answer = portal.visitor(form).post(form.address, data=body, content_type=content_type)
            assert_answered(answer, caplog, f"{form}: {content_type!r}")
            if answer.status_code >= REFUSED:
                assert portal.rows() == before, form
