"""An agent's wish to record the own announcement, to hear a recording again, and to accept one that was heard."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.agents.rows import Agent, AgentState, Clip, ClipState
from ivr.base import Refused
from ivr.promises import Promise, promise_all


def ask_recording(session: Session, agent: Agent, *, clip: str = "", at: datetime) -> None:
    """Promise to ring the agent's own telephone: to record, or to hear the recording with the id `clip`.

    On the telephone 1 accepts what was heard and 2 records again. Raises `Refused` for an agent who is not away and
    might be rung by a caller meanwhile, and for a recording that is not this agent's. Twice in a second is once.
    """
    if agent.state is not AgentState.AWAY:
        raise Refused(f"{agent.id} is {agent.state.value} and may be rung: be away first")
    if clip:
        _own_clip(session, agent, clip)
    key = f"clip-{agent.id}-{at:%y%m%d%H%M%S}"
    args: dict[str, str | int] = {"agent": agent.id, "session": key}
    if clip:
        args["clip"] = clip
    promise_all(session, [Promise("record-clip", key, at, args)])


def clips_of(session: Session, agent_id: str) -> list[Clip]:
    """The recordings of an agent that may still be used, the newest first: drafts, and the accepted one."""
    kept = Clip.state.in_([ClipState.DRAFT, ClipState.ACCEPTED])
    query = select(Clip).where(Clip.agent_id == agent_id, kept).order_by(Clip.made_at.desc(), Clip.id)
    return list(session.scalars(query))


def accept_clip(session: Session, agent: Agent, clip_id: str, *, at: datetime) -> Clip:
    """Use a recording from now on in place of the one before; accepting it again changes nothing; raises `Refused`."""
    clip = _own_clip(session, agent, clip_id)
    if clip.state is ClipState.ACCEPTED:
        return clip
    if clip.state is not ClipState.DRAFT:
        raise Refused(f"recording {clip.id} is {clip.state.value}: record a new one")
    for other in clips_of(session, agent.id):
        if other.state is ClipState.ACCEPTED:
            other.state = ClipState.REPLACED
    clip.state, clip.accepted_at = ClipState.ACCEPTED, at
    return clip


def drop_clip(session: Session, agent: Agent, clip_id: str) -> Clip:
    """Use a recording no more: callers hear the words of the line instead; raises `Refused`."""
    clip = _own_clip(session, agent, clip_id)
    clip.state = ClipState.REPLACED
    return clip


def _own_clip(session: Session, agent: Agent, clip_id: str) -> Clip:
    clip = session.get(Clip, clip_id)
    if clip is None or clip.agent_id != agent.id:
        raise Refused(f"{agent.id} has no recording {clip_id!r}")
    return clip
