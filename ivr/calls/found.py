"""What a list of calls shows of each: read for a page of them at a time, in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.agents.rows import Agent
from ivr.calls.rings import Reading
from ivr.calls.rows import Call, Waiting
from ivr.calls.searching import FAULTS
from ivr.charters.judges.judgement import Finding
from ivr.charters.rows import Verdict
from ivr.figures.rows import CallFigure, OfferFigure
from ivr.numbers import PhoneNumber


@dataclass(frozen=True, slots=True)
class Rung:
    """One agent who was rung: how long (ms, None where it was never picked up), and by the line's reading."""

    agent: str
    name: str
    ring_ms: int | None
    rings: Reading
    is_talk: bool
    talk_ms: int | None


@dataclass(frozen=True, slots=True)
class FoundCall:
    """One call of a list; `outcome` is None while it goes on. Faults are the promises with that finding."""

    id: str
    receipt_number: str
    caller: PhoneNumber | None
    arrived_at: datetime
    ended_at: datetime | None
    outcome: str | None
    team: str | None
    wait_ms: int | None
    rung: tuple[Rung, ...]
    missed: tuple[str, ...]
    indeterminate: tuple[str, ...]

    @property
    def answered_by(self) -> Rung | None:
        """The first agent whom the caller met."""
        return next((rung for rung in self.rung if rung.is_talk), None)


def found_calls(session: Session, ids: Sequence[str]) -> list[FoundCall]:
    """These calls, in the order in which they are given."""
    if not ids:
        return []
    calls = {call.id: call for call in session.scalars(select(Call).where(Call.id.in_(ids)))}
    teams, waits = _teams(session, ids), _waits(session, ids)
    rung, faults = _rung(session, ids), _faults(session, ids)
    return [
        FoundCall(
            id=call.id,
            receipt_number=call.receipt_number,
            caller=call.caller,
            arrived_at=call.arrived_at,
            ended_at=call.ended_at,
            outcome=call.outcome if call.ended_at else None,
            team=teams.get(id),
            wait_ms=waits.get(id),
            rung=tuple(rung.get(id, ())),
            missed=faults.get((id, Finding.MISSED), ()),
            indeterminate=faults.get((id, Finding.INDETERMINATE), ()),
        )
        for id in ids
        if (call := calls.get(id))
    ]


def _teams(session: Session, ids: Sequence[str]) -> Mapping[str, str]:
    rows = session.execute(select(Waiting.call_id, Waiting.team).where(Waiting.call_id.in_(ids)))
    return {row.call_id: row.team for row in rows}


def _waits(session: Session, ids: Sequence[str]) -> Mapping[str, int | None]:
    rows = session.execute(select(CallFigure.call_id, CallFigure.wait_ms).where(CallFigure.call_id.in_(ids)))
    return {row.call_id: row.wait_ms for row in rows}


def _rung(session: Session, ids: Sequence[str]) -> Mapping[str, list[Rung]]:
    rows = session.execute(
        select(OfferFigure.call_id, OfferFigure.agent, Agent.name, OfferFigure.ring_ms, OfferFigure.rings)
        .add_columns(OfferFigure.is_talk, OfferFigure.talk_ms)
        .outerjoin(Agent, Agent.id == OfferFigure.agent)
        .where(OfferFigure.call_id.in_(ids))
        .order_by(OfferFigure.offer_id)
    )
    found: defaultdict[str, list[Rung]] = defaultdict(list)
    for call, agent, name, *rest in rows:
        found[call].append(Rung(agent, name or agent, *rest))
    return found


def _faults(session: Session, ids: Sequence[str]) -> Mapping[tuple[str, Finding], tuple[str, ...]]:
    """The promises of each call with a finding that calls for a look, each once."""
    rows = session.execute(
        select(Verdict.call_id, Verdict.verdict, Verdict.standard_id).where(
            Verdict.call_id.in_(ids), Verdict.verdict.in_(FAULTS)
        )
    )
    found: defaultdict[tuple[str, Finding], set[str]] = defaultdict(set)
    for call, verdict, standard in rows:
        found[str(call), verdict].add(standard.split("/")[1])
    return {place: tuple(sorted(promises)) for place, promises in found.items()}
