"""The row of a refusal: one person wants no texts of one line, of one scope, until it is withdrawn."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from ivr.base import Base, Moment, Word
from ivr.numbers import PhoneNumber
from ivr.sealing import SealedNumber

STANDING = text("withdrawn_at IS NULL")


class Scope(StrEnum):
    """What is refused: information and advertisements, or every text, receipts and promises too."""

    INFORMATION = "information"
    ALL = "all"


class Way(StrEnum):
    """How somebody refused: a key of the menu, the link in a text, the free number, or by asking an agent."""

    KEY = "key"
    LINK = "link"
    CALL = "call"
    AGENT = "agent"


class OptOut(Base):
    """One refusal. Of each person and line one of a scope stands; a withdrawn one stays as a record."""

    __tablename__ = "opt_out"
    __table_args__ = (
        Index("ix_opt_out_line_asked", "line", "asked_at", "id"),
        Index(
            "uq_opt_out_standing",
            "number_index",
            "line",
            "scope",
            unique=True,
            postgresql_where=STANDING,
            sqlite_where=STANDING,
        ),
    )

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    line: Mapped[str] = mapped_column(String(40))
    number: Mapped[PhoneNumber] = mapped_column(SealedNumber(place="opt_out.number"))
    number_index: Mapped[str] = mapped_column(String(64))
    scope: Mapped[Scope] = mapped_column(Word(Scope))
    way: Mapped[Way] = mapped_column(Word(Way))
    asked_at: Mapped[datetime] = mapped_column(Moment)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Moment)
