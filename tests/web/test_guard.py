"""The guard: posts from other sites are refused, and every answer carries the security headers."""

import re
import shutil

import pytest

from citizen_portal.cli import cli
from citizen_portal.municipality import bundled_folder
from citizen_portal.web.transport import FORWARDED_MARK
from tests.conftest import PASSWORD, portal, store_account
from tests.steps import REPORT, count

OWN = "http://localhost"
REFUSED = {
    "cross-site by the browser's word": {"Sec-Fetch-Site": "cross-site"},
    "same-site by the browser's word": {"Sec-Fetch-Site": "same-site"},
    "a word no browser says": {"Sec-Fetch-Site": "whatever"},
    "cross-site with a forged origin": {"Sec-Fetch-Site": "cross-site", "Origin": OWN},
    "another origin": {"Origin": "https://evil.example"},
    "another port": {"Origin": "http://localhost:8080"},
    "a hidden origin": {"Origin": "null"},
    "an empty origin": {"Origin": ""},
    "an origin that is no address": {"Origin": "http://[::1"},
    "an origin with our name in front": {"Origin": "http://localhost.evil.example"},
}
ALLOWED = {
    "our own form": {"Sec-Fetch-Site": "same-origin", "Origin": OWN},
    "typed by the visitor": {"Sec-Fetch-Site": "none"},
    "an older browser": {"Origin": OWN},
    "no browser": {},
    "our own form without an origin to show": {"Sec-Fetch-Site": "same-origin", "Origin": "null"},
}
POSTED_TO = ["/sv/report", "/sv/report/point", "/sv/follow", "/sv/follow/message", "/staff/login", "/staff/logout"]
ANSWERS = {
    "start": ("GET", "/sv/", 200),
    "form": ("GET", "/sv/report", 200),
    "refused form": ("POST", "/sv/report", 422),
    "wrong code": ("POST", "/sv/follow", 422),
    "redirect": ("GET", "/", 302),
    "missing page": ("GET", "/sv/nowhere", 404),
    "wrong method": ("POST", "/sv/help", 405),
    "login": ("GET", "/staff/login", 200),
    "closed door": ("GET", "/staff/", 302),
    "health": ("GET", "/healthz", 200),
    "robots": ("GET", "/robots.txt", 200),
}


@pytest.mark.parametrize("headers", REFUSED.values(), ids=REFUSED)
def test_a_post_from_another_site_gets_a_page_and_stores_nothing(client, headers):
    answer = client.post("/sv/report", data=REPORT, headers=headers)
    assert answer.status_code == 403
    assert "<h1>" in answer.text
    assert count() == 0


@pytest.mark.parametrize("headers", ALLOWED.values(), ids=ALLOWED)
def test_a_post_from_our_own_pages_goes_through(client, headers):
    assert client.post("/sv/report", data=REPORT, headers=headers).status_code == 200


