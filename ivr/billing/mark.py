"""The mark up to which usage of a line was counted: it orders those who note usage and those who make statements."""

from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from ivr.billing.rows import BillingMark
from ivr.promises import insert_for

JUST_AFTER: Final = timedelta(microseconds=1)
NOTHING_YET: Final = datetime(2000, 1, 1, tzinfo=UTC)


def noting_moment(session: Session, line_id: str, *, at: datetime) -> datetime:
    """When usage is noted: `at`, or just after the mark; no statement is made until the transaction ends."""
    reading = select(BillingMark.counted_until).where(BillingMark.line == line_id)
    held = reading.with_for_update(key_share=True, read=True)
    counted_until = session.scalar(held)
    if counted_until is None:
        _begin(session, line_id)
        counted_until = session.scalars(held).one()
    return max(at, counted_until + JUST_AFTER)


def counting_moment(session: Session, line_id: str, *, at: datetime) -> datetime:
    """Up to when statements that are being made count usage: all that is noted until the mark is moved there.

    Waits for those who are noting usage; those who come now wait for the end of the transaction.
    """
    _begin(session, line_id)
    locking = select(BillingMark.counted_until).where(BillingMark.line == line_id).with_for_update()
    until = max(at, session.scalars(locking).one())
    session.execute(update(BillingMark).where(BillingMark.line == line_id).values(counted_until=until))
    return until


def _begin(session: Session, line_id: str) -> None:
    adding = insert_for(session.get_bind().dialect.name, BillingMark).values(line=line_id, counted_until=NOTHING_YET)
    session.execute(adding.on_conflict_do_nothing(index_elements=["line"]))
