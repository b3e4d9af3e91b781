"""The months of a centre that are to be closed, and the promise that does it on the first of each month."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ivr.billing.months import after, end_of, month_at, read_month
from ivr.billing.rows import Statement, Usage
from ivr.promises import Promise, promise_all
from ivr.reports.quarters import Month

# On the first of a month, at 04:00 in Seoul: by then what was told late by the carrier is in.
CLOSED_AT: Final = timedelta(hours=4)


def promise_closing(session: Session, line_id: str, *, at: datetime) -> None:
    """Promise that the month of a moment is closed when it is over; the same month is promised once."""
    promise_month(session, line_id, month_at(at))


def promise_month(session: Session, line_id: str, month: Month) -> None:
    """Promise that a month is closed on the first day after it."""
    due_at, args = end_of(month) + CLOSED_AT, {"line": line_id, "month": str(month)}
    promise_all(session, [Promise("close-month", f"close-month:{line_id}:{month}", due_at, args)])


def months_to_close(session: Session, line_id: str, last: Month) -> list[Month]:
    """Every month up to `last` since the first that was closed, or else had usage; what is closed stays as it is.

    One that is closed already may lack the statement of a firm whose contract was entered afterwards.
    """
    begun = session.scalar(select(func.min(Statement.month)).where(Statement.line == line_id))
    begun = begun or session.scalar(select(func.min(Usage.month)).where(Usage.line == line_id))
    month = min(read_month(begun), last) if begun else last
    months = []
    while month <= last:
        months.append(month)
        month = after(month)
    return months
