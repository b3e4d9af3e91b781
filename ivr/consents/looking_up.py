"""What is known of the owner of a number: what she agreed to and took back, and whether she may be rung now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.consents.contact import Limits, Wish, may_contact
from ivr.consents.rows import Consent, ConsentNotice, Purpose, Suppression, Withdrawal
from ivr.consents.suppressing import standing_bans
from ivr.consents.wishes import Permission
from ivr.people.rows import Person


@dataclass(frozen=True, slots=True)
class Given:
    """One consent of the ledger, its withdrawal where there is one, and when its giver was told."""

    consent: Consent
    withdrawal: Withdrawal | None
    told_at: datetime | None


@dataclass(frozen=True, slots=True)
class LookedUp:
    """A person, the answer for each purpose at one moment, the ledger (oldest first), and the suppressions."""

    person: Person
    answers: Mapping[Purpose, Permission]
    ledger: Sequence[Given]
    bans: Sequence[Suppression]


def look_up(session: Session, person: Person, *, at: datetime) -> LookedUp:
    """Everything about one person; somebody forgotten has a ledger and no suppressions that could be found."""
    answers = {purpose: _answer(session, person, purpose, at) for purpose in Purpose}
    bans = bans_of(session, person.number_index, person.line) if person.number_index else []
    return LookedUp(person, answers, _ledger(session, person.id), bans)


def bans_of(session: Session, number_index: str, line: str) -> list[Suppression]:
    """The suppressions of a number that concern a line: its own, its campaigns', and everybody's."""
    concerning = standing_bans(number_index).where(Suppression.line.in_(("", line)))
    return list(session.scalars(concerning))


def _answer(session: Session, person: Person, purpose: Purpose, at: datetime) -> Permission:
    return may_contact(session, Wish(person.line, (purpose,), None, Limits()), person.id, at=at)


def _ledger(session: Session, person_id: int) -> list[Given]:
    told = select(ConsentNotice.subject_id, ConsentNotice.told_at).where(ConsentNotice.person_id == person_id)
    told_at = {subject: at for subject, at in session.execute(told.where(ConsentNotice.kind == "given"))}
    query = (
        select(Consent, Withdrawal)
        .outerjoin(Withdrawal, Withdrawal.consent_id == Consent.id)
        .where(Consent.person_id == person_id)
        .order_by(Consent.given_at, Consent.id)
    )
    return [Given(consent, withdrawal, told_at.get(consent.id)) for consent, withdrawal in session.execute(query)]
