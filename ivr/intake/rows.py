"""The row of a mark on an intake: kept for good, the newest one of a call counts."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from ivr.base import Base, Moment, Word


class IntakeMark(StrEnum):
    """How a matter was taken in: rightly, or what was wrong about it."""

    RIGHT = "right"
    WRONG_GROUP = "wrong-group"
    WRONG_KIND = "wrong-kind"
    WRONG_ANSWER = "wrong-answer"
    WRONG_RECORD = "wrong-record"


class IntakeReview(Base):
    """What somebody found about the intake of a call; `firm` and `agent_id` are those of the call."""

    __tablename__ = "intake_review"
    __table_args__ = (Index("ix_intake_review_line", "line", "marked_at"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    call_id: Mapped[str] = mapped_column(ForeignKey("call.id"), index=True)
    line: Mapped[str] = mapped_column(String(40))
    firm: Mapped[str] = mapped_column(String(40), default="")
    agent_id: Mapped[str | None] = mapped_column(String(40))
    mark: Mapped[IntakeMark] = mapped_column(Word(IntakeMark))
    note: Mapped[str] = mapped_column(String(300), default="")
    marked_at: Mapped[datetime] = mapped_column(Moment)
    marked_by: Mapped[str] = mapped_column(String(60))
