"""A monkey presses at random, and every word it typed is stored once or still stands on a page.

Run by ``make monkey`` alone: what it meets depends on how fast browser and wire are, and no two lives are the same.
``MONKEY_LIVES`` and ``MONKEY_STEPS`` make it live oftener and longer, ``MONKEY_SEED`` other lives.
"""

import os
import sqlite3
import time
from collections import Counter
from contextlib import suppress

import pytest

from tests.browser.hands import ChromiumHands, FirefoxHands, NoPage, wait_for_page
from tests.browser.monkey import Monkey
from tests.browser.wire import Wire
from tests.server.nginx import nginx_before

LIVES = int(os.environ.get("MONKEY_LIVES", "1"))
STEPS = int(os.environ.get("MONKEY_STEPS", "25"))
SEED = int(os.environ.get("MONKEY_SEED", "1"))


def stay(_hands):
    """Begin where one is."""


def walk_to_the_end(hands):
    """Where a survey has a box for words: until its script has come it shows all of them."""
    if hands.scripts:
        _when_there(hands, "Boolean(document.querySelector('form.stepped'))")
    for _look in range(200):
        if hands.run("Boolean([...document.querySelectorAll('main textarea')].find((box) => box.checkVisibility()))"):
            return
        hands.run("document.querySelector('form.stepped [data-next]:not([hidden])')?.click()")
        time.sleep(0.05)


def open_a_report(hands):
    """Send a report, and open it with the code that it gave."""
    wait_for_page(hands)
    hands.run("document.querySelector('main [name=theme]').click()")
    hands.run("(document.querySelector('[name=place_text]').value = 'where a walk begins')")
    hands.run("document.querySelector('.send button:not([formaction])').click()")
    receipt = _when_there(hands, "document.querySelector('output#receipt')?.textContent")
    hands.run("document.querySelector('.onward a').click()")
    _when_there(hands, "Boolean(document.querySelector('[name=receipt]'))")
    hands.run(f"(document.querySelector('[name=receipt]').value = '{receipt}')")
    hands.run("document.querySelector('main form button:not([formaction])').click()")
    _when_there(hands, "Boolean(document.querySelector('main [name=message]'))")


def _when_there(hands, expression):
    """What an expression is worth as soon as it is worth something."""
    for _look in range(200):
        with suppress(NoPage):
            if found := hands.run(expression):
                return found
        time.sleep(0.05)
    raise NoPage(expression)


PAGES = {
    "report": ("/sv/report", stay),
    "follow-up": ("/sv/report", open_a_report),
    "survey": ("/sv/survey/open-to-all", walk_to_the_end),
}


@pytest.fixture
def wire(served):
    wire = Wire(served.port)
    yield wire
    wire.close()


@pytest.fixture
def wire_to_nginx(served, tmp_path):
    with nginx_before(served.port, tmp_path / "nginx") as port:
        wire = Wire(port)
        yield wire
        wire.close()


@pytest.fixture(params=["chromium", "chromium without scripts", "firefox"])
def arrive(request):
    """Makes hands at a browser for an address."""
    if request.param == "firefox":
        browser = request.getfixturevalue("firefox_browser")
        return lambda url: FirefoxHands(browser, url)
    browser = request.getfixturevalue("browser")
    return lambda url: ChromiumHands(browser, url, scripts=request.param == "chromium")


@pytest.fixture
def stored_texts(served, every_answer_set):
    """Every text that residents' reports, messages and answers hold, one string for each; reports with their theme.

    Whoever goes back, without scripts, and chooses another theme has sent another report.
    """

    def texts():
        with sqlite3.connect(f"file:{served.data_dir}/portal.sqlite3?mode=ro", uri=True) as connection:
            reports = connection.execute("SELECT theme || ' ' || place_text || description FROM report").fetchall()
            messages = connection.execute("SELECT body FROM report_message").fetchall()
        connection.close()
        answers = [" ".join(map(str, answers.values())) for answers in every_answer_set()]
        return [text for (text,) in [*reports, *messages]] + answers

    return texts


def assert_nothing_lost(monkey, texts) -> None:
    told = f"seed {monkey.seed}: {monkey.diary}"
    times = Counter({word: sum(word in text for text in texts) for word in monkey.typed})
    lost = [word for word in monkey.typed if not times[word] and word not in monkey.seen | monkey.given_up]
    assert not lost, f"{lost} were typed and are nowhere; {told}"
    own = Counter(" ".join(text.split()) for text in texts if any(word in text for word in monkey.typed))
    assert not [text for text, number in own.items() if number > 1], f"the same was stored twice; {told}"


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("seed", range(SEED, SEED + LIVES))
def test_no_word_is_lost_or_stored_twice(page, seed, arrive, wire, stored_texts):
    hands = arrive(f"http://127.0.0.1:{wire.port}")
    if page == "follow-up" and not hands.scripts:
        pytest.skip("nothing can ask there, and a browser without a network forgets a page that answered a post")
    monkey = Monkey(hands, wire, seed)
    address, begin = PAGES[page]
    monkey.live(address, STEPS, begin)
    hands.leave()
    assert monkey.typed, "a monkey that types nothing proves nothing"
    assert_nothing_lost(monkey, stored_texts())


@pytest.mark.parametrize("seed", range(SEED + 1000, SEED + 1000 + LIVES))
def test_nor_through_nginx_with_the_shipped_configuration(seed, arrive, wire_to_nginx, stored_texts):
    hands = arrive(f"https://127.0.0.1:{wire_to_nginx.port}")
    if not hands.scripts:
        pytest.skip("Chromium keeps no page whose certificate it does not know, and so brings back no form")
    monkey = Monkey(hands, wire_to_nginx, seed)
    monkey.live("/sv/report", STEPS, stay)
    hands.leave()
    assert monkey.typed, "a monkey that types nothing proves nothing"
    assert_nothing_lost(monkey, stored_texts())
