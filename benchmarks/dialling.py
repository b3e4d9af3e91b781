"""What the dialler's benchmarks stand on: a database with a running campaign, a stub carrier, and its notes."""

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import delete, func, select

from benchmarks.servers import free_port, process, wait_until_healthy
from benchmarks.stores import database, folder, settings
from config.clock import system_clock
from config.settings import Settings, read_settings
from ivr.campaigns.rows import Campaign, Charge, Dial, Pace, Quota, Target
from ivr.people.rows import Person
from ivr.promises import PromiseRow
from ivr.sealing import Keyring
from ivr.store import Store, make_engine
from tests.workers.campaign import Group, agreed, plan, running

PASSING = (Pace, Charge, Dial, Target, Quota, Campaign, PromiseRow)
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "holidays")


@dataclass(frozen=True, slots=True)
class Ground:
    """A database, a carrier that notes every order, and the environment of our processes."""

    store: Store
    environment: dict[str, str]
    notes: Path
    folder: Path

    @property
    def settings(self) -> Settings:
        """The settings of that environment."""
        return read_settings(self.environment)

    def with_pace(self, cps: float) -> dict[str, str]:
        """The environment with so many calls a second."""
        return {**self.environment, "CHARTERLINE_CALLS_PER_SECOND": str(cps)}

    def campaign(self, people: int, cps: float) -> None:
        """Put a running campaign with so many people, who may be rung at all hours, in the place of the last one."""
        with self.store.transaction() as session:
            for table in PASSING:
                session.execute(delete(table))
            known = session.scalar(select(func.max(Person.id))) or 0
        if people > known:
            agreed(self.store, Group(people - known, first=known + 1), at=system_clock(), by_night=True)
        hours = {day: ["00:00-24:00"] for day in DAYS}
        running(self.store, plan(cps=cps, concurrency=2000, hours=hours), Group(people), at=system_clock())

    def noted(self, start: int) -> tuple[list[datetime], int]:
        """When each order arrived whose note lies behind `start`; and where the notes end now."""
        with self.notes.open("rb") as notes:
            notes.seek(start)
            whole = notes.read().rpartition(b"\n")[0]
        return [datetime.fromisoformat(json.loads(line)["at"]) for line in whole.splitlines()], start + len(
            whole
        ) + bool(whole)


@contextmanager
def dialling_ground(kind: str, latency: Sequence[str] = ()) -> Iterator[Ground]:
    """A ground on a database of this kind; the carrier answers after a time between the two of `latency` (seconds)."""
    with folder() as place, database(kind, place) as url:
        port = free_port()
        environment = settings(url, "unix:///none", place, carrier_port=port)
        keyring = Keyring.from_secrets(environment["CHARTERLINE_SECRET_KEYS"])
        store = Store(make_engine(url, keyring=keyring))
        notes = place / "orders.jsonl"
        command = [sys.executable, "-m", "benchmarks.stub_carrier", str(port), str(notes), *latency]
        with process(command, environment, place / "carrier.log"):
            wait_until_healthy(port, place / "carrier.log")
            yield Ground(store, environment, notes, place)
        store.engine.dispose()
