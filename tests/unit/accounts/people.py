"""Accounts for these tests, and a moment to begin with."""

from datetime import UTC, datetime

from sqlalchemy.orm import Session

from ivr.accounts.rows import Account, Grant, Role

AT = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


def add(session: Session, id: str = "hanjiwon", *, role: Role = Role.SUPERVISOR, line: str = "kibo") -> Account:
    """An account with one role."""
    account = Account(id=id, name="한지원", made_at=AT, grants=[Grant(line=line, role=role)])
    session.add(account)
    session.flush()
    return account
