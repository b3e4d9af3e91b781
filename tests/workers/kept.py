"""A keeper with a scripted carrier over a store, and promises to keep."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, select

from ivr.promises import Promise, PromiseRow, promise_all
from ivr.store import Store
from tests.http.board import BASE_URL, Moment, no_bell, words
from tests.http.scripted import ScriptedCarrier
from workers.job import House
from workers.keeping import Keeper
from workers.relay import Relay


@dataclass
class Works:
    """Store, clock, carrier and keeper of one test; `handed` are the ids the relay put on the queues."""

    store: Store
    clock: Moment
    carrier: ScriptedCarrier
    keeper: Keeper
    handed: list[tuple[str, int]]

    @classmethod
    def over(cls, engine: Engine) -> "Works":
        """Everything over one database."""
        texts, lines, _ = words()
        store, clock, carrier = Store(engine), Moment(), ScriptedCarrier()
        house = House(lines, texts, store.keyring, BASE_URL)
        return cls(store, clock, carrier, Keeper(store, carrier, house, clock, no_bell), [])

    @property
    def relay(self) -> Relay:
        """A relay that notes what it hands out."""
        return Relay(self.store, lambda queue, promise: self.handed.append((queue, promise)))

    def promise(self, kind: str, *, due_at: datetime | None = None, key: str = "", **args: str) -> None:
        """Make a promise, due now unless told otherwise."""
        with self.store.transaction() as session:
            promise_all(session, [Promise(kind, key or f"{kind}:{args}", due_at or self.clock.at, args)])

    def row(self, kind: str) -> PromiseRow:
        """The promise of a kind, as it stands."""
        with self.store.reading() as session:
            return session.scalars(select(PromiseRow).where(PromiseRow.kind == kind)).one()

    def hand_and_keep(self) -> list[str]:
        """One pass of relay and worker; the orders that were given."""
        self.carrier.orders.clear()
        self.handed.clear()
        self.relay.hand_due(self.clock.at)
        for _, promise in list(self.handed):
            self.keeper.keep(promise)
        return list(self.carrier.orders)
