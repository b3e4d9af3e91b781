"""Callers who wait, customers who asked to be called, and agents who are ready, written straight into a store."""

from datetime import datetime, timedelta

from ivr.agents.rows import Agent, AgentSkill, AgentState
from ivr.callbacks.rows import Callback, Origin
from ivr.calls.facts import Told, tell
from ivr.calls.rows import Call, Waiting, WaitingState
from ivr.calls.steps import CALLER
from ivr.numbers import PhoneNumber
from ivr.store import Store


def waits(
    store: Store, name: str, at: datetime, *, team: str = "guarantee", skill: str | None = None, line: str = "kibo"
) -> str:
    """A call of the line that waits for a person since `at`."""
    with store.transaction() as session:
        session.add(
            Call(
                id=name,
                line=line,
                carrier_sid=f"CA-{name}",
                caller=PhoneNumber.parse("+821010000001"),
                dialled="+827010000001",
                receipt_number=f"1123-{name}",
                arrived_at=at,
            )
        )
        session.flush()
        session.add(
            Waiting(
                call_id=name, line=line, team=team, skill=skill, since=at, queue_sid="QU1", state=WaitingState.WAITING
            )
        )
        told = Told(
            name, "wait:caller:2", "wait", CALLER, at, sid=f"CA-{name}", sequence=2, detail={"queue_sid": "QU1"}
        )
        tell(session.connection(), told)
    return name


def ready(store: Store, name: str, idle_since: datetime, *skills: tuple[str, str], line: str = "kibo") -> str:
    """A ready agent with these (team, skill) pairs; an empty skill is membership of the team."""
    with store.transaction() as session:
        session.add(
            Agent(
                id=name,
                line=line,
                name="김민수",
                department="보증사업부",
                title="대리",
                phone=PhoneNumber.parse("+827010000101"),
                state=AgentState.READY,
                state_since=idle_since,
                idle_since=idle_since,
                skills=[AgentSkill(team=team, skill=skill) for team, skill in skills or (("guarantee", ""),)],
            )
        )
    return name


def later(at: datetime, seconds: float) -> datetime:
    """So many seconds after `at`."""
    return at + timedelta(seconds=seconds)


def wishes(store: Store, name: str, since: datetime, *, team: str = "guarantee", **more: object) -> str:
    """A customer of the KIBO line who asked to be called, first having arrived `since`; `more` are columns."""
    columns = {"origin": Origin.WAITING, "asked_at": since, "due_at": later(since, 3600), **more}
    number = PhoneNumber.parse("+8210" + str(int.from_bytes(name.encode()) % 10**8).zfill(8))
    with store.transaction() as session:
        session.add(
            Callback(
                id=name,
                line="kibo",
                team=team,
                receipt_number="1123-000000",
                number=number,
                number_index=f"index of {name}",
                since=since,
                first_due_at=columns["due_at"],
                **columns,
            )
        )
    return name
