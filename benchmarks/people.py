"""Agents, calls and offers put into the database for benchmarks; no number here is assigned to anybody."""

from datetime import datetime

from benchmarks.signed_steps import DID, LINE, TEAM
from ivr.agents.rows import Agent, AgentSkill, AgentState
from ivr.calls.facts import Told, tell
from ivr.calls.rows import Call, Offer, Waiting, WaitingState
from ivr.calls.steps import CALLER
from ivr.identifiers import call_id, receipt_number
from ivr.lines.model import Line
from ivr.numbers import PhoneNumber
from ivr.store import Store

# Far above the demo's own telephones.
FIRST_AGENT, FIRST_CALLER = 827010005000, 821010005000


def agent_phone(number: int) -> str:
    """The telephone of the agent with this number, E.164."""
    return f"+{FIRST_AGENT + number}"


def caller_phone(number: int) -> str:
    """The telephone of the caller with this number, E.164."""
    return f"+{FIRST_CALLER + number}"


def add_agents(store: Store, line: Line, count: int, *, at: datetime) -> None:
    """Put so many ready agents of every team into the database."""
    with store.transaction() as session:
        for number in range(count):
            agent = _agent(number, line.id, AgentState.READY, at=at)
            agent.skills = [
                AgentSkill(team=team.id, skill=skill) for team in line.teams.values() for skill in ("", *team.skills)
            ]
            session.add(agent)


def add_offers(store: Store, count: int, at: datetime) -> list[str]:
    """Put so many waiting calls, each offered to an agent of its own and not yet placed; returns the offers' ids."""
    calls = [_call(number, at) for number in range(count)]
    with store.transaction() as session:
        for number in range(count):
            session.add(_agent(number, LINE, AgentState.OFFERED, at=at))
        session.add_all(calls)
        session.flush()
        for number, call in enumerate(calls):
            place = Waiting(call_id=call.id, line=LINE, team=TEAM, since=at, state=WaitingState.OFFERED)
            offer = Offer(id=f"{call.id}-1", call_id=call.id, ordinal=1, agent_id=f"bench-{number}", made_at=at)
            session.add_all([place, offer])
            tell(session.connection(), _waits(call, at))
    return [f"{call.id}-1" for call in calls]


def _waits(call: Call, at: datetime) -> Told:
    """The fact by which a call is known to stand in the queue."""
    return Told(call.id, f"wait:{CALLER}:2", "wait", CALLER, at, sid=call.carrier_sid, sequence=2)


def _agent(number: int, line: str, state: AgentState, *, at: datetime) -> Agent:
    return Agent(
        id=f"bench-{number}",
        line=line,
        name="김민수",
        department="보증사업부",
        title="과장",
        phone=PhoneNumber.parse(agent_phone(number)),
        state=state,
        state_since=at,
        idle_since=at,
    )


def _call(number: int, at: datetime) -> Call:
    sid = f"CA{number:032x}"
    return Call(
        id=call_id(sid),
        line=LINE,
        carrier_sid=sid,
        dialled=DID,
        receipt_number=receipt_number(call_id(sid), "1123"),
        arrived_at=at,
    )
