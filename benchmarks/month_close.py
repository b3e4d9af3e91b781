"""`month`: the statements of a month of 500 firms with 2 million usage rows, against one aggregate of those."""

import os
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from statistics import median

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from benchmarks import stores
from benchmarks.centre_rows import LINE, MONTH, fill
from benchmarks.measured import Measured, at_most, show
from benchmarks.run import Run
from benchmarks.usage import memory_of
from commands.world import World
from ivr.billing.rows import LineKind, Statement, StatementLine, Usage, UsageKind
from ivr.billing.statements import close_month, preview
from ivr.lines.model import Line
from ivr.store import Store

FIRMS, ROWS = 500, 2_000_000
QUICK_FIRMS, QUICK_ROWS = 20, 20_000
ROUNDS = 5
CLOSED_AT = datetime(2026, 10, 31, 19, tzinfo=UTC)
LOOKED_AT = CLOSED_AT + timedelta(hours=1)
RATIO, GROWTH = at_most(2.0), at_most(50)
PATIENCE = 3600.0


def month(run: Run) -> None:
    """The close of a month, its share of one aggregate over the same usage; memory; one firm's open month."""
    firms, rows = run.many(FIRMS, when_quick=QUICK_FIRMS), run.many(ROWS, when_quick=QUICK_ROWS)
    for kind in run.databases:
        with stores.store(kind, patience=PATIENCE) as store:
            line = World(store.engine).lines.by_id(LINE)
            fill(store, firms=firms, rows=rows)
            _measure(store, line, kind, run.many(ROUNDS, when_quick=2))


def _measure(store: Store, line: Line, kind: str, rounds: int) -> None:
    floors, closes, previews = [], [], []
    before = memory_of(os.getpid()).uss
    for _ in range(rounds):
        floors.append(_timed(store, _aggregate))
        closes.append(_timed(store, lambda session: close_month(session, line, MONTH, by="bench", at=CLOSED_AT)))
        _agree(store)
        with store.transaction() as session:
            session.execute(delete(StatementLine))
            session.execute(delete(Statement))
        previews.append(_timed(store, lambda session: preview(session, line, "f7", month=MONTH, at=LOOKED_AT)))
    growth = memory_of(os.getpid()).uss - before
    ratios = [close / floor for close, floor in zip(closes, floors, strict=True)]
    found = (median(closes), "s", median(floors), median(ratios), rounds, min(ratios), max(ratios))
    show(Measured("month_close", kind, *found, goal=RATIO))
    _show(("month_close_aggregate", kind), floors, "s")
    _show(("month_preview_of_a_firm", kind), [1000 * seconds for seconds in previews], "ms")
    show(Measured("month_close_memory", kind, growth, "MiB grown", rounds=rounds, goal=GROWTH))


def _timed(store: Store, work: Callable[[Session], object]) -> float:
    began = time.perf_counter()
    with store.transaction() as session:
        work(session)
    return time.perf_counter() - began


def _aggregate(session: Session) -> Sequence[object]:
    """The least that a close has to do: what each firm used of each kind."""
    asked = select(Usage.firm, Usage.kind, func.sum(Usage.quantity)).where(Usage.line == LINE, Usage.month == MONTH)
    return session.execute(asked.group_by(Usage.firm, Usage.kind)).all()


def _agree(store: Store) -> None:
    """Every row is in a statement: an AssertionError names the kind whose sums differ."""
    kinds = {LineKind.SERVICE: UsageKind.CALL, LineKind.MINUTES: UsageKind.MINUTE, LineKind.TEXTS: UsageKind.TEXT}
    with store.reading() as session:
        for line_kind, kind in kinds.items():
            billed = session.scalar(select(func.sum(StatementLine.quantity)).where(StatementLine.kind == line_kind))
            used = session.scalar(select(func.sum(Usage.quantity)).where(Usage.kind == kind))
            assert billed == used, kind


def _show(name: tuple[str, str], values: Sequence[float], unit: str) -> None:
    show(Measured(*name, median(values), unit, rounds=len(values), min=min(values), max=max(values)))
