"""Whether anything on the desks of agents has changed: one query for all of them, cheap enough for ten a second."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import BindParameter, Row, Select, bindparam, func, literal, select, union_all
from sqlalchemy.orm import Session

from ivr.agents.rows import Agent
from ivr.calls.rows import Fact, Offer, Waiting
from ivr.dialling.rows import Attempt
from ivr.transfers.rows import Transfer


def marks_of(session: Session, agent_ids: Collection[str]) -> Mapping[str, str]:
    """A mark for each agent that differs from an earlier one as soon as something on the desk does.

    In plain words: the version of the agent's row, and of each open offer or attempt the version, that of the
    caller's place in the queue, those of the call's transfers, and how many facts were told about it.
    """
    found: defaultdict[str, list[str]] = defaultdict(list)
    if agent_ids:
        for row in session.execute(_MARKS, {"agents": list(agent_ids)}):
            found[row.agent].append(_mark(row))
    return {agent: "-".join(sorted(parts)) for agent, parts in found.items()}


def mark_of(session: Session, agent_id: str) -> str:
    """The mark of one agent; empty where there is no such agent."""
    return marks_of(session, [agent_id]).get(agent_id, "")


def _mark(row: Row[Any]) -> str:
    return ".".join(str(part) for part in (row.work or "", row.version, row.place, row.facts, row.passing))


def _marking() -> Select[Any]:
    ids: BindParameter[list[str]] = bindparam("agents", expanding=True)
    agents = select(
        Agent.id.label("agent"),
        literal("").label("work"),
        Agent.version.label("version"),
        literal(0).label("place"),
        literal(0).label("facts"),
        literal(0).label("passing"),
    ).where(Agent.id.in_(ids))
    offers = (
        select(Offer.agent_id, Offer.id, Offer.version, func.coalesce(Waiting.version, 0), _facts(Offer.call_id))
        .add_columns(_passing())
        .outerjoin(Waiting, Waiting.call_id == Offer.call_id)
        .where(Offer.agent_id.in_(ids), Offer.closed_at.is_(None))
    )
    attempts = (
        select(Attempt.agent_id, Attempt.id, Attempt.version, literal(0), _facts(Attempt.id), literal(0))
    ).where(Attempt.agent_id.in_(ids), Attempt.closed_at.is_(None))
    return select(union_all(agents, offers, attempts).subquery())


def _facts(subject: Any) -> Any:  # Any: a column in, a scalar subquery out
    return select(func.count()).select_from(Fact).where(Fact.subject == subject).scalar_subquery()


def _passing() -> Any:  # Any: as above
    """The transfers of the offer's call; only calls in progress are looked at, so that there are few."""
    versions = func.coalesce(func.sum(Transfer.version), 0)
    return select(versions).where(Transfer.call_id == Offer.call_id).scalar_subquery()


# Built once: a desk's watch asks it ten times a second.
_MARKS = _marking()
