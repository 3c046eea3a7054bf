"""One visitor who uses Firefox, and what a person does in it, named as for the visitor who uses Chromium."""

import json
import time
from pathlib import Path

from tests.browser.bidi import Bidi, BidiError
from tests.browser.chromium import PHONE
from tests.browser.visitor import MODULES_HAVE_STARTED

TIMEOUT_SECONDS = 20
ENTER, TAB = "\ue007", "\ue004"


class FirefoxVisitor:
    """A person at a tab of their own, of a phone's size, in a container that shares nothing with other visitors.

    ``language`` is the prefix of the pages they open.
    """

    def __init__(self, browser: Bidi, url: str, *, language: str = "sv") -> None:
        self.browser, self.url, self.language = browser, url, language
        self._container = browser.send("browser.createUserContext")["userContext"]
        self.tab = browser.send("browsingContext.create", type="tab", userContext=self._container)["context"]
        browser.send("browsingContext.setViewport", context=self.tab, viewport=PHONE)

    def leave(self) -> None:
        self.browser.send("browser.removeUserContext", userContext=self._container)

    # Going places

    def open(self, path: str = "/") -> None:
        """Open a resident page of the visitor's language, and wait until its scripts listen."""
        self.go(f"/{self.language}{path}")

    def go(self, address: str) -> None:
        self.browser.send("browsingContext.navigate", context=self.tab, url=self.url + address, wait="complete")
        self.settle()

    def settle(self) -> None:
        """Wait until the scripts of the page listen."""
        self.run(f"({MODULES_HAVE_STARTED})()")

    def back(self) -> None:
        self.browser.send("browsingContext.traverseHistory", context=self.tab, delta=-1)

    def forward(self) -> None:
        self.browser.send("browsingContext.traverseHistory", context=self.tab, delta=1)

    def reload(self) -> None:
        self.browser.send("browsingContext.reload", context=self.tab, wait="complete")

    def answer_prompt(self, *, accept: bool) -> None:
        """Answer the browser's own question, such as whether to leave a page."""
        self.browser.send("browsingContext.handleUserPrompt", context=self.tab, accept=accept)

    # Looking

    def run(self, expression: str) -> object:
        """What an expression of JavaScript, or its promise, is worth in the page: a value that JSON can hold."""
        told = self._evaluate(f"Promise.resolve({expression}).then((value) => JSON.stringify(value ?? null))")
        return json.loads(told["value"])

    def wait_until(self, condition: str) -> None:
        """Wait until an expression holds in the page; a page that is just being left holds nothing."""
        deadline = time.monotonic() + TIMEOUT_SECONDS
        while time.monotonic() < deadline:
            try:
                if self.run(f"Boolean({condition})"):
                    return
            except BidiError:
                pass  # the page is being exchanged for the next
            time.sleep(0.02)
        raise AssertionError(f"never came true in Firefox: {condition}")

    def text(self, selector: str) -> str:
        self.wait_until(f"document.querySelector({json.dumps(selector)})")
        return self.run(f"document.querySelector({json.dumps(selector)}).innerText")

    def typed(self, name: str) -> str:
        return self.run(f"document.querySelector('[name=\"{name}\"]').value")

    def is_chosen(self, name: str, value: str) -> bool:
        return self.run(f'document.querySelector(\'[name="{name}"][value="{value}"]\').checked')

    # Doing

    def click(self, selector: str) -> None:
        deadline = time.monotonic() + TIMEOUT_SECONDS
        while not self._clicked(selector):
            assert time.monotonic() < deadline, f"{selector} never came to where a finger reaches it"

    def _clicked(self, selector: str) -> bool:
        """Whether the element was in the window when the finger came; a window that changes its size moves it."""
        element = self._element(selector)
        moves = [
            {"type": "pointerMove", "x": 0, "y": 0, "origin": {"type": "element", "element": element}},
            {"type": "pointerDown", "button": 0},
            {"type": "pointerUp", "button": 0},
        ]
        try:
            self._act({"type": "pointer", "id": "finger", "actions": moves})
        except BidiError as error:
            if "out of bounds" not in str(error):
                raise
            return False
        return True

    def press(self, keys: str) -> None:
        """Press these keys one after the other, wherever the focus is."""
        moves = [{"type": kind, "value": key} for key in keys for kind in ("keyDown", "keyUp")]
        self._act({"type": "key", "id": "keyboard", "actions": moves})

    def choose(self, name: str, value: str) -> None:
        self.click(f'[name="{name}"][value="{value}"]')

    def write(self, name: str, words: str) -> None:
        self.click(f'[name="{name}"]')
        self.press(words)

    def attach(self, name: str, *files: Path) -> None:
        """Choose files for a file field."""
        element = self._element(f'[name="{name}"]')
        self.browser.send("input.setFiles", context=self.tab, element=element, files=[str(each) for each in files])

    def _act(self, source: dict) -> None:
        self.browser.send("input.performActions", context=self.tab, actions=[source])

    def _element(self, selector: str) -> dict:
        """An element in the middle of the window, when the page has been drawn there."""
        self.wait_until(f"document.querySelector({json.dumps(selector)})")
        found = self._evaluate(
            f"(async () => {{ const found = document.querySelector({json.dumps(selector)}); "
            "found.scrollIntoView({ block: 'center', behavior: 'instant' }); "
            "for (let frame = 0; frame < 2; frame++) await new Promise(requestAnimationFrame); return found })()"
        )
        return {"sharedId": found["sharedId"]}

    def _evaluate(self, expression: str) -> dict:
        told = self.browser.send(
            "script.evaluate", expression=expression, target={"context": self.tab}, awaitPromise=True
        )
        if told["type"] == "exception":
            raise BidiError(told["exceptionDetails"]["text"])
        return told["result"]
