"""The rows of a call: the call itself, facts as told, its place among the waiting, and offers to agents."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, Integer, String, text
from sqlalchemy.orm import Mapped, mapped_column

from ivr.base import Base, Moment, Word
from ivr.numbers import PhoneNumber
from ivr.sealing import SealedNumber

_GOING_ON = text("ended_at IS NULL")
_OF_A_FIRM = text("firm <> ''")


class Call(Base):
    """One call to a line, from the first ring to the last word. `dialled` is the number it arrived on.

    `firm` is the client firm whose customer calls, as far as it is known: empty for the line's own callers.
    """

    __tablename__ = "call"
    __table_args__ = (
        Index("ix_call_line_arrived", "line", "arrived_at"),
        Index("ix_call_line_outcome", "line", "outcome", "arrived_at"),
        Index("ix_call_firm", "line", "firm", "arrived_at", postgresql_where=_OF_A_FIRM, sqlite_where=_OF_A_FIRM),
        # Beginning with the rarest, so that SQLite prefers them to the order of arrival without having counted rows.
        Index("ix_call_caller", "caller_index", "line", "arrived_at"),
        Index("ix_call_receipt", "receipt_number", "line", "arrived_at"),
        Index("ix_call_going_on", "line", "arrived_at", postgresql_where=_GOING_ON, sqlite_where=_GOING_ON),
    )

    id: Mapped[str] = mapped_column(String(30), primary_key=True)
    line: Mapped[str] = mapped_column(String(40))
    carrier_sid: Mapped[str] = mapped_column(String(64), unique=True)
    caller: Mapped[PhoneNumber | None] = mapped_column(SealedNumber(place="call.caller"))
    caller_index: Mapped[str | None] = mapped_column(String(64))
    dialled: Mapped[str] = mapped_column(String(20))
    firm: Mapped[str] = mapped_column(String(40), default="", server_default="")
    receipt_number: Mapped[str] = mapped_column(String(16))
    arrived_at: Mapped[datetime] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    outcome: Mapped[str | None] = mapped_column(String(20))


class Fact(Base):
    """One thing the carrier told, kept as first told: the same `key` of the same subject is the same thing.

    `said_at` is the carrier's stamp (whole seconds), `received_at` our arrival, `sequence` the carrier's
    counter where it has one. `leg` is "caller", an offer's id, or "room".
    """

    __tablename__ = "fact"

    subject: Mapped[str] = mapped_column(String(60), primary_key=True)
    key: Mapped[str] = mapped_column(String(120), primary_key=True)
    kind: Mapped[str] = mapped_column(String(30))
    leg: Mapped[str] = mapped_column(String(40))
    sid: Mapped[str | None] = mapped_column(String(64))
    said_at: Mapped[datetime | None] = mapped_column(Moment)
    received_at: Mapped[datetime] = mapped_column(Moment)
    sequence: Mapped[int | None]
    detail: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


class WaitingState(StrEnum):
    """Where a caller stands who asked for a person."""

    WAITING = "waiting"
    OFFERED = "offered"
    CONNECTING = "connecting"
    CONNECTED = "connected"
    LEFT = "left"


class Waiting(Base):
    """A caller's place in the queue of a team; `since` stays the original arrival, however often re-queued.

    `agent_id` is the only agent who is rung for it, None for whoever of the team is next.
    """

    __tablename__ = "waiting"
    __table_args__ = (Index("ix_waiting_open", "line", "state", "since"),)

    call_id: Mapped[str] = mapped_column(ForeignKey("call.id"), primary_key=True)
    line: Mapped[str] = mapped_column(String(40))
    team: Mapped[str] = mapped_column(String(40))
    skill: Mapped[str | None] = mapped_column(String(40))
    agent_id: Mapped[str | None] = mapped_column(String(40))
    since: Mapped[datetime] = mapped_column(Moment)
    queue_sid: Mapped[str | None] = mapped_column(String(64))
    state: Mapped[WaitingState] = mapped_column(Word(WaitingState), default=WaitingState.WAITING)
    version: Mapped[int] = mapped_column(Integer)

    __mapper_args__ = {"version_id_col": version}


class OfferState(StrEnum):
    """What we decided about an offer; how its leg fares is told by facts."""

    OPEN = "open"
    ACCEPTED = "accepted"
    OVER = "over"


class OfferPurpose(StrEnum):
    """Why an agent is rung, where it is not that a caller of the team is next in the queue."""

    CONSULT = "consult"
    TRANSFER = "transfer"
    RETURN = "return"


class Offer(Base):
    """One attempt to give a call to one agent. `outcome` says how it ended once it is over.

    `team` and `skill` are what the caller asked for when it was made; `wrapped_at` is when the wrap-up was over.
    `purpose` is None for an agent of the team, else why just this agent is rung.
    """

    __tablename__ = "offer"
    # By the second index a desk finds the agent's present work, which is not closed, and what was closed last.
    __table_args__ = (
        Index("uq_offer_ordinal", "call_id", "ordinal", unique=True),
        Index("ix_offer_agent_closed", "agent_id", "closed_at"),
    )

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    call_id: Mapped[str] = mapped_column(ForeignKey("call.id"))
    ordinal: Mapped[int]
    agent_id: Mapped[str] = mapped_column(ForeignKey("agent.id"))
    state: Mapped[OfferState] = mapped_column(Word(OfferState), default=OfferState.OPEN)
    outcome: Mapped[str | None] = mapped_column(String(20))
    leg_sid: Mapped[str | None] = mapped_column(String(64))
    made_at: Mapped[datetime] = mapped_column(Moment)
    closed_at: Mapped[datetime | None] = mapped_column(Moment)
    team: Mapped[str | None] = mapped_column(String(40))
    skill: Mapped[str | None] = mapped_column(String(40))
    wrapped_at: Mapped[datetime | None] = mapped_column(Moment)
    purpose: Mapped[OfferPurpose | None] = mapped_column(Word(OfferPurpose))
    version: Mapped[int] = mapped_column(Integer)

    __mapper_args__ = {"version_id_col": version}


class CallbackWish(Base):
    """A caller's wish to be called back; it counts once the caller has confirmed the number read back.

    `step` is the step of the call at which the number was given: an older one that is repeated changes nothing.
    """

    __tablename__ = "callback_wish"

    call_id: Mapped[str] = mapped_column(ForeignKey("call.id"), primary_key=True)
    line: Mapped[str] = mapped_column(String(40))
    team: Mapped[str] = mapped_column(String(40))
    number: Mapped[PhoneNumber] = mapped_column(SealedNumber(place="callback_wish.number"))
    number_index: Mapped[str] = mapped_column(String(64), index=True)
    step: Mapped[int]
    confirmed_at: Mapped[datetime | None] = mapped_column(Moment)
