"""What crosses the network: how many bytes, to whom, and that nothing comes back with a cookie."""

import socket
from urllib.parse import urlsplit

import pytest

from tests.browser.tour import PLAIN_PAGES, resident_tour

MOST_BYTES = 14_600  # ten packets: what a server may send before the phone has answered once


def bytes_of(url):
    """How many bytes an answer to a browser's GET has on the wire, headers and all."""
    parts = urlsplit(url)
    address = parts._replace(scheme="", netloc="").geturl()
    asked = f"GET {address} HTTP/1.1\r\nHost: {parts.netloc}\r\nAccept-Encoding: br\r\nConnection: close\r\n\r\n"
    with socket.create_connection((parts.hostname, parts.port)) as connection:
        connection.sendall(asked.encode())
        return sum(len(part) for part in iter(lambda: connection.recv(65536), b""))


@pytest.mark.parametrize("language", ["sv", "fi", "ar"])
@pytest.mark.parametrize("path", ["/", "/report", "/survey/open-to-all"])
def test_the_first_view_fits_the_first_round_trip(visitor, served, path, language):
    resident = visitor(language)
    wire, answers = {}, {}
    cdp = resident.context.new_cdp_session(resident.page)
    cdp.send("Network.enable")
    cdp.on("Network.responseReceived", lambda event: answers.update({event["requestId"]: event["response"]}))
    cdp.on("Network.loadingFinished", lambda event: wire.update({event["requestId"]: event["encodedDataLength"]}))
    resident.open(path)
    resident.page.wait_for_load_state("networkidle")
    # A browser draws its own controls with data: addresses, which cross no network.
    sizes = {answers[request]["url"]: size for request, size in wire.items()}
    sizes = {url: size for url, size in sizes.items() if not url.startswith("data:")}
    icon = resident.page.evaluate("document.querySelector('link[rel=icon]').href")
    sizes.setdefault(icon, bytes_of(icon))
    compressed = {answer["url"] for answer in answers.values() if "br" in answer["headers"].values()}
    assert compressed | {icon} == set(sizes), "everything travels compressed"
    assert sizes[resident.page.url] == pytest.approx(bytes_of(resident.page.url), abs=200), "headers are counted"
    assert {urlsplit(address).path.rpartition(".")[2] for address in sizes} >= {"css", "js", "svg"}
    assert sum(sizes.values()) <= MOST_BYTES, f"{sum(sizes.values())} bytes: {sizes}"


def test_the_page_of_a_letter_fits_it_too(visitor, served):
    """It answers a post, from the page with the box for the code, whose style it shares."""
    resident = visitor()
    resident.open("/survey")
    cdp = resident.context.new_cdp_session(resident.page)
    wire = []
    cdp.send("Network.enable")
    cdp.on("Network.loadingFinished", lambda event: wire.append(event["encodedDataLength"]))
    resident.write("code", served.unused_codes.pop())
    resident.find("main form button").first.click()
    resident.find("form#survey").wait_for()
    resident.page.wait_for_load_state("networkidle")
    assert 5_000 < sum(wire) <= MOST_BYTES


def test_a_resident_gets_no_cookie_and_no_page_asks_another_host(visitor, served):
    resident = visitor()
    answers = []
    resident.context.on("response", lambda response: answers.append(response))  # noqa: PLW0108  a method will not do
    names = list(resident_tour(resident))
    assert len(names) > len(PLAIN_PAGES)
    headers = [answer.all_headers() for answer in answers]
    assert all("content-type" in each for each in headers)
    assert [answer.url for answer, each in zip(answers, headers, strict=True) if "set-cookie" in each] == []
    assert resident.context.cookies() == []
    assert {urlsplit(url).netloc for url in resident.requested} == {urlsplit(served.url).netloc}


def test_a_second_view_asks_for_no_asset_again(visitor):
    resident = visitor()
    resident.open("/report")
    resident.page.wait_for_load_state("networkidle")
    fresh = []
    resident.context.on("response", lambda response: fresh.append(response.url))
    resident.open("/")
    again = [url for url in fresh if "/static/" in url]
    transferred = resident.page.evaluate(
        "performance.getEntriesByType('resource').filter((entry) => entry.transferSize > 0).map((entry) => entry.name)"
    )
    assert again, "the page uses assets"
    assert transferred == []