@pytest.mark.parametrize("address", POSTED_TO)
def test_no_address_that_takes_a_post_is_left_out(client, address):
    assert client.post(address, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403


def test_a_link_on_another_site_may_lead_here(client):
    headers = {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"}
    assert client.get("/sv/report", headers=headers).status_code == 200


@pytest.mark.parametrize(("method", "address", "status"), ANSWERS.values(), ids=ANSWERS)
def test_every_answer_carries_the_security_headers(client, method, address, status):
    for _ in range(2):  # the second time a page may come from memory
        answer = client.open(address, method=method)
        policy = dict(part.split(" ", 1) for part in answer.headers["Content-Security-Policy"].split("; "))
        assert answer.status_code == status
        assert policy["default-src"] == policy["base-uri"] == policy["frame-ancestors"] == "'none'"
        assert "unsafe" not in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert answer.headers["Referrer-Policy"]
        assert "Strict-Transport-Security" not in answer.headers


def test_no_answer_names_the_software_that_made_it(client):
    assert not {"Server", "X-Powered-By"} & set(client.get("/sv/").headers.keys())


def test_pages_with_a_resident_s_words_are_kept_by_nobody_but_the_tab_they_stand_in(client):
    # So that Back and Forward give the receipt, and a form that was refused, again.
    for answer in (client.post("/sv/report", data=REPORT), client.post("/sv/report")):
        assert answer.headers["Cache-Control"] == "private, no-cache"
    for answer in (client.post("/sv/follow", data={"receipt": "1"}), client.get("/staff/login")):
        assert answer.headers["Cache-Control"] == "no-store"


def test_a_portal_that_residents_reach_by_https_says_so_for_a_year(tmp_path):
    app = portal(tmp_path / "https", PORTAL_PUBLIC_URL="https://tryggt.example.se")
    answer = app.test_client().get("/sv/")
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"


OTHER_HOSTS = ["evil.example", "tryggt.example.se.evil.example", "evil.example:443", "[::2]:443", "[evil.example"]
OUR_NAME = "tryggt.example.se"
OWN_HOSTS = [OUR_NAME, OUR_NAME.upper(), f"{OUR_NAME}:443", "127.0.0.1:8000", "[::1]:8000", "localhost"]


@pytest.fixture(scope="module")
def public(tmp_path_factory):
    """A browser at a portal that has been told its public address."""
    return portal(tmp_path_factory.mktemp("public"), PORTAL_PUBLIC_URL="https://tryggt.example.se").test_client()


@pytest.mark.parametrize("host", OTHER_HOSTS)
@pytest.mark.parametrize("address", ["/api/v1/catalogue.jsonld", "/sv/follow", "/staff/login"])
def test_a_request_for_a_host_that_is_not_ours_gets_a_page_that_says_so(public, host, address):
    answer = public.get(address, headers={"Host": host})
    assert answer.status_code == 421
    assert "evil" not in answer.text


@pytest.mark.parametrize("host", OWN_HOSTS)
def test_our_own_host_and_this_machine_s_names_are_answered(public, host):
    assert public.get("/sv/follow", headers={"Host": host}).status_code == 200


def test_without_a_public_address_every_host_is_answered(client):
    assert client.get("/sv/follow", headers={"Host": "whatever.example"}).status_code == 200


def test_behind_a_proxy_the_visitor_s_own_host_is_what_an_origin_is_held_against(tmp_path):
    app = portal(tmp_path / "proxied", PORTAL_TRUSTED_PROXIES="1", PORTAL_MUNICIPALITY=str(bundled_folder()))
    forwarded = {"X-Forwarded-Host": "tryggt.example.se", "X-Forwarded-Proto": "https"}
    client = app.test_client()
    own = client.post("/sv/report", headers={**forwarded, "Origin": "https://tryggt.example.se"})
    other = client.post("/sv/report", headers={**forwarded, "Origin": "http://localhost"})
    assert (own.status_code, other.status_code) == (422, 403)


BEHIND_A_PROXY = {"X-Forwarded-For": "198.51.100.7", "X-Forwarded-Proto": "https"}


def test_tls_seen_through_a_trusted_proxy_brings_hsts_on_every_answer_and_a_secure_cookie(tmp_path, migrated_sqlite):
    app = portal(shutil.copytree(migrated_sqlite, tmp_path / "instance"), PORTAL_TRUSTED_PROXIES="1")
    with app.app_context():
        store_account("tester")
    client = app.test_client()
    style = re.search(r'href="(/static/[^"]+\.css)"', client.get("/sv/").text).group(1)
    for path in ("/sv/", "/sv/", style, "/sv/nowhere", "/healthz"):
        assert client.get(path, headers=BEHIND_A_PROXY).headers.getlist("Strict-Transport-Security") == [
            "max-age=31536000"
        ], path
        assert "Strict-Transport-Security" not in client.get(path).headers
    login = client.post("/staff/login", data={"username": "tester", "password": PASSWORD}, headers=BEHIND_A_PROXY)
    assert login.headers["Set-Cookie"].startswith("__Secure-staff=")
    assert "Secure;" in login.headers["Set-Cookie"]


def test_a_proxy_that_nobody_trusts_is_told_by_the_check_and_leaves_no_address(tmp_path, migrated_sqlite):
    app = portal(shutil.copytree(migrated_sqlite, tmp_path / "instance"))
    client = app.test_client()
    client.get("/sv/")
    said = app.test_cli_runner().invoke(cli, ["check"]).output
    client.get("/sv/", headers=BEHIND_A_PROXY)
    assert "X-Forwarded-For" not in said
    assert "X-Forwarded-For has come" in app.test_cli_runner().invoke(cli, ["check"]).output
    mark = app.config["PORTAL_SETTINGS"].data_dir / FORWARDED_MARK
    assert mark.read_bytes() == b""
    assert mark.stat().st_mtime == 0
    assert "Strict-Transport-Security" not in client.get("/sv/", headers=BEHIND_A_PROXY).headers
