"""The monthly review of the access log: who did what how often, what stands out, who signed for it, what is owed."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Final

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from ivr.accounts.access_log import Access, locked_chain, log_access
from ivr.accounts.access_reading import Seen
from ivr.accounts.rows import AccessEntry, Account, Act, Grant, Role
from ivr.base import Refused
from ivr.billing.months import before, begin_of, end_of, month_at
from ivr.callbacks.rows import Callback
from ivr.cases.rows import Case
from ivr.lines.hours import SEOUL
from ivr.reports.quarters import Month

# When people of the house sleep.
NIGHT_BEGINS, NIGHT_ENDS = time(22), time(6)
# So many people looked at in full by one person on one day is more than work asks for.
MANY_A_DAY: Final = 20
DUE_AFTER: Final = timedelta(days=10)
LOOKED_BACK: Final = 12
SHOWN: Final = 200
AT_ONCE: Final = 1000
CALL: Final = "call:"
# What is done with the log itself shows nobody's data.
OF_THE_LOG: Final = frozenset({Act.REVIEW, Act.TRIM})


class Why(StrEnum):
    """Why an access stands out: at night, an export, one of many on a day, a call that led to no case or callback."""

    NIGHT = "night"
    EXPORT = "export"
    MANY = "many"
    NO_CASE = "no-case"


class State(StrEnum):
    """How a month stands: it runs on, nobody saw anything, nobody reviewed it, only who is in it did, or it is done."""

    RUNNING = "running"
    EMPTY = "empty"
    OPEN = "open"
    OWN = "own"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Outlier:
    """An access that stands out; of many on one day it is the last of them."""

    seen: Seen
    why: Why


@dataclass(slots=True)
class PersonsMonth:
    """What one person did in a month, and as what she works there now."""

    account_id: str
    name: str
    roles: tuple[Role, ...]
    acts: Counter[Act] = field(default_factory=Counter)
    outliers: Counter[Why] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class MonthSeen:
    """A month of a line's log: its people, the first accesses that stand out and how many do, and who signed."""

    line: str
    month: Month
    state: State
    people: Sequence[PersonsMonth]
    outliers: Sequence[Outlier]
    signed: Sequence[Seen]

    @property
    def entries(self) -> int:
        """How many accesses there were."""
        return sum(person.acts.total() for person in self.people)

    @property
    def standing_out(self) -> int:
        """How many of them stand out, one that does so for two reasons twice."""
        return sum(person.outliers.total() for person in self.people)


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signs, with what remark, and from which place on the log was found not to fit; None where it does."""

    account_id: str
    remark: str
    broken_at: int | None


@dataclass(frozen=True, slots=True)
class Owed:
    """A month that somebody has yet to review, and until when."""

    line: str
    month: Month
    state: State
    due_at: datetime


def month_seen(session: Session, line: str, month: Month, *, at: datetime) -> MonthSeen:
    """Everything that a reviewer is shown of a month."""
    gone_through = _GoneThrough()
    for seen in _accesses(session, line, month):
        gone_through.take(seen)
    known = _with_matter(session, list(gone_through.calls))
    people = gone_through.people
    outliers = [*gone_through.outliers, *gone_through.many(), *gone_through.without_matter(known)]
    for outlier in outliers:
        people[outlier.seen.entry.account_id].outliers[outlier.why] += 1
    _add_roles(session, line, people)
    shown = sorted(outliers, key=lambda one: (one.seen.entry.place, one.why))[:SHOWN]
    ordered = sorted(people.values(), key=lambda one: (-one.outliers.total(), -one.acts.total(), one.account_id))
    signed = _signatures(session, line, [month])
    return MonthSeen(line, month, _state(session, line, month, signed, at=at), ordered, shown, signed)


def sign_month(session: Session, seen: MonthSeen, signature: Signature, *, at: datetime) -> AccessEntry:
    """Sign for a month that was looked at: an entry of the log like others.

    Raises `Refused` for a month that is not over, or that the same person has signed; `NoReason` without a remark.
    """
    if at < end_of(seen.month):
        raise Refused(f"{seen.month} is not over: review it from {end_of(seen.month).astimezone(SEOUL):%Y-%m-%d} on")
    locked_chain(session, seen.line)
    if any(one.entry.account_id == signature.account_id for one in _signatures(session, seen.line, [seen.month])):
        raise Refused(f"{signature.account_id} has signed for {seen.month} already")
    found: dict[str, str | int] = {"entries": seen.entries, "standing_out": seen.standing_out}
    if signature.broken_at is not None:
        found["broken_at"] = signature.broken_at
    access = Access(signature.account_id, seen.line, Act.REVIEW, _subject(seen.month), signature.remark, found)
    return log_access(session, access, at=at)


def months_owed(session: Session, lines: Collection[str], *, at: datetime) -> list[Owed]:
    """Months of the last year that wait for a review, the oldest first; one is overdue after its `due_at`."""
    months = [month_at(at)]
    for _ in range(LOOKED_BACK):
        months.insert(0, before(months[0]))
    found = []
    for line in lines:
        signed = _signatures(session, line, months)
        for month in months[:-1]:
            state = _state(session, line, month, signed, at=at)
            if state in {State.OPEN, State.OWN}:
                found.append(Owed(line, month, state, end_of(month) + DUE_AFTER))
    return sorted(found, key=lambda owed: (owed.due_at, owed.line))


@dataclass(slots=True)
class _GoneThrough:
    """What is gathered while a month's accesses are read one by one."""

    people: dict[str, PersonsMonth] = field(default_factory=dict)
    outliers: list[Outlier] = field(default_factory=list)
    days: dict[tuple[str, date], list[Seen]] = field(default_factory=lambda: defaultdict(list))
    calls: dict[str, list[Seen]] = field(default_factory=lambda: defaultdict(list))

    def take(self, seen: Seen) -> None:
        entry = seen.entry
        person = self.people.setdefault(entry.account_id, PersonsMonth(entry.account_id, seen.name, ()))
        person.acts[entry.act] += 1
        self.outliers += [Outlier(seen, why) for why in _standing_alone(entry)]
        if entry.act in {Act.UNMASK, Act.PLAY}:
            self.days[entry.account_id, entry.at.astimezone(SEOUL).date()].append(seen)
        if entry.act is Act.UNMASK and entry.subject.startswith(CALL):
            self.calls[entry.subject.removeprefix(CALL)].append(seen)

    def many(self) -> list[Outlier]:
        return [Outlier(those[-1], Why.MANY) for those in self.days.values() if len(those) >= MANY_A_DAY]

    def without_matter(self, known: Collection[str]) -> list[Outlier]:
        return [Outlier(seen, Why.NO_CASE) for call, those in self.calls.items() if call not in known for seen in those]


