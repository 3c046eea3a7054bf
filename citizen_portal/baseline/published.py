"""Published snapshots: public documents read once, and what pages ask of them. Pages know nothing else (rule 7).

Documents are shared by every request of the process: whoever reads one leaves it as it is.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy.orm import Session

from citizen_portal.baseline import queries
from citizen_portal.surveys.demonstration import EXAMPLE

Document = Mapping[str, Any]

NOT_SHOWN: Document = {"shown": False, "base": None, "value": None, "low": None, "high": None}
NOT_ASKED = "not_asked"
MOST_KEPT = 64


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A public document with its digest."""

    digest: str
    document: Document

    @property
    def code(self) -> str:
        """What it is called, and its part of an address."""
        return self.document["code"]

    @property
    def is_invented(self) -> bool:
        """Whether its survey is one that the demonstration invented."""
        return self.document["survey"]["wave"].startswith(EXAMPLE)

    def indicator(self, code: str) -> Document | None:
        """An indicator with its values, or None."""
        return next((each for each in self.document["indicators"] if each["code"] == code), None)

    def value(self, indicator: str) -> Document:
        """An indicator's value for everyone; one that says it was not asked when the snapshot has none."""
        found = self.indicator(indicator)
        return value_of(found, None, None) if found else {**NOT_SHOWN, "reason": NOT_ASKED}


def value_of(indicator: Document, by: str | None, group: str | None) -> Document:
    """The value of a group; one that is not shown when there is none."""
    found = (each for each in indicator["values"] if (each["by"], each["group"]) == (by, group))
    return next(found, NOT_SHOWN)


def change_of(indicator: Document, by: str | None, group: str | None) -> Document | None:
    """What changed in a group since the baseline, or None."""
    found = (each for each in indicator["changes"] if (each["by"], each["group"]) == (by, group))
    return next(found, None)


def snapshots(session: Session) -> Sequence[Snapshot]:
    """Every published snapshot, the latest period first."""
    return [_read(row.public_digest, row.public_document) for row in queries.published(session)]


@lru_cache(maxsize=MOST_KEPT)
def _read(digest: str, text: str) -> Snapshot:
    return Snapshot(digest, json.loads(text))
