"""From the database to views of calls: a batch of calls of one line at a time, in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ivr.agents.rows import Agent, AgentSkill
from ivr.calls.rows import Call, Offer, Waiting
from ivr.charters.view import CallView, LaterCall, Person, Recorded, Skill, read_call
from ivr.charters.written import facts_by_subject
from ivr.lines.model import Line
from ivr.listening.views import openings_of
from ivr.transfers.rows import Transfer


@dataclass(frozen=True, slots=True)
class _Arrived:
    """A call without its sealed number."""

    id: str
    arrived_at: datetime
    caller_index: str | None
    dialled: str
    firm: str


def views_of(session: Session, call_ids: Sequence[str], *, line: Line, repeat_days: int) -> list[CallView]:
    """Read these calls of one line, in order of arrival.

    Later calls of the same number are read for `repeat_days` days after each; 0 where no standard asks for them.
    """
    calls = [
        _Arrived(*row)
        for row in session.execute(
            select(Call.id, Call.arrived_at, Call.caller_index, Call.dialled, Call.firm)
            .where(Call.id.in_(call_ids), Call.line == line.id)
            .order_by(Call.arrived_at, Call.id)
        )
    ]
    facts = facts_by_subject(session, call_ids)
    offers = _offers(session, call_ids)
    agents = _people(session, {offer.agent_id for several in offers.values() for offer in several})
    wanted, transfers = _wanted(session, call_ids), _transfers(session, call_ids)
    heard = openings_of(session, call_ids)
    later = _later_calls(session, calls, line, repeat_days) if repeat_days else {}
    return [
        read_call(
            Recorded(
                id=call.id,
                arrived_at=call.arrived_at,
                facts=facts[call.id],
                offers=offers[call.id],
                agents=agents,
                wanted=wanted.get(call.id),
                caller_known=call.caller_index is not None,
                later=later.get(call.caller_index, ()),
                dialled=call.dialled,
                firm=call.firm,
                transfers=transfers[call.id],
                heard=heard,
            ),
            line,
        )
        for call in calls
    ]


def earlier_calls(session: Session, call_id: str, days: int) -> list[str]:
    """The ended calls of the same number in the days before this one whose verdicts it may change, by arrival.

    Of each team only the last one: for those before it that one is the repetition, not this call.
    """
    call = session.execute(select(Call.line, Call.arrived_at, Call.caller_index).where(Call.id == call_id)).one()
    if call.caller_index is None or not days:
        return []
    among = (
        Call.caller_index == call.caller_index,
        Call.line == call.line,
        Call.ended_at.is_not(None),
        Call.arrived_at < call.arrived_at,
        Call.arrived_at >= call.arrived_at - timedelta(days=days),
    )
    last = (
        select(Waiting.team, func.max(Call.arrived_at).label("arrived_at"))
        .join(Call, Call.id == Waiting.call_id)
        .where(*among)
        .group_by(Waiting.team)
        .subquery()
    )
    return list(
        session.scalars(
            select(Call.id)
            .join(Waiting, Waiting.call_id == Call.id)
            .join(last, (last.c.team == Waiting.team) & (last.c.arrived_at == Call.arrived_at))
            .where(*among)
            .order_by(Call.arrived_at, Call.id)
        )
    )


def _offers(session: Session, call_ids: Sequence[str]) -> Mapping[str, list[Offer]]:
    found: defaultdict[str, list[Offer]] = defaultdict(list)
    for offer in session.scalars(select(Offer).where(Offer.call_id.in_(call_ids))):
        found[offer.call_id].append(offer)
    return found


def _transfers(session: Session, call_ids: Sequence[str]) -> Mapping[str, list[Transfer]]:
    found: defaultdict[str, list[Transfer]] = defaultdict(list)
    for transfer in session.scalars(select(Transfer).where(Transfer.call_id.in_(call_ids))):
        found[transfer.call_id].append(transfer)
    return found


def _people(session: Session, agent_ids: set[str]) -> dict[str, Person]:
    skills: defaultdict[str, set[Skill]] = defaultdict(set)
    for id, *skill in session.execute(
        select(AgentSkill.agent_id, AgentSkill.team, AgentSkill.skill).where(AgentSkill.agent_id.in_(agent_ids))
    ):
        skills[id].add((skill[0], skill[1]))
    people = session.execute(select(Agent.id, Agent.name, Agent.department, Agent.title).where(Agent.id.in_(agent_ids)))
    return {row.id: Person(row.name, row.department, row.title, frozenset(skills[row.id])) for row in people}


def _wanted(session: Session, call_ids: Sequence[str]) -> Mapping[str, Skill]:
    rows = session.execute(select(Waiting.call_id, Waiting.team, Waiting.skill).where(Waiting.call_id.in_(call_ids)))
    return {row.call_id: (row.team, row.skill or "") for row in rows}


def _later_calls(
    session: Session, calls: Sequence[_Arrived], line: Line, days: int
) -> Mapping[str | None, list[LaterCall]]:
    """By number, every call of it that could be a repetition of one of these; each view picks its own."""
    indexes = {call.caller_index for call in calls if call.caller_index}
    if not indexes:
        return {}
    first, last = calls[0].arrived_at, calls[-1].arrived_at + timedelta(days=days)
    rows = session.execute(
        select(Call.caller_index, Call.id, Call.arrived_at, Waiting.team)
        .outerjoin(Waiting, Waiting.call_id == Call.id)
        .where(Call.caller_index.in_(indexes), Call.line == line.id)
        .where(Call.arrived_at > first, Call.arrived_at <= last)
    )
    found: defaultdict[str | None, list[LaterCall]] = defaultdict(list)
    for index, id, arrived_at, team in rows:
        found[index].append(LaterCall(id, arrived_at, team))
    return found
