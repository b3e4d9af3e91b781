"""An errand asked for, claimed by one process at a time, watched, stopped, and ended; each step stands alone."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, cast

from sqlalchemy import ColumnElement, CursorResult, select, update
from sqlalchemy.orm import Session

from ivr.base import moved
from ivr.errands.moves import ERRAND_MOVES, ErrandEvent
from ivr.errands.rows import Errand, ErrandKind, ErrandState
from ivr.promises import Promise, insert_for, promise_all

# Whoever works on an errand touches it every second or so; after so long its process is not there any more.
LEASE: Final = timedelta(seconds=45)
LONGEST_TROUBLE: Final = 600


class Stopped(Exception):
    """Somebody asked to stop; nothing that was begun is left half done."""


@dataclass(frozen=True, slots=True)
class Task:
    """What is to be done for which line: `subject` is an upload's or a campaign's id, `args` hold nobody's number."""

    kind: ErrandKind
    line: str
    subject: str
    by: str
    args: Mapping[str, Any] = field(default_factory=dict)  # Any: JSON


def ask(session: Session, task: Task, *, at: datetime) -> Errand:
    """Write the errand and promise to see to it; one of this kind and subject that is open is the same errand."""
    adding = insert_for(session.get_bind().dialect.name, Errand).values(
        line=task.line,
        kind=task.kind,
        subject=task.subject,
        args=dict(task.args),
        state=ErrandState.WAITING,
        made_by=task.by,
        made_at=at,
        attempts=0,
        done=0,
        total=0,
        is_stopping=False,
        trouble="",
    )
    session.execute(adding.on_conflict_do_nothing())
    errand = open_errand(session, task.kind, task.subject)
    if errand is None:
        raise LookupError(f"the errand {task.kind.value} of {task.subject} ended at this moment: ask again")
    promise_all(session, [Promise("errand", f"errand:{errand.id}", at, {"errand": errand.id})])
    return errand


def open_errand(session: Session, kind: ErrandKind, subject: str) -> Errand | None:
    """The errand of this kind and subject that is not over."""
    query = select(Errand).where(Errand.kind == kind, Errand.subject == subject, Errand.over_at.is_(None))
    return session.scalar(query)


def newest_errand(session: Session, kind: ErrandKind, subject: str) -> Errand | None:
    """The newest errand of this kind and subject, over or not."""
    query = select(Errand).where(Errand.kind == kind, Errand.subject == subject)
    return session.scalar(query.order_by(Errand.id.desc()).limit(1))


def results_since(session: Session, line: str, since: datetime) -> list[dict[str, Any]]:
    """What came of the errands of a line that ended since then."""
    query = select(Errand.result).where(Errand.line == line, Errand.over_at >= since)
    return [result for result in session.scalars(query) if result]


def claim(session: Session, id: int, *, at: datetime) -> Errand | None:
    """Take an errand that waits or whose process is gone; None where another process has it or it is over."""
    state = moved(ERRAND_MOVES, ErrandState.WAITING, ErrandEvent.CLAIM)
    is_free = (Errand.state == ErrandState.WAITING) | (
        (Errand.state == ErrandState.WORKING) & (Errand.touched_at < at - LEASE)
    )
    values = {"state": state, "touched_at": at, "attempts": Errand.attempts + 1, "done": 0, "total": 0}
    if not _changed(session, id, is_free & Errand.over_at.is_(None), values):
        return None
    return session.get(Errand, id, populate_existing=True)


def is_held(errand: Errand, at: datetime) -> bool:
    """Whether a process works on it that was heard of lately."""
    return errand.state is ErrandState.WORKING and errand.touched_at is not None and errand.touched_at >= at - LEASE


def touch(session: Session, held: Errand, *, done: int, total: int, at: datetime) -> None:
    """Put down how far it is; raises `Stopped` where somebody asked to stop, or another process took it over."""
    values = {"done": done, "total": total, "touched_at": at}
    if not _changed(session, held.id, _is_still(held) & Errand.is_stopping.is_(False), values):
        raise Stopped


def stop(session: Session, id: int, *, at: datetime) -> None:
    """Ask to stop: at once where nobody has begun, else between two steps. One that is over stays as it is."""
    values = {"state": moved(ERRAND_MOVES, ErrandState.WAITING, ErrandEvent.STOP), "over_at": at, "is_stopping": True}
    if not _changed(session, id, Errand.state == ErrandState.WAITING, values):
        _changed(session, id, Errand.state == ErrandState.WORKING, {"is_stopping": True})


def finish(session: Session, held: Errand, result: Mapping[str, object], *, at: datetime) -> None:
    """It is done; what came of it is kept."""
    _end(session, held, ErrandEvent.FINISH, {"result": dict(result), "over_at": at})


def fail(session: Session, held: Errand, trouble: str, *, at: datetime) -> None:
    """It could not be done; `trouble` says why, in words, with nothing personal in it."""
    _end(session, held, ErrandEvent.FAIL, {"trouble": trouble[:LONGEST_TROUBLE], "over_at": at})


def stopped(session: Session, held: Errand, *, at: datetime) -> None:
    """It was broken off as somebody asked."""
    _end(session, held, ErrandEvent.STOP, {"over_at": at})


def _end(session: Session, held: Errand, event: ErrandEvent, values: dict[str, object]) -> None:
    """End it, unless it is over, or with another process by now: that one goes on."""
    state = moved(ERRAND_MOVES, ErrandState.WORKING, event)
    _changed(session, held.id, _is_still(held), {"state": state, **values})


def _is_still(held: Errand) -> ColumnElement[bool]:
    """The errand is worked on by who claimed it as `held`: each claim counts one attempt more."""
    return (Errand.state == ErrandState.WORKING) & (Errand.attempts == held.attempts)


def _changed(session: Session, id: int, condition: ColumnElement[bool], values: Mapping[str, object]) -> bool:
    changing = update(Errand).where(Errand.id == id, condition).values(dict(values))
    changing = changing.execution_options(synchronize_session=False)
    return cast("CursorResult[object]", session.execute(changing)).rowcount == 1
