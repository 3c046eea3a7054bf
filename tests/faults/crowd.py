"""Residents who report while something breaks, and send again until they have a receipt, as the page does."""

import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Event, Lock

from tests.server.posting import MINIMAL, Answer, ask

RESIDENTS = 4
# A page tries again twenty times where there is no connection; each waits a little here.
MOST_TRIES, PAUSE_SECONDS = 600, 0.1


@dataclass
class Tally:
    """What became of the posts: how each was answered, the receipt of every report, pages without the words."""

    answers: Counter = field(default_factory=Counter)
    receipts: dict[str, str] = field(default_factory=dict)
    without_words: list[str] = field(default_factory=list)
    pages: Counter = field(default_factory=Counter)
    recovered_after: float | None = None


class Crowd:
    """Residents at a portal. Each sends reports one after another, every one until it is acknowledged."""

    def __init__(self, url: str) -> None:
        self.url, self.tally = url, Tally()
        self._enough, self._lock = Event(), Lock()

    def live_through(self, fault: Callable[[], None], *, before: float, after: float) -> Tally:
        """Report for ``before`` seconds, let the fault come and go, and report for ``after`` seconds more."""
        with ThreadPoolExecutor(RESIDENTS + 1) as pool:
            working = [pool.submit(self._report, who) for who in range(RESIDENTS)]
            working.append(pool.submit(self._read))
            time.sleep(before)
            fault()
            began, known = time.monotonic(), len(self.tally.receipts)
            while len(self.tally.receipts) <= known + RESIDENTS and time.monotonic() < began + 60:
                time.sleep(0.02)
            self.tally.recovered_after = time.monotonic() - began
            time.sleep(after)
            self._enough.set()
            for each in working:
                each.result()
        return self.tally

    def _report(self, who: int) -> None:
        for number in range(100_000):
            if self._enough.is_set():
                return
            words = f"resident {who}, report {number}"
            self._send_until_acknowledged({**MINIMAL, "description": words, "submission_key": f"key of {words}"})

    def _send_until_acknowledged(self, form: dict[str, str]) -> None:
        words = form["description"]
        for _try in range(MOST_TRIES):
            answer = self._answer(form)
            with self._lock:
                self.tally.answers[answer.status if answer else "no answer"] += 1
                if answer and answer.receipt:
                    self.tally.receipts[words] = answer.receipt
                    return
                if answer and words.encode() not in answer.body:
                    self.tally.without_words.append(words)
            time.sleep(PAUSE_SECONDS)
        raise AssertionError(f"{words!r} was never acknowledged")

    def _answer(self, form: dict[str, str]) -> Answer | None:
        try:
            return ask(self.url + "/sv/report", form=form)
        except OSError:
            return None

    def _read(self) -> None:
        """Open the start page again and again: it needs no database."""
        while not self._enough.is_set():
            try:
                status: object = ask(self.url + "/sv/").status
            except OSError:
                status = "no answer"
            with self._lock:
                self.tally.pages[status] += 1
            time.sleep(PAUSE_SECONDS)
