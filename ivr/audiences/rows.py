"""The rows of an audience: a list of people of one line, and who is on it."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column

from ivr.base import Base, Moment, Word
from ivr.people.rows import PersonId


class Origin(StrEnum):
    """Where the people of a list come from."""

    IMPORT = "import"
    CALLS = "calls"
    CALLBACKS = "callbacks"
    CASES = "cases"
    DOCUMENTS = "documents"


class AudienceState(StrEnum):
    """Only a ready list can be used; one whose making was broken off stays to be seen, and is made anew."""

    MAKING = "making"
    READY = "ready"
    ABANDONED = "abandoned"


class Audience(Base):
    """A list of people. `report` counts the rows taken, repaired, refused by reason, doubled and not callable.

    `touched_at` is when the process that makes it last worked on it: one that was killed leaves it behind.
    """

    __tablename__ = "audience"

    id: Mapped[int] = mapped_column(PersonId, primary_key=True)
    line: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(80))
    origin: Mapped[Origin] = mapped_column(Word(Origin))
    source: Mapped[str] = mapped_column(String(200))
    state: Mapped[AudienceState] = mapped_column(Word(AudienceState))
    made_by: Mapped[str] = mapped_column(String(60))
    made_at: Mapped[datetime] = mapped_column(Moment)
    touched_at: Mapped[datetime] = mapped_column(Moment)
    report: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)  # Any: nested counts


class Member(Base):
    """A person on a list, with the group that quotas count, where there is one ('' elsewhere)."""

    __tablename__ = "audience_member"

    audience_id: Mapped[int] = mapped_column(PersonId, primary_key=True, autoincrement=False)
    person_id: Mapped[int] = mapped_column(PersonId, primary_key=True, autoincrement=False)
    group: Mapped[str] = mapped_column(String(40), default="")
