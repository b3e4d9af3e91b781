"""Whose consent was entered and who was not told of it, or could not be: they are to be told on paper."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from ivr.consents.rows import Consent, ConsentNotice, NoticeKind, Purpose
from ivr.messages.rows import Message
from ivr.messages.states import MessageState
from ivr.numbers import PhoneNumber
from ivr.people.rows import Person

UNSENT = (MessageState.FAILED, MessageState.SUPPRESSED)
SHOWN_AT_MOST = 1000


@dataclass(frozen=True, slots=True)
class Owed:
    """One consent of which somebody is to be told by `due_at`; `state` and `error` are of the text, if there is one."""

    consent_id: int
    person_id: int
    line: str
    number: PhoneNumber
    purpose: Purpose
    given_at: datetime
    due_at: datetime
    state: MessageState | None
    error: str | None


def owed_notices(session: Session, *, line: str | None, most: int = SHOWN_AT_MOST) -> Sequence[Owed]:
    """The earliest due first, at most so many."""
    notice = (ConsentNotice.kind == NoticeKind.GIVEN) & (ConsentNotice.subject_id == Consent.id)
    consent = (Consent.id, Consent.person_id, Consent.line, Consent.purpose, Consent.given_at, Consent.notice_due_at)
    query = (
        select(*consent, Person.number, Message.state, Message.error)
        .join(Person, Person.id == Consent.person_id)
        .outerjoin(ConsentNotice, notice)
        .outerjoin(Message, Message.id == ConsentNotice.message_id)
        .where(Consent.notice_due_at.is_not(None), Person.erased_at.is_(None), Person.number.is_not(None))
        .where(or_(ConsentNotice.subject_id.is_(None), Message.state.in_(UNSENT)))
        .order_by(Consent.notice_due_at, Consent.id)
        .limit(most)
    )
    if line is not None:
        query = query.where(Consent.line == line)
    return [
        Owed(
            consent_id=row.id,
            person_id=row.person_id,
            line=row.line,
            number=row.number,
            purpose=row.purpose,
            given_at=row.given_at,
            due_at=row.notice_due_at,
            state=row.state,
            error=row.error,
        )
        for row in session.execute(query)
    ]
