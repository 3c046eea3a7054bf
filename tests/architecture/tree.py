"""The checkout as the architecture tests see it: what is written by hand, and nothing that was made from it."""

from collections.abc import Iterator
from pathlib import Path

CHECKOUT = Path(__file__).parents[2]
PORTAL = CHECKOUT / "citizen_portal"
MADE = {"__pycache__", "instance", "build", "dist", "node_modules"}


def files(*patterns: str, under: Path = CHECKOUT) -> Iterator[Path]:
    """Files that match one of the patterns, without hidden folders and what programs have made."""
    for pattern in patterns:
        for path in sorted(under.rglob(pattern)):
            parts = path.relative_to(CHECKOUT).parts
            if path.is_file() and not MADE & set(parts) and not any(part.startswith(".") for part in parts[:-1]):
                yield path


def name_of(path: Path) -> str:
    """The path as a person would say it, from the top of the checkout."""
    return path.relative_to(CHECKOUT).as_posix()
