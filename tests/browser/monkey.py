"""A monkey at the portal: it types, taps and turns back at random, and keeps count of every word it typed."""

import random
import time
from collections.abc import Callable
from contextlib import suppress
from itertools import count

from tests.browser.hands import STATE, Hands, NoPage, wait_for_page
from tests.browser.wire import Wire

VISIBLE = """(element) => element.getClientRects().length > 0 && getComputedStyle(element).visibility !== 'hidden'
    && !element.closest('.trap') && !element.disabled"""
# Everything in the window that words can stand in: boxes, also of sections that are not shown, and the text itself.
ALL_WORDS = (
    """[document.body.innerText, ...[...document.querySelectorAll('textarea, input')].map((e) => e.value)].join(' ')"""
)
BOXES = "main textarea, main input[type=text], main input:not([type], [name=receipt])"
# The script is there that asks before words are thrown away. Over a broken wire it may not have come.
CAN_ASK = """performance.getEntriesByType('resource')
    .some((each) => each.name.includes('/modules/send') && each.responseStatus === 200)"""
# Such a page is fetched again when one comes back to it. Where the network breaks just then, a browser forgets what was
# typed there, and without scripts nothing can ask before one leaves it.
ANSWERED_A_POST = "Boolean(document.querySelector('main .errors, main [data-carried]'))"
CHOICES = "main label:has([type=radio], [type=checkbox])"
SEND = ".send button:not([formaction])"
LANGUAGES = ".languages [lang]"
FURTHER = "[data-next], [data-back]"
ENDED = "Boolean(document.querySelector('output#receipt, dl.stored'))"
STEPS_BACK = 12
TRIES_OF_A_FIRST_WORD = 200
MAY_LEAVE = 0.1


