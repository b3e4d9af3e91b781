"""A line of a bill opened to its usage rows: just those that were counted by it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeAlias

from sqlalchemy import Select, select, tuple_
from sqlalchemy.orm import Session

from ivr.billing.drawing import Bill
from ivr.billing.reckoning import KIND_OF, BillLine
from ivr.billing.rows import LineKind, Usage, UsageKind
from ivr.calls.rows import Call

Place: TypeAlias = tuple[datetime, str]
"""Where a page of rows ended: when it happened, and its key."""

PIECE = 1000
ALWAYS = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Counted:
    """Which rows a line counts: of one kind and month of a firm, noted after `since` and up to `until`."""

    line: str
    firm: str
    month: str
    kind: UsageKind
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Opened:
    """One usage row; `receipt` is the receipt number of its call, None where it is of no call."""

    usage: Usage
    receipt: str | None


def counted_by(bill: Bill, line: BillLine) -> Counted | None:
    """The rows behind a line; None for the base fee and for corrections, which count none."""
    is_late = line.kind is LineKind.LATE
    kind = KIND_OF.get(LineKind(str(line.detail["of"])) if is_late else line.kind)
    if kind is None:
        return None
    month = str(line.detail["month"]) if is_late else bill.month
    since = datetime.fromisoformat(str(line.detail["noted_after"])) if is_late else ALWAYS
    return Counted(bill.line, bill.firm, month, kind, since, bill.counted_until)


def find_rows(session: Session, counted: Counted, *, after: Place | None, limit: int) -> Sequence[Opened]:
    """Rows behind a line, earliest first, from behind a place on."""
    asked = _asked(counted).limit(limit)
    if after is not None:
        asked = asked.where(tuple_(Usage.happened_at, Usage.key) > after)
    return [Opened(usage, receipt) for usage, receipt in session.execute(asked)]


def every_row(session: Session, counted: Counted) -> Iterator[Opened]:
    """All rows behind a line, earliest first, a piece at a time."""
    after: Place | None = None
    while True:
        found = find_rows(session, counted, after=after, limit=PIECE)
        yield from found
        if len(found) < PIECE:
            return
        after = (found[-1].usage.happened_at, found[-1].usage.key)


def _asked(counted: Counted) -> Select[Usage, str | None]:
    return (
        select(Usage, Call.receipt_number)
        .outerjoin(Call, (Call.id == Usage.source) & Usage.kind.in_((UsageKind.CALL, UsageKind.MINUTE)))
        .where(
            Usage.line == counted.line,
            Usage.month == counted.month,
            Usage.firm == counted.firm,
            Usage.kind == counted.kind,
            Usage.noted_at > counted.since,
            Usage.noted_at <= counted.until,
        )
        .order_by(Usage.happened_at, Usage.key)
    )
