"""People, consents and dials of the tests, written as briefly as they are meant."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from sqlalchemy.orm import Session

from ivr.campaigns.rows import Dial, DialOutcome, DialState
from ivr.consents.contact import Exclusion, Limits, Wish, may_contact
from ivr.consents.recording import Grant, grant
from ivr.consents.rows import Channel, Consent, Hours, Means, Purpose
from ivr.numbers import PhoneNumber
from ivr.people.finding import known_person
from ivr.people.rows import Person
from ivr.store import Store

NUMBER = PhoneNumber.parse("010-1000-0001")
# 2026-11-23 12:00 in Seoul, a Monday.
NOON = datetime(2026, 11, 23, 3, tzinfo=UTC)
GIVEN = datetime(2026, 6, 1, 3, tzinfo=UTC)
CAMPAIGN = 7
HAPPY_CALL = Wish("kibo", (Purpose.HAPPY_CALL,), CAMPAIGN, Limits())


def add_person(session: Session, number: PhoneNumber = NUMBER, *, line: str = "kibo") -> Person:
    return known_person(session, line, number, at=GIVEN)


def agree(
    session: Session,
    person: Person,
    purpose: Purpose = Purpose.HAPPY_CALL,
    *,
    hours: Hours = Hours.DAY,
    given_at: datetime = GIVEN,
    how: Means = Means.WEB,
) -> Consent:
    given = Grant(purpose, how, "2026-1", f"web:{given_at:%s}", "상담 신청서", given_at, "test", hours=hours)
    return grant(session, person.id, given, at=given_at)


def dialled(
    session: Session, person: Person, at: datetime, *, campaign: int = CAMPAIGN, outcome: DialOutcome | None = None
) -> None:
    assert person.number_index is not None
    row = Dial(
        id=f"l{campaign}-{person.id}-{at.isoformat()}"[:40],
        campaign_id=campaign,
        person_id=person.id,
        ordinal=int(at.timestamp()),
        line=person.line,
        number_index=person.number_index,
        state=DialState.OVER,
        dialled_at=at,
        ended_at=at,
        outcome=outcome or DialOutcome.NO_ANSWER,
    )
    session.add(row)
    session.flush()


def why(store: Store, person: Person, wish: Wish = HAPPY_CALL, *, at: datetime = NOON) -> Exclusion | None:
    with store.reading() as session:
        permission = may_contact(session, wish, person.id, at=at)
    assert permission.is_given == (permission.why is None)
    return permission.why


def wish_for(purposes: Sequence[Purpose], **limits: int) -> Wish:
    return replace(HAPPY_CALL, purposes=tuple(purposes), limits=Limits(**limits))


def seoul(day: str, time: str) -> datetime:
    """A moment by the clock in Seoul."""
    return datetime.fromisoformat(f"{day}T{time}+09:00").astimezone(UTC)


__all__ = ["Channel", "Hours", "Means", "Purpose"]
