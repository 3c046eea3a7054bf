"""One visitor: a browser window of its own, and what a person does in it, named as a person would."""

from collections.abc import Callable
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Dialog, Locator, Page

from tests.browser.chromium import PHONE

TIMEOUT_MILLISECONDS = 15_000
# What a browser says when a page tries what its content security policy forbids.
REFUSALS = ("Content Security Policy", "Refused to", "Mixed Content", "blocked by CORS")
MODULES_HAVE_STARTED = """() => Promise.all([...document.querySelectorAll('[data-module]')]
    .flatMap((element) => element.dataset.module.split(' ')).map((address) => import(address))).then(() => 1)"""

WHAT_SENDS_HAS_COME = """() => Promise.all([...document.querySelectorAll('form[data-sender]')]
    .flatMap(({dataset}) => [dataset.sender, dataset.post, dataset.exchange, dataset.words])
    .map((address) => import(address))).then(() => 1)"""


class Visitor:
    """A person at one window. ``language`` is the prefix of the pages they open."""

    def __init__(self, browser: Browser, url: str, *, language: str = "sv", scripts: bool = True, **options) -> None:
        self.url, self.language, self.scripts = url, language, scripts
        phone = {"viewport": PHONE, "has_touch": True, "is_mobile": True, "locale": "sv-SE"}
        self.context = browser.new_context(java_script_enabled=scripts, base_url=url, **{**phone, **options})
        self.context.set_default_timeout(TIMEOUT_MILLISECONDS)
        self.requested: list[str] = []
        self.complaints: list[str] = []
        self.context.on("request", lambda request: self.requested.append(request.url))
        self.context.on("weberror", lambda error: self.complaints.append(str(error.error)))
        self.context.on("console", self._listen)
        self.page: Page = self.context.new_page()

    def _listen(self, message) -> None:
        if any(words in message.text for words in REFUSALS):
            self.complaints.append(message.text)

    def strangers(self) -> list[str]:
        """Addresses that were asked for and are not the portal's."""
        return [url for url in self.requested if urlsplit(url).netloc != urlsplit(self.url).netloc]

    def leave(self) -> None:
        self.context.close()

    # Going places

    def open(self, path: str = "/") -> None:
        """Open a resident page of the visitor's language."""
        self.go(f"/{self.language}{path}")

    def go(self, address: str) -> None:
        """Open an address, and wait until the scripts of the page listen."""
        self.page.goto(address)
        self.settle()

    def settle(self) -> None:
        if self.scripts:
            self.page.evaluate(MODULES_HAVE_STARTED)

    def lose_the_network(self) -> None:
        """Lose it when what sends a form, and is fetched at the first touch of it, has come."""
        self.page.evaluate(WHAT_SENDS_HAS_COME)
        self.context.set_offline(True)

    def is_asked_before(self, leave: Callable[[], object]) -> list[str]:
        """The questions, by type, that the browser asks when something leads away; each is answered with no."""
        asked = []

        def answer(dialog: Dialog) -> None:
            asked.append(dialog.type)
            dialog.dismiss()

        self.page.on("dialog", answer)
        leave()
        self.page.wait_for_timeout(300)
        self.page.remove_listener("dialog", answer)
        return asked

    def find(self, selector: str, **narrowed: str) -> Locator:
        return self.page.locator(selector, **narrowed)

    @property
    def direction(self) -> str:
        return self.find("html").get_attribute("dir")

    # Reporting

    def choose(self, name: str, value: str) -> None:
        self.find(f'[name="{name}"][value="{value}"]').check()

    def write(self, name: str, words: str) -> None:
        self.find(f'[name="{name}"]').fill(words)

    def typed(self, name: str) -> str:
        return self.find(f'[name="{name}"]').input_value()

    def unfold(self, selector: str) -> None:
        """Open the fold that holds ``selector``, unless it is open."""
        fold = self.find(f"details:has({selector})").last
        if fold.get_attribute("open") is None:
            fold.locator("summary").click()

    def fill_in_report(self, words: str, *, theme: str = "drugs", place: str = "vasby_centrum") -> None:
        """The shortest whole report, with words to know it by."""
        self.open("/report")
        self.choose("theme", theme)
        self.find("[name=place]").select_option(place)
        self.write("description", words)

    def send(self) -> None:
        self.find(".send button").click()

    def report(self, words: str, **choices: str) -> str:
        """Report a place and return the code of the receipt."""
        self.fill_in_report(words, **choices)
        self.send()
        return self.receipt()

    def receipt(self) -> str:
        return self.find("output#receipt").inner_text()

    def tap_map(self, x: int, y: int) -> None:
        self.unfold("[type=image]")
        self.find("[type=image]").click(position={"x": x, "y": y})

    # Answering the survey

    def walk(self, *, sections: int | None = None) -> None:
        """Go on to the next section, so many times or to the end; without scripts all of them stand there already."""
        further = self.find("[data-next]")
        while sections != 0 and further.is_visible():
            further.click()
            sections = None if sections is None else sections - 1

    def open_letter(self, code: str) -> None:
        """Write the code of a letter in its box, which leads to the questions."""
        self.open("/survey")
        self.write("code", code)
        self.find("main form button").first.click()
        self.find("form#survey").wait_for()
        self.settle()

    def answer(self, address: str, words: str, *, letter: str = "", **choices: str) -> None:
        """Fill in a survey with these choices of its first section and these words in its last."""
        if letter:
            self.open_letter(letter)
        else:
            self.open(address)
        for name, value in choices.items():
            self.choose(name, value)
        self.walk()
        self.find(".part textarea").last.fill(words)

    def thanks(self) -> dict[str, str]:
        """What the page of thanks says was stored: questions and answers as they are worded."""
        pairs = self.find("dl.stored > div")
        pairs.first.wait_for()
        return dict(text.split("\n", 1) for text in pairs.all_inner_texts())

    def shown_section(self) -> str:
        """The heading of the one section that is shown, with how far that is."""
        (heading,) = self.find(".part h2:visible").all_inner_texts()
        return heading

    # Following up

    def follow(self, code: str) -> None:
        self.open("/follow")
        self.write("receipt", code)
        self.find("main form button").click()
        self.find("dl.facts").first.wait_for()
        self.settle()

    def log_in(self, username: str, password: str) -> None:
        self.go("/staff/login")
        self.write("username", username)
        self.write("password", password)
        self.find("main form button").click()
        self.find("form.filters").wait_for()
