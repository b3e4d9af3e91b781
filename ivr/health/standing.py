"""How every line stands at a moment, in a few questions that an index answers, for figures that are read all day."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from ivr.agents.rows import Agent, AgentState
from ivr.callbacks.rows import Callback, CallbackState
from ivr.calls.rows import Call, Waiting, WaitingState
from ivr.campaigns.rows import Dial
from ivr.messages.rows import Message
from ivr.messages.states import MessageState

HOLDING = (WaitingState.WAITING, WaitingState.OFFERED)
OPEN_CALLBACKS = (CallbackState.WAITING, CallbackState.DIALLING)
TEXTS_WITHIN = timedelta(hours=1)


@dataclass(slots=True)
class Standing:
    """One line: calls in progress and how long the oldest is, callers who wait and the longest wait, agents by state
    (`offered`: rung now), callbacks owed and those past their time, texts of the last hour by state, open dials."""

    line: str
    calls: int = 0
    longest_call: timedelta = timedelta()
    waiting: int = 0
    longest_wait: timedelta = timedelta()
    agents: dict[AgentState, int] = field(default_factory=dict)
    callbacks: int = 0
    callbacks_late: int = 0
    texts: dict[MessageState, int] = field(default_factory=dict)
    dials: int = 0


def standing_of(session: Session, lines: Sequence[str], *, at: datetime) -> list[Standing]:
    """How these lines stand at `at`, in their order."""
    found = {line: Standing(line) for line in lines}
    calls = _counted(Call, lines).add_columns(func.min(Call.arrived_at)).where(Call.ended_at.is_(None))
    for line, count, since in session.execute(calls):
        found[line].calls, found[line].longest_call = count, max(timedelta(), at - since)
    waiting = _counted(Waiting, lines).add_columns(func.min(Waiting.since)).where(Waiting.state.in_(HOLDING))
    for line, count, since in session.execute(waiting):
        found[line].waiting, found[line].longest_wait = count, max(timedelta(), at - since)
    _add_agents(session, found)
    _add_callbacks(session, found, at)
    _add_texts(session, found, at)
    for line, count in session.execute(_counted(Dial, lines).where(Dial.ended_at.is_(None))):
        found[line].dials = count
    return list(found.values())


def _counted(rows: Any, lines: Sequence[str]) -> Select[Any]:  # Any: any table with a line
    return select(rows.line, func.count()).where(rows.line.in_(lines)).group_by(rows.line)


def _add_agents(session: Session, found: dict[str, Standing]) -> None:
    agents = _counted(Agent, list(found)).add_columns(Agent.state).group_by(Agent.state)
    for line, count, state in session.execute(agents):
        found[line].agents[state] = count


def _add_callbacks(session: Session, found: dict[str, Standing], at: datetime) -> None:
    late = func.count().filter(Callback.due_at <= at)
    owed = _counted(Callback, list(found)).add_columns(late)
    owed = owed.where(Callback.closed_at.is_(None), Callback.state.in_(OPEN_CALLBACKS))
    for line, count, past in session.execute(owed):
        found[line].callbacks, found[line].callbacks_late = count, past


def _add_texts(session: Session, found: dict[str, Standing], at: datetime) -> None:
    lately = Message.written_at >= at - TEXTS_WITHIN
    texts = _counted(Message, list(found)).add_columns(Message.state).where(lately).group_by(Message.state)
    for line, count, state in session.execute(texts):
        found[line].texts[state] = count