class Monkey:
    """One life at one page. ``typed`` are its words; those it threw away when the browser asked it are ``given_up``."""

    _numbers = count(1)

    def __init__(self, hands: Hands, wire: Wire, seed: int) -> None:
        self.hands, self.wire, self.seed = hands, wire, seed
        self.chance = random.Random(seed)
        self.typed: list[str] = []
        self.given_up: set[str] = set()
        self.seen: set[str] = set()
        self.diary: list[str] = []

    def live(self, address: str, steps: int, begin: Callable[[Hands], None]) -> None:
        """Open a page, begin there, do so many things, then send in peace whatever is unsent."""
        self.hands.go(address)
        wait_for_page(self.hands)
        begin(self.hands)
        wait_for_page(self.hands)
        self.hands.on_leave = self._give_up
        for _try in range(TRIES_OF_A_FIRST_WORD):
            if not self.typed:
                self.type_a_word()
        for _step in range(steps):
            with suppress(NoPage):
                move = self.chance.choice(self._moves())
                if self.hands.run(STATE) == "broken":
                    move = self.mend
                self.diary.append(move.__name__)
                move()
            time.sleep(self.chance.choice((0, 0, 0.05, 0.2)))
        self._come_to_rest()

    def _moves(self) -> list[Callable[[], None]]:
        typing = [self.type_a_word] * 5 + [self.choose] * 3 + [self.go_further] * 2
        turning = [
            self.press_enter,
            self.turn_back,
            self.go_forward,
            self.change_language,
            self.read_privacy_and_return,
        ]
        if self.hands.scripts:
            turning.append(self.reload)  # without scripts nothing can ask before it empties a form
        sending = [self.send, self.send, self.send_twice]
        network = [self.pull_the_wire_out, self.put_the_wire_in, self.put_the_wire_in, self.break_the_wire]
        return typing + turning + sending + network

    # What it does

    def type_a_word(self) -> None:
        where = self._visible(BOXES)
        if not where or (self.hands.scripts and not self.hands.run(CAN_ASK)):
            return
        if not self.hands.scripts and self.hands.run(ANSWERED_A_POST):
            return
        word = f"w{self.seed}x{next(self._numbers)}w"
        index = self.chance.choice(where)
        self._tap(BOXES, index)
        box = f"document.querySelectorAll('{BOXES}')[{index}]"
        # At the end of what stands there: a word put into another would make two of it.
        if not self.hands.run(f"document.activeElement === {box} && !{box}.readOnly"):
            return
        self.hands.run(f"{box}.setSelectionRange({box}.value.length, {box}.value.length)")
        self.hands.type(f" {word} ")
        with suppress(NoPage):
            if word in self.hands.run(ALL_WORDS):
                self.typed.append(word)
                self.diary.append(word)

    def choose(self) -> None:
        self._tap_one_of(CHOICES)

    def go_further(self) -> None:
        self._tap_one_of(FURTHER)

    def press_enter(self) -> None:
        if self.hands.run("document.activeElement.matches('input')"):
            self.hands.press_enter()

    def send(self) -> None:
        self._tap_to_leave(SEND)

    def send_twice(self) -> None:
        self._tap_to_leave(SEND, times=2)

    def change_language(self) -> None:
        self.hands.run("document.querySelector('.languages').open = true")
        self._tap_to_leave(LANGUAGES)

    def turn_back(self) -> None:
        self._leave_by(self.hands.back)

    def go_forward(self) -> None:
        self._leave_by(self.hands.forward)

    def reload(self) -> None:
        self._leave_by(self.hands.reload)

    def read_privacy_and_return(self) -> None:
        here = self.hands.run("location.pathname")
        if self._tap_one_of('.bottom a[href$="/privacy"]'):
            for _look in range(40):
                if self.hands.run("location.pathname") != here:
                    self.hands.back()
                    return
                time.sleep(0.05)

    def mend(self) -> None:
        """What one does with a page that did not come: look after the wire, and try again."""
        self.wire.put_in()
        self.hands.try_again()

    def pull_the_wire_out(self) -> None:
        self.wire.pull_out()

    def put_the_wire_in(self) -> None:
        self.wire.put_in()

    def break_the_wire(self) -> None:
        self.wire.break_once(self.chance)

    # How

    def _leave_by(self, way: Callable[[], None]) -> None:
        """Go; should the browser ask whether to leave what is unsent, say yes or no."""
        self.hands.may_leave = self.chance.random() < MAY_LEAVE
        way()

    def _give_up(self) -> None:
        """What is unsent is thrown away by a yes; what was sent is stored, and is found there."""
        self.given_up.update(self.typed)
        self.diary.append("gave up")

    def _visible(self, selector: str) -> list[int]:
        found = self.hands.run(f"[...document.querySelectorAll(`{selector}`)].map({VISIBLE})")
        return [index for index, visible in enumerate(found) if visible]

    def _tap_one_of(self, selector: str, times: int = 1) -> bool:
        where = self._visible(selector)
        if where:
            self._tap(selector, self.chance.choice(where), times)
        return bool(where)

    def _tap_to_leave(self, selector: str, times: int = 1) -> None:
        """Without scripts nothing can hold the page still until the next one comes, so that is waited for."""
        self.hands.run("(window.isLeft = true)")
        if self._tap_one_of(selector, times) and not self.hands.scripts:
            for _look in range(40):
                if not self.hands.run("window.isLeft"):
                    return
                time.sleep(0.05)

    def _tap(self, selector: str, index: int, times: int = 1) -> None:
        box = self.hands.run(
            f"(() => {{ const found = document.querySelectorAll(`{selector}`)[{index}]; "
            "found?.scrollIntoView({ block: 'center', behavior: 'instant' }); "
            "const box = found?.getBoundingClientRect(); "
            "return box && [box.x + box.width / 2, box.y + box.height / 2] })()"
        )
        if box:
            self.hands.tap_at(*box, times)

    def _words_here(self) -> set[str]:
        with suppress(NoPage):
            text = self.hands.run(ALL_WORDS)
            return {word for word in self.typed if word in text}
        return set()

    # How it ends

    def _come_to_rest(self) -> None:
        """With the wire in, send what stands on the page, and look at every page there is to go back to."""
        self.wire.put_in()
        self.hands.may_leave, self.hands.on_leave = True, lambda: None  # each page is looked at before it is left
        for _try in range(4):
            with suppress(NoPage):
                wait_for_page(self.hands)
                self.seen |= self._words_here()
                if self.hands.run(ENDED) or not self.hands.run(f"Boolean(document.querySelector('{SEND}'))"):
                    break
                self._finish()
        if not self.hands.scripts:
            # Nothing could ask before a page was left, but the browser has it still.
            self._look_along(self.hands.forward)
        self._look_along(self.hands.back)

    def _look_along(self, way: Callable[[], None]) -> None:
        for _step in range(STEPS_BACK):
            with suppress(NoPage):  # which is what stands before the first page
                way()
                wait_for_page(self.hands)
                self.seen |= self._words_here()

    def _finish(self) -> None:
        self.hands.run("document.querySelector('main [name=theme]')?.click()")
        for _section in range(20):
            if not self._visible("[data-next]"):
                break
            self._tap("[data-next]", 0)
        self._tap_one_of(SEND)
        for _look in range(100):
            with suppress(NoPage):
                if self.hands.run(ENDED):
                    return
            time.sleep(0.05)
