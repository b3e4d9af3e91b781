"""A firm's month drawn up from its usage: its own lines, what came late to months billed before, and corrections."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.billing.months import days_of, read_month
from ivr.billing.prices import price_history
from ivr.billing.reckoning import Amount, BillLine, Reckoned, late, reckon, total
from ivr.billing.rows import Correction, LineKind, Statement, Usage
from ivr.billing.tallies import (
    Contracts,
    Counting,
    Firms,
    billed_before,
    billed_for,
    contracted_since,
    contracts_of,
    noted_since,
    of_firms,
    spans_of,
    used_in,
)
from ivr.lines.hours import SEOUL
from ivr.lines.model import Line
from ivr.reports.quarters import Month

NO_CONTRACT, DAYS_WITHOUT_CONTRACT = "no_contract", "days_without_contract"


@dataclass(frozen=True, slots=True)
class Bill:
    """A firm's month: as it was closed (`statement`), or as it stands now.

    `faults` names what somebody should look at: usage without any contract (billed nothing until one is entered), or
    on days that no contract covers. `counted_until` is the moment up to which usage is in it.
    """

    line: str
    firm: str
    month: str
    lines: tuple[BillLine, ...]
    counted_until: datetime
    statement: Statement | None = None
    faults: tuple[str, ...] = ()

    @property
    def total(self) -> Amount:
        """All of it, its support and the firm's share, in won."""
        return total(self.lines)

    @property
    def is_closed(self) -> bool:
        """Was its statement made?"""
        return self.statement is not None

    def of_kind(self, kind: LineKind) -> BillLine | None:
        """Its first line of a kind; None where it has none."""
        return next((line for line in self.lines if line.kind is kind), None)


def draw_up(session: Session, line: Line, month: Month, *, firms: Firms, until: datetime) -> dict[str, Bill]:
    """What each firm's month comes to by the usage noted up to `until`; firms with nothing at all are left out."""
    history, contracts = price_history(session, line), contracts_of(session, line.id, firms)
    counting = Counting(line.id, month, until, firms, history.stretches(month.first, month.last))
    used = used_in(session, counting) if counting.stretches else {}
    lines = {
        firm: reckon(spans_of(contracts.get(firm, ()), month, history), used.get(firm, {}))
        for firm in contracts.keys() | used.keys()
    }
    for firm, added in _late_lines(session, line, counting, contracts=contracts).items():
        lines[firm] = (*lines.get(firm, ()), *added)
    for firm, added in _corrections(session, line.id, firms).items():
        lines[firm] = (*lines.get(firm, ()), *added)
    outside = _outside(session, counting, contracts)
    drawn = {}
    for firm in sorted(lines):
        faults = _faults(bool(lines[firm]), used.get(firm), firm in outside)
        if lines[firm] or faults:
            drawn[firm] = Bill(line.id, firm, str(month), lines[firm], until, faults=faults)
    return drawn


def _faults(has_lines: bool, used: object, is_outside: bool) -> tuple[str, ...]:
    if not has_lines and used:
        return (NO_CONTRACT,)
    return (DAYS_WITHOUT_CONTRACT,) if is_outside else ()


def _outside(session: Session, counting: Counting, contracts: Contracts) -> set[str]:
    """Firms under contract on part of the month only, that used something on another day of it."""
    month = counting.month
    partly = {
        firm: held
        for firm, held in contracts.items()
        if 0 < sum(one.days_in(month.first, month.last) for one in held) < days_of(month)
    }
    if not partly:
        return set()
    asked = select(Usage.firm, Usage.day).where(Usage.line == counting.line_id, Usage.month == str(month))
    days = asked.where(Usage.firm.in_(sorted(partly)), Usage.noted_at <= counting.until).distinct()
    return {firm for firm, day in session.execute(days) if not any(one.days_in(day, day) for one in partly[firm])}


def _late_lines(
    session: Session, line: Line, counting: Counting, *, contracts: Contracts
) -> Mapping[str, list[BillLine]]:
    """What months billed before come to otherwise by now: their usage was noted, or a contract changed, afterwards."""
    billed = billed_before(session, line.id, counting.month, firms=counting.firms)
    places = noted_since(session, line.id, billed, until=counting.until) | contracted_since(contracts, billed)
    before = billed_for(session, line.id, places) if places else {}
    untils = {(one.firm, one.month): one.until for one in billed}
    history = price_history(session, line)
    found: defaultdict[str, list[BillLine]] = defaultdict(list)
    for written in sorted({month for _, month in places}):
        month, firms = read_month(written), {firm for firm, of in places if of == written}
        again = replace(counting, month=month, firms=firms, stretches=history.stretches(month.first, month.last))
        used = used_in(session, again)
        for firm in sorted(firms):
            now = reckon(spans_of(contracts.get(firm, ()), month, history), used.get(firm, {}))
            since = untils[firm, written].isoformat()
            found[firm] += [
                replace(one, detail={**one.detail, "noted_after": since})
                for one in late(Reckoned(written, now, before[firm, written]))
            ]
    return found


def _corrections(session: Session, line_id: str, firms: Firms) -> Mapping[str, list[BillLine]]:
    """Corrections that no statement carries as yet, by firm."""
    found: defaultdict[str, list[BillLine]] = defaultdict(list)
    asked = select(Correction).where(Correction.line == line_id, Correction.billed_in.is_(None))
    for row in session.scalars(asked.where(of_firms(Correction.firm, firms)).order_by(Correction.id)):
        detail: dict[str, str | int] = {
            "correction": row.id,
            "statement": row.statement_id,
            "ordinal": row.ordinal,
            "reason": row.reason,
            "made_on": row.made_at.astimezone(SEOUL).date().isoformat(),
            "made_by": row.made_by,
        }
        found[row.firm].append(BillLine(LineKind.CORRECTION, Amount(1, row.owed, 0, row.owed), (), detail))
    return found
