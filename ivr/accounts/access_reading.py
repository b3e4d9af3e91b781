"""The access log as it is looked through: by person, day, act and subject, the newest first."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from ivr.accounts.rows import AccessEntry, Account, Act, Grant
from ivr.lines.hours import SEOUL

AT_ONCE: Final = 1000
MOST_OFFERED: Final = 200


@dataclass(frozen=True, slots=True)
class Sought:
    """Entries of a line; empty parts ask for nothing. Days are local, both included; `subject` is its beginning."""

    line: str
    account_id: str = ""
    act: Act | None = None
    subject: str = ""
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """An entry and the name of who it is about, empty where the account is not there any more."""

    entry: AccessEntry
    name: str


def entries(session: Session, sought: Sought, *, before: int | None, size: int) -> list[Seen]:
    """The newest entries, those before a place where one is given."""
    query = _query(sought).order_by(AccessEntry.place.desc()).limit(size)
    if before is not None:
        query = query.where(AccessEntry.place < before)
    return [Seen(entry, name or "") for entry, name in session.execute(query)]


def all_entries(session: Session, sought: Sought) -> Iterator[Seen]:
    """Every entry in the order in which they were written, a thousand at a time."""
    query = _query(sought).order_by(AccessEntry.place).execution_options(yield_per=AT_ONCE)
    for entry, name in session.execute(query):
        yield Seen(entry, name or "")


def entry_at(session: Session, line: str, place: int) -> Seen | None:
    """The entry that stands at a place now."""
    query = _query(Sought(line)).where(AccessEntry.place == place)
    found = session.execute(query).one_or_none()
    return Seen(found[0], found[1] or "") if found is not None else None


def people_of(session: Session, line: str) -> list[tuple[str, str]]:
    """Who works on a line now: ids and names, to be offered; the log may hold others, too."""
    working = Account.id.in_(select(Grant.account_id).where(Grant.line == line))
    named = select(Account.id, Account.name).where(working).order_by(Account.name).limit(MOST_OFFERED)
    return [(id, name) for id, name in session.execute(named)]


def _query(sought: Sought) -> Select[AccessEntry, str | None]:
    named = select(AccessEntry, Account.name).outerjoin(Account, Account.id == AccessEntry.account_id)
    return named.where(*_conditions(sought))


def _conditions(sought: Sought) -> Iterator[ColumnElement[bool]]:
    yield AccessEntry.line == sought.line
    if sought.account_id:
        yield AccessEntry.account_id == sought.account_id
    if sought.act is not None:
        yield AccessEntry.act == sought.act
    if sought.subject:
        yield AccessEntry.subject.startswith(sought.subject, autoescape=True)
    if sought.first is not None:
        yield AccessEntry.at >= _midnight(sought.first)
    if sought.last is not None:
        yield AccessEntry.at < _midnight(sought.last + timedelta(days=1))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), SEOUL)
