"""The rows of usage and of bills: only ever added to; what was wrong is put right by another entry."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, Date, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ivr.base import Base, Moment, Word


class UsageKind(StrEnum):
    """What is counted: a handled call, minutes of its talk, a complete answer, a happy call's, a text message."""

    CALL = "call"
    MINUTE = "minute"
    ANSWER = "answer"
    HAPPY = "happy"
    TEXT = "text"


class Usage(Base):
    """One thing that a firm used; `key` is made of its source (`call/ID`, `minute/ID`, `answer/DIAL`, `text/ID`).

    `month` (YYYY-MM) and `day` are those in Seoul in which it happened. A source counts as often as its rows add up
    to: one that came out otherwise later has another row, `KEY/2`, with the difference as `quantity`.
    """

    __tablename__ = "usage"
    __table_args__ = (
        # Everything that a statement adds up: none of the rows themselves must be read.
        Index("ix_usage_month", "line", "month", "firm", "kind", "noted_at", "day", "quantity"),
        Index("ix_usage_noted", "line", "month", "noted_at"),
        Index("ix_usage_source", "kind", "source"),
    )

    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    line: Mapped[str] = mapped_column(String(40))
    firm: Mapped[str] = mapped_column(String(40))
    kind: Mapped[UsageKind] = mapped_column(Word(UsageKind))
    source: Mapped[str] = mapped_column(String(60))
    quantity: Mapped[int]
    day: Mapped[date] = mapped_column(Date)
    month: Mapped[str] = mapped_column(String(7))
    happened_at: Mapped[datetime] = mapped_column(Moment)
    noted_at: Mapped[datetime] = mapped_column(Moment)


class PriceList(Base):
    """One version of the prices of a line, from a local day on, up to the next list's day; lists leave no gap.

    `content` has the parts of `ivr.lines.centre.Prices`. Before the first list the prices of the line's file hold; of
    two lists from one day the later version does.
    """

    __tablename__ = "price_list"
    __table_args__ = (UniqueConstraint("line", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    line: Mapped[str] = mapped_column(String(40))
    version: Mapped[int]
    since: Mapped[date] = mapped_column(Date)
    content: Mapped[dict[str, Any]] = mapped_column(JSON)  # Any: the parts of Prices, checked before they are kept
    reason: Mapped[str] = mapped_column(String(200))
    made_at: Mapped[datetime] = mapped_column(Moment)
    made_by: Mapped[str] = mapped_column(String(60))


class LineKind(StrEnum):
    """What a line of a statement is for."""

    SERVICE = "service"
    BASE = "base"
    ANSWERS = "answers"
    HAPPY = "happy"
    MINUTES = "minutes"
    TEXTS = "texts"
    LATE = "late"
    CORRECTION = "correction"


class Statement(Base):
    """What a firm owes for a month, made after it (A8) and never changed: in won, all of it, its support, its share.

    `usage_noted_until` is the moment up to which usage of the month was counted: what was noted later is of a later
    statement. `id` is readable, `ascentre-hanbit-2026-10`.
    """

    __tablename__ = "statement"
    __table_args__ = (UniqueConstraint("line", "month", "firm"),)

    id: Mapped[str] = mapped_column(String(90), primary_key=True)
    line: Mapped[str] = mapped_column(String(40))
    firm: Mapped[str] = mapped_column(String(40))
    month: Mapped[str] = mapped_column(String(7))
    gross: Mapped[int] = mapped_column(BigInteger)
    support: Mapped[int] = mapped_column(BigInteger)
    owed: Mapped[int] = mapped_column(BigInteger)
    usage_noted_until: Mapped[datetime] = mapped_column(Moment)
    made_at: Mapped[datetime] = mapped_column(Moment)
    made_by: Mapped[str] = mapped_column(String(60))


class StatementLine(Base):
    """One line of a statement: `gross` is `support` and `owed` together, in won, which may be below 0 in a correction.

    `quantity` counts what `kind` is for. `parts` say how it was reckoned, one for each list of prices that held on a
    day under contract; `detail` names what the line is about besides (a month, a kind, a statement, a reason).
    """

    __tablename__ = "statement_line"

    statement_id: Mapped[str] = mapped_column(ForeignKey("statement.id"), primary_key=True)
    ordinal: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[LineKind] = mapped_column(Word(LineKind))
    quantity: Mapped[int]
    gross: Mapped[int] = mapped_column(BigInteger)
    support: Mapped[int] = mapped_column(BigInteger)
    owed: Mapped[int] = mapped_column(BigInteger)
    parts: Mapped[list[dict[str, str | int]]] = mapped_column(JSON, default=list)
    detail: Mapped[dict[str, str | int]] = mapped_column(JSON, default=dict)


class BillingMark(Base):
    """The moment up to which usage of a line was counted by statements: what is noted later has a later `noted_at`.

    Whoever notes usage holds the row, whoever makes statements locks it: no usage falls between two of them.
    """

    __tablename__ = "billing_mark"

    line: Mapped[str] = mapped_column(String(40), primary_key=True)
    counted_until: Mapped[datetime] = mapped_column(Moment)


class Correction(Base):
    """Won by which a line of a statement was wrong, as somebody found; it stands on the firm's next statement.

    `statement_id` and `ordinal` are the line put right, `billed_in` the statement that carries it, None as yet.
    """

    __tablename__ = "correction"
    __table_args__ = (Index("ix_correction_open", "line", "firm", "billed_in"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    line: Mapped[str] = mapped_column(String(40))
    firm: Mapped[str] = mapped_column(String(40))
    statement_id: Mapped[str] = mapped_column(ForeignKey("statement.id"))
    ordinal: Mapped[int]
    owed: Mapped[int] = mapped_column(BigInteger)
    reason: Mapped[str] = mapped_column(String(300))
    made_at: Mapped[datetime] = mapped_column(Moment)
    made_by: Mapped[str] = mapped_column(String(60))
    billed_in: Mapped[str | None] = mapped_column(String(90))
