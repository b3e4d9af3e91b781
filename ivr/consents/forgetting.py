"""Forgetting a person: number, index and name go for good, at once or, where a legal hold stands, when it has ended."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.consents.rows import SuppressionScope
from ivr.consents.suppressing import standing_bans
from ivr.keeping.erasing import next_night
from ivr.keeping.holds import HoldKind, standing_hold
from ivr.keeping.record import Deed, note
from ivr.keeping.rows import LegalHold
from ivr.people.finding import locked_person
from ivr.people.rows import Person
from ivr.promises import Promise, PromiseRow, promise_all

KIND = "forget-person"


def forget_or_owe(session: Session, person: Person, *, by: str, at: datetime) -> bool:
    """Forget a locked person, or promise to do so when the hold on her has ended; says whether it is done.

    Either is put down in the purge log.
    """
    hold = hold_on(session, person)
    if hold is None:
        _forget(session, person, by=by, at=at)
        return True
    key = f"{_begins(person.id)}{at:%Y%m%d%H%M%S}"
    promise_all(session, [Promise("forget-person", key, next_night(at), {"person": person.id, "by": by})])
    note(session, Deed(f"person:{person.id}", f"held:{hold.id}", by, at), at=at)
    return False


def forget_owed(session: Session, person_id: int, *, by: str, at: datetime) -> bool:
    """Keep the promise to forget somebody; False while a hold stands.

    Who agreed to be rung again since, so that nothing keeps her number out any more, is not forgotten.
    """
    person = locked_person(session, person_id)
    if person is None or person.erased_at is not None:
        return True
    if not _is_kept_out(session, person):
        note(session, Deed(f"person:{person.id}", "came-back", by, at), at=at)
        return True
    if hold_on(session, person) is not None:
        return False
    _forget(session, person, by=by, at=at)
    return True


def hold_on(session: Session, person: Person) -> LegalHold | None:
    """The hold that keeps what is known of a person: on her line, or on her number."""
    whose = [(HoldKind.LINE, person.line)]
    if person.number_index is not None:
        whose.append((HoldKind.NUMBER, person.number_index))
    return standing_hold(session, whose)


def is_owed(session: Session, person_id: int) -> bool:
    """Whether somebody is to be forgotten as soon as a hold has ended."""
    owed = select(PromiseRow.id).where(PromiseRow.kind == KIND, PromiseRow.done_at.is_(None))
    mine = PromiseRow.key.startswith(_begins(person_id), autoescape=True)
    return session.scalar(owed.where(mine).limit(1)) is not None


def _forget(session: Session, person: Person, *, by: str, at: datetime) -> None:
    person.number = person.number_index = person.name = None
    person.is_callable = person.takes_texts = False
    person.erased_at = at
    session.flush()
    note(session, Deed(f"person:{person.id}", "forget", by, at, 1), at=at)


def _is_kept_out(session: Session, person: Person) -> bool:
    if person.number_index is None:
        return True
    bans = session.scalars(standing_bans(person.number_index))
    return any(ban.scope is SuppressionScope.INSTITUTION and ban.line == person.line for ban in bans)


def _begins(person_id: int) -> str:
    return f"{KIND}:{person_id}:"
