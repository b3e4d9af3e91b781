"""The rows of a campaign: its plan, its targets, what is dialled, and what the quotas and the bill count."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Index, Integer, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from ivr.base import Base, Moment, Word
from ivr.consents.rows import Purpose
from ivr.people.rows import PersonId
from ivr.surveys.rows import Disposition


class CampaignState(StrEnum):
    """The life of a campaign."""

    DRAFT = "draft"
    CHECKED = "checked"
    APPROVED = "approved"
    RUNNING = "running"
    PAUSED = "paused"
    CLOSED = "closed"


class Campaign(Base):
    """One campaign. `plan` is a `ivr.campaigns.plan.Plan`; `purpose` is the first that its kind needs consent for.

    Choosing goes through the audience by person id: `chosen_up_to` is how far it came, `chosen_at` when it was done.
    Targets never claimed are taken in the same order: `claimed_up_to` is how far that came. `terms` is what it was
    checked by (`ivr.campaigns.terms.Terms`). Progress is written past the version counter, which is for what people do.
    """

    __tablename__ = "campaign"
    __table_args__ = (UniqueConstraint("id", "purpose"),)

    id: Mapped[int] = mapped_column(PersonId, primary_key=True)
    line: Mapped[str] = mapped_column(String(40))
    firm: Mapped[str | None] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(80))
    kind: Mapped[str] = mapped_column(String(40))
    purpose: Mapped[Purpose] = mapped_column(Word(Purpose))
    questionnaire: Mapped[str] = mapped_column(String(40))
    questionnaire_version: Mapped[int | None]
    audience_id: Mapped[int | None] = mapped_column(PersonId)
    state: Mapped[CampaignState] = mapped_column(Word(CampaignState))
    version: Mapped[int] = mapped_column(Integer)
    plan: Mapped[dict[str, Any]] = mapped_column(JSON)  # Any: the fields of Plan
    made_by: Mapped[str] = mapped_column(String(60))
    made_at: Mapped[datetime] = mapped_column(Moment)
    changed_by: Mapped[str] = mapped_column(String(60))
    changed_at: Mapped[datetime] = mapped_column(Moment)
    terms: Mapped[dict[str, Any] | None] = mapped_column(JSON)  # Any: the fields of Terms
    checked_by: Mapped[str | None] = mapped_column(String(60))
    checked_at: Mapped[datetime | None] = mapped_column(Moment)
    rehearsed_at: Mapped[datetime | None] = mapped_column(Moment)
    rehearsal: Mapped[dict[str, Any] | None] = mapped_column(JSON)  # Any: counts by disposition
    approved_by: Mapped[str | None] = mapped_column(String(60))
    approved_at: Mapped[datetime | None] = mapped_column(Moment)
    launched_by: Mapped[str | None] = mapped_column(String(60))
    launched_at: Mapped[datetime | None] = mapped_column(Moment)
    chosen_up_to: Mapped[int] = mapped_column(PersonId, default=0)
    chosen_at: Mapped[datetime | None] = mapped_column(Moment)
    claimed_up_to: Mapped[int] = mapped_column(PersonId, default=0)
    closed_at: Mapped[datetime | None] = mapped_column(Moment)
    close_reason: Mapped[str | None] = mapped_column(String(60))

    __mapper_args__ = {"version_id_col": version}


class CampaignDeed(Base):
    """One thing that somebody did to a campaign, or that it did by itself (`by` is then "charterline")."""

    __tablename__ = "campaign_deed"

    id: Mapped[int] = mapped_column(PersonId, primary_key=True)
    campaign_id: Mapped[int] = mapped_column(PersonId, index=True)
    event: Mapped[str] = mapped_column(String(20))
    by: Mapped[str] = mapped_column(String(60))
    at: Mapped[datetime] = mapped_column(Moment)
    detail: Mapped[str] = mapped_column(String(400), default="")


class TargetState(StrEnum):
    """Whether a target waits for its (next) turn, was taken by a dialler, is being dialled, or is done with."""

    PENDING = "pending"
    CLAIMED = "claimed"
    DIALLING = "dialling"
    DONE = "done"


_SCHEDULED, _LEASED = text("next_at IS NOT NULL"), text("lease_until IS NOT NULL")


class Target(Base):
    """A person whom a campaign means to ring, by the consent that allows it.

    A trigger refuses a target whose consent is not that person's, or not for the campaign's purpose
    (`ivr/campaigns/schema.py`). `next_at` is empty until a first attempt made another one due, so that choosing a
    million costs no index of times; `lease_until` is set while a dialler has it.
    """

    __tablename__ = "target"
    __table_args__ = (
        Index("ix_target_scheduled", "campaign_id", "next_at", postgresql_where=_SCHEDULED, sqlite_where=_SCHEDULED),
        Index("ix_target_leased", "campaign_id", "lease_until", postgresql_where=_LEASED, sqlite_where=_LEASED),
    )

    campaign_id: Mapped[int] = mapped_column(PersonId, primary_key=True, autoincrement=False)
    person_id: Mapped[int] = mapped_column(PersonId, primary_key=True, autoincrement=False)
    consent_id: Mapped[int] = mapped_column(PersonId)
    group: Mapped[str] = mapped_column(String(40))
    state: Mapped[TargetState] = mapped_column(Word(TargetState))
    disposition: Mapped[Disposition] = mapped_column(Word(Disposition))
    why: Mapped[str | None] = mapped_column(String(40))
    attempts: Mapped[int]
    next_at: Mapped[datetime | None] = mapped_column(Moment)
    lease_until: Mapped[datetime | None] = mapped_column(Moment)


class DialState(StrEnum):
    """An order to ring: written down before it goes out, taken by the carrier, unanswered, or over."""

    DIALLING = "dialling"
    PLACED = "placed"
    UNKNOWN = "unknown"
    OVER = "over"


class DialOutcome(StrEnum):
    """What became of one ring, as the telephone tells it."""

    ANSWERED = "answered"
    MACHINE = "machine"
    BUSY = "busy"
    NO_ANSWER = "no_answer"
    FAILED = "failed"
    NOT_PLACED = "not_placed"
    UNKNOWN = "unknown"


_OPEN = text("ended_at IS NULL")


class Dial(Base):
    """One attempt to ring one target. The row is committed before the order goes out; a number has one open at most."""

    __tablename__ = "dial"
    __table_args__ = (
        UniqueConstraint("campaign_id", "person_id", "ordinal"),
        Index("uq_dial_open_number", "number_index", unique=True, postgresql_where=_OPEN, sqlite_where=_OPEN),
        Index("ix_dial_number", "number_index", "dialled_at"),
        Index("ix_dial_open", "campaign_id", "dialled_at", postgresql_where=_OPEN, sqlite_where=_OPEN),
    )

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    campaign_id: Mapped[int] = mapped_column(PersonId)
    person_id: Mapped[int] = mapped_column(PersonId)
    ordinal: Mapped[int]
    line: Mapped[str] = mapped_column(String(40))
    number_index: Mapped[str] = mapped_column(String(64))
    state: Mapped[DialState] = mapped_column(Word(DialState))
    dialled_at: Mapped[datetime] = mapped_column(Moment)
    call_sid: Mapped[str | None] = mapped_column(String(64))
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    outcome: Mapped[DialOutcome | None] = mapped_column(Word(DialOutcome))


class Quota(Base):
    """How many completed answers of a group are wanted ('' is the whole: the cut-off), and how many are taken.

    `taken` counts those completed and those being dialled, so that it is never passed.
    """

    __tablename__ = "quota"

    campaign_id: Mapped[int] = mapped_column(PersonId, primary_key=True, autoincrement=False)
    group: Mapped[str] = mapped_column(String(40), primary_key=True)
    wanted: Mapped[int]
    taken: Mapped[int] = mapped_column(default=0)


class ChargeState(StrEnum):
    """A dial's place on the bill: held, owed, struck out, or free of charge (promises A19, A22)."""

    RESERVED = "reserved"
    BILLABLE = "billable"
    VOID = "void"
    FREE = "free"


