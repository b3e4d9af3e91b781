"""What statements are made from, read for many firms at once: usage by span, days under contract, what was billed."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeAlias

from sqlalchemy import ColumnElement, Select, case, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from ivr.billing.months import days_of
from ivr.billing.prices import PriceHistory, Stretch
from ivr.billing.reckoning import Amount, Span, Used
from ivr.billing.rows import LineKind, Statement, StatementLine, Usage, UsageKind
from ivr.firms.contracts import HOLDING, last_day
from ivr.firms.rows import Contract
from ivr.reports.quarters import Month, month_of

Firms: TypeAlias = Collection[str] | None
"""Some firms of a line; None for all of them."""


def of_firms(column: InstrumentedAttribute[str], firms: Firms) -> ColumnElement[bool]:
    """Whether a row is of one of these firms."""
    return column.is_not(None) if firms is None else column.in_(sorted(firms))


@dataclass(frozen=True, slots=True)
class Held:
    """A contract that was signed: days included, cut where it was ended early."""

    firm: str
    first: date
    last: date
    signed_at: datetime | None
    ended_on: date | None

    def days_in(self, first: date, last: date) -> int:
        """How many of these days it covers."""
        return max(0, (min(self.last, last) - max(self.first, first)).days + 1)


Contracts: TypeAlias = Mapping[str, Sequence[Held]]


def contracts_of(session: Session, line_id: str, firms: Firms = None) -> Contracts:
    """Every signed contract by firm; no two of a firm overlap."""
    found: defaultdict[str, list[Held]] = defaultdict(list)
    asked = (
        select(Contract)
        .where(Contract.line == line_id, Contract.state.in_(HOLDING), of_firms(Contract.firm, firms))
        .order_by(Contract.firm, Contract.first_day)
    )
    for row in session.scalars(asked):
        found[row.firm].append(Held(row.firm, row.first_day, last_day(row), row.signed_at, row.ended_on))
    return found


def spans_of(held: Sequence[Held], month: Month, history: PriceHistory) -> tuple[Span, ...]:
    """The month of a firm by the lists of prices that hold in it.

    Raises `BillRefused` (price_gap) for a day under contract without prices.
    """
    for contract in held:
        if contract.days_in(month.first, month.last):
            history.on(max(contract.first, month.first))
    return tuple(_span(stretch, held, month) for stretch in history.stretches(month.first, month.last))


def _span(stretch: Stretch, held: Sequence[Held], month: Month) -> Span:
    covered = sum(contract.days_in(stretch.first, stretch.last) for contract in held)
    listed = stretch.listed
    return Span(stretch.first, stretch.last, listed.version, listed.prices, covered, days_of(month))


@dataclass(frozen=True, slots=True)
class Counting:
    """Which usage is counted: of a month of a line, noted up to `until`, for these firms, by these spans."""

    line_id: str
    month: Month
    until: datetime
    firms: Firms
    stretches: Sequence[Stretch]


def used_in(session: Session, counting: Counting) -> Mapping[str, Used]:
    """How often each firm used each kind in a month, span by span: one aggregate over its rows."""
    found: defaultdict[str, dict[UsageKind, tuple[int, ...]]] = defaultdict(dict)
    width = len(counting.stretches)
    for firm, kind, place, quantity in session.execute(_counted(counting)):
        counts = list(found[firm].get(kind, (0,) * width))
        counts[place] += int(quantity)
        found[firm][kind] = tuple(counts)
    return found


def _counted(counting: Counting) -> Select[str, UsageKind, int, int]:
    """Days before all prices count with the first span: nothing under contract is among them."""
    later = list(enumerate(counting.stretches))[:0:-1]
    place = case(*((Usage.day >= stretch.first, number) for number, stretch in later), else_=0) if later else None
    group = [Usage.firm, Usage.kind, *([place] if place is not None else [])]
    shown = place if place is not None else func.min(0)
    return (
        select(Usage.firm, Usage.kind, shown, func.sum(Usage.quantity))
        .where(
            Usage.line == counting.line_id,
            Usage.month == str(counting.month),
            Usage.noted_at <= counting.until,
            of_firms(Usage.firm, counting.firms),
        )
        .group_by(*group)
    )


@dataclass(frozen=True, slots=True)
class Billed:
    """A statement of an earlier month, and up to when that month's usage was counted by it and by later ones."""

    firm: str
    month: str
    until: datetime


def billed_before(session: Session, line_id: str, month: Month, *, firms: Firms = None) -> list[Billed]:
    """Every month before this one that was billed, by firm.

    A month's usage is counted by its own statement and by every one of a later month, whenever each was made.
    """
    asked = (
        select(Statement.firm, Statement.month, Statement.usage_noted_until)
        .where(Statement.line == line_id, of_firms(Statement.firm, firms))
        .order_by(Statement.firm, Statement.month.desc())
    )
    newest: dict[str, datetime] = {}
    found = []
    for firm, of, until in session.execute(asked):
        newest[firm] = max(newest.get(firm, until), until)
        if of < str(month):
            found.append(Billed(firm, of, newest[firm]))
    return found


def noted_since(session: Session, line_id: str, billed: Sequence[Billed], *, until: datetime) -> set[tuple[str, str]]:
    """Firms and months among these of which usage was noted after they were last counted, up to `until`."""
    by_month: defaultdict[str, dict[str, datetime]] = defaultdict(dict)
    for one in billed:
        by_month[one.month][one.firm] = one.until
    found = set()
    for month, firms in by_month.items():
        newest = (
            select(Usage.firm, func.max(Usage.noted_at))
            .where(Usage.line == line_id, Usage.month == month, Usage.noted_at > min(firms.values()))
            .where(Usage.noted_at <= until)
            .group_by(Usage.firm)
        )
        found |= {(firm, month) for firm, at in session.execute(newest) if firm in firms and at > firms[firm]}
    return found


def contracted_since(contracts: Contracts, billed: Sequence[Billed]) -> set[tuple[str, str]]:
    """Firms and months among these whose days under contract may have changed since: signed later, or ended early."""
    return {
        (one.firm, one.month)
        for one in billed
        for held in contracts.get(one.firm, ())
        if (held.signed_at is not None and held.signed_at > one.until)
        or (held.ended_on is not None and str(month_of(held.ended_on)) <= one.month)
    }


def billed_for(
    session: Session, line_id: str, places: Collection[tuple[str, str]]
) -> Mapping[tuple[str, str], Mapping[LineKind, Amount]]:
    """What each of these firms was billed for each of these months so far, by kind, late lines included."""
    found: defaultdict[tuple[str, str], defaultdict[LineKind, Amount]] = defaultdict(lambda: defaultdict(Amount))
    asked = (
        select(Statement.firm, Statement.month, StatementLine)
        .join(StatementLine, StatementLine.statement_id == Statement.id)
        .where(Statement.line == line_id, of_firms(Statement.firm, {firm for firm, _ in places}))
    )
    for firm, month, line in session.execute(asked):
        amount = Amount(line.quantity, line.gross, line.support, line.owed)
        if line.kind is LineKind.LATE:
            found[firm, str(line.detail["month"])][LineKind(str(line.detail["of"]))] += amount
        elif line.kind is not LineKind.CORRECTION:
            found[firm, month][line.kind] += amount
    return {place: found[place] for place in places}
