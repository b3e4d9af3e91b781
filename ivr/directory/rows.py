"""The rows of the directory: an officer of a line, and a planned or present absence of one."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from ivr.base import Base, Moment, Word
from ivr.numbers import PhoneNumber
from ivr.sealing import SealedNumber


class OfficerRole(StrEnum):
    """What an officer is to the line: supervisors are told what nobody else kept."""

    OFFICER = "officer"
    SUPERVISOR = "supervisor"


class AbsenceReason(StrEnum):
    """Why somebody is not there, as customers are told (promise D1); worded in `absence` of the speeches."""

    LEAVE = "leave"
    TRIP = "trip"
    TRAINING = "training"
    SICK = "sick"
    LUNCH = "lunch"


class Officer(Base):
    """One person of an institution whom customers may be referred to (promise K2).

    `duties` are words separated by commas: what the officer is in charge of, teams and departments by their names.
    `number` (E.164) is public; where it is empty customers are told the line's. `reminder_number` never is.
    """

    __tablename__ = "officer"
    __table_args__ = (Index("ix_officer_line_role", "line", "role"),)

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    line: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(40))
    department: Mapped[str] = mapped_column(String(60))
    title: Mapped[str] = mapped_column(String(30))
    duties: Mapped[str] = mapped_column(Text, default="")
    number: Mapped[str | None] = mapped_column(String(20))
    agent_id: Mapped[str | None] = mapped_column(ForeignKey("agent.id"), unique=True)
    deputy_id: Mapped[str | None] = mapped_column(ForeignKey("officer.id"))
    role: Mapped[OfficerRole] = mapped_column(Word(OfficerRole), default=OfficerRole.OFFICER)
    reminder_number: Mapped[PhoneNumber | None] = mapped_column(SealedNumber(place="officer.reminder_number"))

    @property
    def duty_words(self) -> tuple[str, ...]:
        """The duties one by one."""
        return tuple(word.strip() for word in self.duties.split(",") if word.strip())


class Absence(Base):
    """An officer is not there from `starts_at` until before `ends_at`; it may be written long beforehand."""

    __tablename__ = "absence"

    officer_id: Mapped[str] = mapped_column(ForeignKey("officer.id"), primary_key=True)
    starts_at: Mapped[datetime] = mapped_column(Moment, primary_key=True)
    ends_at: Mapped[datetime] = mapped_column(Moment, index=True)
    reason: Mapped[AbsenceReason] = mapped_column(Word(AbsenceReason))
