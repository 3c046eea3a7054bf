"""What was acknowledged is on disk: kill -9 of the whole server in the middle of posting, again and again."""

import os
import random
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Event

from tests.server.posting import MINIMAL, ask, exported

# KILLS=20 is the long form, of "make faults".
KILLS = int(os.environ.get("KILLS", "3"))
RESIDENTS = 4
MOST_SECONDS_UNTIL_THE_KILL = 0.35


def form(words):
    """Half of the residents have JavaScript, which makes a key; the others are known by what they wrote."""
    key = {} if "resident 0" in words or "resident 1" in words else {"submission_key": f"key of {words}"}
    return {**MINIMAL, "description": words, **key}


def post_until(server, gone, name):
    """Send one report after another until the server is gone; yields words and receipt, None for no answer."""
    for number in range(10_000):
        words = f"{name}, report {number}"
        try:
            yield words, ask(server.url + "/sv/report", form=form(words)).receipt
        except OSError:
            yield words, None
            return
        if gone.is_set():
            return


def one_round(server, number):
    """Post from several threads, kill the server among it; every report sent, with its receipt or None."""
    gone = Event()
    with ThreadPoolExecutor(RESIDENTS) as pool:
        posting = [
            pool.submit(lambda who: list(post_until(server, gone, f"round {number}, resident {who}")), who)
            for who in range(RESIDENTS)
        ]
        time.sleep(random.uniform(0.05, MOST_SECONDS_UNTIL_THE_KILL))
        server.kill()
        gone.set()
        return dict(sent for each in posting for sent in each.result())


def test_every_acknowledged_report_survives_every_kill_exactly_once(server):
    receipts, unanswered = {}, 0
    for number in range(KILLS):
        sent = one_round(server, number)
        server.start()
        # Whoever got no answer sends the same again, as the page does.
        retried = {words: ask(server.url + "/sv/report", form=form(words)).receipt for words in sorted(sent)[-3:]}
        retried |= {
            words: ask(server.url + "/sv/report", form=form(words)).receipt for words in sent if not sent[words]
        }
        assert None not in retried.values(), "a retry is acknowledged"
        assert [words for words in retried if sent[words] not in {None, retried[words]}] == [], "with the same receipt"
        unanswered += list(sent.values()).count(None)
        receipts |= sent | retried
    stored = Counter(row["description"] for row in exported(server))
    assert unanswered >= KILLS, "the kills came in the middle"
    assert [words for words, times in stored.items() if times > 1] == [], "nothing is stored twice"
    assert set(receipts) == set(stored), "nothing acknowledged is lost"
    assert len(set(receipts.values())) == len(receipts), "each report has a receipt of its own"
