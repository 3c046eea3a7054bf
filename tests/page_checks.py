"""What must hold for every page: checked on each HTML answer that any test fetches."""

from urllib.parse import urlsplit

import html5lib
from flask.testing import FlaskClient
from werkzeug.exceptions import HTTPException
from werkzeug.test import TestResponse

XHTML = "{http://www.w3.org/1999/xhtml}"


class CheckedClient(FlaskClient):
    """A test client that holds every HTML page it fetches to the house's invariants."""

    def open(self, *args, **kwargs) -> TestResponse:
        # A context of its own per request, as in a server: in the test's own context one request would see the
        # language and the flags of the one before.
        with self.application.app_context():
            response = super().open(*args, buffered=True, **kwargs)
        readable = response.data and not response.content_encoding
        if response.mimetype == "text/html" and readable and response.status_code not in {301, 302, 303, 308}:
            check_page(response.text, self.application)
        return response


def check_page(html: str, app) -> None:
    """Fail with a sentence when a page breaks an invariant."""
    document = html5lib.HTMLParser(strict=True).parse(html)  # raises on the first parse error
    elements = list(document.iter())

    def by_tag(tag: str) -> list:
        return [element for element in elements if element.tag == XHTML + tag]

    headings = by_tag("h1")
    assert len(headings) == 1, f"a page has one h1, this has {len(headings)}"
    title = "".join(by_tag("title")[0].itertext())
    assert title.startswith(_words(headings[0])), f"the title {title!r} begins with the h1 {_words(headings[0])!r}"
    html_element = by_tag("html")[0]
    assert html_element.get("lang"), "a page says its language"
    assert html_element.get("dir") in {"ltr", "rtl"}, "a page says its direction"
    ids = [element.get("id") for element in elements if element.get("id")]
    assert len(ids) == len(set(ids)), f"ids are unique: {sorted(ids)}"
    for element in elements:
        assert element.get("style") is None, "no inline style: the content security policy would drop it"
        assert not [name for name in element.attrib if name.startswith("on")], "no inline script"
    for script in by_tag("script"):
        assert script.get("src"), "no inline script"
    _check_addresses(elements, ids, app)
    _check_labels(elements, ids)


def _check_addresses(elements, ids, app) -> None:
    routes = app.url_map.bind("")
    for element in elements:
        for name, method in (("href", "GET"), ("action", None), ("formaction", "POST"), ("src", "GET")):
            address = element.get(name)
            if address is None or address.startswith(("tel:", "/static/", "data:image/jpeg;base64,")):
                continue
            parts = urlsplit(address)
            if parts.scheme:
                assert element.tag == XHTML + "a", f"{address}: only a link may lead to another host"
                continue
            if not parts.path:
                assert parts.fragment in ids, f"#{parts.fragment} leads to something on the page"
                continue
            used = method or element.get("method", "get").upper()
            try:
                routes.match(parts.path, used)
            except HTTPException as error:
                raise AssertionError(f"{used} {address} leads nowhere: {error}") from error


def _check_labels(elements, ids) -> None:
    labelled = {element.get("for") for element in elements if element.tag == XHTML + "label" and element.get("for")}
    wrapped = {id(child) for element in elements if element.tag == XHTML + "label" for child in element.iter()}
    for element in elements:
        if element.tag not in {XHTML + "input", XHTML + "select", XHTML + "textarea"}:
            continue
        if element.get("type") in {"hidden", "image", "submit"}:
            continue
        name = element.get("name")
        has_label = element.get("id") in labelled or id(element) in wrapped or element.get("aria-label")
        assert has_label, f"the field {name} has a label"
        for target in (element.get("aria-describedby") or "").split():
            assert target in ids, f"{name} is described by something on the page"


def _words(element) -> str:
    return " ".join("".join(element.itertext()).split())
