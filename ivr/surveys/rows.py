"""The rows of surveys: questionnaires as they were asked, interviews, answers, and tasks that follow from them."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from ivr.base import Base, Moment, Word
from ivr.people.rows import PersonId
from ivr.sealing import SealedText


class Disposition(StrEnum):
    """How far somebody came: not contacted, contacted, or responding, and how that ended.

    `excluded`: may not be contacted (any more). `unknown`: rung, perhaps; nothing was ever told of it.
    """

    REGISTERED = "registered"
    QUEUED = "queued"
    FAILED = "failed"
    UNRESPONSIVE = "unresponsive"
    CONTACTED = "contacted"
    REFUSED = "refused"
    INELIGIBLE = "ineligible"
    REJECTED = "rejected"
    STARTED = "started"
    BREAKOFF = "breakoff"
    INTERIM_PARTIAL = "interim_partial"
    PARTIAL = "partial"
    COMPLETED = "completed"
    EXCLUDED = "excluded"
    UNKNOWN = "unknown"


class InterviewOrigin(StrEnum):
    """In which way somebody is asked: dialled by a campaign, after a call to a line."""

    CAMPAIGN = "campaign"
    CALL = "call"


class QuestionnaireText(Base):
    """A questionnaire's file as one version of it was asked, or an edited copy of an installed one. Never changed."""

    __tablename__ = "questionnaire"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    body: Mapped[str] = mapped_column(Text)
    based_on: Mapped[str | None] = mapped_column(String(40))
    kept_by: Mapped[str] = mapped_column(String(60))
    kept_at: Mapped[datetime] = mapped_column(Moment)


class Interview(Base):
    """One person being asked one questionnaire, by telephone or on the page behind a link.

    The id is the dial's where a campaign rang (`ivr.identifiers.dial_id`), and one made from the call's otherwise.
    `disposition` is what the last step said; it only moves on.
    """

    __tablename__ = "interview"
    __table_args__ = (
        Index("ix_interview_campaign", "campaign_id", "disposition"),
        Index("ix_interview_person", "campaign_id", "person_id"),
        Index("ix_interview_line", "line", "began_at"),
    )

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    questionnaire: Mapped[str] = mapped_column(String(40))
    version: Mapped[int]
    line: Mapped[str] = mapped_column(String(40))
    origin: Mapped[InterviewOrigin] = mapped_column(Word(InterviewOrigin))
    campaign_id: Mapped[int | None] = mapped_column(PersonId)
    person_id: Mapped[int | None] = mapped_column(PersonId)
    call_id: Mapped[str | None] = mapped_column(String(40))
    agent_id: Mapped[str | None] = mapped_column(String(40))
    began_at: Mapped[datetime] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    disposition: Mapped[Disposition] = mapped_column(Word(Disposition))


class Answer(Base):
    """What was answered to one question: a value by key, or the recording of what was said; the last one counts.

    `step` is the step of the conversation at which it was given: an older one that is repeated changes nothing.
    """

    __tablename__ = "answer"

    interview_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    question: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[int | None]
    recording_sid: Mapped[str | None] = mapped_column(String(64))
    comment: Mapped[str | None] = mapped_column(SealedText(place="answer.comment"))
    step: Mapped[int] = mapped_column(default=0)
    answered_at: Mapped[datetime] = mapped_column(Moment)


class FollowUpState(StrEnum):
    """Whether somebody looked after it."""

    OPEN = "open"
    DONE = "done"


class FollowUp(Base):
    """A task after a low score: somebody finds out what went wrong, and makes it good (promises K18, K19, D15)."""

    __tablename__ = "follow_up"

    interview_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    question: Mapped[str] = mapped_column(String(40), primary_key=True)
    line: Mapped[str] = mapped_column(String(40))
    score: Mapped[int]
    state: Mapped[FollowUpState] = mapped_column(Word(FollowUpState))
    opened_at: Mapped[datetime] = mapped_column(Moment)
    done_at: Mapped[datetime | None] = mapped_column(Moment)
    done_by: Mapped[str | None] = mapped_column(String(60))
    note: Mapped[str | None] = mapped_column(SealedText(place="follow_up.note"))
