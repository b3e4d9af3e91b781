"""Accounts made, given roles, disabled and opened again; each act is noted in the account's history."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ivr.accounts.history import AccountNote, note_account
from ivr.accounts.rows import Account, AccountChange, Grant, Role, SessionEnd
from ivr.accounts.second_factor import drop_factor
from ivr.accounts.sessions import end_all
from ivr.base import ROW_LOCK, Refused
from ivr.directory.rows import Officer

NAME: Final = re.compile(r"[a-z0-9][a-z0-9._-]{1,39}")


class BadAccount(ValueError):
    """An account that cannot be as it is asked for; `fault` is a word for it: name, taken, unknown, officer, firm."""

    def __init__(self, fault: str, message: str) -> None:
        self.fault = fault
        super().__init__(message)


class LastAdministrator(Refused):
    """A line would have nobody left who keeps its accounts."""


@dataclass(frozen=True, slots=True)
class Hand:
    """Who does something to accounts (an account, `command` or `demo`), and when."""

    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class NewAccount:
    """An account to be made: its log-in name, the person's name, the hash of a password that is only temporary."""

    id: str
    name: str
    password: str | None = None
    officer_id: str | None = None
    is_temporary: bool = True


def make_account(session: Session, new: NewAccount, hand: Hand) -> Account:
    """Make an account without any role; raises `BadAccount`."""
    if not NAME.fullmatch(new.id):
        raise BadAccount("name", f"{new.id!r} is no log-in name: 2 to 40 of a-z, 0-9, dot, hyphen and underscore")
    if session.get(Account, new.id) is not None:
        raise BadAccount("taken", f"there is an account {new.id} already: take another name")
    account = Account(
        id=new.id,
        name=new.name,
        password=new.password,
        password_at=hand.at if new.password else None,
        password_is_temporary=new.password is not None and new.is_temporary,
        made_at=hand.at,
        made_by=hand.by,
    )
    session.add(account)
    session.flush()
    _note(session, (account.id, AccountChange.MADE), hand)
    if new.officer_id:
        link_officer(session, account, new.officer_id, hand=hand)
    return account


def known_account(session: Session, id: str) -> Account:
    """The account of this name, locked for a change; raises `BadAccount` where there is none."""
    account = session.get(Account, id, with_for_update=ROW_LOCK)
    if account is None:
        raise BadAccount("unknown", f"there is no account {id}: `charterline accounts list` shows them")
    return account


def grant(session: Session, account: Account, given: tuple[str, Role], *, hand: Hand, firm: str = "") -> bool:
    """Give a role on a line; False where the account has it.

    Who is of a client firm names it and has no other role on the line, so that what the house sees stays in the house;
    raises `BadAccount`.
    """
    line, role = given
    if any((one.line, one.role, one.firm) == (*given, firm) for one in account.grants):
        return False
    _keep_firms_apart(account, given, firm)
    account.grants.append(Grant(line=line, role=role, firm=firm))
    detail = f"{role.value} {firm}" if firm else role.value
    _note(session, (account.id, AccountChange.GRANTED), hand, line=line, detail=detail)
    return True


def revoke(session: Session, account: Account, taken: tuple[str, Role], *, hand: Hand) -> bool:
    """Take a role on a line away; False where the account has it not. Raises `LastAdministrator`."""
    line, role = taken
    found = next((one for one in account.grants if (one.line, one.role) == taken), None)
    if found is None:
        return False
    if role is Role.ADMINISTRATOR:
        _keep_one(session, account, line)
    account.grants.remove(found)
    _note(session, (account.id, AccountChange.REVOKED), hand, line=line, detail=role.value)
    return True


def set_password(session: Session, account: Account, hashed: str, *, hand: Hand, keeps: str = "") -> None:
    """Take another password and end every session but the one it `keeps`; given by another hand it is temporary."""
    account.password, account.password_at = hashed, hand.at
    account.password_is_temporary = hand.by != account.id
    account.failures, account.locked_until = 0, None
    end_all(session, account.id, SessionEnd.FORCED, at=hand.at, but=keeps)
    _note(session, (account.id, AccountChange.PASSWORD), hand)


