"""Whether anybody is ready for those who hold, or who asked to be called, and when other teams may help out."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, exists, false, func, or_

from ivr.agents.rows import Agent, AgentSkill, AgentState
from ivr.callbacks.rows import Callback
from ivr.calls.rows import Waiting
from ivr.lines.model import Line
from ivr.promises import Promise


def somebody_is_ready(wanting: type[Waiting] | type[Callback]) -> ColumnElement[bool]:
    """The condition that an agent of the line, team and skill that a row asks for is ready."""
    fits = (AgentSkill.team == wanting.team) & (AgentSkill.skill == func.coalesce(wanting.skill, ""))
    return _somebody(wanting, fits)


def somebody_may_help(line: Line, at: datetime) -> ColumnElement[bool]:
    """The condition that an agent of another team is ready whom a caller has waited for long enough (see Team)."""
    fits = [
        (Waiting.team == team.id)
        & (Waiting.since <= at - timedelta(seconds=team.overflow_after))
        & AgentSkill.team.in_(team.overflow)
        & (AgentSkill.skill == func.coalesce(Waiting.skill, ""))
        for team in line.teams.values()
        if team.overflow
    ]
    return _somebody(Waiting, or_(false(), *fits))


def teams_for(place: Waiting, line: Line, at: datetime) -> Sequence[str]:
    """The other teams that may answer this caller by now."""
    due_at = overflows_at(place, line)
    return line.teams[place.team].overflow if due_at is not None and due_at <= at else ()


def overflows_at(place: Waiting, line: Line) -> datetime | None:
    """When agents of other teams may answer this caller; None where no other team ever does."""
    team = line.teams.get(place.team)
    return place.since + timedelta(seconds=team.overflow_after) if team and team.overflow else None


def overflows(place: Waiting, line: Line) -> list[Promise]:
    """The promise to look for an agent again at the moment at which other teams may help out."""
    due_at = overflows_at(place, line)
    if due_at is None:
        return []
    return [Promise("route", f"route:overflow:{place.call_id}:{place.team}", due_at, {"line": line.id})]


def _somebody(wanting: type[Waiting] | type[Callback], fits: ColumnElement[bool]) -> ColumnElement[bool]:
    ready = (Agent.line == wanting.line) & (Agent.state == AgentState.READY)
    return exists().where(AgentSkill.agent_id == Agent.id, fits, ready)
