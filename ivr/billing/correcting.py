"""Corrections: an entry of its own by a person with a reason; the statement that was wrong stays as it is."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ivr.base import ROW_LOCK
from ivr.billing.refusing import BillRefused
from ivr.billing.rows import Correction, LineKind, Statement, StatementLine

LONGEST_REASON = 300


@dataclass(frozen=True, slots=True)
class Wrong:
    """A line that was wrong: won to be taken off (below 0) or added, and why."""

    statement_id: str
    ordinal: int
    owed: int
    reason: str


def correct(session: Session, line_id: str, wrong: Wrong, *, by: str, at: datetime) -> Correction:
    """Put a line of a statement right; the firm's next statement carries it.

    Raises `BillRefused`: unknown_statement, unknown_line, correction_none, correction_of_correction, no_reason, and
    correction_beyond for taking off more than is left of the line (see `left_of`).
    """
    reason = " ".join(wrong.reason.split())
    if len(reason) < 2:
        raise BillRefused("no_reason")
    if not wrong.owed:
        raise BillRefused("correction_none")
    statement = session.get(Statement, wrong.statement_id)
    if statement is None or statement.line != line_id:
        raise BillRefused("unknown_statement", id=wrong.statement_id)
    line = session.get(StatementLine, (statement.id, wrong.ordinal))
    if line is None:
        raise BillRefused("unknown_line", id=statement.id, ordinal=wrong.ordinal)
    if line.kind is LineKind.CORRECTION:
        raise BillRefused("correction_of_correction", id=statement.id, ordinal=wrong.ordinal)
    # Two people at once: the second one sees what the first took off.
    session.refresh(_first_of(session, statement, line), with_for_update=ROW_LOCK)
    _refuse_beyond(session, line, wrong.owed)
    row = Correction(
        line=statement.line,
        firm=statement.firm,
        statement_id=statement.id,
        ordinal=line.ordinal,
        owed=wrong.owed,
        reason=reason[:LONGEST_REASON],
        made_at=at,
        made_by=by,
    )
    session.add(row)
    session.flush()
    return row


def left_of(session: Session, line: StatementLine) -> int:
    """What a line owes with the corrections it has had, in won.

    It is no more than what is left of everything that was billed for the same: of what came late to it, too.
    """
    statement = session.get_one(Statement, line.statement_id)
    corrected = _corrected(session, statement)
    same = _about_the_same(session, statement, line)
    of_all = sum(one.owed + corrected[one.statement_id, one.ordinal] for one in same)
    return min(line.owed + corrected[line.statement_id, line.ordinal], of_all)


def _corrected(session: Session, statement: Statement) -> Counter[tuple[str, int]]:
    """Won by which the lines of a firm were corrected."""
    asked = select(Correction.statement_id, Correction.ordinal, func.sum(Correction.owed)).where(
        Correction.line == statement.line, Correction.firm == statement.firm
    )
    grouped = asked.group_by(Correction.statement_id, Correction.ordinal)
    return Counter({(id, ordinal): int(owed) for id, ordinal, owed in session.execute(grouped)})


def _place(statement: Statement, line: StatementLine) -> tuple[str, str]:
    """The month and the kind of what a line is for, as of another month where it came late."""
    if line.kind is LineKind.LATE:
        return str(line.detail["month"]), str(line.detail["of"])
    return statement.month, line.kind.value


def _about_the_same(session: Session, statement: Statement, line: StatementLine) -> Sequence[StatementLine]:
    """Every line of the firm for the same kind of the same month: the first one, and those for what came late."""
    asked = (
        select(Statement, StatementLine)
        .join(StatementLine, StatementLine.statement_id == Statement.id)
        .where(Statement.line == statement.line, Statement.firm == statement.firm)
        .where(StatementLine.kind.in_((LineKind.LATE, LineKind(_place(statement, line)[1]))))
    )
    return [other for of, other in session.execute(asked) if _place(of, other) == _place(statement, line)]


def _first_of(session: Session, statement: Statement, line: StatementLine) -> Statement:
    """The statement of the month that a line is for."""
    asked = select(Statement).where(Statement.line == statement.line, Statement.firm == statement.firm)
    return session.scalars(asked.where(Statement.month == _place(statement, line)[0])).one()


def corrections_of(session: Session, statement_id: str) -> Sequence[Correction]:
    """The corrections of a statement's lines, oldest first."""
    asked = select(Correction).where(Correction.statement_id == statement_id).order_by(Correction.id)
    return session.scalars(asked).all()


def _refuse_beyond(session: Session, line: StatementLine, owed: int) -> None:
    left = left_of(session, line)
    if owed < 0 and left + owed < 0:
        raise BillRefused(
            "correction_beyond",
            id=line.statement_id,
            ordinal=line.ordinal,
            owed=f"{line.owed:,}",
            left=f"{left:,}",
        )
