"""Well-known addresses: what search engines may read, and whom to tell of a weakness."""

import shutil
from datetime import datetime, timedelta

from tests.calendar_day import the_day
from tests.conftest import portal


def fields_of(text):
    return dict(line.split(": ", 1) for line in text.splitlines())


def test_whoever_finds_a_weakness_learns_whom_to_tell(client):
    answer = client.get("/.well-known/security.txt")
    fields = fields_of(answer.text)
    assert answer.mimetype == "text/plain"
    assert fields["Contact"].startswith("mailto:")
    assert fields["Preferred-Languages"].startswith("sv")
    left = datetime.fromisoformat(fields["Expires"]).date() - the_day()
    assert timedelta(days=30) < left < timedelta(days=365), "RFC 9116 recommends less than a year"


def test_the_file_names_its_own_address_where_the_portal_knows_it(tmp_path):
    app = portal(tmp_path / "public", PORTAL_PUBLIC_URL="https://tryggt.example.se")
    fields = fields_of(app.test_client().get("/.well-known/security.txt", headers={"Host": "tryggt.example.se"}).text)
    assert fields["Canonical"] == "https://tryggt.example.se/.well-known/security.txt"


def test_a_municipality_that_names_no_address_has_no_such_file(tmp_path):
    municipality = shutil.copytree("tests/data/exempelby", tmp_path / "nameless")
    contacts = municipality / "contacts.toml"
    lines = contacts.read_text(encoding="utf-8").splitlines(keepends=True)
    contacts.write_text("".join(line for line in lines if not line.startswith("email =")), encoding="utf-8")
    app = portal(tmp_path / "instance", PORTAL_MUNICIPALITY=str(municipality))
    assert app.test_client().get("/.well-known/security.txt").status_code == 404
