"""The shipped municipality, the invented one, and a copy of the invented one to break."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from citizen_portal.municipality import Municipality, TapMap, bundled_folder, load_municipality

INVENTED = next((Path(__file__).parents[1] / "data").glob("*/municipality.toml")).parent


@pytest.fixture(scope="session")
def shipped() -> Municipality:
    return load_municipality(bundled_folder())


@pytest.fixture(scope="session")
def invented() -> Municipality:
    return load_municipality(INVENTED)


@pytest.fixture(scope="session", params=["shipped", "invented"])
def municipality(request) -> Municipality:
    return request.getfixturevalue(request.param)


@pytest.fixture(scope="session")
def tap_map(municipality) -> TapMap:
    return TapMap.draw(municipality)


@pytest.fixture
def folder(tmp_path) -> Path:
    """A copy of the invented municipality that a test may break."""
    return Path(shutil.copytree(INVENTED, tmp_path / "broken"))
