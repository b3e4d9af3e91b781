"""The row of knowledge: one version of a question and its answer, which is never changed, only followed by another."""

from datetime import date, datetime

from sqlalchemy import Date, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ivr.base import Base, Moment


class Knowledge(Base):
    """One version of an entry: `entry` names it through all its versions, which are counted from 1.

    `firm` and `product` are empty where it holds for all; `topic` is what callers ask about (a skill of the line). It
    holds from the local day `effective_from` to `effective_to`, both included; where the days of several versions cover
    one day, the newest of them holds. `withdrawn_at` takes the entry away. `sought` is what is searched.
    """

    __tablename__ = "knowledge"
    __table_args__ = (UniqueConstraint("entry", "version"), Index("ix_knowledge_line", "line", "firm"))

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    entry: Mapped[str] = mapped_column(String(21))
    version: Mapped[int]
    line: Mapped[str] = mapped_column(String(40))
    firm: Mapped[str] = mapped_column(String(40), default="")
    product: Mapped[str] = mapped_column(String(40), default="")
    topic: Mapped[str] = mapped_column(String(40), default="")
    question: Mapped[str] = mapped_column(String(300))
    answer: Mapped[str] = mapped_column(Text)
    sought: Mapped[str] = mapped_column(Text)
    effective_from: Mapped[date] = mapped_column(Date)
    effective_to: Mapped[date | None] = mapped_column(Date)
    made_at: Mapped[datetime] = mapped_column(Moment)
    made_by: Mapped[str] = mapped_column(String(60))
    withdrawn_at: Mapped[datetime | None] = mapped_column(Moment)
    withdrawn_by: Mapped[str | None] = mapped_column(String(60))
