"""From the database to views of callbacks: what was promised, every try, and who was served before an appointment."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Row, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from ivr.callbacks.rows import Callback, Origin
from ivr.callbacks.telling import PROMISED
from ivr.calls.facts import Told
from ivr.calls.offers import OfferOutcome
from ivr.calls.rows import Call, Offer, OfferState
from ivr.calls.steps import CALLER
from ivr.charters.view_callback import CallbackView, Try
from ivr.charters.view_owed import in_order, moment
from ivr.charters.written import facts_by_subject, texts_of
from ivr.deadlines import WorkingTime
from ivr.dialling.rows import Attempt, AttemptOutcome, AttemptState
from ivr.directory.rows import Officer

# Columns handed on as a tuple lose their types after the tenth: Any.
_Row: TypeAlias = Row[*tuple[Any, ...]]
COLUMNS = (
    *(Callback.id, Callback.team, Callback.origin, Callback.reason, Callback.asked_at, Callback.since),
    *(Callback.first_due_at, Callback.officer_id, Callback.outcome, Callback.closed_at),
    Callback.customer.is_not(None).label("has_name"),
    Callback.content.is_not(None).label("has_content"),
)


def callback_views(session: Session, ids: Sequence[str], time: WorkingTime) -> list[CallbackView]:
    """Read these callbacks of one line, in the order of their ids."""
    rows = session.execute(
        select(*COLUMNS).where(Callback.id.in_(ids), Callback.line == time.line.id).order_by(Callback.id)
    ).all()
    facts, texts = facts_by_subject(session, ids), texts_of(session, "callback", ids)
    tries, agents = _tries(session, ids), _agents(session, {row.officer_id for row in rows if row.officer_id})
    return [
        CallbackView(
            id=row.id,
            time=time,
            came_at=row.asked_at,
            facts=in_order(facts[row.id]),
            texts=texts[row.id],
            over_at=row.closed_at,
            origin=row.origin,
            promised_at=row.first_due_at,
            outcome=row.outcome,
            reason=row.reason,
            has=_parts(row),
            lacking=_lacking(facts[row.id]),
            officer_agent_id=agents.get(row.officer_id),
            tries=tuple(tries[row.id]),
            served_before=_served_before(session, row, tries[row.id], time) if row.origin is Origin.BOOKING else (),
        )
        for row in rows
    ]


def _parts(row: _Row) -> frozenset[str]:
    """The parts of a memo that are there; without a number there is no callback."""
    there = (("number", True), ("name", row.has_name), ("content", row.has_content))
    return frozenset(part for part, has in there if has)


def _lacking(facts: Sequence[Told]) -> Mapping[str, str]:
    promised = next((fact for fact in facts if fact.kind == PROMISED), None)
    return dict(promised.detail.get("lacking") or {}) if promised else {}


def _tries(session: Session, ids: Sequence[str]) -> Mapping[str, list[Try]]:
    rows = session.execute(
        select(Attempt.id, Attempt.callback_id, Attempt.agent_id, Attempt.made_at, Attempt.outcome)
        .where(Attempt.callback_id.in_(ids))
        .order_by(Attempt.callback_id, Attempt.ordinal)
    ).all()
    facts = facts_by_subject(session, [row.id for row in rows])
    found: defaultdict[str, list[Try]] = defaultdict(list)
    for row in rows:
        outcome = row.outcome.value if row.outcome else None
        found[row.callback_id].append(Try(row.id, row.agent_id, row.made_at, outcome, _rang(facts[row.id])))
    return found


def _rang(facts: Sequence[Told]) -> Told | None:
    """The first proof that the customer's telephone was reached: it rang, or it was busy."""
    rang = [fact for fact in facts if fact.leg == CALLER and _is_rung(fact)]
    return min(rang, key=lambda fact: (moment(fact), fact.key), default=None)


def _is_rung(fact: Told) -> bool:
    answered = fact.kind in {"leg-ringing", "leg-answered"}
    return answered or (fact.kind == "leg-ended" and fact.detail.get("status") in {"busy", "no-answer"})


def _agents(session: Session, officers: set[str]) -> Mapping[str, str]:
    """By officer the agent as whom the officer takes and makes calls."""
    rows = session.execute(select(Officer.id, Officer.agent_id).where(Officer.id.in_(officers)))
    return {row.id: row.agent_id for row in rows if row.agent_id}


def _served_before(session: Session, row: _Row, tries: Sequence[Try], time: WorkingTime) -> tuple[str, ...]:
    """Who of the team was served without an appointment after the time booked, and before the first try (K1)."""
    until = tries[0].made_at if tries else row.closed_at
    if until is None:
        return ()
    offers = select(Offer.id).join(Call, Call.id == Offer.call_id)
    offers = offers.where(Call.line == time.line.id, Offer.team == row.team, Offer.purpose.is_(None))
    talked = (Offer.state == OfferState.ACCEPTED) | (Offer.outcome == OfferOutcome.FINISHED)
    offers = offers.where(talked, *_between(Offer.made_at, row.since, until))
    attempts = select(Attempt.id).join(Callback, Callback.id == Attempt.callback_id)
    attempts = attempts.where(Callback.line == time.line.id, Callback.team == row.team)
    dialled = (Attempt.state == AttemptState.ACCEPTED) | (Attempt.outcome == AttemptOutcome.REACHED)
    attempts = attempts.where(Callback.origin != Origin.BOOKING, dialled)
    attempts = attempts.where(*_between(Attempt.made_at, row.since, until))
    return (*sorted(session.scalars(offers)), *sorted(session.scalars(attempts)))


def _between(
    column: InstrumentedAttribute[datetime], since: datetime, until: datetime
) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return column > since, column < until
