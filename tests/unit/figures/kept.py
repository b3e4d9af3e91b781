"""Calls told by hand, kept in a database under names and times of their own, for figures."""

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from ivr.calls.facts import Told, tell
from ivr.calls.rows import Call, Offer, Waiting, WaitingState
from ivr.figures.keeping import TABLES, Kept, keep_figures
from ivr.store import Store
from tests.http.board import MORNING
from tests.people import agent_of
from tests.store_fixtures.databases import empty
from tests.unit.charters.tales import CALL, Tale

Rows = dict[str, list[dict[str, object]]]


def add_staff(store: Store, *tales: Tale) -> None:
    """The agents who stand in the tales' offers: one for each line and place in a call."""
    lines = {tale.line for tale in tales}
    with store.transaction() as session:
        for line in lines:
            session.add_all([agent_of(line, MORNING, number=number) for number in (1, 2, 3)])


def add_call(
    session: Session, tale: Tale, name: str, *, at: datetime = MORNING, caller: str | None = None
) -> list[Told]:
    """Write the call and its offers; returns its facts, which are not told yet."""
    moved = at - MORNING
    session.add(
        Call(
            id=name,
            line=tale.line.id,
            carrier_sid=name,
            dialled=tale.line.numbers[0],
            receipt_number=name,
            arrived_at=at,
            ended_at=at + timedelta(minutes=5),
            caller_index=caller,
        )
    )
    session.flush()
    if tale.wanted:
        session.add(Waiting(call_id=name, line=tale.line.id, team=tale.wanted[0], since=at, state=WaitingState.LEFT))
    for offer in tale.offers:
        closed = offer.closed_at + moved if offer.closed_at else None
        session.add(
            Offer(
                id=offer.id.replace(CALL, name),
                call_id=name,
                ordinal=offer.ordinal,
                agent_id=f"{tale.line.id}-{offer.ordinal}",
                outcome=offer.outcome,
                state=offer.state,
                made_at=at,
                closed_at=closed,
                team=tale.wanted[0] if tale.wanted else None,
                wrapped_at=offer.wrapped_at + moved if offer.wrapped_at else None,
            )
        )
    return [_moved(fact, name, moved) for fact in tale.facts]


def _moved(fact: Told, name: str, by: timedelta) -> Told:
    detail = {key: value.replace(CALL, name) if isinstance(value, str) else value for key, value in fact.detail.items()}
    return replace(
        fact,
        subject=name,
        key=fact.key.replace(CALL, name),
        leg=fact.leg.replace(CALL, name),
        received_at=fact.received_at + by,
        said_at=fact.said_at + by if fact.said_at else None,
        detail=detail,
    )


def tell_all(session: Session, facts: list[Told]) -> None:
    """Keep facts as told."""
    for fact in facts:
        tell(session.connection(), fact)


def keep(store: Store, tale: Tale, *names: str) -> Kept:
    """Bring the rows of these calls into line."""
    with store.transaction() as session:
        return keep_figures(session, names, line=tale.line)


def raw_rows(store: Store) -> Rows:
    """Everything that stands in the raw tables, in a fixed order."""
    with store.reading() as session:
        return {
            key: [dict(row) for row in session.execute(select(*table.columns).order_by(table.c[key])).mappings()]
            for key, table in TABLES.items()
        }


def emptied(engine: Engine) -> Store:
    """A store on this engine whose tables of calls, agents and figures are empty."""
    empty(engine)
    return Store(engine)
