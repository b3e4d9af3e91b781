"""Text messages as they were written, how far each has come, and every attempt to send one."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from ivr.base import Base, Moment, Word
from ivr.messages.states import AttemptOutcome, MessageState
from ivr.numbers import PhoneNumber
from ivr.sealing import SealedNumber, SealedText

LONGEST_ID = 60
# What did not arrive: few rows among many. A query must say it in these very words to use the index.
MISSED_ONES = text("state IN ('suppressed', 'expired', 'failed', 'undelivered')")


class Message(Base):
    """One text message to one person; body and recipient are sealed. `template` names id and version.

    `subject` is what it is about (`call:ID`, `callback:ID` ...), `provider` who took it under the id `sid`,
    `mended` the signs that had to be replaced, `again_of` the message that this one repeats.
    """

    __tablename__ = "message"
    __table_args__ = (
        Index("ix_message_line_written", "line", "written_at", "id", "state", "template"),
        Index(
            "ix_message_missed",
            *("line", "written_at", "id", "state"),
            postgresql_where=MISSED_ONES,
            sqlite_where=MISSED_ONES,
        ),
    )

    id: Mapped[str] = mapped_column(String(LONGEST_ID), primary_key=True)
    call_id: Mapped[str | None] = mapped_column(ForeignKey("call.id"), index=True)
    subject: Mapped[str] = mapped_column(String(80), index=True)
    line: Mapped[str] = mapped_column(String(40))
    template: Mapped[str] = mapped_column(String(60))
    recipient: Mapped[PhoneNumber] = mapped_column(SealedNumber(place="message.recipient"))
    recipient_index: Mapped[str] = mapped_column(String(64), index=True)
    body: Mapped[str] = mapped_column(SealedText(place="message.body"))
    mended: Mapped[str | None] = mapped_column(String(60))
    state: Mapped[MessageState] = mapped_column(Word(MessageState), default=MessageState.WRITTEN)
    rank: Mapped[int] = mapped_column(default=0)
    provider: Mapped[str | None] = mapped_column(String(20))
    sid: Mapped[str | None] = mapped_column(String(64))
    error: Mapped[str | None] = mapped_column(String(200))
    attempts: Mapped[int] = mapped_column(default=0)
    again_of: Mapped[str | None] = mapped_column(String(60), index=True)
    written_at: Mapped[datetime] = mapped_column(Moment, index=True)
    worth_until: Mapped[datetime] = mapped_column(Moment)
    delivered_at: Mapped[datetime | None] = mapped_column(Moment)


class MessageAttempt(Base):
    """One order to one provider: kept before it is given, so that a repetition asks the same provider.

    `outcome` is open until the provider's answer, or a later look at what became of it, is known; `unanswered`
    stays set for an order that had to be looked up.
    """

    __tablename__ = "message_attempt"

    message_id: Mapped[str] = mapped_column(ForeignKey("message.id"), primary_key=True)
    ordinal: Mapped[int] = mapped_column(primary_key=True)
    provider: Mapped[str] = mapped_column(String(20))
    made_at: Mapped[datetime] = mapped_column(Moment, index=True)
    outcome: Mapped[AttemptOutcome] = mapped_column(Word(AttemptOutcome), default=AttemptOutcome.OPEN)
    unanswered: Mapped[bool] = mapped_column(default=False)
    error: Mapped[str | None] = mapped_column(String(200))
    closed_at: Mapped[datetime | None] = mapped_column(Moment)


class ProviderShare(Base):
    """How many of a hundred messages a provider is given, since when and why; `fixed` as an operator set it.

    `weighed_at` is when it was last asked whether the part is still right.
    """

    __tablename__ = "provider_share"

    name: Mapped[str] = mapped_column(String(20), primary_key=True)
    share: Mapped[int] = mapped_column()
    fixed: Mapped[bool] = mapped_column(default=False)
    reason: Mapped[str] = mapped_column(String(60), default="")
    changed_at: Mapped[datetime] = mapped_column(Moment)
    weighed_at: Mapped[datetime] = mapped_column(Moment)
