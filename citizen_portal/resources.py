"""Where the files beside the code are: at the top of a checkout, or inside the installed package."""

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent


def folder(name: str) -> Path:
    """The folder ``templates``, ``static`` or ``translations``. Raises ``FileNotFoundError``."""
    for place in (PACKAGE / name, PACKAGE.parent / name):
        if place.is_dir():
            return place
    raise FileNotFoundError(f"the folder {name} is neither in {PACKAGE} nor beside it")
