"""Statements: what each firm owes for a month, drawn up from its usage, made once, and never changed (A8 to A13)."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import Table, func, insert, select, update
from sqlalchemy.orm import Session

from ivr.billing.drawing import Bill, draw_up
from ivr.billing.mark import counting_moment
from ivr.billing.months import begin_of, end_of, read_month
from ivr.billing.prices import rule_of
from ivr.billing.reckoning import Amount, BillLine
from ivr.billing.refusing import BillRefused
from ivr.billing.rows import Correction, LineKind, Statement, StatementLine
from ivr.billing.tallies import Firms, of_firms
from ivr.calls.rows import Call
from ivr.figures.rows import CallFigure
from ivr.lines.hours import SEOUL
from ivr.lines.model import Line
from ivr.reports.quarters import Month


@dataclass(frozen=True, slots=True)
class Closed:
    """What closing a month came to: statements made now, those that stood already, and faults by firm."""

    made: tuple[Statement, ...]
    stood: int
    faults: Mapping[str, tuple[str, ...]]


def statements_of(session: Session, line_id: str, firm_id: str) -> list[Statement]:
    """A firm's statements, newest month first."""
    asked = select(Statement).where(Statement.line == line_id, Statement.firm == firm_id)
    return list(session.scalars(asked.order_by(Statement.month.desc())))


def preview(session: Session, line: Line, firm_id: str, *, month: str, at: datetime) -> Bill:
    """A firm's month as it was closed, or as it would be closed now; raises `BillRefused` (price_gap, bad_month)."""
    return bills_of(session, line, [firm_id], month=month, at=at)[firm_id]


def bills_of(session: Session, line: Line, firms: Collection[str], *, month: str, at: datetime) -> Mapping[str, Bill]:
    """The same month of several firms, by firm."""
    wanted = read_month(month)
    found = closed_bills(session, line.id, firms, month=str(wanted))
    still_open = [firm for firm in firms if firm not in found]
    if not still_open:
        return found
    drawn = draw_up(session, line, wanted, firms=still_open, until=at)
    empty = {firm: Bill(line.id, firm, str(wanted), (), at) for firm in still_open}
    return found | empty | drawn


def closed_bills(session: Session, line_id: str, firms: Firms, *, month: str) -> dict[str, Bill]:
    """The bills of a month that were closed, by firm."""
    asked = select(Statement).where(Statement.line == line_id, Statement.month == month)
    statements = session.scalars(asked.where(of_firms(Statement.firm, firms))).all()
    lines: defaultdict[str, list[BillLine]] = defaultdict(list)
    whose = select(StatementLine).where(StatementLine.statement_id.in_([one.id for one in statements]))
    for row in session.scalars(whose.order_by(StatementLine.statement_id, StatementLine.ordinal)):
        amount = Amount(row.quantity, row.gross, row.support, row.owed)
        lines[row.statement_id].append(BillLine(row.kind, amount, tuple(row.parts), row.detail))
    return {
        one.firm: Bill(one.line, one.firm, one.month, tuple(lines[one.id]), one.usage_noted_until, one)
        for one in statements
    }


def close_month(session: Session, line: Line, month: str, *, by: str, at: datetime) -> Closed:
    """Make the statements of a month that are not there yet; again it changes nothing.

    Raises `BillRefused`: no_centre, bad_month, month_open before the month is over in Seoul, calls_going_on,
    calls_uncounted, price_gap.
    """
    rule_of(line)
    wanted = read_month(month)
    _refuse_open(session, line.id, wanted, at)
    until = counting_moment(session, line.id, at=at)
    stood = set(
        session.scalars(select(Statement.firm).where(Statement.line == line.id, Statement.month == str(wanted)))
    )
    drawn = draw_up(session, line, wanted, firms=None, until=until)
    bills = [bill for bill in drawn.values() if bill.firm not in stood]
    made = _make([bill for bill in bills if bill.lines], session=session, by=by, at=at)
    return Closed(tuple(made), len(stood), {bill.firm: bill.faults for bill in bills if bill.faults})


def _refuse_open(session: Session, line_id: str, month: Month, at: datetime) -> None:
    """A month is closed when it is over, all its calls have ended, and all of them are counted."""
    if at < end_of(month):
        day = end_of(month).astimezone(SEOUL).date()
        raise BillRefused("month_open", month=str(month), from_day=day.isoformat())
    calls = select(func.count()).select_from(Call).where(Call.line == line_id)
    calls = calls.where(Call.arrived_at >= begin_of(month), Call.arrived_at < end_of(month))
    going_on = session.scalar(calls.where(Call.ended_at.is_(None))) or 0
    if going_on:
        raise BillRefused("calls_going_on", count=going_on, month=str(month))
    counted = calls.outerjoin(CallFigure, CallFigure.call_id == Call.id).where(CallFigure.call_id.is_(None))
    uncounted = session.scalar(counted) or 0
    if uncounted:
        raise BillRefused("calls_uncounted", count=uncounted, month=str(month))


def _make(bills: Sequence[Bill], *, session: Session, by: str, at: datetime) -> list[Statement]:
    statements = [_statement(bill, by, at) for bill in bills]
    session.add_all(statements)
    session.flush()
    rows = [row for bill, one in zip(bills, statements, strict=True) for row in _line_rows(bill, one.id)]
    if rows:
        session.execute(insert(cast(Table, StatementLine.__table__)), rows)
    for bill, one in zip(bills, statements, strict=True):
        carried = [line.detail["correction"] for line in bill.lines if line.kind is LineKind.CORRECTION]
        if carried:
            session.execute(update(Correction).where(Correction.id.in_(carried)).values(billed_in=one.id))
    return statements


def _statement(bill: Bill, by: str, at: datetime) -> Statement:
    whole = bill.total
    return Statement(
        id=f"{bill.line}-{bill.firm}-{bill.month}",
        line=bill.line,
        firm=bill.firm,
        month=bill.month,
        gross=whole.gross,
        support=whole.support,
        owed=whole.owed,
        usage_noted_until=bill.counted_until,
        made_at=at,
        made_by=by,
    )


def _line_rows(bill: Bill, statement_id: str) -> list[dict[str, object]]:
    return [
        {
            "statement_id": statement_id,
            "ordinal": ordinal,
            "kind": line.kind,
            "quantity": line.amount.quantity,
            "gross": line.amount.gross,
            "support": line.amount.support,
            "owed": line.amount.owed,
            "parts": list(line.parts),
            "detail": dict(line.detail),
        }
        for ordinal, line in enumerate(bill.lines, start=1)
    ]
