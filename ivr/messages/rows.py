"""Text messages as they were written, and how far each has come."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from ivr.base import Base, Moment, Word
from ivr.numbers import PhoneNumber
from ivr.sealing import SealedNumber, SealedText


class MessageState(StrEnum):
    """How far a message is; the order of delivery is that of `RANK`."""

    WRITTEN = "written"
    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    UNDELIVERED = "undelivered"
    FAILED = "failed"


# A state with a lower rank never replaces a higher one, however late its callback comes.
RANK: Mapping[MessageState, int] = {
    MessageState.WRITTEN: 0,
    MessageState.QUEUED: 1,
    MessageState.SENDING: 2,
    MessageState.SENT: 3,
    MessageState.FAILED: 4,
    MessageState.UNDELIVERED: 4,
    MessageState.DELIVERED: 4,
}

# Twilio, Message resource: status values in the carrier's words, where ours differ.
STATE_OF_STATUS: Mapping[str, MessageState] = {
    "accepted": MessageState.QUEUED,
    "scheduled": MessageState.QUEUED,
    "canceled": MessageState.FAILED,
    "read": MessageState.DELIVERED,
    **{state.value: state for state in MessageState if state is not MessageState.WRITTEN},
}


class Message(Base):
    """One text message to one person; body and recipient are sealed. `template` names id and version."""

    __tablename__ = "message"

    id: Mapped[str] = mapped_column(String(60), primary_key=True)
    call_id: Mapped[str] = mapped_column(ForeignKey("call.id"), index=True)
    line: Mapped[str] = mapped_column(String(40))
    template: Mapped[str] = mapped_column(String(60))
    recipient: Mapped[PhoneNumber] = mapped_column(SealedNumber(place="message.recipient"))
    recipient_index: Mapped[str] = mapped_column(String(64), index=True)
    body: Mapped[str] = mapped_column(SealedText(place="message.body"))
    state: Mapped[MessageState] = mapped_column(Word(MessageState), default=MessageState.WRITTEN)
    rank: Mapped[int] = mapped_column(default=0)
    sid: Mapped[str | None] = mapped_column(String(64))
    error: Mapped[str | None] = mapped_column(String(200))
    written_at: Mapped[datetime] = mapped_column(Moment)
