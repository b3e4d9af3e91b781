"""`charterline agents`: who takes calls, where they stand, and the recording of their announcement."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import TypedDict

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from commands.installation import installed_settings
from commands.opened import open_installation
from commands.shared import AS_JSON_LIST, OF_LINE
from config.bell import bell_at
from config.clock import system_clock
from ivr.agents.presence import come, leave
from ivr.agents.recording import ask_recording
from ivr.agents.rows import Agent, Clip, ClipState
from ivr.base import ROW_LOCK, Refused


class AgentEntry(TypedDict):
    """One agent as printed; `seconds` is the time in the present state."""

    agent: str
    line: str
    name: str
    department: str
    title: str
    at: str
    state: str
    reason: str | None
    seconds: float
    recorded_announcement: bool


@click.group()
def agents() -> None:
    """See and move the people who take calls."""


@agents.command("list")
@OF_LINE
@AS_JSON_LIST
def list_agents(line_id: str | None, as_json: bool) -> None:
    """List agents with their state."""
    opened, at = open_installation(installed_settings()), system_clock()
    query = select(Agent).order_by(Agent.line, Agent.id)
    if line_id is not None:
        query = query.where(Agent.line == line_id)
    with opened.store.reading() as session:
        recorded = set(session.scalars(select(Clip.agent_id).where(Clip.state == ClipState.ACCEPTED)))
        entries = [_entry(agent, recorded, at) for agent in session.scalars(query)]
    if as_json:
        click.echo(json.dumps(entries, ensure_ascii=False))
        return
    for entry in entries:
        stands = f"{entry['agent']:<12} {entry['line']:<12} {entry['state']:<9} {entry['seconds']:>6.0f} s"
        click.echo(f"{stands}  {entry['department']} {entry['name']} {entry['title']}  ({entry['at']})")


@agents.command("ready")
@click.argument("agent_id")
def make_ready(agent_id: str) -> None:
    """Let an agent take calls."""
    _move(agent_id, lambda session, agent, at: come(session, agent, at=at))


@agents.command("away")
@click.argument("agent_id")
@click.option("--reason", default="break", show_default=True, help="Why, in a word.")
def make_away(agent_id: str, reason: str) -> None:
    """Take an agent out of routing."""
    _move(agent_id, lambda session, agent, at: leave(session, agent, reason=reason, at=at))


@agents.command("record")
@click.argument("agent_id")
def record_announcement(agent_id: str) -> None:
    """Ring an agent's own telephone to record the announcement; the agent must be away while recording."""
    settings = installed_settings()
    opened, at = open_installation(settings), system_clock()
    with opened.store.transaction() as session:
        agent = _agent(session.get(Agent, agent_id), agent_id)
        try:
            ask_recording(session, agent, at=at)
        except Refused:
            raise click.ClickException(
                f"{agent_id} is {agent.state.value} and may be rung; first: charterline agents away {agent_id}"
            ) from None
    bell_at(settings.redis_url)()
    click.echo(f"{agent_id} is being rung: speak after the tone, end with #, then 1 accepts and 2 records again")


def _move(agent_id: str, move: Callable[[Session, Agent, datetime], None]) -> None:
    settings = installed_settings()
    opened, at = open_installation(settings), system_clock()
    with opened.store.transaction() as session:
        agent = _agent(session.get(Agent, agent_id, with_for_update=ROW_LOCK), agent_id)
        try:
            move(session, agent, at)
        except Refused:
            raise click.ClickException(f"{agent_id} is {agent.state.value}: that cannot be done now") from None
        click.echo(f"{agent_id} is {agent.state.value}")
    bell_at(settings.redis_url)()


def _agent(agent: Agent | None, agent_id: str) -> Agent:
    if agent is None:
        raise click.ClickException(f"there is no agent {agent_id}: `charterline agents list` shows them")
    return agent


def _entry(agent: Agent, recorded: set[str], at: datetime) -> AgentEntry:
    return {
        "agent": agent.id,
        "line": agent.line,
        "name": agent.name,
        "department": agent.department,
        "title": agent.title,
        "at": f"softphone {agent.softphone}" if agent.softphone else f"telephone {agent.phone}",
        "state": agent.state.value,
        "reason": agent.reason,
        "seconds": max(0.0, round((at - agent.state_since).total_seconds(), 1)),
        "recorded_announcement": agent.id in recorded,
    }
