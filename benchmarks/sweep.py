"""`sweep`: a million open promises, and what one pass of the relay costs beside the bare indexed query."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import Engine, select, text, update

from benchmarks import stores
from benchmarks.measured import Goal, at_least, compared, show
from benchmarks.run import Run
from config.clock import system_clock
from config.settings import new_secret_keys
from ivr.promises import PromiseRow
from ivr.sealing import Keyring
from ivr.store import Store, make_engine
from workers.relay import BATCH, Relay

# Reminders, notices and due dates of three months to come, one every 7.8 s.
OPEN, AHEAD_SECONDS = 1_000_000, 90 * 86_400
BATCHES_A_ROUND, ROUNDS, LOOKS = 5, 7, 400
GOAL_IDLE, GOAL_DUE = at_least(0.2), at_least(0.3)
SERIES = {
    stores.SQLITE: "WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < :count)",
    stores.POSTGRESQL: "WITH s(n) AS (SELECT generate_series(1, :count))",
}
# How each kind of database writes a moment that lies some seconds after another, as the column keeps it.
MOMENT = {
    stores.SQLITE: "strftime('%Y-%m-%d %H:%M:%S.000000', :first, '+' || ({seconds}) || ' seconds')",
    stores.POSTGRESQL: "CAST(:first AS timestamptz) + ({seconds}) * interval '1 second'",
}
KINDS = "CASE n % 3 WHEN 0 THEN 'callback-remind' WHEN 1 THEN 'callback-notice' ELSE 'callback-due' END"


@dataclass(frozen=True, slots=True)
class Crowd:
    """A database full of open promises, and how many of them there are."""

    kind: str
    store: Store
    count: int

    def promise(self, count: int, first: datetime, *, seconds: str, name: str) -> None:
        """Promise so many, `seconds` (an expression of n) after `first`."""
        moment = MOMENT[self.kind].format(seconds=seconds)
        insert = (
            "INSERT INTO promise (kind, key, args, due_at, attempts) "  # noqa: S608 - every part stands above
            f"{SERIES[self.kind]} SELECT {KINDS}, :name || n, '{{}}', {moment}, 0 FROM s"
        )
        given = first.replace(tzinfo=None).isoformat(" ") if self.kind == stores.SQLITE else first
        with self.store.engine.begin() as connection:
            connection.execute(text(insert), {"count": count, "first": given, "name": name})


def sweep(run: Run) -> None:
    """A million open promises: passes of the relay with nothing due, and with hundreds due at once."""
    for kind in run.databases:
        with stores.folder() as place, stores.database(kind, place) as url:
            engine = make_engine(url, keyring=Keyring.from_secrets(new_secret_keys(bytes(range(64)))), patience=120)
            crowd = Crowd(kind, Store(engine), run.many(OPEN, when_quick=10_000))
            ahead = f"n * {AHEAD_SECONDS / crowd.count}"
            crowd.promise(crowd.count, system_clock() + timedelta(hours=1), seconds=ahead, name="later-")
            with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.execute(text("ANALYZE"))
            _idle(run, crowd)
            _due(run, crowd)
            engine.dispose()


def _idle(run: Run, crowd: Crowd) -> None:
    """What the relay does each second when nothing is due: it claims nothing, and says when to look again."""
    looks, relay = run.many(LOOKS, when_quick=40), Relay(crowd.store, lambda _queue, _promise: None, dict)
    next_due = select(PromiseRow.due_at).where(PromiseRow.done_at.is_(None)).order_by(PromiseRow.due_at).limit(1)
    ours, floors = [], []
    for _ in range(run.many(ROUNDS, when_quick=2)):
        floors.append(_rate(looks, lambda: _ask(crowd.store, next_due)))
        ours.append(_rate(looks, lambda: relay.hand_or_look(system_clock())))
    _show(crowd, "sweep_idle", "passes/s", (ours, floors), GOAL_IDLE)


def _due(run: Run, crowd: Crowd) -> None:
    """Hundreds due at once: claimed by passes of the relay, and by a bare query and update of the same number."""
    batches = run.many(BATCHES_A_ROUND, when_quick=2)
    ours, floors = [], []
    for number in range(run.many(ROUNDS, when_quick=2)):
        at, handed = system_clock(), list[int]()
        crowd.promise(batches * BATCH, at - timedelta(minutes=1), seconds="0", name=f"now-{number}-")
        floors.append(BATCH * _rate(batches, partial(_claim_barely, crowd.store.engine, at)))
        _take_back(crowd.store.engine, at)
        relay = Relay(crowd.store, partial(_note, handed), dict)
        ours.append(BATCH * _rate(batches, partial(relay.hand_due, at)))
        assert len(set(handed)) == batches * BATCH
        _forget(crowd.store.engine, at)
    _show(crowd, "sweep_due", "promises/s", (ours, floors), GOAL_DUE)


def _claim_barely(engine: Engine, at: datetime) -> None:
    due = (
        select(PromiseRow.id)
        .where(PromiseRow.done_at.is_(None), PromiseRow.due_at <= at, PromiseRow.handed_at.is_(None))
        .order_by(PromiseRow.due_at)
        .limit(BATCH)
    )
    with engine.begin() as connection:
        found = list(connection.execute(due).scalars())
        connection.execute(update(PromiseRow).where(PromiseRow.id.in_(found)).values(handed_at=at))


def _note(handed: list[int], _queue: str, promise: int) -> None:
    handed.append(promise)


def _take_back(engine: Engine, at: datetime) -> None:
    with engine.begin() as connection:
        connection.execute(update(PromiseRow).where(PromiseRow.due_at <= at).values(handed_at=None))


def _forget(engine: Engine, at: datetime) -> None:
    with engine.begin() as connection:
        connection.execute(PromiseRow.__table__.delete().where(PromiseRow.due_at <= at))  # type: ignore[attr-defined]


def _ask(store: Store, query: object) -> None:
    with store.statement() as connection:
        connection.execute(query).one_or_none()  # type: ignore[call-overload]


def _rate(times: int, act: Callable[[], object]) -> float:
    began = time.perf_counter()
    for _ in range(times):
        act()
    return times / (time.perf_counter() - began)


def _show(crowd: Crowd, metric: str, unit: str, rounds: tuple[Sequence[float], Sequence[float]], goal: Goal) -> None:
    own, least = rounds
    show(replace(compared((metric, crowd.kind), unit, ours=own, floors=least), goal=goal))