def overdue_reviews(session: Session, lines: Collection[str], *, at: datetime) -> list[Owed]:
    """Those of them whose time is over."""
    return [owed for owed in months_owed(session, lines, at=at) if owed.due_at <= at]


def _accesses(session: Session, line: str, month: Month) -> Iterator[Seen]:
    query = select(AccessEntry, Account.name).outerjoin(Account, Account.id == AccessEntry.account_id)
    query = query.where(*_within(line, month)).order_by(AccessEntry.place)
    for entry, name in session.execute(query.execution_options(yield_per=AT_ONCE)):
        yield Seen(entry, name or "")


def _standing_alone(entry: AccessEntry) -> Iterator[Why]:
    clock = entry.at.astimezone(SEOUL).time()
    if clock >= NIGHT_BEGINS or clock < NIGHT_ENDS:
        yield Why.NIGHT
    if entry.act is Act.EXPORT:
        yield Why.EXPORT


def _with_matter(session: Session, calls: Sequence[str]) -> set[str]:
    """Those of these calls that led to a case or a callback: there was something to look them up for."""
    found: set[str] = set()
    for begin in range(0, len(calls), AT_ONCE):
        piece = calls[begin : begin + AT_ONCE]
        found |= {str(id) for id in session.scalars(select(Case.call_id).where(Case.call_id.in_(piece)))}
        found |= {str(id) for id in session.scalars(select(Callback.call_id).where(Callback.call_id.in_(piece)))}
    return found


def _state(session: Session, line: str, month: Month, signed: Sequence[Seen], *, at: datetime) -> State:
    if at < end_of(month):
        return State.RUNNING
    own = {seen.entry.account_id for seen in signed if seen.entry.subject == _subject(month)}
    if not own:
        return State.OPEN if _has_any(session, line, month) else State.EMPTY
    # Nobody vouches for herself: of whoever signed alone there must be nothing in the month.
    if len(own) == 1 and _has_any(session, line, month, AccessEntry.account_id.in_(own)):
        return State.OWN
    return State.DONE


def _has_any(session: Session, line: str, month: Month, *more: ColumnElement[bool]) -> bool:
    return session.scalar(select(AccessEntry.id).where(*_within(line, month), *more).limit(1)) is not None


def _within(line: str, month: Month) -> tuple[ColumnElement[bool], ...]:
    stretch = (AccessEntry.at >= begin_of(month), AccessEntry.at < end_of(month))
    return (AccessEntry.line == line, *stretch, AccessEntry.act.not_in(OF_THE_LOG))


def _signatures(session: Session, line: str, months: Sequence[Month]) -> list[Seen]:
    query = select(AccessEntry, Account.name).outerjoin(Account, Account.id == AccessEntry.account_id)
    query = query.where(AccessEntry.subject.in_([_subject(month) for month in months]), AccessEntry.line == line)
    query = query.where(AccessEntry.act == Act.REVIEW).order_by(AccessEntry.place)
    return [Seen(entry, name or "") for entry, name in session.execute(query)]


def _add_roles(session: Session, line: str, people: Mapping[str, PersonsMonth]) -> None:
    given = select(Grant.account_id, Grant.role).where(Grant.line == line, Grant.account_id.in_(people))
    for account_id, role in session.execute(given.order_by(Grant.role)):
        people[account_id].roles += (role,)


def _subject(month: Month) -> str:
    return f"review:{month}"
