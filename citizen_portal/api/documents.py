"""Public documents: what the feed is made from, and the only thing it ever reads of a frozen baseline."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session

from citizen_portal.baseline import queries

Words = Mapping[str, str]  # language -> the same words in it

ENGLISH = "en"


@dataclass(frozen=True)
class PublicDocument:
    """A snapshot's public document: ``text`` as it was frozen, and the SHA-256 of that text."""

    code: str
    digest: str
    text: str

    @cached_property
    def values(self) -> dict[str, Any]:
        """What the text says."""
        return json.loads(self.text)


def all_documents(session: Session) -> Sequence[PublicDocument]:
    """The public document of every snapshot, the latest period first."""
    return [PublicDocument(*row) for row in queries.published(session)]


def one_document(session: Session, code: str) -> PublicDocument:
    """The public document of the snapshot with this code. Raises ``Gone`` once withdrawn, and ``NoResultFound``."""
    try:
        return PublicDocument(*queries.published_one(session, code))
    except NoResultFound:
        for each in withdrawn_documents(session):
            if each.code == code:
                raise Gone(each) from None
        raise


@dataclass(frozen=True, slots=True)
class WithdrawnDocument:
    """What is left of a document that was public."""

    code: str
    withdrawn_on: date
    because: str
    replaced_by: str | None
    digest: str


class Gone(LookupError):
    """The document was withdrawn."""

    def __init__(self, document: WithdrawnDocument) -> None:
        super().__init__(document.code)
        self.document = document


def withdrawn_documents(session: Session) -> Sequence[WithdrawnDocument]:
    """What was public and is no longer, the latest first."""
    return [
        WithdrawnDocument(release.code, release.done_on, release.because, release.replaced_by, digest)
        for release, digest in queries.withdrawals(session)
    ]


def label(words: Words) -> str:
    """The words in English, as the feed's own are; where there is no English, in the first language by its code."""
    return words.get(ENGLISH) or next(iter(words.values()))
