"""Whether callers wait for us rather than for an agent: then nothing is begun that can wait (docs/decisions/0015)."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.promises import PromiseRow

# What a caller waits for while no agent's telephone rings yet, as workers/kinds.py names it.
CALLERS_WAIT_FOR = ("follow", "route", "place", "bridge")
# So late, workers cannot keep up; they have caught up when it is less than the other.
TOO_LATE, IN_TIME = timedelta(seconds=3), timedelta(seconds=1)
# A few promises may be stuck with a worker that died: that is no crowd.
PASSED_OVER = 10
# What can wait is looked at so often meanwhile, once for all of it.
LOOK_SECONDS = 10


def behind(session: Session, at: datetime) -> timedelta:
    """For how long what callers wait for has been due that no worker has begun, but for some of the oldest."""
    query = (
        select(PromiseRow.due_at)
        .where(PromiseRow.done_at.is_(None), PromiseRow.due_at <= at)
        .where(PromiseRow.kind.in_(CALLERS_WAIT_FOR), PromiseRow.started_at.is_(None))
        .order_by(PromiseRow.due_at)
        .offset(PASSED_OVER)
        .limit(1)
    )
    since = session.scalar(query)
    return at - since if since is not None else timedelta()


def next_look(at: datetime) -> datetime:
    """The next moment at which all that can wait is looked at together."""
    return datetime.fromtimestamp((int(at.timestamp()) // LOOK_SECONDS + 1) * LOOK_SECONDS, at.tzinfo)
