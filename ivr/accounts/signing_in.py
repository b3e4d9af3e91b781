"""Signing in, step by step: the try is counted, the password looked at outside, and only then a session begun."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from ivr.accounts.history import AccountNote, note_account
from ivr.accounts.locking import Attempt, count_attempt, forgive, take_back
from ivr.accounts.rows import Account, AccountChange, ConsoleSession, SessionEnd
from ivr.accounts.second_factor import shows_factor
from ivr.accounts.sessions import From, begin_session, end_session
from ivr.base import ROW_LOCK


class NotAdmitted(Exception):
    """Somebody must not come in: the account is not there any more, disabled, or its password has just changed."""


@dataclass(frozen=True, slots=True)
class Tried:
    """A try that was counted: until when it must wait, or the hash to compare with (None where there is none)."""

    waits_until: datetime | None
    kept: str | None


def begin_try(session: Session, attempt: Attempt, *, at: datetime) -> Tried:
    """Count a try and read the hash of the password; comparing takes long, so it is done outside of a transaction."""
    waits_until = count_attempt(session, attempt, at=at)
    account = session.get(Account, attempt.account_id)
    is_good = account is not None and account.disabled_at is None
    return Tried(waits_until, account.password if account is not None and is_good else None)


def admit(session: Session, account_id: str, *, secret: str, came: From, at: datetime) -> ConsoleSession:
    """Begin the session of somebody who showed the password, or came by single sign-on; raises `NotAdmitted`, `NoRole`.

    Until the second factor is shown, where there is one, the session opens nothing else.
    """
    account = session.get(Account, account_id, with_for_update=ROW_LOCK)
    if account is None or account.disabled_at is not None:
        raise NotAdmitted
    begun = begin_session(session, secret, account=account, came=came, at=at)
    if begun.confirmed:
        note_account(session, AccountNote(account.id, AccountChange.SIGNED_IN, account.id, detail=came.address), at=at)
    if not came.is_confirmed:
        (forgive if begun.confirmed else take_back)(session, account, came.address, at=at)
    return begun


def show_second(session: Session, begun_id: str, code: str, *, secret: str, at: datetime) -> ConsoleSession | None:
    """Show the second factor in a session that waits for it: a new one takes its place, None for a wrong code.

    The caller has counted the try with `count_attempt`.
    """
    begun = session.get_one(ConsoleSession, begun_id)
    account = session.get_one(Account, begun.account_id, with_for_update=ROW_LOCK)
    if not shows_factor(session, account, code, at=at):
        return None
    came = From(begun.address, begun.browser, begun.line, is_confirmed=True)
    end_session(session, begun.id, SessionEnd.SIGNED_OUT, at=at)
    confirmed = begin_session(session, secret, account=account, came=came, at=at)
    forgive(session, account, came.address, at=at)
    note_account(session, AccountNote(account.id, AccountChange.SIGNED_IN, account.id, detail=came.address), at=at)
    return confirmed
