"""The row of an attempt: which agent rings which customer, how far we decided it is, and how it ended."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, Integer, String, text
from sqlalchemy.orm import Mapped, mapped_column

from ivr.base import Base, Moment, Word


class AttemptState(StrEnum):
    """What we decided about an attempt; how its two legs fare is told by facts."""

    OPEN = "open"
    ACCEPTED = "accepted"
    OVER = "over"


class AttemptOutcome(StrEnum):
    """How an attempt ended: with the customer, at the customer's telephone, or before it rang at all."""

    REACHED = "reached"
    BUSY = "busy"
    NO_ANSWER = "no_answer"
    VOICEMAIL = "voicemail"
    WRONG_PERSON = "wrong_person"
    FAILED = "failed"
    AGENT_MISSED = "agent_missed"
    AGENT_DECLINED = "agent_declined"
    AGENT_FAILED = "agent_failed"
    WITHDRAWN = "withdrawn"


_OPEN = text("state <> 'over'")


class Attempt(Base):
    """One try to bring one agent together with the customer of one callback.

    `absence` is the reason of an agent who dialled although away, and is away again afterwards; "" is none given.
    `wrapped_at` is when the wrap-up was over. Nobody's telephone is rung by two attempts at a time.
    """

    __tablename__ = "attempt"
    __table_args__ = (
        Index("uq_attempt_ordinal", "callback_id", "ordinal", unique=True),
        Index("ix_attempt_agent_closed", "agent_id", "closed_at"),
        Index("uq_attempt_open_callback", "callback_id", unique=True, postgresql_where=_OPEN, sqlite_where=_OPEN),
        Index("uq_attempt_open_number", "number_index", unique=True, postgresql_where=_OPEN, sqlite_where=_OPEN),
    )

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    callback_id: Mapped[str] = mapped_column(ForeignKey("callback.id"))
    ordinal: Mapped[int]
    line: Mapped[str] = mapped_column(String(40))
    number_index: Mapped[str] = mapped_column(String(64))
    agent_id: Mapped[str] = mapped_column(ForeignKey("agent.id"))
    absence: Mapped[str | None] = mapped_column(String(30))
    state: Mapped[AttemptState] = mapped_column(Word(AttemptState), default=AttemptState.OPEN)
    outcome: Mapped[AttemptOutcome | None] = mapped_column(Word(AttemptOutcome))
    agent_sid: Mapped[str | None] = mapped_column(String(64))
    customer_sid: Mapped[str | None] = mapped_column(String(64))
    made_at: Mapped[datetime] = mapped_column(Moment)
    closed_at: Mapped[datetime | None] = mapped_column(Moment)
    wrapped_at: Mapped[datetime | None] = mapped_column(Moment)
    version: Mapped[int] = mapped_column(Integer)

    __mapper_args__ = {"version_id_col": version}
