"""`keeping`: the nightly look for what is kept too long, in the largest tables that it reads, where nothing is due."""

import time
from datetime import timedelta
from statistics import median

from sqlalchemy import text
from sqlalchemy.orm import Session

from benchmarks import stores
from benchmarks.figures_rows import settle
from benchmarks.measured import Measured, at_most, show
from benchmarks.run import Run
from config.clock import system_clock
from config.files import RETENTION, read_file
from ivr.keeping.due import due
from ivr.keeping.erasing import PIECE, erase_piece
from ivr.keeping.rules import Rule, load_retention
from ivr.keeping.tables import all_tables
from ivr.sealing import ERASED
from ivr.store import Store

ROWS, QUICK_ROWS, ROUNDS, PATIENCE = 1_000_000, 10_000, 5, 600.0
GOAL = at_most(2.0)
# Of ten rows six are over and erased, as after nights of this; four are younger than what is kept.
IS_OLD, AT = "i % 10 < 6", ":at - make_interval(days => CASE WHEN i % 10 < 6 THEN 1200 ELSE 1 END + (i % 900)::int)"
INDEX = f"left(CASE WHEN {IS_OLD} THEN '~' ELSE '' END || md5('n' || i % 200000) || md5('m' || i % 200000), 64)"
SEALED = f"CASE WHEN {IS_OLD} THEN :erased ELSE decode(md5(i::text) || md5('b' || i), 'hex') END"
SERIES = "FROM generate_series(1, :rows) AS series(i)"
FILLING = {
    "call-numbers": f"""INSERT INTO call
        (id, line, carrier_sid, caller, caller_index, dialled, firm, receipt_number, arrived_at, ended_at, outcome)
        SELECT left(md5('c' || i), 30), 'kibo', 'CA' || md5('c' || i), NULLIF({SEALED}, :erased), {INDEX},
               '+827010000001', '', '1123' || i, {AT}, {AT}, 'answered' {SERIES}""",
    "messages": f"""INSERT INTO message
        (id, subject, line, template, recipient, recipient_index, body, state, rank, attempts, written_at, worth_until)
        SELECT md5('t' || i), left(md5('c' || i), 30), 'kibo', 'receipt', {SEALED}, {INDEX}, {SEALED},
               'delivered', 5, 1, {AT}, {AT} {SERIES}""",
    "dials": f"""INSERT INTO dial (id, campaign_id, person_id, ordinal, line, number_index, state, dialled_at, ended_at)
        SELECT md5('d' || i), i / 5000, i, 1, 'kibo', {INDEX}, 'over', {AT}, {AT} {SERIES}""",
}


def keeping(run: Run) -> None:
    """A million calls, texts and dials each on PostgreSQL: seconds for each class, and for a night of all of them."""
    rows, rounds = run.many(ROWS, when_quick=QUICK_ROWS), run.many(ROUNDS, when_quick=2)
    retention = load_retention(read_file(RETENTION))
    for kind in run.databases:
        if kind != stores.POSTGRESQL:
            continue
        with stores.store(kind, patience=PATIENCE) as store:
            _fill(store, rows)
            for rule in retention.worked:
                if rule.name in FILLING:
                    waits = [_looked(store, rule) for _ in range(rounds)]
                    about = (median(waits), "s")
                    name = f"keeping_{rule.table}_nothing_due"
                    show(Measured(name, kind, *about, rounds=rows, min=min(waits), max=max(waits), goal=GOAL))
            took = sum(_night(store, rule) for rule in retention.worked)
            show(Measured("keeping_night", kind, took, "s", rounds=len(retention.worked)))


def _fill(store: Store, rows: int) -> None:
    given = {"rows": rows, "at": system_clock(), "erased": ERASED}
    with store.transaction() as session:
        for statement in FILLING.values():
            session.execute(text(statement), {name: given[name] for name in given if f":{name}" in statement})
    settle(store)


def _looked(store: Store, rule: Rule) -> float:
    """Seconds to find that nothing of a class is due; an AssertionError where something is."""
    with store.reading() as session:
        return _timed(session, rule)


def _timed(session: Session, rule: Rule) -> float:
    began = time.perf_counter()
    found = session.execute(due(rule, all_tables(), at=system_clock()).limit(PIECE)).all()
    took = time.perf_counter() - began
    assert found == [], f"{rule.name}: {len(found)} rows are due"
    return took


def _night(store: Store, rule: Rule) -> float:
    """Seconds of a class's own promise, as a worker keeps it."""
    began = time.perf_counter()
    with store.transaction() as session:
        erase_piece(session, rule, all_tables(), at=system_clock() + timedelta(minutes=1), by="bench")
    return time.perf_counter() - began
