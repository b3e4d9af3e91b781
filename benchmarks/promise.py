"""`promise`: from the moment a promise falls due until its order stands at the carrier."""

import json
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from benchmarks import stores
from benchmarks.hotline import Ground, ground
from benchmarks.measured import Measured, at_most, percentile, show
from benchmarks.people import add_offers
from benchmarks.run import Run
from benchmarks.servers import free_port, process, wait_until_healthy
from config.bell import bell_at
from config.clock import system_clock
from ivr.promises import Promise, promise_all
from ivr.sealing import Keyring
from ivr.store import Store, make_engine

GOAL = at_most(250)
A_SECOND = 30
PATIENCE = timedelta(seconds=60)
WARM_UP = 20


@dataclass(frozen=True, slots=True)
class Office:
    """A running relay and worker for calls, the store they share, and the notes of the carrier."""

    store: Store
    notes: Path
    redis_url: str

    def trouble(self) -> str:
        """The last thing that the worker complained of."""
        lines = (self.notes.parent / "worker.log").read_text(encoding="utf-8").splitlines()
        return lines[-1] if lines else "the worker says nothing"

    def arrivals(self) -> dict[str, datetime]:
        """When the order for each offer arrived, the first time."""
        found: dict[str, datetime] = {}
        for line in self.notes.read_text(encoding="utf-8").splitlines():
            note = json.loads(line)
            offer = parse_qs(urlsplit(note["form"]["Url"]).query)["offer"][0]
            found.setdefault(offer, datetime.fromisoformat(note["at"]))
        return found


def promise(run: Run) -> None:
    """Agents to be rung, 30 a second: promised in advance for a moment, and promised for now with the bell rung."""
    seconds = run.many(30, when_quick=2)
    for kind in run.databases:
        with ground(kind) as base, _office(base) as office:
            offers = add_offers(office.store, WARM_UP + 2 * A_SECOND * seconds, system_clock())
            _wait_for(office, _promise_now(office, offers[:WARM_UP]))
            half = WARM_UP + A_SECOND * seconds
            _show(kind, "promise_timed", _waits(office, _promise_ahead(office, offers[WARM_UP:half])))
            _show(kind, "promise_now", _waits(office, _promise_now(office, offers[half:])))


@contextmanager
def _office(base: Ground) -> Iterator[Office]:
    carrier_port, notes = free_port(), base.place / "orders.jsonl"
    environment = stores.settings(base.database_url, base.redis_url, base.place, carrier_port=carrier_port)
    keyring = Keyring.from_secrets(environment["CHARTERLINE_SECRET_KEYS"])
    charterline = [sys.executable, "-m", "commands.main", "run"]
    with ExitStack() as stack:
        log = base.place / "stub.log"
        stub = [sys.executable, "-m", "benchmarks.stub_carrier", str(carrier_port), str(notes)]
        stack.enter_context(process(stub, environment, log))
        wait_until_healthy(carrier_port, log)
        stack.enter_context(process([*charterline, "relay"], environment, base.place / "relay.log"))
        stack.enter_context(process([*charterline, "worker", "calls"], environment, base.place / "worker.log"))
        engine = make_engine(base.database_url, keyring=keyring)
        stack.callback(engine.dispose)
        yield Office(Store(engine), notes, base.redis_url)


def _promise_ahead(office: Office, offers: Sequence[str]) -> dict[str, datetime]:
    """All promises in one transaction, falling due at an even pace from a few seconds on."""
    start = system_clock() + timedelta(seconds=3)
    due = {offer: start + timedelta(seconds=number / A_SECOND) for number, offer in enumerate(offers)}
    with office.store.transaction() as session:
        promise_all(session, [_place(offer, at) for offer, at in due.items()])
    return due


def _promise_now(office: Office, offers: Sequence[str]) -> dict[str, datetime]:
    """Each promise in a transaction of its own, at an even pace, as webhooks do it."""
    ring = bell_at(office.redis_url)
    began, due = time.monotonic(), {}
    for number, offer in enumerate(offers):
        time.sleep(max(0.0, began + number / A_SECOND - time.monotonic()))
        due[offer] = system_clock()
        with office.store.transaction() as session:
            promise_all(session, [_place(offer, due[offer])])
        ring()
    return due


def _place(offer: str, at: datetime) -> Promise:
    return Promise("place", f"place:{offer}", at, {"offer": offer, "call": offer.rpartition("-")[0]})


def _wait_for(office: Office, due: dict[str, datetime]) -> dict[str, datetime]:
    """Wait until every order has arrived; raises RuntimeError when some never do."""
    give_up_at = max(due.values()) + PATIENCE
    while True:
        arrivals = office.arrivals()
        missing = due.keys() - arrivals.keys()
        if not missing:
            return arrivals
        if system_clock() > give_up_at:
            raise RuntimeError(f"{len(missing)} of {len(due)} orders never arrived: {office.trouble()}")
        time.sleep(0.2)


def _waits(office: Office, due: dict[str, datetime]) -> list[float]:
    arrivals = _wait_for(office, due)
    return [(arrivals[offer] - at) / timedelta(milliseconds=1) for offer, at in due.items()]


def _show(kind: str, metric: str, waits: Sequence[float]) -> None:
    low, high, rounds = min(waits), max(waits), len(waits)
    middle, late = percentile(waits, 0.5), percentile(waits, 0.99)
    show(Measured(f"{metric}_p50", kind, middle, "ms", rounds=rounds, min=low, max=high))
    show(Measured(f"{metric}_p99", kind, late, "ms", rounds=rounds, min=low, max=high, goal=GOAL))
