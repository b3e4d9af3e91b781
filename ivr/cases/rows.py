"""The rows of cases: the case itself, and the ledger into which customers' ratings of answers are entered."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, Integer, String, text
from sqlalchemy.orm import Mapped, mapped_column

from ivr.base import Base, Moment, Word
from ivr.numbers import PhoneNumber
from ivr.sealing import SealedNumber, SealedText


class CaseState(StrEnum):
    """Where a case stands. A `reopened` one waits for the objection that its customer raised, a case of its own."""

    RECEIVED = "received"
    ASSIGNED = "assigned"
    DIRECTED = "directed"
    AWAITING = "awaiting_customer"
    ANSWERED = "answered"
    CLOSED = "closed"
    REOPENED = "reopened"
    WITHDRAWN = "withdrawn"


class Owed(StrEnum):
    """What is owed before `due_at`: the answer, a first one, or the answer or else its direction and date."""

    ANSWER = "answer"
    FIRST_ANSWER = "first_answer"
    ANSWER_OR_DIRECTION = "answer_or_direction"


class ReplyBy(StrEnum):
    """By which way the customer is told things; `none` where neither number nor address was left."""

    SMS = "sms"
    PHONE = "phone"
    POST = "post"
    EMAIL = "email"
    FAX = "fax"
    NONE = "none"


# The same cases as those in an open state, in words that both databases match with an index.
_UNANSWERED = text("answered_at IS NULL AND closed_at IS NULL")


class Case(Base):
    """One matter of one customer. The owner (담당부서) took it in and watches it, the handler (처리부서) answers it.

    `received_at` is its arrival at the institution, `taken_at` its entry here. `first_due_at` is the date that the
    charter gives, `due_at` the one that holds now, `first_owed` and `owed` what is owed before them; `standard_id`
    gave the first one (None: the line's own rule). `slips` counts the notices of a late answer, `tellings` all
    notices. `objects_to` is the case with whose result the customer was not content.
    """

    __tablename__ = "customer_case"
    __table_args__ = (
        Index("ix_customer_case_line_received", "line", "received_at"),
        Index("ix_customer_case_state_due", "state", "due_at"),
        Index("ix_customer_case_due", "line", "due_at", "id", postgresql_where=_UNANSWERED, sqlite_where=_UNANSWERED),
    )

    id: Mapped[str] = mapped_column(String(30), primary_key=True)
    line: Mapped[str] = mapped_column(String(40))
    receipt_number: Mapped[str] = mapped_column(String(16), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    topic: Mapped[str | None] = mapped_column(String(40))
    channel: Mapped[str] = mapped_column(String(20))
    owner: Mapped[str] = mapped_column(String(60))
    team: Mapped[str | None] = mapped_column(String(40))
    handler: Mapped[str | None] = mapped_column(String(60))
    officer_id: Mapped[str | None] = mapped_column(String(40), index=True)
    about_officer_id: Mapped[str | None] = mapped_column(String(40), index=True)
    customer: Mapped[str | None] = mapped_column(SealedText(place="customer_case.customer"))
    number: Mapped[PhoneNumber | None] = mapped_column(SealedNumber(place="customer_case.number"))
    number_index: Mapped[str | None] = mapped_column(String(64), index=True)
    address: Mapped[str | None] = mapped_column(SealedText(place="customer_case.address"))
    reply_by: Mapped[ReplyBy] = mapped_column(Word(ReplyBy))
    content: Mapped[str] = mapped_column(SealedText(place="customer_case.content"))
    direction: Mapped[str | None] = mapped_column(SealedText(place="customer_case.direction"))
    result: Mapped[str | None] = mapped_column(SealedText(place="customer_case.result"))
    call_id: Mapped[str | None] = mapped_column(ForeignKey("call.id"), index=True)
    objects_to: Mapped[str | None] = mapped_column(ForeignKey("customer_case.id"), index=True)
    received_at: Mapped[datetime] = mapped_column(Moment)
    taken_at: Mapped[datetime] = mapped_column(Moment)
    due_at: Mapped[datetime] = mapped_column(Moment)
    first_due_at: Mapped[datetime] = mapped_column(Moment)
    standard_id: Mapped[str | None] = mapped_column(String(60))
    owed: Mapped[Owed] = mapped_column(Word(Owed))
    first_owed: Mapped[Owed] = mapped_column(Word(Owed), default=Owed.ANSWER)
    slips: Mapped[int] = mapped_column(default=0)
    tellings: Mapped[int] = mapped_column(default=0)
    answered_at: Mapped[datetime | None] = mapped_column(Moment)
    closed_at: Mapped[datetime | None] = mapped_column(Moment)
    state: Mapped[CaseState] = mapped_column(Word(CaseState), default=CaseState.RECEIVED)
    rating_key: Mapped[str | None] = mapped_column(String(64), unique=True)
    is_test: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(Integer)

    __mapper_args__ = {"version_id_col": version}


class Holder(StrEnum):
    """Whose account in the ledger of ratings an entry is in."""

    DEPARTMENT = "department"
    EMPLOYEE = "employee"


class RatingEntry(Base):
    """One entry of the ledger (K17, T17): points of one rating for a department or an employee.

    Entries are only added: those of a correction hold the difference to what stood before.
    `name` is the department's name or the officer's id.
    """

    __tablename__ = "rating_entry"
    __table_args__ = (Index("ix_rating_entry_holder", "line", "holder", "name"),)

    id: Mapped[str] = mapped_column(String(60), primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("customer_case.id"), index=True)
    line: Mapped[str] = mapped_column(String(40))
    holder: Mapped[Holder] = mapped_column(Word(Holder))
    name: Mapped[str] = mapped_column(String(60))
    points: Mapped[int]
    way: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str | None] = mapped_column(String(200))
    at: Mapped[datetime] = mapped_column(Moment)
