"""The webhooks of the hotline on one database, ready for load, and what answering it costs."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from sqlalchemy import text

from benchmarks import stores
from benchmarks.load import Answered, send
from benchmarks.servers import Web, free_port, web
from benchmarks.signed_steps import Calls
from benchmarks.usage import backends_of, processor_seconds
from ivr.store import make_engine

Steps: TypeAlias = tuple[list[bytes], list[bytes]]
Make: TypeAlias = Callable[[Calls, int], Steps]


@dataclass(frozen=True, slots=True)
class App:
    """What can be put under load: its name, where gunicorn finds it, and how the rows it keeps are counted."""

    name: str
    place: str
    count: str


HOTLINE = App("hotline", "webhooks.app:create_app()", "SELECT count(*) FROM fact")
FLOOR = App("floor", "benchmarks.floor:create_app()", "SELECT count(*) FROM floor_step")


@dataclass(frozen=True, slots=True)
class Cost:
    """One round: what was answered, and the processor time of web processes and database backends."""

    answered: Answered
    seconds: float

    @property
    def microseconds(self) -> float:
        """Processor time for one request."""
        return self.seconds / len(self.answered.waits) * 1e6


@dataclass(frozen=True, slots=True)
class Target:
    """A running app that takes signed steps."""

    app: App
    web: Web
    database_url: str
    calls: Calls

    def answer(self, steps: Steps, *, rate: float = 0.0, connections: int = 8) -> Cost:
        """Tell of the arrivals, then send the steps and look at what they cost.

        Raises RuntimeError unless every request left its row: a step that failed is answered 200 as well,
        with an apology, and would pass for a quick one.
        """
        arrivals, requests = steps
        rows = self._rows()
        if arrivals:
            send(self.web.port, arrivals)
        before = self._used()
        answered = send(self.web.port, requests, connections=connections, rate=rate)
        cost = Cost(answered, self._used() - before)
        kept = self._rows() - rows
        if kept != len(arrivals) + len(requests):
            raise RuntimeError(f"{self.app.name} kept {kept} rows for {len(arrivals)} arrivals, {len(requests)} steps")
        return cost

    def _used(self) -> float:
        return processor_seconds([*self.web.workers, *backends_of(self.database_url)])

    def _rows(self) -> int:
        engine = make_engine(stores.called(self.database_url, "bench"), keyring=None)
        try:
            with engine.connect() as connection:
                return int(connection.execute(text(self.app.count)).scalar_one())
        finally:
            engine.dispose()


@dataclass(frozen=True, slots=True)
class Ground:
    """A folder, a database and a Valkey, on which apps can be started."""

    place: Path
    database_url: str
    redis_url: str

    @contextmanager
    def target(self, app: App) -> Iterator[Target]:
        """`app` on a free port, known to the database by its name."""
        port = free_port()
        url = stores.called(self.database_url, app.name)
        environment = stores.settings(url, self.redis_url, self.place, port=port)
        with web(app.place, environment, self.place / f"{app.name}.log") as running:
            yield Target(app, running, url, Calls(port))


@contextmanager
def ground(kind: str) -> Iterator[Ground]:
    """A fresh database of this kind and a Valkey."""
    with stores.folder() as place, stores.valkey(place) as redis_url, stores.database(kind, place) as url:
        yield Ground(place, url, redis_url)
