"""The table of what the portal notes about itself."""

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from citizen_portal.storage.engine import Base


class Noted(Base):
    """One fact by its name, as text."""

    __tablename__ = "noted"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[str] = mapped_column(Text)
