"""Legal holds, and the purge log: what was erased, how much of it, up to when and by whom."""

from datetime import datetime

from sqlalchemy import BigInteger, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from ivr.base import Base, Moment


class LegalHold(Base):
    """Nothing of a subject is erased until the hold is released.

    `kind` is one of `ivr.keeping.holds.HoldKind`; `subject` a line, a call, a case, or the blind index of a number.
    """

    __tablename__ = "legal_hold"
    __table_args__ = (Index("ix_legal_hold_subject", "kind", "subject"),)

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    subject: Mapped[str] = mapped_column(String(64))
    reason: Mapped[str] = mapped_column(String(300))
    set_by: Mapped[str] = mapped_column(String(60))
    set_at: Mapped[datetime] = mapped_column(Moment)
    released_by: Mapped[str | None] = mapped_column(String(60))
    released_at: Mapped[datetime | None] = mapped_column(Moment)


class PurgeEntry(Base):
    """One piece of one class that was erased, or a hold that was set or released; written once, never changed.

    `rows` that were older than `until` were erased; `seal` holds the entry and the one before it.
    """

    __tablename__ = "purge_entry"

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    name: Mapped[str] = mapped_column(String(40))
    deed: Mapped[str] = mapped_column(String(20))
    rows: Mapped[int]
    until: Mapped[datetime] = mapped_column(Moment)
    at: Mapped[datetime] = mapped_column(Moment)
    by: Mapped[str] = mapped_column(String(60))
    seal: Mapped[str] = mapped_column(String(44))
