"""What happens to the processes, the database, Redis and the workers: each a function over a running installation."""

import os
import signal
import time
from random import Random

from sqlalchemy import func, select

from benchmarks.usage import children_of
from config.clock import system_clock
from ivr.callbacks.asking import Wish, ask_callback
from ivr.callbacks.rows import Callback, Origin
from ivr.identifiers import callback_id
from ivr.numbers import PhoneNumber
from tests.campaigns.rooms import ABSENCE, wait_for
from tests.faults.cluster import Ballast, Cluster
from tests.faults.crowd import AT_HOME, CALLER
from tests.faults.running import Figures, Run

ROUNDS, CALM_SECONDS = 5, 1.5
AWAY_SECONDS, LOCKED_SECONDS, FULL_SECONDS, REDIS_SECONDS, DOWN_SECONDS = 25.0, 20.0, 20.0, 60.0, 90.0
BACKLOG, FIRST_WISHING = 120, 7_000_000


def kills(run: Run) -> Figures:
    """SIGKILL to each process in turn, round after round; in each also to one worker of the web, and to its master."""
    figures: Figures = {}
    rooms, dice = run.house.rooms, Random(f"kills {run.house.seed}")
    with run.watched(figures, "while processes die"):
        for _ in range(max(1, int(ROUNDS * run.scale))):
            for name in rooms.rooms:
                run.house.kept_down = {name}
                rooms.kill(name)
                time.sleep(dice.uniform(*ABSENCE))
                run.house.kept_down = set()
                time.sleep(CALM_SECONDS)
            _kill_in_web(run, master=False)
            _kill_in_web(run, master=True)
    run.catch_up(figures, "the last kill")
    return figures


def _kill_in_web(run: Run, *, master: bool) -> None:
    """One worker of the web, or its master alone: the other processes of the group live on for a moment."""
    web = run.house.rooms.rooms["web"].process
    children = children_of(web.pid) if web is not None and web.poll() is None else []
    if web is None or not children:
        return
    os.kill(web.pid if master else children[0], signal.SIGKILL)
    run.house.rooms.kills["web master alone" if master else "web worker alone"] += 1
    time.sleep(5.0)


def database(run: Run) -> Figures:
    """PostgreSQL restarted in order, crashed and started again at once, and away for seconds."""
    figures: Figures = {}
    cluster = _cluster(run)
    for mode in ("fast", "immediate"):
        with run.watched(figures, f"restart {mode}"):
            began = time.monotonic()
            cluster.stop(mode)
            _start_again(run)
            figures[f"restart {mode}: away for"] = round(time.monotonic() - began, 2)
            run.rest(8)
        run.catch_up(figures, f"restart {mode}")
    with run.watched(figures, f"away for {AWAY_SECONDS * run.scale:g} s"):
        cluster.stop("immediate")
        run.rest(AWAY_SECONDS)
        _start_again(run)
    run.catch_up(figures, "being away")
    return figures


def _start_again(run: Run) -> None:
    """Start PostgreSQL where it is that; we, who only look on, connect anew."""
    if run.house.cluster is not None:
        run.house.cluster.start()
    run.house.opened.store.engine.dispose()


def _cluster(run: Run) -> Cluster:
    if run.house.cluster is None:
        raise RuntimeError("this fault is for PostgreSQL")
    return run.house.cluster


def redis(run: Run) -> Figures:
    """Redis flushed, away, back without anything that it knew, and full."""
    figures: Figures = {}
    own = run.house.redis
    with run.watched(figures, "FLUSHALL three times"):
        for _ in range(3):
            own.asked("FLUSHALL")
            run.rest(4)
    run.catch_up(figures, "FLUSHALL")
    with run.watched(figures, f"away for {REDIS_SECONDS * run.scale:g} s"):
        own.stop()
        run.rest(REDIS_SECONDS)
        own.start()
    run.catch_up(figures, "being away")
    with run.watched(figures, "killed, back empty"):
        own.lose()
        own.start()
        run.rest(8)
    run.catch_up(figures, "being back empty")
    with run.watched(figures, "maxmemory reached"):
        own.asked("CONFIG", "SET", "maxmemory", "1")
        run.rest(FULL_SECONDS)
        own.asked("CONFIG", "SET", "maxmemory", "0")
    run.catch_up(figures, "maxmemory")
    return figures


def disk(run: Run) -> Figures:
    """No space for the database, later for recordings; whoever died of it is started once there is space again."""
    figures: Figures = {}
    space = Ballast(run.house.small)
    with run.watched(figures, "database full"):
        space.fill()
        run.rest(FULL_SECONDS)
        figures["PostgreSQL lived through it"] = run.house.cluster is None or run.house.cluster.is_running
        space.throw_out()
        _start_again(run)
    run.catch_up(figures, "the full database")
    sounds = Ballast(run.house.recordings)
    with run.watched(figures, "recordings full"):
        sounds.fill()
        run.rest(FULL_SECONDS)
        figures["half a sound left lying"] = len(list(run.house.recordings.glob("*.part")))
        sounds.throw_out()
    run.catch_up(figures, "full recordings")
    figures["sounds kept"] = len(list(run.house.recordings.glob("*.wav")))
    return figures


def locked(run: Run) -> Figures:
    """SQLite's file locked by another process's transaction, then no space for it."""
    figures: Figures = {}
    engine = run.house.opened.store.engine
    with run.watched(figures, f"locked for {LOCKED_SECONDS * run.scale:g} s"), engine.connect() as other:
        other.exec_driver_sql("SELECT 1")
        run.rest(LOCKED_SECONDS)
        other.rollback()
    run.catch_up(figures, "the lock")
    return figures | disk(run)


def workers(run: Run) -> Figures:
    """Relays and workers down, while many ask to be called back; then all of them at once, two relays among them."""
    figures: Figures = {}
    house = run.house
    down = {name for name in house.rooms.rooms if name.startswith(("relay", "worker"))}
    house.kept_down = down
    for name in down:
        house.rooms.kill(name)
    asked = _ask_many(run, int(BACKLOG * run.scale))
    with run.watched(figures, f"no workers for {DOWN_SECONDS * run.scale:g} s"):
        run.rest(DOWN_SECONDS)
    house.kept_down = set()
    figures["backlog"] = asked
    run.catch_up(figures, "having no workers")
    began = time.monotonic()
    if not wait_for(lambda: not _waiting(run), seconds=600):
        run.wrong.append(f"{_waiting(run)} callbacks are not over")
    figures["all called back after"] = round(time.monotonic() - began)
    return figures


def _ask_many(run: Run, count: int) -> int:
    """So many wishes to be called back, of people at home."""
    house, line, at = run.house, run.crowd.line, system_clock()
    numbers = [CALLER.format(FIRST_WISHING + number) for number in range(count)]
    with house.exchange.carrier.gate.entered() as network:
        for number in numbers:
            network.handset(number).plan = AT_HOME
    for number in numbers:
        wish = Wish(callback_id(f"api:{number}"), line, line.team, Origin.API, PhoneNumber.parse(number))
        with house.opened.store.transaction() as session:
            ask_callback(session, wish, calendar=house.opened.calendar, at=at)
    return count


def _waiting(run: Run) -> int:
    with run.house.opened.store.reading() as session:
        return session.scalar(select(func.count()).where(Callback.closed_at.is_(None))) or 0
