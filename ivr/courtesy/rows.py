"""The rows of a courtesy round: the round with its form, the sampled calls, sheets, appeals, and what was done."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Date, ForeignKey, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from ivr.base import Base, Moment, Word


class RoundState(StrEnum):
    """How far a round is."""

    OPEN = "open"
    PUBLISHED = "published"
    CANCELLED = "cancelled"


class CourtesyRound(Base):
    """A sample drawn from the calls of some local days, both included, with all that it takes to draw it again.

    `form` is the form as it stood on the day of drawing, so that no later file changes the scores. `per_agent` is
    the most calls of one agent, `second_share` the percentage of calls that are scored by two raters. Appeals may
    be made up to the local day `appeal_until`, set by the publication.
    """

    __tablename__ = "courtesy_round"

    id: Mapped[str] = mapped_column(String(80), primary_key=True)
    institution: Mapped[str] = mapped_column(String(40), index=True)
    first_day: Mapped[date] = mapped_column(Date)
    last_day: Mapped[date] = mapped_column(Date)
    size: Mapped[int]
    seed: Mapped[int]
    per_agent: Mapped[int | None]
    second_share: Mapped[int]
    held_by: Mapped[str] = mapped_column(String(20))
    form: Mapped[dict[str, Any]] = mapped_column(JSON)
    drawn_by: Mapped[str] = mapped_column(String(60))
    drawn_at: Mapped[datetime] = mapped_column(Moment)
    state: Mapped[RoundState] = mapped_column(Word(RoundState), default=RoundState.OPEN)
    published_at: Mapped[datetime | None] = mapped_column(Moment)
    appeal_until: Mapped[date | None] = mapped_column(Date)
    version: Mapped[int] = mapped_column(Integer)

    __mapper_args__ = {"version_id_col": version}


class CourtesyPick(Base):
    """One talk of the sample. Calls and agents are kept by their ids alone, so that the record outlives them.

    `second` says that two raters score it. A call that could not be scored is dropped, with the reason.
    """

    __tablename__ = "courtesy_pick"

    round_id: Mapped[str] = mapped_column(ForeignKey("courtesy_round.id"), primary_key=True)
    call_id: Mapped[str] = mapped_column(String(30), primary_key=True)
    offer_id: Mapped[str] = mapped_column(String(40))
    agent_id: Mapped[str] = mapped_column(String(40), index=True)
    team: Mapped[str] = mapped_column(String(40))
    ordinal: Mapped[int]
    second: Mapped[bool]
    dropped: Mapped[str | None] = mapped_column(Text)


class Place(StrEnum):
    """Whose sheet it is: the first rater's, the blind second one's, or the reconciled one of a dispute."""

    FIRST = "first"
    SECOND = "second"
    AGREED = "agreed"


class CourtesySheet(Base):
    """One version of a sheet, never altered: a correction is the next version, with its reason.

    `scores` has the points by item, null where not applicable. `rater` is whose sheet it is, `written_by` who wrote
    this version. `blind` says that the other rater's sheet could not be seen when it was written.
    """

    __tablename__ = "courtesy_sheet"

    round_id: Mapped[str] = mapped_column(ForeignKey("courtesy_round.id"), primary_key=True)
    call_id: Mapped[str] = mapped_column(String(30), primary_key=True)
    place: Mapped[Place] = mapped_column(Word(Place), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    rater: Mapped[str] = mapped_column(String(60))
    written_by: Mapped[str] = mapped_column(String(60))
    written_at: Mapped[datetime] = mapped_column(Moment)
    scores: Mapped[dict[str, int | None]] = mapped_column(JSON)
    note: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    blind: Mapped[bool]


class AppealState(StrEnum):
    """How far an appeal is."""

    FILED = "filed"
    UPHELD = "upheld"
    DISMISSED = "dismissed"
    WITHDRAWN = "withdrawn"


class CourtesyAppeal(Base):
    """An agent's appeal against one item of the sheet that counts; to be decided up to the local day `decide_by`."""

    __tablename__ = "courtesy_appeal"

    round_id: Mapped[str] = mapped_column(ForeignKey("courtesy_round.id"), primary_key=True)
    call_id: Mapped[str] = mapped_column(String(30), primary_key=True)
    item: Mapped[str] = mapped_column(String(40), primary_key=True)
    agent_id: Mapped[str] = mapped_column(String(40))
    text: Mapped[str] = mapped_column(Text)
    filed_at: Mapped[datetime] = mapped_column(Moment)
    decide_by: Mapped[date] = mapped_column(Date)
    state: Mapped[AppealState] = mapped_column(Word(AppealState), default=AppealState.FILED)
    decided_by: Mapped[str | None] = mapped_column(String(60))
    decided_at: Mapped[datetime | None] = mapped_column(Moment)
    reason: Mapped[str | None] = mapped_column(Text)
    version: Mapped[int] = mapped_column(Integer)

    __mapper_args__ = {"version_id_col": version}


class CourtesyEvent(Base):
    """What was done to a round, by whom and when: the history that nobody edits. Empty ids: the whole round."""

    __tablename__ = "courtesy_event"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    round_id: Mapped[str] = mapped_column(ForeignKey("courtesy_round.id"), index=True)
    call_id: Mapped[str] = mapped_column(String(30), default="")
    item: Mapped[str] = mapped_column(String(40), default="")
    event: Mapped[str] = mapped_column(String(20))
    by: Mapped[str] = mapped_column(String(60))
    at: Mapped[datetime] = mapped_column(Moment)
    reason: Mapped[str] = mapped_column(Text, default="")
