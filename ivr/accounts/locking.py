"""Failures to sign in, counted by account and by address, and the rising time for which a further try must wait."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from ivr.accounts.history import AccountNote, note_account
from ivr.accounts.rows import Account, AccountChange, SignInWatch
from ivr.base import ROW_LOCK
from ivr.promises import insert_for

FAILURES: Final = 5
# Behind one address there may be a whole office: it locks later than a person does.
FAILURES_OF_ADDRESS: Final = 20
FIRST_LOCK: Final = timedelta(minutes=15)
LONGEST_LOCK: Final = timedelta(days=1)
# An address or a name that nobody has is forgotten when nothing fails there for a day.
FORGOTTEN_AFTER: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Attempt:
    """A try to sign in: under which name, from which address."""

    account_id: str
    address: str


def locked_for(failures: int, every: int) -> timedelta | None:
    """How long the next try must wait after so many failures in a row: 15 minutes at first, doubled, a day at most."""
    if failures == 0 or failures % every:
        return None
    # 15 minutes doubled seven times is more than a day.
    return min(FIRST_LOCK * (1 << min(failures // every - 1, 7)), LONGEST_LOCK)


def count_attempt(session: Session, attempt: Attempt, *, at: datetime) -> datetime | None:
    """Count a try as failed before its password is looked at, so that no number of them at once gets more than five.

    Returns until when it must wait, None where it may go on; `forgive` takes the count back after the right password.
    """
    _forget(session, at)
    address = _watched(session, f"address:{attempt.address}", at)
    account = session.get(Account, attempt.account_id, with_for_update=ROW_LOCK)
    person = account if account is not None else _watched(session, f"name:{attempt.account_id}", at)
    held = [until for until in (address.locked_until, person.locked_until) if until is not None and until > at]
    if held:
        return max(held)
    address.failures += 1
    if wait := locked_for(address.failures, FAILURES_OF_ADDRESS):
        address.locked_until = at + wait
    person.failures += 1
    if wait := locked_for(person.failures, FAILURES):
        person.locked_until = at + wait
        if account is not None:
            noted = AccountNote(account.id, AccountChange.LOCKED, account.id, detail=attempt.address)
            note_account(session, noted, at=at)
    return None


def take_back(session: Session, account: Account, address: str, *, at: datetime) -> None:
    """The try that was just counted did not fail: the right password, with the second factor still to come."""
    for counted in (_watched(session, f"address:{address}", at), account):
        counted.failures, counted.locked_until = max(0, counted.failures - 1), None


def forgive(session: Session, account: Account, address: str, *, at: datetime) -> None:
    """Forget the failures of an account whose person has shown everything that is asked; the address keeps its own."""
    take_back(session, account, address, at=at)
    account.failures = 0


def _watched(session: Session, what: str, at: datetime) -> SignInWatch:
    # People type passwords where the name belongs: neither that nor an address is kept as it is.
    id = hashlib.sha256(what.encode()).hexdigest()
    fresh = {"id": id, "failures": 0, "failed_at": at}
    session.execute(insert_for(session.get_bind().dialect.name, SignInWatch).values(fresh).on_conflict_do_nothing())
    found = session.get_one(SignInWatch, id, with_for_update=ROW_LOCK)
    found.failed_at = at
    return found


def _forget(session: Session, at: datetime) -> None:
    long_ago = select(SignInWatch.id).where(SignInWatch.failed_at < at - FORGOTTEN_AFTER)
    session.execute(delete(SignInWatch).where(SignInWatch.id.in_(long_ago.with_for_update(skip_locked=True))))
