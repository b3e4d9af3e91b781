"""The row of a callback: whom we promised to ring, by when, who is in charge, and how it ended."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, Integer, String, text
from sqlalchemy.orm import Mapped, mapped_column

from ivr.base import Base, Moment, Word
from ivr.numbers import PhoneNumber
from ivr.sealing import SealedNumber, SealedText


class Origin(StrEnum):
    """Which way a wish came in: out of the queue, by a menu, at closed hours, by an agent, a booking, the API."""

    WAITING = "waiting"
    MENU = "menu"
    CLOSED = "closed"
    MEMO = "memo"
    BOOKING = "booking"
    API = "api"


# On the telephone it is we who say a time; in these ways the customer may choose one.
CHOSEN = frozenset({Origin.BOOKING, Origin.API, Origin.MEMO})


class CallbackState(StrEnum):
    """How far a callback is; where the legs of an attempt are is told by facts."""

    WAITING = "waiting"
    DIALLING = "dialling"
    REACHED = "reached"
    SERVED = "served"
    WITHDRAWN = "withdrawn"
    GIVEN_UP = "given_up"


class CallbackOutcome(StrEnum):
    """How a callback ended: by our call, by the customer's own, in another way, not at all."""

    REACHED = "reached"
    CALLED_IN = "called_in"
    OTHER_WAY = "other_way"
    WITHDRAWN = "withdrawn"
    UNREACHED = "unreached"


# One open promise for a number: a second wish joins it. An appointment stands beside it.
_OPEN = text("closed_at IS NULL AND origin <> 'booking'")
_NOT_OVER = text("closed_at IS NULL")


class Callback(Base):
    """One promise to ring a customer. Times are UTC.

    `since` is the original arrival, which is the place in the queue; before `not_before` no agent is given it.
    `due_at` is the time told to the customer now, `first_due_at` the one told first. `tries` counts the
    attempts that reached the customer's telephone, `slips` the notices that it will be later. `reason` is the code
    why the question could not be answered at once; `closed_by` names an attempt, a call or a person.
    """

    __tablename__ = "callback"
    __table_args__ = (
        Index("ix_callback_queue", "line", "state", "since"),
        Index("ix_callback_number", "number_index", "line"),
        Index("ix_callback_due", "line", "due_at", "id", postgresql_where=_NOT_OVER, sqlite_where=_NOT_OVER),
        Index("ix_callback_over", "line", "closed_at", "id", "outcome"),
        Index("uq_callback_open", "line", "number_index", unique=True, postgresql_where=_OPEN, sqlite_where=_OPEN),
    )

    id: Mapped[str] = mapped_column(String(30), primary_key=True)
    line: Mapped[str] = mapped_column(String(40))
    team: Mapped[str] = mapped_column(String(40))
    skill: Mapped[str | None] = mapped_column(String(40))
    origin: Mapped[Origin] = mapped_column(Word(Origin))
    call_id: Mapped[str | None] = mapped_column(ForeignKey("call.id"), index=True)
    receipt_number: Mapped[str] = mapped_column(String(16), index=True)
    number: Mapped[PhoneNumber] = mapped_column(SealedNumber(place="callback.number"))
    number_index: Mapped[str] = mapped_column(String(64))
    customer: Mapped[str | None] = mapped_column(SealedText(place="callback.customer"))
    content: Mapped[str | None] = mapped_column(SealedText(place="callback.content"))
    reason: Mapped[str | None] = mapped_column(String(30))
    asked_at: Mapped[datetime] = mapped_column(Moment)
    since: Mapped[datetime] = mapped_column(Moment)
    not_before: Mapped[datetime | None] = mapped_column(Moment)
    due_at: Mapped[datetime] = mapped_column(Moment, index=True)
    first_due_at: Mapped[datetime] = mapped_column(Moment)
    officer_id: Mapped[str | None] = mapped_column(String(40), index=True)
    tries: Mapped[int] = mapped_column(default=0)
    slips: Mapped[int] = mapped_column(default=0)
    state: Mapped[CallbackState] = mapped_column(Word(CallbackState), default=CallbackState.WAITING)
    outcome: Mapped[CallbackOutcome | None] = mapped_column(Word(CallbackOutcome))
    closed_at: Mapped[datetime | None] = mapped_column(Moment)
    closed_by: Mapped[str | None] = mapped_column(String(60))
    version: Mapped[int] = mapped_column(Integer)

    __mapper_args__ = {"version_id_col": version}
