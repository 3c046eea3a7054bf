"""Answers made for one request travel compressed when the browser can read that, and are left alone otherwise."""

import gzip

import brotli
import pytest

from tests.steps import REPORT

UNPACK = {"br": brotli.decompress, "gzip": gzip.decompress}
EMPTY_FORM = "/sv/report"


@pytest.mark.parametrize("coding", UNPACK)
def test_a_form_that_comes_back_travels_in_the_coding_that_was_asked_for(client, coding):
    plain = client.post(EMPTY_FORM).data
    packed = client.post(EMPTY_FORM, headers={"Accept-Encoding": coding})
    assert packed.headers["Content-Encoding"] == coding
    assert packed.headers["Content-Length"] == str(len(packed.data))
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert UNPACK[coding](packed.data) == plain
    assert len(packed.data) < len(plain) / 2


@pytest.mark.parametrize("refused", ["", "identity", "br;q=0", "deflate"])
def test_who_takes_no_coding_of_ours_gets_plain_bytes_and_the_same_vary(client, refused):
    answer = client.post(EMPTY_FORM, headers={"Accept-Encoding": refused})
    assert "Content-Encoding" not in answer.headers
    assert "Accept-Encoding" in answer.headers["Vary"]
    assert answer.data.startswith(b"<!doctype html>")


def test_a_tiny_answer_is_not_worth_it(client):
    answer = client.get("/", headers={"Accept-Encoding": "br"})
    assert len(answer.data) < 512
    assert "Content-Encoding" not in answer.headers


def test_a_receipt_fits_one_round_trip_and_is_left_as_it_is(client):
    answer = client.post("/sv/report", data=REPORT, headers={"Accept-Encoding": "br"})
    assert answer.status_code == 200
    assert "Content-Encoding" not in answer.headers
    assert len(answer.data) < 6_000


def test_a_file_that_streams_is_left_to_stream(staff_client, noise):
    answer = staff_client.get("/staff/reports.csv?for=machines", headers={"Accept-Encoding": "br"})
    assert (answer.status_code, answer.mimetype) == (200, "text/csv")
    assert "Content-Encoding" not in answer.headers


def test_a_kept_page_is_compressed_once_and_not_again(client):
    for _visit in range(2):
        answer = client.get("/sv/", headers={"Accept-Encoding": "br"})
        assert brotli.decompress(answer.data).startswith(b"<!doctype html>")


def test_the_questions_of_an_open_link_are_compressed_as_well_as_can_be(client, open_link_wave):
    address = f"/sv/survey/{open_link_wave.code}"
    packed = client.get(address, headers={"Accept-Encoding": "br"}).data
    assert packed == brotli.compress(client.get(address).data)
