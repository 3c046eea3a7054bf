"""The queue of writers: one at a time among threads and processes, with an end to the waiting."""

import subprocess
import sys
import threading
import time

import pytest

from citizen_portal.storage.queue import NoTurn, writers_turn

HOLD = """
import sys, time
from citizen_portal.storage.queue import writers_turn
with writers_turn(sys.argv[1], seconds=5):
    print("mine", flush=True)
    time.sleep(60)
"""


def hold_in_another_process(database: str) -> subprocess.Popen:
    holder = subprocess.Popen([sys.executable, "-c", HOLD, database], stdout=subprocess.PIPE)
    assert holder.stdout.readline() == b"mine\n"
    return holder


def test_threads_write_one_at_a_time(tmp_path):
    inside, most_inside = [], []

    def write():
        with writers_turn(str(tmp_path / "db"), seconds=5):
            inside.append(1)
            most_inside.append(len(inside))
            time.sleep(0.005)
            inside.pop()

    threads = [threading.Thread(target=write) for _thread in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most_inside == [1] * 8


def test_a_thread_that_waits_too_long_is_told(tmp_path):
    refused = []

    def wait():
        try:
            with writers_turn(str(tmp_path / "db"), seconds=0.05):
                pass
        except NoTurn:
            refused.append(True)

    with writers_turn(str(tmp_path / "db"), seconds=1):
        waiting = threading.Thread(target=wait)
        waiting.start()
        waiting.join()
    assert refused == [True]


def test_the_turn_of_a_process_that_dies_is_handed_on(tmp_path):
    database = str(tmp_path / "db")
    with hold_in_another_process(database) as holder:
        threading.Timer(0.2, holder.kill).start()
        with writers_turn(database, seconds=5):
            assert holder.wait(timeout=5) == -9


def test_a_turn_that_comes_too_late_is_not_taken_and_blocks_nobody(tmp_path):
    database = str(tmp_path / "db")
    with hold_in_another_process(database) as holder:
        threading.Timer(0.3, holder.kill).start()
        with pytest.raises(NoTurn), writers_turn(database, seconds=0.1):
            pass
    with writers_turn(database, seconds=1):
        pass


def test_nobody_waits_longer_than_was_said_for_a_process_that_keeps_the_turn(tmp_path):
    database = str(tmp_path / "db")
    with hold_in_another_process(database) as holder:
        for _try in range(2):
            with pytest.raises(NoTurn), writers_turn(database, seconds=0.05):
                pass
        assert holder.poll() is None, "it keeps the turn all the time"
        holder.kill()
    with writers_turn(database, seconds=5):
        pass


def test_who_writes_to_another_database_does_not_wait(tmp_path):
    with writers_turn(str(tmp_path / "one"), seconds=5), writers_turn(str(tmp_path / "other"), seconds=0):
        pass
