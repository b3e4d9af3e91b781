"""The row of a reading: one telephone call that reads one message out."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from ivr.base import Base, Moment, Word


class ReadingOutcome(StrEnum):
    """How a reading ended: heard to its end by a person who pressed a key, or why not."""

    HEARD = "heard"
    HUNG_UP = "hung_up"
    VOICEMAIL = "voicemail"
    BUSY = "busy"
    NO_ANSWER = "no_answer"
    FAILED = "failed"


_OPEN = text("closed_at IS NULL")


class Reading(Base):
    """One attempt to read a message out. A number is rung by one reading at a time, whatever the message.

    `outcome` is empty while it goes on; how its leg fares is told by facts about the message.
    """

    __tablename__ = "reading"
    __table_args__ = (
        Index("uq_reading_open_number", "number_index", unique=True, postgresql_where=_OPEN, sqlite_where=_OPEN),
    )

    message_id: Mapped[str] = mapped_column(ForeignKey("message.id"), primary_key=True)
    ordinal: Mapped[int] = mapped_column(primary_key=True)
    line: Mapped[str] = mapped_column(String(40))
    number_index: Mapped[str] = mapped_column(String(64))
    leg_sid: Mapped[str | None] = mapped_column(String(64))
    made_at: Mapped[datetime] = mapped_column(Moment)
    closed_at: Mapped[datetime | None] = mapped_column(Moment)
    outcome: Mapped[ReadingOutcome | None] = mapped_column(Word(ReadingOutcome))

    @property
    def leg(self) -> str:
        """The name of its leg in the facts of the message."""
        return f"reading-{self.ordinal}"
