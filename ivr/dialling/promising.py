"""What is promised about an attempt: unique by kind, attempt and what it is about."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.dialling.rows import Attempt, AttemptState
from ivr.promises import Promise, promise_all

# A telephone is rung for so many seconds; the agent's shorter, for there are others.
AGENT_RINGS, CUSTOMER_RINGS = 20, 28
# Where nothing is ever told of a telephone whose order went out, it is given up so long after its ringing.
NOTHING_TOLD = timedelta(seconds=30)
CHECK_EVERY = timedelta(seconds=45)


def promise_about(kind: str, attempt: Attempt, due_at: datetime, *, leg: str = "") -> Promise:
    """A promise about an attempt, or about one of its legs."""
    key = f"{kind}:{attempt.id}:{leg}" if leg else f"{kind}:{attempt.id}"
    return Promise(kind, key, due_at, {"attempt": attempt.id, "leg": leg} if leg else {"attempt": attempt.id})


def wake_attempt(session: Session, callback_id: str, at: datetime) -> None:
    """Have the attempt of a callback that ended meanwhile, if there is one under way, look at that."""
    under_way = (Attempt.callback_id == callback_id) & (Attempt.state != AttemptState.OVER)
    for attempt in session.scalars(select(Attempt).where(under_way)):
        key = f"follow-attempt:{attempt.id}:callback-over"
        promise_all(session, [Promise("follow-attempt", key, at, {"attempt": attempt.id})])
