"""The row of a supervisor beside a talk."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, Integer, String, text
from sqlalchemy.orm import Mapped, mapped_column

from ivr.base import Base, Moment, Word

OPEN = text("ended_at IS NULL")


class Mode(StrEnum):
    """How a supervisor is in a talk: heard by nobody, by the agent alone, or by both."""

    LISTEN = "listen"
    WHISPER = "whisper"
    BARGE = "barge"


class MonitoringState(StrEnum):
    """How far it is: asked for, in the room, or over."""

    ASKED = "asked"
    PRESENT = "present"
    OVER = "over"


class Monitoring(Base):
    """One supervisor (an account) beside the talk of one offer, on a softphone; an account is beside one at a time."""

    __tablename__ = "monitoring"
    __table_args__ = (
        Index("uq_monitoring_open", "account_id", unique=True, postgresql_where=OPEN, sqlite_where=OPEN),
        Index("ix_monitoring_offer", "offer_id", "ended_at"),
    )

    id: Mapped[str] = mapped_column(String(60), primary_key=True)
    line: Mapped[str] = mapped_column(String(40))
    call_id: Mapped[str] = mapped_column(ForeignKey("call.id"))
    offer_id: Mapped[str] = mapped_column(ForeignKey("offer.id"))
    account_id: Mapped[str] = mapped_column(String(40))
    softphone: Mapped[str] = mapped_column(String(60))
    mode: Mapped[Mode] = mapped_column(Word(Mode))
    state: Mapped[MonitoringState] = mapped_column(Word(MonitoringState), default=MonitoringState.ASKED)
    leg_sid: Mapped[str | None] = mapped_column(String(64))
    asked_at: Mapped[datetime] = mapped_column(Moment)
    joined_at: Mapped[datetime | None] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    version: Mapped[int] = mapped_column(Integer)

    __mapper_args__ = {"version_id_col": version}
