"""The row of a transfer: who passes whom on to whom, how far it is, and how it ended."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from ivr.base import Base, Moment, Word

TRANSFER = "transfer"
ASKED_FACT, COMPLETED_FACT, CANCELLED_FACT = "transfer-asked", "transfer-completed", "transfer-cancelled"
"""What the agent wished, told of the leg TRANSFER: the transfer itself, to complete it, to cancel it."""


class Manner(StrEnum):
    """Blind: the caller is brought to the other agent at once. Consult: the two agents talk first."""

    BLIND = "blind"
    CONSULT = "consult"


class TransferState(StrEnum):
    """How far a transfer is; where the caller and the legs are is told by facts."""

    ASKED = "asked"
    CONSULTING = "consulting"
    PASSING = "passing"
    WAITING = "waiting"
    RETURNING = "returning"
    OVER = "over"


class TransferOutcome(StrEnum):
    """How a transfer ended: with the other agent, back with the first one or the team, undone, or without a caller."""

    COMPLETED = "completed"
    RETURNED = "returned"
    CANCELLED = "cancelled"
    GONE = "gone"


class Transfer(Base):
    """One wish of the agent of `from_offer` to pass the caller on to `to_agent`; `to_offer` is the ringing for it."""

    __tablename__ = "transfer"
    __table_args__ = (Index("uq_transfer_ordinal", "call_id", "ordinal", unique=True),)

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    call_id: Mapped[str] = mapped_column(ForeignKey("call.id"))
    ordinal: Mapped[int]
    manner: Mapped[Manner] = mapped_column(Word(Manner))
    from_offer: Mapped[str] = mapped_column(ForeignKey("offer.id"))
    to_agent: Mapped[str] = mapped_column(ForeignKey("agent.id"), index=True)
    to_offer: Mapped[str | None] = mapped_column(ForeignKey("offer.id"), index=True)
    state: Mapped[TransferState] = mapped_column(Word(TransferState), default=TransferState.ASKED)
    outcome: Mapped[str | None] = mapped_column(String(20))
    asked_at: Mapped[datetime] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    version: Mapped[int] = mapped_column(Integer)

    __mapper_args__ = {"version_id_col": version}