class Charge(Base):
    """What one dial costs its firm or institution, in won; the month (YYYY-MM, Seoul) is that of the dial.

    One that is free of charge whatever comes of it (a happy call, A22) uses up none of a firm's calls.
    """

    __tablename__ = "charge"
    __table_args__ = (Index("ix_charge_month", "line", "firm", "month", "state"),)

    dial_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    campaign_id: Mapped[int] = mapped_column(PersonId)
    line: Mapped[str] = mapped_column(String(40))
    firm: Mapped[str] = mapped_column(String(40), default="")
    month: Mapped[str] = mapped_column(String(7))
    state: Mapped[ChargeState] = mapped_column(Word(ChargeState))
    price: Mapped[int]
    is_free: Mapped[bool]
    settled_at: Mapped[datetime | None] = mapped_column(Moment)


class Allowance(Base):
    """How many calls a firm has a month (promise A18), '' for the whole institution; locked while a dial is begun.

    `calls` is None where nobody has set a number for the month: then the terms of each campaign hold.
    """

    __tablename__ = "call_allowance"

    line: Mapped[str] = mapped_column(String(40), primary_key=True)
    firm: Mapped[str] = mapped_column(String(40), primary_key=True)
    month: Mapped[str] = mapped_column(String(7), primary_key=True)
    calls: Mapped[int | None]


class Pace(Base):
    """When the next order may leave, for all diallers together; `name` is the carrier's."""

    __tablename__ = "pace"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    next_at: Mapped[datetime] = mapped_column(Moment)
