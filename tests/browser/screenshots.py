"""Pictures of every page, on a phone and on a desk, to be looked at by people.

python -m tests.browser.screenshots FOLDER [LANGUAGE ...]
"""

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from flask_migrate import upgrade
from playwright.sync_api import Browser

from tests.browser.chromium import DESKTOP, PHONE, chromium
from tests.browser.tour import resident_tour, staff_tour
from tests.browser.visitor import Visitor
from tests.conftest import PASSWORD, Server, portal
from tests.waves import store_waves_in_every_state

STAFF_NAME = "photographer"
SCREENS = {"phone": {"viewport": PHONE, "device_scale_factor": 2}, "desktop": {"viewport": DESKTOP, "is_mobile": False}}


def main(folder: str, *languages: str) -> None:
    """Serve an invented municipality's portal from a folder of its own and take the pictures."""
    with tempfile.TemporaryDirectory() as temporary, chromium() as browser:
        data_dir = Path(temporary) / "served"
        with portal(data_dir).app_context():
            upgrade()
        server = Server(data_dir)
        server.run("demo", "load")
        with portal(data_dir).app_context():
            store_waves_in_every_state(letters=1)
        server.run("staff", "add", STAFF_NAME, "--password", PASSWORD)
        try:
            for path in _pictures(browser, server.url, Path(folder), languages or ("sv", "ar")):
                print(path)
        finally:
            server.stop()


def _pictures(browser: Browser, url: str, folder: Path, languages: tuple[str, ...]) -> Iterator[Path]:
    for screen, options in SCREENS.items():
        for scheme in ("light", "dark"):
            for language in languages if scheme == "light" else languages[:1]:
                visitor = Visitor(browser, url, language=language, color_scheme=scheme, **options)
                yield from _walk(visitor, resident_tour(visitor), folder / f"{screen}-{scheme}-{language}")
            visitor = Visitor(browser, url, color_scheme=scheme, **options)
            yield from _walk(visitor, staff_tour(visitor, STAFF_NAME), folder / f"{screen}-{scheme}-staff")


def _walk(visitor: Visitor, tour: Iterator[str], folder: Path) -> Iterator[Path]:
    for name in tour:
        path = folder / f"{name}.png"
        visitor.page.screenshot(path=path, full_page=True, animations="disabled")
        yield path
    visitor.leave()


if __name__ == "__main__":
    main(*sys.argv[1:])
