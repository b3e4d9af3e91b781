"""Accounts as administrators see them: who has which role on a line, and how the account stands."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import func, or_, select, tuple_
from sqlalchemy.orm import Session, selectinload

from ivr.accounts.rows import Account, ConsoleSession, Grant, Role


class Standing(StrEnum):
    """How an account stands at a moment."""

    DISABLED = "disabled"
    LOCKED = "locked"
    TEMPORARY = "temporary"
    GOOD = "good"


@dataclass(frozen=True, slots=True)
class Listed:
    """An account with its grants, how it stands, and when somebody last signed in under it."""

    account: Account
    standing: Standing
    signed_in_at: datetime | None

    def roles_on(self, line: str) -> list[Role]:
        """The roles on one line, in their own order."""
        held = {grant.role for grant in self.account.grants if grant.line == line}
        return [role for role in Role if role in held]


def standing_of(account: Account, at: datetime) -> Standing:
    """How the account stands; who may not come in at all counts before who must wait."""
    if account.disabled_at is not None:
        return Standing.DISABLED
    if account.locked_until is not None and account.locked_until > at:
        return Standing.LOCKED
    return Standing.TEMPORARY if account.password_is_temporary else Standing.GOOD


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which accounts: of some lines (every one where None), with this in their names, behind a name and id."""

    lines: Collection[str] | None = None
    text: str = ""
    after: Sequence[str] | None = None
    size: int | None = None


def listed(session: Session, wanted: Wanted, *, at: datetime) -> list[Listed]:
    """The accounts that are wanted by name and id, in three queries."""
    query = select(Account).options(selectinload(Account.grants)).order_by(Account.name, Account.id)
    if wanted.lines is not None:
        query = query.where(Account.id.in_(select(Grant.account_id).where(Grant.line.in_(wanted.lines))))
    if wanted.text:
        # The text of a person: a percent sign in it is one.
        query = query.where(or_(*(column.icontains(wanted.text, autoescape=True) for column in _NAMES)))
    if wanted.after is not None:
        query = query.where(tuple_(Account.name, Account.id) > tuple_(*wanted.after))
    accounts = session.scalars(query.limit(wanted.size)).all()
    last = last_sign_ins(session, [account.id for account in accounts])
    return [Listed(account, standing_of(account, at), last.get(account.id)) for account in accounts]


def last_sign_ins(session: Session, ids: Collection[str]) -> dict[str, datetime]:
    """When somebody last signed in under each of these accounts."""
    latest = select(ConsoleSession.account_id, func.max(ConsoleSession.made_at)).group_by(ConsoleSession.account_id)
    return {id: at for id, at in session.execute(latest.where(ConsoleSession.account_id.in_(ids)))}


def lines_kept_by(session: Session, account_id: str) -> frozenset[str]:
    """The lines whose accounts this administrator keeps."""
    kept = select(Grant.line).where(Grant.account_id == account_id, Grant.role == Role.ADMINISTRATOR)
    return frozenset(session.scalars(kept))


_NAMES = (Account.name, Account.id)
