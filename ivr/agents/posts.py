"""Who takes calls where: an agent's telephone or softphone, and the teams and skills of it."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ivr.agents.rows import Agent, AgentSkill, AgentState
from ivr.directory.rows import Officer
from ivr.lines.model import Line
from ivr.numbers import PhoneNumber
from ivr.promises import Promise, promise_all

# Twilio, Client identity: letters, digits and underscore.
IDENTITY = re.compile(r"\w{1,60}", re.ASCII)
# So begin the softphones on which supervisors are beside talks; no agent's does.
SUPERVISING = "sup_"
IN_TEAM = ""


class BadPost(ValueError):
    """An agent cannot take calls like that; the message says why."""


@dataclass(frozen=True, slots=True)
class Post:
    """Where an agent is rung: a softphone by its identity, or else a telephone in any Korean spelling."""

    softphone: str = ""
    phone: str = ""


def give_post(session: Session, officer: Officer, post: Post, *, at: datetime) -> Agent:
    """Let an officer take calls there: a new agent is away until ready, one who is rung or talks cannot move.

    Raises `BadPost` or `BadNumber`.
    """
    if bool(post.softphone) == bool(post.phone):
        raise BadPost(f"{officer.id} takes calls on a softphone or on a telephone: give one of them")
    if post.softphone and not IDENTITY.fullmatch(post.softphone):
        raise BadPost(f"{post.softphone!r} is no identity: letters, digits and underscores, at most 60")
    if post.softphone:
        _refuse_taken(session, officer, post.softphone)
    agent = session.get(Agent, officer.agent_id) if officer.agent_id else None
    if agent is None:
        agent = _new_agent(session, officer, at)
    elif agent.state not in {AgentState.AWAY, AgentState.READY}:
        raise BadPost(f"{agent.id} is {agent.state.value}: wait until the call is over")
    agent.softphone = post.softphone or None
    agent.phone = PhoneNumber.parse(post.phone) if post.phone else None
    session.flush()
    return agent


def _refuse_taken(session: Session, officer: Officer, softphone: str) -> None:
    """Whoever registers under an identity is rung with its calls, on whatever line they come in."""
    same = func.lower(Agent.softphone) == softphone.lower()
    others = select(Agent.id).where(same, Agent.id != (officer.agent_id or ""))
    if softphone.lower().startswith(SUPERVISING) or session.scalar(others.limit(1)) is not None:
        raise BadPost(f"the softphone {softphone} is somebody else's: choose another identity for {officer.id}")


def _new_agent(session: Session, officer: Officer, at: datetime) -> Agent:
    if session.get(Agent, officer.id) is not None:
        raise BadPost(f"there is an agent {officer.id} who is somebody else: choose another id for the officer")
    agent = Agent(
        id=officer.id,
        line=officer.line,
        name=officer.name,
        department=officer.department,
        title=officer.title,
        direct_number=officer.number,
        state=AgentState.AWAY,
        state_since=at,
        idle_since=at,
    )
    session.add(agent)
    session.flush()
    officer.agent_id = agent.id
    return agent


def set_skills(
    session: Session, agent: Agent, line: Line, *, wanted: Collection[tuple[str, str]], at: datetime
) -> None:
    """Let an agent be in exactly these teams, with exactly these skills: pairs of team and skill, "" for the team.

    Whoever has a skill is in its team; callers who wait for what is new are offered at once. Raises `BadPost` for a
    team or skill that the line does not have.
    """
    unknown = [f"{team}/{skill}" for team, skill in wanted if not _is_known(line, team, skill)]
    if unknown:
        raise BadPost(f"{line.id} has no {', '.join(sorted(unknown))}: its file names teams and their skills")
    complete = {*wanted, *((team, IN_TEAM) for team, _ in wanted)}
    kept = [row for row in agent.skills if (row.team, row.skill) in complete]
    there = {(row.team, row.skill) for row in kept}
    agent.skills = kept + [AgentSkill(team=team, skill=skill) for team, skill in sorted(complete - there)]
    session.flush()
    promise_all(session, [Promise("route", f"route:skills:{agent.id}:{at.isoformat()}", at, {"line": line.id})])


def _is_known(line: Line, team: str, skill: str) -> bool:
    known = line.teams.get(team)
    return known is not None and (skill == IN_TEAM or skill in known.skills)
