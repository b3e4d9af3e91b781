"""Somebody whom we rang asks for a person: who is at work, and how the leg becomes a call of its own to the line."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Insert, Select, exists, func, select

from ivr.agents.rows import Agent, AgentSkill
from ivr.calls.queue import AT_WORK
from ivr.calls.rows import Call, Fact
from ivr.identifiers import receipt_number
from ivr.lines.hours import SEOUL
from ivr.lines.model import Line
from ivr.numbers import PhoneNumber
from ivr.people.rows import Person
from ivr.promises import insert_for
from ivr.surveys.rows import Interview

CALL_LATER = "survey-call-later"


@dataclass(frozen=True, slots=True)
class Arrived:
    """A leg that becomes a call: on which line, under which id of the carrier's, whose, and when."""

    line: Line
    sid: str
    caller: PhoneNumber | None
    caller_index: str | None
    at: datetime


def prospects(
    interview: str, call_id: str, *, line: Line, team: str
) -> Select[PhoneNumber | None, str | None, bool, bool, int]:
    """The person's number and its index; whether the leg is a call already, whether a call back was promised, and how
    many of the team are at work.
    """
    at_work = (
        select(func.count(Agent.id))
        .join(AgentSkill, AgentSkill.agent_id == Agent.id)
        .where(Agent.line == line.id, AgentSkill.team == team, AgentSkill.skill == "", Agent.state.in_(AT_WORK))
        .scalar_subquery()
    )
    is_call = exists().where(Call.id == call_id)
    promised = exists().where(Fact.subject == interview, Fact.kind == CALL_LATER)
    return (
        select(Person.number, Person.number_index, is_call, promised, at_work)
        .select_from(Interview)
        .outerjoin(Person, Person.id == Interview.person_id)
        .where(Interview.id == interview)
    )


def becomes_call(dialect: str, call_id: str, arrived: Arrived) -> Insert:
    """The leg of an interview as a call to the line; it counts for the line's own number, not for a firm's."""
    return (
        insert_for(dialect, Call)
        .values(
            id=call_id,
            line=arrived.line.id,
            carrier_sid=arrived.sid,
            caller=arrived.caller,
            caller_index=arrived.caller_index,
            dialled=arrived.line.number,
            receipt_number=receipt_number(call_id, f"{arrived.at.astimezone(SEOUL):%m%d}"),
            arrived_at=arrived.at,
        )
        .on_conflict_do_nothing()
    )
