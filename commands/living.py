"""Lives a planned day in virtual time, in a database of its own that nobody else ever sees."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Engine, event, func, select
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from commands.day import FAULTS, Day
from commands.demo import DemoAgent
from commands.world import World
from ivr.agents.rows import Agent, AgentSkill, AgentState
from ivr.calls.record import Outcome
from ivr.calls.rows import Call
from ivr.lines.model import Line
from ivr.numbers import PhoneNumber
from ivr.sealing import Keyring
from ivr.store import Store, make_engine
from migrations.models import all_tables

# After the last call the day goes on until nothing is due any more, at most this long.
LONGEST_EVENING = timedelta(hours=2)
# The carrier is asked about legs for a while after their end; later nobody needs it to remember them.
REMEMBERED = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Lived:
    """A day that is over: the database with its calls, and how many seconds it lasted there."""

    store: Store
    seconds: float


@contextmanager
def lived(day: Day, keyring: Keyring, *, arrived: Callable[[int], None]) -> Iterator[Lived]:
    """Live the day, telling `arrived` of each call; its database is there until the end of the block.

    The database is private because a running relay would keep the promises of the virtual day for real.
    """
    with TemporaryDirectory(prefix="charterline-day-") as folder:
        engine = make_engine(f"sqlite:///{Path(folder) / 'day.db'}", keyring=keyring)
        event.listen(engine, "connect", _never_wait_for_the_disk)
        try:
            yield _live(day, engine, arrived)
        finally:
            engine.dispose()


def _never_wait_for_the_disk(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA synchronous=OFF")
    cursor.close()


def _live(day: Day, engine: Engine, arrived: Callable[[int], None]) -> Lived:
    all_tables().create_all(engine)
    world = World(engine, seed=day.carrier_seed, start=day.start.astimezone(UTC))
    network = world.carrier.network
    network.faults = FAULTS
    with world.store.transaction() as session:
        session.add_all(_row(one, world.lines.by_id(one.line), world.now()) for one in day.staff)
    for arrival in day.arrivals():
        world.run_for((arrival.at - world.now()).total_seconds())
        for address, mood in arrival.moods.items():
            network.handset(address).plan = mood
        network.handset(arrival.caller).dial(arrival.number, withheld=arrival.withheld, plan=arrival.person)
        _forget(world, world.now() - REMEMBERED)
        arrived(1)
    _see_it_out(world)
    return Lived(world.store, (world.now() - day.start).total_seconds())


def _see_it_out(world: World) -> None:
    world.run_until_quiet()
    latest = world.now() + LONGEST_EVENING
    while world.worker.next_due is not None and world.now() < latest:
        world.run_for(60)


def _forget(world: World, before: datetime) -> None:
    """Let the carrier forget what is long over, so that a long day needs no more memory than a short one."""
    network = world.carrier.network
    for sid, call in list(network.calls.items()):
        if call.times["created"] > before:
            break
        if call.ended and call.times["ended"] < before:
            del network.calls[sid]


def _row(one: DemoAgent, line: Line, at: datetime) -> Agent:
    return Agent(
        **one.model_dump(include={"id", "line", "name", "department", "title", "softphone"}),
        phone=PhoneNumber.parse(one.phone) if one.phone else None,
        state=AgentState.READY,
        state_since=at,
        idle_since=at,
        skills=[AgentSkill(team=team.id, skill=skill) for team in line.teams.values() for skill in ("", *team.skills)],
    )


def figures(store: Store) -> dict[str, dict[str, int]]:
    """Count the calls of each line and what became of them."""
    query = select(Call.line, Call.outcome, func.count()).group_by(Call.line, Call.outcome).order_by(Call.line)
    counts: dict[str, dict[str, int]] = {}
    with store.reading() as session:
        for line, outcome, number in session.execute(query):
            of_line = counts.setdefault(line, {"calls": 0, **{known.value: 0 for known in Outcome}})
            of_line["calls"] += number
            if outcome is not None:
                of_line[outcome] += number
    return counts
