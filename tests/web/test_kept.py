"""Kept pages: the same bytes for everyone, compressed once, answered without the framework."""

import gzip

import brotli
import pytest

from tests.steps import filled_in

KEPT = ["/sv/", "/sv/report", "/sv/report?place=vasby_centrum", "/sv/follow", "/sv/help", "/sv/about/privacy"]
UNPACK = {"br": brotli.decompress, "gzip": gzip.decompress}


@pytest.fixture
def entered(app):
    """Addresses for which the framework was entered."""
    seen = []

    def hook() -> None:
        seen.append(1)

    app.before_request_funcs.setdefault(None, []).append(hook)
    yield seen
    app.before_request_funcs[None].remove(hook)


@pytest.mark.parametrize("address", KEPT)
def test_the_second_visit_is_answered_without_entering_the_framework(client, entered, address):
    first, second = client.get(address), client.get(address)
    assert len(entered) == 1
    assert (first.status_code, first.data) == (second.status_code, second.data)


@pytest.mark.parametrize("address", KEPT)
def test_the_first_and_the_second_visitor_get_the_same_headers(client, address):
    first, second = client.get(address), client.get(address)
    assert sorted(first.headers) == sorted(second.headers)


@pytest.mark.parametrize(
    "address", ["/sv/report?place=", "/sv/report?x=1", "/sv/report?place=atlantis", "/sv/?x=1", "/sv/nowhere", "/"]
)
def test_no_address_that_a_visitor_makes_up_is_kept(app, client, address):
    before = set(app.extensions["kept_pages"].pages)
    client.get(address)
    assert set(app.extensions["kept_pages"].pages) == before


@pytest.mark.parametrize("coding", UNPACK)
def test_a_page_comes_in_the_coding_that_was_asked_for(client, coding):
    plain = client.get("/sv/").data
    packed = client.get("/sv/", headers={"Accept-Encoding": f"deflate, {coding};q=0.9"})
    assert packed.headers["Content-Encoding"] == coding
    assert packed.headers["Content-Length"] == str(len(packed.data))
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert UNPACK[coding](packed.data) == plain


@pytest.mark.parametrize("refused", ["", "identity", "br;q=0", "br; q=0, gzip;q=0", "deflate"])
def test_who_takes_no_coding_of_ours_gets_the_plain_page(client, refused):
    answer = client.get("/sv/", headers={"Accept-Encoding": refused})
    assert "Content-Encoding" not in answer.headers
    assert answer.data.startswith(b"<!doctype html>")


def test_brotli_is_chosen_over_gzip(client):
    client.get("/sv/")
    answer = client.get("/sv/", headers={"Accept-Encoding": "gzip, deflate, br"})
    assert answer.headers["Content-Encoding"] == "br"


def test_a_browser_that_has_the_page_is_told_so_without_its_bytes(client):
    etag = client.get("/sv/").headers["ETag"]
    again = client.get("/sv/", headers={"If-None-Match": etag})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == etag


def test_a_browser_that_has_another_page_gets_this_one(client):
    client.get("/sv/")
    assert client.get("/sv/", headers={"If-None-Match": '"other"'}).status_code == 200


def test_head_gives_the_headers_of_the_page_and_no_bytes(client):
    length = len(client.get("/sv/").data)
    answer = client.head("/sv/")
    assert (answer.status_code, answer.data) == (200, b"")
    assert answer.headers["Content-Length"] == str(length)


def test_each_language_has_its_own_page(client):
    pages = {language: client.get(f"/{language}/").data for language in ("sv", "en", "fi", "ar")}
    again = {language: client.get(f"/{language}/").data for language in pages}
    assert pages == again
    assert len(set(pages.values())) == 4


def test_what_one_visitor_asked_for_never_shows_in_another_s_page(client):
    client.get("/sv/report?place=vasby_centrum")
    assert "place" not in filled_in(client.get("/sv/report").text)
    client.get("/sv/", headers={"Accept-Language": "ar", "User-Agent": "Marker/1"})
    assert b"Marker" not in client.get("/sv/").data


def test_a_post_is_never_answered_from_memory(client):
    client.get("/sv/report")
    assert client.post("/sv/report").status_code == 422


def test_an_asset_is_named_by_its_bytes_and_may_be_kept_for_ever(app, client):
    addresses = [address for address in app.extensions["kept_pages"].pages if address.startswith("/static/")]
    assert len(addresses) > 5
    for address in addresses:
        answer = client.get(address)
        assert answer.headers["Cache-Control"] == "max-age=31536000, immutable"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.mimetype in {"text/css", "text/javascript", "image/svg+xml"}
        if answer.mimetype == "image/svg+xml":
            assert answer.headers["Content-Security-Policy"] == "default-src 'none'"


def test_an_asset_of_another_release_is_not_found(app, client):
    address = next(address for address in app.extensions["kept_pages"].pages if address.endswith(".css"))
    stem, digest, suffix = address.rsplit(".", 2)
    assert client.get(f"{stem}.{digest[::-1]}.{suffix}").status_code == 404


def test_no_file_outside_the_assets_can_be_reached(client):
    for address in ("/static/../pyproject.toml", "/static/%2e%2e/pyproject.toml", "/static/", "/instance/secret.key"):
        assert client.get(address).status_code == 404
