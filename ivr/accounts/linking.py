"""Whose account somebody has who comes by single sign-on: the one linked before, or linked now for the first time."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.accounts.history import AccountNote, note_account
from ivr.accounts.rows import Account, AccountChange
from ivr.base import ROW_LOCK


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the provider says somebody is: issuer and subject for good, and the name that an account may have."""

    issuer: str
    subject: str
    name: str = ""

    @property
    def key(self) -> str:
        """What an account keeps: a subject alone may mean another person at another issuer."""
        return f"{self.issuer} {self.subject}"


def account_of(session: Session, identity: Identity, *, at: datetime) -> Account | None:
    """The account of this identity, None where there is none that it may have.

    An account is linked by its name once, and only one that was made for single sign-on: who may choose a name at
    the provider must not get the account of somebody who signs in with a password.
    """
    linked = session.scalar(select(Account).where(Account.subject == identity.key))
    if linked is not None or not identity.name:
        return linked
    account = session.get(Account, identity.name.lower(), with_for_update=ROW_LOCK)
    if account is None or account.subject is not None or account.password is not None:
        return None
    account.subject = identity.key
    note_account(session, AccountNote(account.id, AccountChange.LINKED, account.id, detail=identity.issuer), at=at)
    return account
