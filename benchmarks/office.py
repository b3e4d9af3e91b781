"""A relay and a worker that really run, with a carrier that only notes when each order arrives."""

import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks import stores
from benchmarks.hotline import Ground
from benchmarks.servers import free_port, process, wait_until_healthy
from ivr.sealing import Keyring
from ivr.store import Store, make_engine


@dataclass(frozen=True, slots=True)
class Office:
    """A running relay and one worker: the store they share, and the carrier with the notes that it takes."""

    store: Store
    redis_url: str
    carrier_url: str
    notes: Path

    def trouble(self) -> str:
        """The last thing that the worker complained of."""
        lines = (self.notes.parent / "worker.log").read_text(encoding="utf-8").splitlines()
        return lines[-1] if lines else "the worker says nothing"


@contextmanager
def office(base: Ground, *, queue: str) -> Iterator[Office]:
    """Start them for the promises of one queue."""
    port, notes = free_port(), base.place / "orders.jsonl"
    environment = stores.settings(base.database_url, base.redis_url, base.place, carrier_port=port)
    keyring = Keyring.from_secrets(environment["CHARTERLINE_SECRET_KEYS"])
    charterline = [sys.executable, "-m", "commands.main", "run"]
    with ExitStack() as stack:
        log = base.place / "stub.log"
        stub = [sys.executable, "-m", "benchmarks.stub_carrier", str(port), str(notes)]
        stack.enter_context(process(stub, environment, log))
        wait_until_healthy(port, log)
        stack.enter_context(process([*charterline, "relay"], environment, base.place / "relay.log"))
        stack.enter_context(process([*charterline, "worker", queue], environment, base.place / "worker.log"))
        engine = make_engine(base.database_url, keyring=keyring)
        stack.callback(engine.dispose)
        yield Office(Store(engine), base.redis_url, f"http://127.0.0.1:{port}", notes)
