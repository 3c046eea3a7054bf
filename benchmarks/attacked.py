"""Attacked: how the start page answers while slow bodies, costly photos, a login flood and a spam flood run together.

The bar: every request for the page with the number to call is answered, and its 99th percentile stays within ten times
that of an idle portal. The visitor comes through the shipped nginx, as everyone does; the attackers go past it, where
no limit of nginx holds them. What a visitor of the portal itself sees is printed beside it. All of it runs on one
machine here, so the attackers take turns with the portal for its processors, where true ones would bring their own.
"""

import json
import os
import ssl
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import astuple, dataclass
from pathlib import Path

from benchmarks.attack import Strength
from benchmarks.load import load
from benchmarks.portal import migrated_data_dir
from benchmarks.requests import getter
from benchmarks.rounds import Scale, percentile
from benchmarks.serving import PORTAL, Serving
from tests.server.nginx import nginx_before, trusting_nobody

START = "/sv/"
NGINX = "https://localhost"
TIMES_IDLE = 10
WARM_UP_SECONDS = 2
EVERY_SECONDS = 0.01
GIVE_UP_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Seen:
    """What a visitor saw who asked for the start page again and again: seconds per answer, and how many had none."""

    seconds: list[float]
    unanswered: int

    @property
    def p99(self) -> float:
        """Seconds within which 99 of 100 were answered."""
        return percentile(self.seconds, 0.99)

    def line(self, when: str) -> str:
        """In words."""
        half = percentile(self.seconds, 0.5)
        return (
            f"Start page {when}: {len(self.seconds)} answers, {self.unanswered} without; p50 {half * 1000:.1f} ms, "
            f"p99 {self.p99 * 1000:.1f} ms, longest {max(self.seconds) * 1000:.0f} ms"
        )


def compare_attacked(scale: Scale, folder: Path) -> Iterator[str]:
    """Measure idle, then attacked, and say whether the bar was met."""
    data_dir, seconds = migrated_data_dir(folder), scale.rounds * scale.seconds
    environ = {"PORTAL_DATA_DIR": str(data_dir), "PORTAL_TRUSTED_PROXIES": "1", "PORTAL_PUBLIC_URL": NGINX}
    serving = Serving(PORTAL, folder / "portal.log", **environ)
    with serving as portal, nginx_before(portal.port, folder / "nginx") as port:
        load(portal.port, getter(START), mark=b"HTTP/1.1 200", clients=4, seconds=WARM_UP_SECONDS)
        doors = {"through nginx": f"{NGINX}:{port}", "without nginx": f"http://localhost:{portal.port}"}
        for name, door in doors.items():
            look_at_start_page(door, WARM_UP_SECONDS)
            idle = look_at_start_page(door, seconds)
            yield idle.line(f"{name}, idle")
            with attacking(portal.port, seconds + 2 * WARM_UP_SECONDS, Strength()) as answers:
                time.sleep(WARM_UP_SECONDS)
                attacked = look_at_start_page(door, seconds)
                memory = portal.memory() / 2**20
            yield attacked.line(f"{name}, attacked")
            yield from (f"    {attack}: answers by status {counted}" for attack, counted in answers.items())
            yield f"    memory of all processes of the portal, near the end: {memory:.0f} MB"
            yield _judged(name, idle, attacked, has_bar=door.startswith(NGINX))


def _judged(name: str, idle: Seen, attacked: Seen, *, has_bar: bool) -> str:
    ratio = attacked.p99 / idle.p99
    bar = f" (target {TIMES_IDLE})" if has_bar else ""
    missed = "  BELOW TARGET" if has_bar and (ratio > TIMES_IDLE or attacked.unanswered) else ""
    return f"Start page {name} under attack: p99 {ratio:.1f} times that of idle{bar}{missed}"


@contextmanager
def attacking(port: int, seconds: float, strength: Strength) -> Iterator[dict[str, dict[str, int]]]:
    """Attack meanwhile, from another process; what is given is filled in at the end: answers by attack and status."""
    command = [sys.executable, "-m", "benchmarks.attack", str(port), str(round(seconds)), *map(str, astuple(strength))]
    attackers = subprocess.Popen(command, stdout=subprocess.PIPE, start_new_session=True)
    answers: dict[str, dict[str, int]] = {}
    try:
        yield answers
        answers |= json.loads(attackers.communicate(timeout=seconds + GIVE_UP_SECONDS)[0])
    finally:
        attackers.kill()
        attackers.wait()


@contextmanager
def _on_a_phone_of_its_own() -> Iterator[None]:
    """Let the visitor wait for the portal and for no other program, where this user may say so."""
    usual = os.sched_getscheduler(0), os.sched_getparam(0)
    try:
        os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1))
    except PermissionError:
        yield
        return
    try:
        yield
    finally:
        os.sched_setscheduler(0, *usual)


def look_at_start_page(door: str, seconds: float) -> Seen:
    """Ask for it at this address again and again, each time as a new visitor on a connection of their own."""
    with _on_a_phone_of_its_own():
        return _look_at_start_page(door, seconds, trusting_nobody())


def _look_at_start_page(door: str, seconds: float, tls: ssl.SSLContext) -> Seen:
    took: list[float] = []
    unanswered, ends = 0, time.monotonic() + seconds
    while time.monotonic() < ends:
        began = time.perf_counter()
        try:
            with urllib.request.urlopen(door + START, timeout=GIVE_UP_SECONDS, context=tls) as answer:
                unanswered += answer.status != 200 or not answer.read().rstrip().endswith(b"</html>")
        except OSError:
            unanswered += 1
        took.append(time.perf_counter() - began)
        time.sleep(EVERY_SECONDS)
    return Seen(took, unanswered)
