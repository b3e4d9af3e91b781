"""The old end of the access log: whole months that are over are erased, and an entry keeps where the chain goes on."""

from datetime import datetime

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.orm import Session

from ivr.accounts.access_log import Access, first_broken, locked_chain, log_access
from ivr.accounts.rows import AccessChain, AccessEntry, Act
from ivr.billing.months import after, begin_of, end_of, month_at
from ivr.keeping.holds import HoldKind, held_subjects, standing_hold
from ivr.keeping.record import Deed, note

# What the entry says that stands for those erased before it; nobody is asked for a reason at night.
REASON = "kept long enough"


def months_over(session: Session, *, until: datetime) -> int:
    """How many entries would be erased of months that were over at `until`, of all lines."""
    cut = begin_of(month_at(until))
    lines = session.scalars(select(AccessChain.line).order_by(AccessChain.line)).all()
    return sum(_erasable(session, line, cut) for line in lines)


def _erasable(session: Session, line: str, cut: datetime) -> int:
    """The entries before `cut` that nothing holds, but none from the month of the first on that was tampered with."""
    end = _oldest_kept(session, line, cut)
    broken = first_broken(session, line, upto=end)
    if broken is not None:
        rest = select(func.min(AccessEntry.at)).where(AccessEntry.line == line, AccessEntry.place >= broken)
        since = session.scalar(rest)
        end = _oldest_kept(session, line, min(cut, begin_of(month_at(since)))) if since is not None else 0
    return _count(session, line, end)


def erase_oldest_month(session: Session, *, until: datetime, by: str, at: datetime) -> int:
    """Erase the oldest month of the first line that has one which was over at `until`; how many entries it had.

    Nothing is erased of a line that is held, from the month of the first entry on that speaks of a held call or case,
    or of a month that was tampered with, so that nothing that shows it goes.
    """
    cut = begin_of(month_at(until))
    for line in session.scalars(select(AccessChain.line).order_by(AccessChain.line)).all():
        end = _end_of_oldest(session, line, cut)
        if _count(session, line, end):
            locked_chain(session, line)
            if first_broken(session, line, upto=end) is None:
                return _erase(session, line, end, by=by, at=at)
    return 0


def _end_of_oldest(session: Session, line: str, cut: datetime) -> int:
    """The first place that stays when the month of the first entry goes."""
    first = select(AccessEntry.at).where(AccessEntry.line == line).order_by(AccessEntry.place).limit(1)
    begun = session.scalar(first)
    return _oldest_kept(session, line, min(end_of(month_at(begun)), cut)) if begun is not None else 0


def _oldest_kept(session: Session, line: str, cut: datetime) -> int:
    """The first place that is not over: places, unlike clocks, never go back."""
    if standing_hold(session, [(HoldKind.LINE, line)]) is not None:
        return 0
    held = session.scalar(select(func.min(AccessEntry.at)).where(AccessEntry.line == line, _is_held()))
    if held is not None:
        cut = min(cut, begin_of(month_at(held)))
    stays = select(func.min(AccessEntry.place)).where(AccessEntry.line == line, AccessEntry.at >= cut)
    newest = select(func.max(AccessEntry.place)).where(AccessEntry.line == line)
    first = session.scalar(stays)
    return first if first is not None else (session.scalar(newest) or 0) + 1


def _is_held() -> ColumnElement[bool]:
    return AccessEntry.subject.in_(held_subjects())


def _count(session: Session, line: str, place: int) -> int:
    gone = select(func.count()).where(AccessEntry.line == line, AccessEntry.place < place)
    return session.scalar(gone) or 0


def _erase(session: Session, line: str, end: int, *, by: str, at: datetime) -> int:
    gone = (AccessEntry.line == line, AccessEntry.place < end)
    last = session.scalars(select(AccessEntry).where(*gone).order_by(AccessEntry.place.desc()).limit(1)).one()
    rows = session.scalar(select(func.count()).where(*gone)) or 0
    session.execute(delete(AccessEntry).where(*gone).execution_options(synchronize_session=False))
    until = begin_of(after(month_at(last.at)))
    detail: dict[str, str | int] = {"first": end, "before": last.seal, "rows": rows}
    log_access(session, Access(by, line, Act.TRIM, f"access:{line}", REASON, detail), at=at)
    note(session, Deed(f"access-log:{line}"[:40], "delete", by, until, rows), at=at)
    return rows
