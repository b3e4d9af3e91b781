"""The rows of an agent: identity, destination, state; teams and skills; recorded announcements."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ivr.base import Base, Moment, Word
from ivr.numbers import PhoneNumber
from ivr.sealing import SealedNumber


class AgentState(StrEnum):
    """Where an agent stands."""

    AWAY = "away"
    READY = "ready"
    OFFERED = "offered"
    TALKING = "talking"
    WRAPPING = "wrapping"


class Agent(Base):
    """One person who takes calls of one line, on a telephone (`phone`) or a softphone (`softphone`).

    `direct_number` (E.164) is told to callers; where it is empty they are told the line's. `phone` never is.
    `leaving` is the reason for which the agent wishes to be away as soon as the present work is over.
    """

    __tablename__ = "agent"
    __table_args__ = (
        Index("ix_agent_ready", "line", "state", "idle_since"),
        Index("uq_agent_softphone", "softphone", unique=True),
    )

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    line: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(40))
    department: Mapped[str] = mapped_column(String(60))
    title: Mapped[str] = mapped_column(String(30))
    phone: Mapped[PhoneNumber | None] = mapped_column(SealedNumber(place="agent.phone"))
    softphone: Mapped[str | None] = mapped_column(String(60))
    direct_number: Mapped[str | None] = mapped_column(String(20))
    state: Mapped[AgentState] = mapped_column(Word(AgentState), default=AgentState.AWAY)
    reason: Mapped[str | None] = mapped_column(String(30))
    leaving: Mapped[str | None] = mapped_column(String(30))
    state_since: Mapped[datetime] = mapped_column(Moment)
    idle_since: Mapped[datetime] = mapped_column(Moment)
    version: Mapped[int] = mapped_column(Integer)
    skills: Mapped[list["AgentSkill"]] = relationship(cascade="all, delete-orphan")

    __mapper_args__ = {"version_id_col": version}

    @property
    def destination(self) -> str:
        """Where the carrier rings this agent: client:NAME or an E.164 number."""
        if self.softphone:
            return f"client:{self.softphone}"
        if self.phone is None:
            raise ValueError(f"agent {self.id} has neither a phone nor a softphone")
        return self.phone.e164


class AgentSkill(Base):
    """A team an agent belongs to (`skill` empty), or a skill the agent has within it."""

    __tablename__ = "agent_skill"
    __table_args__ = (Index("ix_agent_skill_team", "team", "skill"),)

    agent_id: Mapped[str] = mapped_column(ForeignKey("agent.id"), primary_key=True)
    team: Mapped[str] = mapped_column(String(40), primary_key=True)
    skill: Mapped[str] = mapped_column(String(40), primary_key=True, default="")


class ClipState(StrEnum):
    """How far a recorded announcement is."""

    DRAFT = "draft"
    ACCEPTED = "accepted"
    REPLACED = "replaced"


class Clip(Base):
    """An agent's own announcement as recorded: used only after the agent has heard and accepted it."""

    __tablename__ = "clip"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    agent_id: Mapped[str] = mapped_column(ForeignKey("agent.id"), index=True)
    url: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    seconds: Mapped[int]
    state: Mapped[ClipState] = mapped_column(Word(ClipState), default=ClipState.DRAFT)
    made_at: Mapped[datetime] = mapped_column(Moment)
    accepted_at: Mapped[datetime | None] = mapped_column(Moment)
