"""Pages: a warm GET of the start and the report page, beside a view that returns the same bytes from memory."""

import urllib.request
from functools import partial
from pathlib import Path

from benchmarks.load import load
from benchmarks.portal import migrated_data_dir
from benchmarks.requests import getter
from benchmarks.rounds import Comparison, Round, Scale
from benchmarks.serving import BARE, PORTAL, Serving

TARGET = 0.90
PAGES = {"start": "/sv/", "report": "/sv/report"}
WARM_UP_SECONDS = 0.3


def compare_pages(scale: Scale, folder: Path) -> list[Comparison]:
    """Measure each page."""
    bodies = folder / "bodies"
    bodies.mkdir()
    data_dir = migrated_data_dir(folder)
    comparisons = []
    with Serving(PORTAL, folder / "portal.log", PORTAL_DATA_DIR=str(data_dir)) as portal:
        for name, path in PAGES.items():
            (bodies / name).write_bytes(_brotli_body(portal.port, path))
        with Serving(BARE, folder / "bare.log", BARE_PAGES=str(bodies)) as bare:
            for name, path in PAGES.items():
                last_bytes = (bodies / name).read_bytes()[-40:]

                comparison = Comparison(f"GET of the {name} page", "pages", TARGET)
                comparison.run(
                    partial(_get, scale, portal.port, path, last_bytes),
                    partial(_get, scale, bare.port, f"/{name}", last_bytes),
                    scale.rounds,
                )
                comparisons.append(comparison)
    return comparisons


def _get(scale: Scale, port: int, path: str, mark: bytes) -> Round:
    load(port, getter(path), mark=mark, clients=scale.clients, seconds=WARM_UP_SECONDS)
    return load(port, getter(path), mark=mark, clients=scale.clients, seconds=scale.seconds)


def _brotli_body(port: int, path: str) -> bytes:
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers={"Accept-Encoding": "br"})
    with urllib.request.urlopen(request) as answer:
        if answer.headers["Content-Encoding"] != "br":
            raise RuntimeError(f"{path} was not sent with brotli")
        return answer.read()
