"""Moves the finished calls of one database into another, whole calls at a time; what is there already stays."""

import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias, cast

from sqlalchemy import ColumnElement, Table, or_, select, true
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from ivr.agents.rows import Agent, AgentSkill, AgentState
from ivr.billing.rows import Usage
from ivr.callbacks.rows import Callback
from ivr.calls.rows import Call
from ivr.charters.rows import Verdict
from ivr.charters.sums import note_changes
from ivr.figures.rows import CallFigure
from ivr.figures.tallying import tally
from ivr.promises import PromiseRow
from ivr.store import Store
from migrations.models import all_tables

CALLS_IN_A_BATCH = 50
# Agents who came along with their calls must not be rung for real ones.
REASON_OF_ABSENCE = "simulated"
# What keys of promises are about: ivr.identifiers.call_id and callback_id.
_OWNER = re.compile(r"\b[bc][a-z2-7]{20}\b")

Row: TypeAlias = Mapping[str, Any]  # Any: whatever the columns hold
RowsOfTables: TypeAlias = dict[str, list[Row]]


def transplant(source: Store, target: Store, *, moved: Callable[[int], None]) -> int:
    """Copy every ended call that `target` does not have, with all rows that belong to it; returns how many.

    A row belongs to a call by a column `call_id`, by a reference to one of the call's rows, or as a `subject`; what a
    firm used of the call or of its texts belongs to it by its `source`.
    Callbacks come along only when they are over, and promises when kept, so nothing is left to do in `target`; its
    own agents stay as they are.
    Each batch is one transaction, with the sums of its days made anew, and `moved` is told the calls gone through:
    an interrupted copy is taken up again.
    """
    _add_missing_agents(source, target)
    promises = _kept_promises(source)
    with source.reading() as session:
        calls = session.scalars(select(Call.id).where(Call.ended_at.is_not(None)).order_by(Call.arrived_at)).all()
    count = 0
    for first in range(0, len(calls), CALLS_IN_A_BATCH):
        batch = calls[first : first + CALLS_IN_A_BATCH]
        new = _unknown_to(target, batch)
        if new:
            _write(target, _rows_of(source, new, promises))
        count += len(new)
        moved(len(batch))
    return count


def _unknown_to(target: Store, calls: Sequence[str]) -> list[str]:
    with target.reading() as session:
        known = set(session.scalars(select(Call.id).where(Call.id.in_(calls))))
    return [call for call in calls if call not in known]


def _rows_of(source: Store, calls: Sequence[str], promises: Mapping[str, Sequence[int]]) -> RowsOfTables:
    """Everything of these calls. Rows with names of their own come first: facts and verdicts are told about those."""
    names = set(calls)
    found: RowsOfTables = {}
    with source.reading() as session:
        for table, owners in sorted(_owned_tables(), key=lambda pair: "id" not in pair[0].c):
            belonging = or_(*(owner.in_(names) for owner in owners))
            found[table.name] = _read(session, table, belonging & _is_over(table))
            ids = [row["id"] for row in found[table.name] if isinstance(row.get("id"), str)]
            # Messages name what they are about by its kind as well.
            names |= {*ids, *(f"{table.name}:{id}" for id in ids)}
        kept = _table(PromiseRow)
        wanted = {number for name in names for number in promises.get(name, ())}
        found[kept.name] = _read(session, kept, kept.c.id.in_(wanted))
    return found


def _owned_tables() -> list[tuple[Table, Sequence[ColumnElement[str]]]]:
    """The tables whose rows belong to a call, each with the columns that say to which; owners come first."""
    owned: dict[str, tuple[Table, Sequence[ColumnElement[str]]]] = {}
    for table in all_tables().sorted_tables:
        referring = [key.parent for key in table.foreign_keys if key.column.table.name in owned]
        names = ("source",) if table.name == Usage.__tablename__ else ("call_id", "subject")
        named = [table.c[name] for name in names if name in table.c]
        by = [table.c.id] if table.name == Call.__tablename__ else list(dict.fromkeys([*named, *referring]))
        if by:
            owned[table.name] = (table, by)
    return list(owned.values())


def _is_over(table: Table) -> ColumnElement[bool]:
    """What is still promised to a customer of the simulation is promised to nobody in the target."""
    return table.c.closed_at.is_not(None) if table.name == Callback.__tablename__ else true()


def _read(session: Session, table: Table, condition: ColumnElement[bool]) -> list[Row]:
    """Read rows without the numbers that each database gives by itself."""
    own = table.autoincrement_column
    columns = [column for column in table.c if column is not own]
    return [dict(row) for row in session.execute(select(*columns).where(condition)).mappings()]


def _write(target: Store, found: RowsOfTables) -> None:
    with target.transaction() as session:
        for table in all_tables().sorted_tables:
            _insert(session, table, found.get(table.name, []))
        for line, day in sorted({(row["line"], row["day"]) for row in found[CallFigure.__tablename__]}):
            tally(session, line, day)
        note_changes(session, gone=(), come=found[Verdict.__tablename__])


def _insert(session: Session, table: Table, rows: Sequence[Row]) -> None:
    if rows:
        adding = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
        session.execute(adding(table).on_conflict_do_nothing(), rows)


def _kept_promises(source: Store) -> dict[str, list[int]]:
    """The ids of the promises kept, by the call or callback that their key names."""
    kept: dict[str, list[int]] = defaultdict(list)
    with source.reading() as session:
        for number, key in session.execute(
            select(PromiseRow.id, PromiseRow.key).where(PromiseRow.done_at.is_not(None))
        ):
            for owner in _OWNER.findall(key)[:1]:
                kept[owner].append(number)
    return kept


def _add_missing_agents(source: Store, target: Store) -> None:
    with target.reading() as session:
        known = set(session.scalars(select(Agent.id)))
    agent, skill = _table(Agent), _table(AgentSkill)
    with source.reading() as session:
        agents = _read(session, agent, agent.c.id.not_in(known))
        skills = _read(session, skill, skill.c.agent_id.not_in(known))
    away = {"state": AgentState.AWAY, "reason": REASON_OF_ABSENCE}
    with target.transaction() as session:
        _insert(session, agent, [{**row, **away} for row in agents])
        _insert(session, skill, skills)


def _table(model: type[Agent | AgentSkill | PromiseRow]) -> Table:
    return cast(Table, model.__table__)
