"""The history of accounts: who gave or took what, and when; kept for three years as the access rights' record."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.accounts.rows import AccountChange, AccountEntry

SHOWN = 100


@dataclass(frozen=True, slots=True)
class AccountNote:
    """What became of which account, done by whom (an account, `command` or `demo`), on which line."""

    account_id: str
    change: AccountChange
    done_by: str
    line: str | None = None
    detail: str = ""


def note_account(session: Session, note: AccountNote, *, at: datetime) -> None:
    """Write what became of an account, in the transaction in which it did."""
    session.add(
        AccountEntry(
            at=at,
            account_id=note.account_id,
            done_by=note.done_by,
            change=note.change,
            line=note.line,
            detail=note.detail[:200],
        )
    )


def history_of(session: Session, account_id: str, *, lines: Collection[str] | None = None) -> Sequence[AccountEntry]:
    """The newest entries of an account, newest first, a hundred at most.

    With `lines`, those about roles on these lines, and those about the account as a whole.
    """
    newest = AccountEntry.at.desc(), AccountEntry.id.desc()
    query = select(AccountEntry).where(AccountEntry.account_id == account_id).order_by(*newest).limit(SHOWN)
    if lines is not None:
        query = query.where(AccountEntry.line.in_(lines) | AccountEntry.line.is_(None))
    return session.scalars(query).all()