def disable(session: Session, account: Account, hand: Hand) -> None:
    """Let nobody in under this account, and end its sessions; raises `LastAdministrator`."""
    if account.disabled_at is not None:
        return
    for line in sorted(one.line for one in account.grants if one.role is Role.ADMINISTRATOR):
        _keep_one(session, account, line)
    account.disabled_at = hand.at
    end_all(session, account.id, SessionEnd.FORCED, at=hand.at)
    _note(session, (account.id, AccountChange.DISABLED), hand)


def enable(session: Session, account: Account, hand: Hand) -> None:
    """Let a disabled account in again."""
    if account.disabled_at is not None:
        account.disabled_at = None
        _note(session, (account.id, AccountChange.ENABLED), hand)


def unlock(session: Session, account: Account, hand: Hand) -> None:
    """Let somebody try at once who failed too often."""
    if account.failures or account.locked_until:
        account.failures, account.locked_until = 0, None
        _note(session, (account.id, AccountChange.UNLOCKED), hand)


def end_sessions(session: Session, account: Account, hand: Hand) -> int:
    """End every session of an account; returns how many there were."""
    ended = end_all(session, account.id, SessionEnd.FORCED, at=hand.at)
    _note(session, (account.id, AccountChange.ENDED), hand, detail=str(ended))
    return ended


def take_factor(session: Session, account: Account, hand: Hand) -> None:
    """Take the second factor away, as after a lost telephone: it must be set up anew."""
    if account.second_factor is not None or account.next_factor is not None:
        drop_factor(session, account)
        _note(session, (account.id, AccountChange.FACTOR_OFF), hand)


def link_officer(session: Session, account: Account, officer_id: str | None, *, hand: Hand) -> None:
    """Say who of the directory the account belongs to, None for nobody; raises `BadAccount`."""
    if officer_id == account.officer_id:
        return
    if officer_id is not None:
        if session.get(Officer, officer_id) is None:
            raise BadAccount("officer", f"there is nobody {officer_id} in the directory: `charterline directory list`")
        if session.scalar(select(Account.id).where(Account.officer_id == officer_id)) is not None:
            raise BadAccount("officer", f"{officer_id} of the directory has an account already")
    account.officer_id = officer_id
    _note(session, (account.id, AccountChange.LINKED), hand, detail=officer_id or "")


def _keep_firms_apart(account: Account, given: tuple[str, Role], firm: str) -> None:
    line, role = given
    if (role is Role.FIRM) != bool(firm):
        raise BadAccount("firm", f"the role {role.value} {'needs a firm' if role is Role.FIRM else 'has no firm'}")
    others = [one for one in account.grants if one.line == line]
    if others and (firm or any(one.role is Role.FIRM for one in others)):
        roles = ", ".join(sorted(one.role.value for one in others))
        raise BadAccount("firm", f"{account.id} is {roles} on {line}: who is of a client firm has no other role there")


def _keep_one(session: Session, account: Account, line: str) -> None:
    """Two administrators who take each other's role wait here, in the order of their names, and one of them stays."""
    given = select(Grant.account_id).where(Grant.line == line, Grant.role == Role.ADMINISTRATOR)
    session.execute(given.order_by(Grant.account_id).with_for_update(key_share=True)).all()
    others = (
        select(func.count())
        .select_from(Grant)
        .join(Account, Account.id == Grant.account_id)
        .where(Grant.line == line, Grant.role == Role.ADMINISTRATOR)
        .where(Account.disabled_at.is_(None), Account.id != account.id)
    )
    if not session.scalar(others):
        raise LastAdministrator(f"{account.id} is the last administrator of {line}: give the role to another one first")


def _note(session: Session, about: tuple[str, AccountChange], hand: Hand, *, line: str = "", detail: str = "") -> None:
    note_account(session, AccountNote(*about, hand.by, line or None, detail), at=hand.at)
