"""The tables that alike texts are found by. A group is known by one text of it; the night chooses which."""

from uuid import UUID

from sqlalchemy import LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from citizen_portal.storage.engine import Base
from citizen_portal.storage.types import IN_RANDOM_ORDER, random_id


class TextGroup(Base):
    """Texts that are alike, by the words of one of them (``words.words_of``). ``id`` is random."""

    __tablename__ = "text_group"
    __table_args__ = IN_RANDOM_ORDER

    id: Mapped[UUID] = mapped_column(primary_key=True, default=random_id)
    words: Mapped[bytes] = mapped_column(LargeBinary(256))


class TextBand(Base):
    """One of the signs that a group is found by."""

    __tablename__ = "text_band"
    __table_args__ = IN_RANDOM_ORDER

    band: Mapped[bytes] = mapped_column(LargeBinary(8), primary_key=True)
    text_group: Mapped[UUID] = mapped_column(primary_key=True, index=True)
