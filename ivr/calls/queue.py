"""The conversation of waiting: position, an honest estimate, music, and the offer to be called back."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from sqlalchemy import Connection, Row, Select, String, bindparam, func, select

from ivr.addresses import Address
from ivr.agents.rows import Agent, AgentSkill, AgentState
from ivr.base import Moment
from ivr.callbacks.rows import Callback, CallbackState, Origin
from ivr.calls.offers import OfferOutcome
from ivr.calls.rows import Offer, Waiting, WaitingState
from ivr.calls.steps import STEPS_OF_A_STAY
from ivr.calls.talk import Talk
from ivr.lines.model import Line
from ivr.prompts import Ask, Hold, Leave, Play, Prompt, Say

CALLBACK_KEY = "1"
# An estimate leans on the line's own figure until recent talks speak for themselves.
PRIOR_TALKS = 5
RECENT_TALKS = 20
# What is said reaches from a little under to well over the estimate: a short wait never disappoints.
LOW_SHARE, HIGH_SHARE = 0.75, 1.5
AT_WORK = (AgentState.READY, AgentState.OFFERED, AgentState.TALKING, AgentState.WRAPPING)


@dataclass(frozen=True, slots=True)
class Outlook:
    """What one turn of waiting tells: place in the row, and `low` to `high` minutes where that is honest.

    `waited` is the seconds of this stay in the queue; `offered` says that an agent is being rung right now.
    """

    position: int
    low: int | None
    high: int | None
    waited: int
    offered: bool


def enqueue(talk: Talk, team: str, skill: str | None) -> tuple[Prompt, ...]:
    """Put the caller into a team's queue; the first wait step writes the place down and wakes the router."""
    return (talk.say("queue.welcome", team=talk.line.teams[team].name), line_up(talk, team, skill))


def line_up(talk: Talk, team: str, skill: str | None) -> Hold:
    """The way into a team's queue, without a word."""
    wait = talk.to(Address.WAIT, team=team, skill=skill, turn=1)
    left = talk.to(Address.LEFT, ahead=STEPS_OF_A_STAY, team=team)
    return Hold(f"{talk.line.id}-{team}", wait, left)


def wait_prompts(talk: Talk, query: Mapping[str, str], outlook: Outlook) -> tuple[Prompt, ...]:
    """One turn: what there is to tell, then music; a key or silence leads to the next turn."""
    turn, rule = int(query["turn"]), talk.line.waiting
    if outlook.waited >= rule.longest and not outlook.offered:
        return (talk.say("queue.too_long"), Leave())
    # From the first offer on the callback key works at any time; before, a key pressed twice costs no place.
    offer_callback = outlook.waited >= rule.callback_offer_after
    then = talk.to(
        Address.WAIT,
        team=query["team"],
        skill=query.get("skill"),
        turn=turn + 1,
        said=_lower(outlook.high, query.get("said")),
        since=query["since"],
        callback=1 if offer_callback or query.get("callback") else None,
    )
    music = Play(rule.music_address)
    return (Ask((*_told(talk, turn, outlook), music), then, seconds=1),)


def _told(talk: Talk, turn: int, outlook: Outlook) -> list[Say]:
    if turn > 1:
        parts = [talk.say("queue.please_wait")]
    elif outlook.position == 1:
        parts = [talk.say("queue.next")]
    else:
        parts = [talk.say("queue.position", position=outlook.position)]
    if turn % 2 == 1 and outlook.position > 1:
        if outlook.low is not None and outlook.high is not None:
            parts.append(talk.say("queue.estimate", low=outlook.low, high=outlook.high))
        elif turn == 1:
            parts.append(talk.say("queue.estimate_unknown"))
    if outlook.waited >= talk.line.waiting.callback_offer_after:
        parts.append(talk.say("callback.offer"))
    return parts


def _lower(high: int | None, said: str | None) -> int | None:
    known = [value for value in (high, int(said) if said else None) if value is not None]
    return min(known, default=None)


