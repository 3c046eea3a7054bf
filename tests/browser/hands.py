"""Hands at a browser that know only what fingers can do, the same for Chromium and for Firefox.

Nothing here waits for a page to be ready: a monkey does not, and a person in a hurry does not either.
"""

import json
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Protocol

from playwright.sync_api import Browser, Dialog
from playwright.sync_api import Error as PlaywrightError

from tests.browser.bidi import Bidi, BidiError
from tests.browser.chromium import PHONE
from tests.browser.firefox import ENTER

# "none" before the first page of all; "broken" where the browser says that it could not get one, or got a part of it.
STATE = """document.URL === 'about:blank' ? 'none' : document.querySelector('.bottom') ? 'there'
    : document.readyState === 'complete' ? 'broken' : 'coming'"""
PATIENCE_SECONDS = 30
# A question whether to leave comes by itself a little after what leads to it.
QUESTION_COMES_MILLISECONDS = 150


class NoPage(Exception):
    """There is no page of the portal in the window that could be asked, or it is just being exchanged."""


class Hands(Protocol):
    """``scripts`` says whether pages run theirs.

    Where a browser asks by itself whether to leave what is unsent, it is told ``may_leave``; ``on_leave`` is called
    when that is a yes.
    """

    scripts: bool
    may_leave: bool
    on_leave: Callable[[], None]

    def go(self, address: str) -> None: ...
    def back(self) -> None: ...
    def forward(self) -> None: ...
    def reload(self) -> None: ...
    def try_again(self) -> None:
        """Reload with the browser's own button, which also posts again what was posted."""

    def tap_at(self, x: float, y: float, times: int = 1) -> None: ...
    def type(self, words: str) -> None: ...
    def press_enter(self) -> None: ...
    def run(self, expression: str) -> object:
        """What an expression is worth in the page. Raises ``NoPage``."""

    def leave(self) -> None: ...


def _nothing() -> None:
    """Nobody wants to know."""


def wait_for_page(hands: Hands) -> None:
    """Wait until a page of the portal stands in the window; try again one that did not come. Raises ``NoPage``."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    state = "coming"
    while state != "there" and time.monotonic() < deadline:
        time.sleep(0.05)
        with suppress(NoPage):
            state = hands.run(STATE)
            if state == "none":
                break
            if state == "broken":
                hands.try_again()
    if state != "there":
        raise NoPage


class ChromiumHands:
    """At a Chromium window, with or without JavaScript."""

    def __init__(self, browser: Browser, url: str, *, scripts: bool = True) -> None:
        self.scripts, self.may_leave, self.on_leave = scripts, True, _nothing
        self._context = browser.new_context(
            base_url=url, java_script_enabled=scripts, viewport=PHONE, ignore_https_errors=True, locale="sv-SE"
        )
        self._context.set_default_timeout(PATIENCE_SECONDS * 1000)
        self._page = self._context.new_page()
        self._page.on("dialog", self._answer)

    def _answer(self, dialog: Dialog) -> None:
        if self.may_leave:
            self.on_leave()
            dialog.accept()
        else:
            dialog.dismiss()

    def go(self, address: str) -> None:
        self._bear(lambda: self._page.goto(address, wait_until="commit", timeout=5000))

    def back(self) -> None:
        self._turn("history.back()")

    def forward(self) -> None:
        self._turn("history.forward()")

    def reload(self) -> None:
        self._turn("location.reload()")

    def try_again(self) -> None:
        self._bear(lambda: self._page.reload(wait_until="commit", timeout=5000))

    def _turn(self, way: str) -> None:
        self._bear(lambda: self._page.evaluate(way))
        self._page.wait_for_timeout(QUESTION_COMES_MILLISECONDS)

    def tap_at(self, x: float, y: float, times: int = 1) -> None:
        self._bear(lambda: self._page.mouse.click(x, y, click_count=times))

    def type(self, words: str) -> None:
        self._bear(lambda: self._page.keyboard.type(words))

    def press_enter(self) -> None:
        self._bear(lambda: self._page.keyboard.press("Enter"))

    def run(self, expression: str) -> object:
        try:
            return self._page.evaluate(expression)
        except PlaywrightError as error:
            raise NoPage from error

    def leave(self) -> None:
        self._context.close()

    def _bear(self, act) -> None:
        """Do something that may come to nothing: the wire is out, or the resident chose to stay."""
        with suppress(PlaywrightError):
            act()


class FirefoxHands:
    """At a Firefox window."""

    scripts = True

    def __init__(self, browser: Bidi, url: str) -> None:
        self.may_leave, self.on_leave = True, _nothing
        self._browser, self._url = browser, url
        self._container = browser.send("browser.createUserContext", acceptInsecureCerts=True)["userContext"]
        self._tab = browser.send("browsingContext.create", type="tab", userContext=self._container)["context"]
        browser.send("browsingContext.setViewport", context=self._tab, viewport=PHONE)
        browser.prompts[self._tab] = self._is_asked

    def _is_asked(self) -> bool:
        if self.may_leave:
            self.on_leave()
        return self.may_leave

    def go(self, address: str) -> None:
        self._do("browsingContext.navigate", url=self._url + address, wait="none")

    def back(self) -> None:
        self._do("browsingContext.traverseHistory", delta=-1)

    def forward(self) -> None:
        self._do("browsingContext.traverseHistory", delta=1)

    def reload(self) -> None:
        self._do("browsingContext.reload", wait="none")

    try_again = reload

    def tap_at(self, x: float, y: float, times: int = 1) -> None:
        press = [{"type": "pointerDown", "button": 0}, {"type": "pointerUp", "button": 0}]
        moves = [{"type": "pointerMove", "x": round(x), "y": round(y)}, *(press * times)]
        self._act({"type": "pointer", "id": "finger", "actions": moves})

    def type(self, words: str) -> None:
        moves = [{"type": kind, "value": key} for key in words for kind in ("keyDown", "keyUp")]
        self._act({"type": "key", "id": "keyboard", "actions": moves})

    def press_enter(self) -> None:
        self.type(ENTER)

    def run(self, expression: str) -> object:
        try:
            told = self._browser.send(
                "script.evaluate",
                expression=f"JSON.stringify(({expression}) ?? null)",
                target={"context": self._tab},
                awaitPromise=False,
            )
        except BidiError as error:
            raise NoPage from error
        if told["type"] == "exception":
            raise NoPage(told["exceptionDetails"]["text"])
        return json.loads(told["result"]["value"])

    def leave(self) -> None:
        del self._browser.prompts[self._tab]
        self._browser.send("browser.removeUserContext", userContext=self._container)

    def _act(self, source: dict) -> None:
        self._do("input.performActions", actions=[source])

    def _do(self, method: str, **params: object) -> None:
        """Do something that may come to nothing: the wire is out, or the resident chose to stay."""
        with suppress(BidiError):
            self._browser.send(method, context=self._tab, **params)
