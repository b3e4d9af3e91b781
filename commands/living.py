"""Lives a planned day in virtual time, in a database of its own that nobody else ever sees."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import event, func, select
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from carrier.memory import forget
from commands.day import FAULTS, Day
from commands.demo import add_officers, agent_row, read_demo
from commands.desks import Desks
from commands.world import Watchers, World
from ivr.calls.record import Outcome
from ivr.calls.rows import Call
from ivr.lines.model import Lines
from ivr.sealing import Keyring
from ivr.store import Store, make_engine
from migrations.models import all_tables

# After the last call the day goes on until nothing is due any more, at most this long.
LONGEST_EVENING = timedelta(hours=2)
# The carrier is asked about legs for a while after their end; later nobody needs it to remember them.
REMEMBERED = timedelta(minutes=30)
CALLS_BETWEEN_FORGETTING = 50


@contextmanager
def private_store(keyring: Keyring) -> Iterator[Store]:
    """An empty database for one day, gone after the block; a running relay never sees the promises in it."""
    with TemporaryDirectory(prefix="charterline-day-") as folder:
        engine = make_engine(f"sqlite:///{Path(folder) / 'day.db'}", keyring=keyring)
        event.listen(engine, "connect", never_wait_for_the_disk)
        try:
            all_tables().create_all(engine)
            yield Store(engine)
        finally:
            engine.dispose()


def never_wait_for_the_disk(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    """Listens to connections of a store that nobody needs after a power cut."""
    cursor = connection.cursor()
    cursor.execute("PRAGMA synchronous=OFF")
    cursor.close()


@dataclass(frozen=True, slots=True)
class Lived:
    """How many virtual seconds a day lasted, and what agents wished in vain, by reason."""

    seconds: float
    refused: Mapping[str, int]


def live(day: Day, store: Store, *, arrived: Callable[[int], None]) -> Lived:
    """Live the day in a private store, telling `arrived` of each call."""
    desks = Desks(day.carrier_seed)
    watchers = Watchers(webhooks=desks.watch)
    world = World(store.engine, seed=day.carrier_seed, start=day.start.astimezone(UTC), watchers=watchers)
    desks.world = world
    network = world.carrier.network
    network.faults = FAULTS
    with world.store.transaction() as session:
        session.add_all(agent_row(one, world.lines.by_id(one.line), world.now()) for one in day.staff)
        session.flush()
        # Colleagues of the day are agents, and in no directory.
        demo = read_demo()
        add_officers(session, demo.agents, demo.supervisors)
    for number, arrival in enumerate(day.arrivals()):
        world.run_for((arrival.at - world.now()).total_seconds())
        for address, mood in arrival.moods.items():
            network.handset(address).plan = mood
        network.handset(arrival.caller).plan = arrival.at_home
        network.handset(arrival.caller).dial(arrival.number, withheld=arrival.withheld, plan=arrival.person)
        if number % CALLS_BETWEEN_FORGETTING == 0:
            forget(network, world.now() - REMEMBERED)
        arrived(1)
    _see_it_out(world)
    return Lived((world.now() - day.start).total_seconds(), dict(sorted(desks.refused.items())))


def _see_it_out(world: World) -> None:
    world.run_until_quiet()
    latest = world.now() + LONGEST_EVENING
    # Not every promise rings the bell: the relay looks by itself, too.
    world.worker.ring()
    world.run_for(60)
    while world.worker.next_due is not None and world.now() < latest:
        world.run_for(60)


def figures(store: Store, lines: Lines) -> dict[str, dict[str, int]]:
    """Count the calls of each line and what became of them."""
    counts = {line.id: {"calls": 0, **{outcome.value: 0 for outcome in Outcome}} for line in lines}
    query = select(Call.line, Call.outcome, func.count()).group_by(Call.line, Call.outcome)
    with store.reading() as session:
        for line, outcome, number in session.execute(query):
            counts[line]["calls"] += number
            if outcome is not None:
                counts[line][outcome] += number
    return counts
