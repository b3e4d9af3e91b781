"""Rebuilding figures from the facts of many calls: how many a second, and whether memory grows with their number."""

import os
import time
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import Table, insert, select

from benchmarks.usage import memory_of
from commands.figures_rebuilding import plan, rebuild
from commands.judge_owed import Period
from ivr.base import Base
from ivr.calls.rows import Call, Fact, Offer, Waiting
from ivr.lines.model import Line
from ivr.store import Store

# What a call consists of, in the order in which its rows can be written.
PARTS: tuple[type[Base], ...] = (Call, Waiting, Offer, Fact)
OWNER = {Call: "id", Waiting: "call_id", Offer: "call_id", Fact: "subject"}


def multiply(store: Store, copies: int, days: int) -> None:
    """Copy the only call there is, with everything told about it, evenly over the days after it."""
    with store.reading() as session:
        call = session.scalars(select(Call.id)).one()
        parts = {
            part: [
                dict(row)
                for row in session.execute(select(*_table(part).columns)).mappings()
                if row[OWNER[part]] == call
            ]
            for part in PARTS
        }
    for number in range(copies):
        moved = timedelta(days=number * days // copies + 1, seconds=number % 60)
        with store.transaction() as session:
            for part, rows in parts.items():
                session.execute(insert(_table(part)), [_copied(row, call, f"copy{number}", moved) for row in rows])


def rebuilding(store: Store, line: Line, calls: int) -> tuple[float, float]:
    """Calls a second, and MiB between a tenth of the days and all of them."""
    todo = plan(store, line, Period(None, None))
    began, sizes = time.perf_counter(), []
    for _ in rebuild(store, todo):
        sizes.append(memory_of(os.getpid()).uss)
    return calls / (time.perf_counter() - began), sizes[-1] - sizes[len(sizes) // 10]


def _table(part: type[Base]) -> Table:
    return cast(Table, part.__table__)


def _copied(row: Mapping[str, object], call: str, name: str, moved: timedelta) -> dict[str, object]:
    return {column: _moved(value, call, name, moved) for column, value in row.items()} | _unique(row, name)


def _unique(row: Mapping[str, object], name: str) -> dict[str, object]:
    return {"carrier_sid": name, "receipt_number": name} if "carrier_sid" in row else {}


def _moved(value: object, call: str, name: str, moved: timedelta) -> object:
    match value:
        case datetime():
            return value + moved
        case str():
            return value.replace(call, name)
        case dict():
            return {key: _moved(part, call, name, moved) for key, part in value.items()}
        case _:
            return value
