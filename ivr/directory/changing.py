"""Changing the directory: officers come in and are corrected, with numbers read and agents of the same line only."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from ivr.agents.rows import Agent
from ivr.directory.asking import officer_of
from ivr.directory.planning import BadPlan
from ivr.directory.rows import Officer, OfficerRole
from ivr.numbers import PhoneNumber


@dataclass(frozen=True, slots=True)
class OfficerChange:
    """What is written about an officer; None leaves it as it stands, an empty text takes it away.

    `number` is public, `reminder_number` never; both in any Korean spelling.
    """

    name: str | None = None
    department: str | None = None
    title: str | None = None
    duties: str | None = None
    number: str | None = None
    reminder_number: str | None = None
    role: OfficerRole | None = None
    agent_id: str | None = None


def write_officer(session: Session, officer_id: str, *, line: str, change: OfficerChange) -> Officer:
    """Add an officer of a line, or change the one with this id.

    Raises `BadNumber`, or `BadPlan` where the id is another line's, the agent is not of the line or is somebody else,
    or where a new officer lacks a name, department or title.
    """
    officer = session.get(Officer, officer_id)
    if officer is not None and officer.line != line:
        raise BadPlan(f"{officer_id} is an officer of {officer.line}: choose another id")
    if change.agent_id:
        _refuse_agent(session, change.agent_id, officer_id=officer_id, line=line)
    values = _values(change)
    if officer is None:
        missing = [name for name in ("name", "department", "title") if not values.get(name)]
        if missing:
            raise BadPlan(f"{officer_id} is new: give {', '.join(missing)}")
        officer = Officer(id=officer_id, line=line)
    for name, value in values.items():
        setattr(officer, name, value)
    session.add(officer)
    session.flush()
    _follow(session, officer)
    return officer


def _follow(session: Session, officer: Officer) -> None:
    """Callers hear the agent's name: it is the officer's, whichever of them was written."""
    agent = session.get(Agent, officer.agent_id) if officer.agent_id else None
    if agent is not None:
        agent.name, agent.department, agent.title = officer.name, officer.department, officer.title
        agent.direct_number = officer.number
        session.flush()


def _values(change: OfficerChange) -> Mapping[str, object]:
    values: dict[str, object] = {}
    for name in ("name", "department", "title", "duties"):
        given = getattr(change, name)
        if given is not None:
            values[name] = given.strip()
    if change.number is not None:
        values["number"] = PhoneNumber.parse(change.number).e164 if change.number else None
    if change.reminder_number is not None:
        values["reminder_number"] = PhoneNumber.parse(change.reminder_number) if change.reminder_number else None
    if change.agent_id is not None:
        values["agent_id"] = change.agent_id or None
    if change.role is not None:
        values["role"] = change.role
    return values


def _refuse_agent(session: Session, agent_id: str, *, officer_id: str, line: str) -> None:
    agent = session.get(Agent, agent_id)
    if agent is None or agent.line != line:
        raise BadPlan(f"{line} has no agent {agent_id}: `charterline agents list`")
    other = officer_of(session, agent_id)
    if other is not None and other.id != officer_id:
        raise BadPlan(f"{other.id} takes calls as {agent_id} already: name another agent")