def look_ahead(connection: Connection, line: Line, query: Mapping[str, str], *, waited: int, at: datetime) -> Outlook:
    """Work out what a caller can honestly be told now: two queries, nothing written.

    `query` is that of the wait step: call, team, and `said`, the lowest upper bound in minutes ever said to
    this caller. An estimate that would rise above it is kept back, as is one with nobody on duty.
    """
    place = {"line": line.id, "call": query["call"], "team": query["team"], "now": at}
    state, holding, to_be_called, on_duty = connection.execute(_queue_now(), place).one()
    ahead = holding + (to_be_called if line.callbacks.serve == "queue" else 0)
    estimate = None
    if on_duty:
        talk = _average_talk(connection.execute(_recent_talks(), {"line": line.id}).all(), line)
        estimate = talk * math.ceil((ahead + 1) / on_duty)
    low, high = _range(estimate, int(query["said"]) if query.get("said") else None)
    return Outlook(ahead + 1, low, high, waited, state in {WaitingState.OFFERED, WaitingState.CONNECTING})


def _range(estimate: timedelta | None, said: int | None) -> tuple[int | None, int | None]:
    if estimate is None:
        return None, None
    minutes = estimate / timedelta(minutes=1)
    low, high = max(1, math.floor(minutes * LOW_SHARE)), max(2, math.ceil(minutes * HIGH_SHARE))
    return (None, None) if said is not None and high > said else (low, high)


def _average_talk(talks: Sequence[Row[datetime, datetime | None]], line: Line) -> timedelta:
    prior = timedelta(seconds=line.waiting.average_talk_seconds)
    measured = sum((end - start for start, end in talks if end), start=timedelta())
    return (prior * PRIOR_TALKS + measured) / (PRIOR_TALKS + len(talks))


@lru_cache(maxsize=1)
def _queue_now() -> Select[WaitingState | None, int, int, int]:
    """One row: how this call stands (or nothing), how many hold or wait to be called before it, agents at work."""
    line, call, team = (bindparam(name, type_=String()) for name in ("line", "call", "team"))
    now = bindparam("now", type_=Moment())
    own = select(Waiting.since).where(Waiting.call_id == call).scalar_subquery()
    ahead = (
        select(func.count())
        .select_from(Waiting)
        .where(Waiting.line == line, Waiting.team == team, Waiting.call_id != call)
        .where(Waiting.state.in_([WaitingState.WAITING, WaitingState.OFFERED]), Waiting.agent_id.is_(None))
        .where(own.is_(None) | (Waiting.since < own))
        .scalar_subquery()
    )
    to_be_called = (
        select(func.count())
        .select_from(Callback)
        .where(Callback.line == line, Callback.team == team, Callback.state == CallbackState.WAITING)
        .where(Callback.not_before.is_(None) | (Callback.not_before <= now))
        # An appointment whose time has come goes before everybody who holds.
        .where(own.is_(None) | (Callback.since < own) | (Callback.origin == Origin.BOOKING))
        .scalar_subquery()
    )
    on_duty = (
        select(func.count(Agent.id))
        .join(AgentSkill, AgentSkill.agent_id == Agent.id)
        .where(Agent.line == line, AgentSkill.team == team, AgentSkill.skill == "")
        .where(Agent.state.in_(AT_WORK))
        .scalar_subquery()
    )
    state = select(Waiting.state).where(Waiting.call_id == call).scalar_subquery()
    return select(
        state.label("state"), ahead.label("ahead"), to_be_called.label("to_be_called"), on_duty.label("on_duty")
    )


@lru_cache(maxsize=1)
def _recent_talks() -> Select[datetime, datetime | None]:
    return (
        select(Offer.made_at, Offer.closed_at)
        .join(Agent, Agent.id == Offer.agent_id)
        .where(Agent.line == bindparam("line", type_=String()), Offer.outcome == OfferOutcome.FINISHED.value)
        .order_by(Offer.closed_at.desc())
        .limit(RECENT_TALKS)
    )
