"""Whether an agent's desk is open: it is heard of again and again, and one that falls silent is nobody's chair."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, delete, exists, select
from sqlalchemy.orm import Session

from ivr.agents.moves import AgentEvent, move_agent
from ivr.agents.rows import Agent, AgentState
from ivr.desks.rows import DeskPresence
from ivr.promises import Promise, insert_for, promise_all

# An open desk is heard of every BEAT_EVERY; three beats missed, and nobody sits at it.
BEAT_EVERY: Final = timedelta(seconds=15)
LOST_AFTER: Final = timedelta(seconds=45)
# Longer than a beat: another tab of the same session will be heard of.
TIME_TO_COME_AGAIN: Final = timedelta(seconds=20)
DESK_LOST: Final = "desk-lost"
# So long a desk that is silent is remembered: a computer may sleep, and wake up again.
REMEMBERED: Final = timedelta(hours=12)
AT_WORK: Final = frozenset({AgentState.OFFERED, AgentState.TALKING, AgentState.WRAPPING})


@dataclass(frozen=True, slots=True)
class Seat:
    """A desk: of an agent of a line, in a session of the console."""

    agent_id: str
    line: str
    session_id: str


def beat(session: Session, seat: Seat, *, at: datetime) -> bool:
    """Note that the desk is open, and promise to look after it; returns whether it was not known to be open before."""
    known = session.get(DeskPresence, (seat.agent_id, seat.session_id))
    was_open = known is not None and at - known.seen_at < LOST_AFTER
    writing = insert_for(session.get_bind().dialect.name, DeskPresence).values(
        agent_id=seat.agent_id, session_id=seat.session_id, seen_at=at
    )
    session.execute(
        writing.on_conflict_do_update(
            index_elements=["agent_id", "session_id"], set_={"seen_at": writing.excluded.seen_at}
        )
    )
    promise_all(session, [_looking(seat.line, at + LOST_AFTER)])
    return not was_open


def stand_up(session: Session, seat: Seat, *, at: datetime) -> None:
    """The page of a desk was left. It may come again in a moment, or be open twice: only then does it fall silent."""
    row = session.get(DeskPresence, (seat.agent_id, seat.session_id))
    if row is not None:
        row.seen_at = min(row.seen_at, at - LOST_AFTER + TIME_TO_COME_AGAIN)
        promise_all(session, [_looking(seat.line, at + TIME_TO_COME_AGAIN)])


def close_desks(session: Session, session_id: str) -> None:
    """Forget the desks of a session that is over."""
    session.execute(delete(DeskPresence).where(DeskPresence.session_id == session_id))


def forget_silent_desks(session: Session, agent_id: str, *, at: datetime) -> None:
    """Forget the desks of an agent that have been silent too long: whoever is ready now is so without them."""
    silent = DeskPresence.seen_at <= at - LOST_AFTER
    session.execute(delete(DeskPresence).where(DeskPresence.agent_id == agent_id, silent))


def open_desks(session: Session, line: str, *, at: datetime) -> frozenset[str]:
    """The agents of a line who have a desk open."""
    joined = select(Agent.id).join(DeskPresence, DeskPresence.agent_id == Agent.id)
    return frozenset(session.scalars(joined.where(Agent.line == line, DeskPresence.seen_at > at - LOST_AFTER)))


def put_lost_away(session: Session, line: str, *, at: datetime) -> list[str]:
    """Take agents out of routing whose softphone nobody would hear: ready, and the desk silent; returns their ids.

    An agent who never had a desk open is rung as before. They come back by their own wish only.
    """
    lost = session.scalars(
        select(Agent)
        .where(Agent.line == line, Agent.state == AgentState.READY, *_is_silent(at))
        .with_for_update(skip_locked=True, key_share=True)
    ).all()
    for agent in lost:
        move_agent(agent, AgentEvent.LEAVE, at, reason=DESK_LOST)
    return [agent.id for agent in lost]


def look_after_desks(session: Session, line: str, *, at: datetime) -> list[str]:
    """Put lost agents away, forget old desks, and promise to look again while somebody at work is not at the desk."""
    lost = put_lost_away(session, line, at=at)
    session.execute(delete(DeskPresence).where(DeskPresence.seen_at < at - REMEMBERED))
    working = select(Agent.id).where(Agent.line == line, Agent.state.in_(AT_WORK), *_is_silent(at)).limit(1)
    if session.scalar(working) is not None:
        promise_all(session, [_looking(line, at + LOST_AFTER)])
    return lost


def _is_silent(at: datetime) -> Collection[ColumnElement[bool]]:
    """The conditions that an agent's softphone is in a desk, and that no desk of the agent was heard of lately."""
    own = DeskPresence.agent_id == Agent.id
    heard = exists().where(own, DeskPresence.seen_at > at - LOST_AFTER)
    return (Agent.softphone.is_not(None), Agent.softphone != "", exists().where(own), ~heard)


def _looking(line: str, due_at: datetime) -> Promise:
    """One promise for all desks of a line that would be lost within the same BEAT_EVERY, at the end of it."""
    every = BEAT_EVERY.total_seconds()
    turn = int(due_at.timestamp() // every) + 1
    return Promise("desks", f"desks:{line}:{turn}", datetime.fromtimestamp(turn * every, UTC), {"line": line})
