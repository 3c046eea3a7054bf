"""Servers: the portal under each server that could carry it, to choose one by its numbers.

Not part of the usual run, because the portal installs only the server that was chosen. The others are measured when
they are there: ``pip install gunicorn waitress``.
"""

import importlib.util
from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from benchmarks.load import load
from benchmarks.portal import migrated_data_dir
from benchmarks.posts import RECEIPT
from benchmarks.requests import Posts, filled_in, getter
from benchmarks.rounds import Round, Scale, median_rate, percentile
from benchmarks.serving import KINDS, PORTAL, Serving
from citizen_portal.municipality import bundled_folder, load_municipality
from citizen_portal.settings import Settings

USUAL_THREADS = Settings.from_environment({}).threads
PAGE, PAGE_MARK = "/sv/report", b"HTTP/1.1 200"


@dataclass(frozen=True, slots=True)
class Measured:
    """One server with so many threads a worker: what it did, and its memory under load in bytes."""

    kind: str
    threads: int
    pages: list[Round]
    posts: list[Round]
    memory: int

    def cells(self) -> list[str]:
        """A row of the table."""
        return [
            self.kind,
            str(self.threads),
            *_speed(self.pages),
            *_speed(self.posts),
            f"{self.memory / 2**20:.0f} MB",
        ]


HEADER = ["server", "threads", "pages/s", "p99", "posts/s", "p99", "memory"]


def compare_servers(
    scale: Scale, folder: Path, *, kinds: Iterable[str] = tuple(KINDS), threads: Iterable[int] = (USUAL_THREADS,)
) -> list[Measured]:
    """Measure each kind that is installed with each number of threads, in turns, on databases of their own."""
    fields = filled_in(load_municipality(bundled_folder()))
    sides = [(kind, each) for kind in kinds if importlib.util.find_spec(kind) for each in threads]
    pages: dict[tuple[str, int], list[Round]] = {side: [] for side in sides}
    posts: dict[tuple[str, int], list[Round]] = {side: [] for side in sides}
    with ExitStack() as stack:
        servings = {side: stack.enter_context(_serving(*side, folder)) for side in sides}
        sent = {side: Posts(fields) for side in sides}
        for _round in range(scale.rounds):
            for side, serving in servings.items():
                much = {"clients": scale.clients, "seconds": scale.seconds}
                pages[side].append(load(serving.port, getter(PAGE), mark=PAGE_MARK, **much))
                posts[side].append(load(serving.port, sent[side], mark=RECEIPT, **much))
        return [Measured(*side, pages[side], posts[side], servings[side].memory()) for side in sides]


def table(measured: list[Measured]) -> list[str]:
    """The results as lines of Markdown."""
    rows = [HEADER, ["---"] * len(HEADER), *(each.cells() for each in measured)]
    return [f"| {' | '.join(cells)} |" for cells in rows]


def _serving(kind: str, threads: int, folder: Path) -> Serving:
    place = folder / f"{kind}-{threads}"
    place.mkdir()
    data_dir = migrated_data_dir(place)
    environ = {"PORTAL_DATA_DIR": str(data_dir), "PORTAL_THREADS": str(threads), "PORTAL_TRUSTED_PROXIES": "1"}
    return Serving(PORTAL, place / "server.log", kind=kind, **environ)


def _speed(rounds: list[Round]) -> tuple[str, str]:
    latencies = [latency for each in rounds for latency in each.latencies]
    return f"{median_rate(rounds):,.0f}", f"{percentile(latencies, 0.99) * 1000:.0f} ms"
