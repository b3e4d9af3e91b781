"""The row of an incident: a talk in which a caller was warned, or that was ended by us."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from ivr.base import Base, Moment
from ivr.sealing import SealedText


class Incident(Base):
    """One talk in which a warning was heard or which was ended by us; its id is that of the offer.

    All but the last four columns is read from facts and can be made again. `keep_recording` holds the recording of the
    call as evidence. `appeal` is the caller's objection: nobody is turned away silently, or for good.
    """

    __tablename__ = "incident"
    __table_args__ = (Index("ix_incident_line_at", "line", "at"),)

    id: Mapped[str] = mapped_column(ForeignKey("offer.id"), primary_key=True)
    call_id: Mapped[str] = mapped_column(ForeignKey("call.id"), index=True)
    line: Mapped[str] = mapped_column(String(40))
    agent_id: Mapped[str] = mapped_column(ForeignKey("agent.id"))
    cause: Mapped[str] = mapped_column(String(20))
    warnings: Mapped[int]
    at: Mapped[datetime] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    lawful: Mapped[bool | None]
    keep_recording: Mapped[bool] = mapped_column(default=True)
    appeal: Mapped[str | None] = mapped_column(SealedText(place="incident.appeal"))
    appeal_by: Mapped[str | None] = mapped_column(SealedText(place="incident.appeal_by"))
    appealed_at: Mapped[datetime | None] = mapped_column(Moment)
