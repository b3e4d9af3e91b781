"""A keeper with a scripted carrier over a store, and promises to keep."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Engine, select

from ivr.agents.rows import Agent, AgentState
from ivr.calls.facts import Told, tell
from ivr.calls.rows import Offer
from ivr.calls.steps import CALLER
from ivr.lines.model import Lines
from ivr.lines.opening import OpeningRule
from ivr.messages.rows import Message
from ivr.messages.states import MessageState
from ivr.numbers import PhoneNumber
from ivr.promises import Promise, PromiseRow, promise_all
from ivr.store import Store
from tests.http.board import BASE_URL, MORNING, Moment, no_bell, words
from tests.http.board import CALLER as CALLER_NUMBER
from tests.http.scripted import ScriptedCarrier
from tests.unit.agents.people import ready, waits
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
        """Everything over one database; no opening is recorded, so that only what a test is about is ordered."""
        texts, installed, calendar = words()
        unheard = {"opening": OpeningRule(record=False)}
        lines = Lines(line.model_copy(update=unheard) for line in installed)
        store, clock, carrier = Store(engine), Moment(), ScriptedCarrier()
        house = House(lines, texts, calendar, store.keyring, BASE_URL)
        return cls(store, clock, carrier, Keeper(store, carrier, house, clock, no_bell), [])

    @property
    def relay(self) -> Relay:
        """A relay that notes what it hands out."""
        return Relay(self.store, lambda queue, promise: self.handed.append((queue, promise)))

    def promise(self, kind: str, *, due_at: datetime | None = None, key: str = "", **args: str | int) -> None:
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

    def work(self) -> list[str]:
        """Hand out and keep until nothing more is due now; the orders that were given."""
        given = self.hand_and_keep()
        while self.handed:
            given += self.hand_and_keep()
        return given

    def tell(self, kind: str, leg: str = CALLER, *, step: int | None = None, **detail: str | int | bool) -> None:
        """Keep a fact of the call c1 of this moment."""
        sid = str(detail.pop("sid", "")) or None
        key = f"{kind}:{leg}:{step}:{self.clock.at.isoformat()}"
        fact = Told("c1", key, kind, leg, self.clock.at, sid=sid, sequence=step, detail=dict(detail))
        with self.store.statement() as connection:
            tell(connection, fact)

    def ring(self, *agents: str) -> list[str]:
        """The call c1 waits, these agents are ready, and the first of them is rung."""
        waits(self.store, "c1", MORNING)
        for agent in agents or ("a1",):
            ready(self.store, agent, self.clock.at)
            self.clock.pass_time(0.001)
        self.promise("route", line="kibo")
        return self.work()

    def take(self, ordinal: int = 1) -> list[str]:
        """The agent of an offer of c1 picks up and presses 1."""
        offer = f"c1-{ordinal}"
        self.tell("leg-ringing", offer, sid=f"CA-agent-{ordinal}")
        self.clock.pass_time(2)
        self.tell("leg-document", offer, step=1, sid=f"CA-agent-{ordinal}")
        self.tell("accepted", offer, step=2, open=True)
        self.promise("bridge", offer=offer, call="c1")
        return self.work()

    def meet(self, ordinal: int = 1, *, step: int = 12) -> None:
        """The caller is told who comes, and enters the room of an offer."""
        self.tell("announced", step=step, offer=f"c1-{ordinal}")
        self.clock.pass_time(3)
        self.tell("joining", step=step + 1, offer=f"c1-{ordinal}", agent_gone=False)
        self.follow()

    def hang_up(self, leg: str, *, status: str = "completed") -> list[str]:
        """The end of a leg is told and followed."""
        self.tell("leg-ended", leg, status=status)
        return self.follow()

    def follow(self) -> list[str]:
        """Follow the call c1 up to this moment."""
        self.promise("follow", key=f"follow:{self.clock.at.isoformat()}", call="c1")
        given = self.work()
        self.clock.pass_time(0.001)
        return given

    def offer(self, ordinal: int = 1) -> Offer:
        """An offer of c1, as it stands."""
        with self.store.reading() as session:
            return session.get_one(Offer, f"c1-{ordinal}")

    def agent(self, name: str = "a1") -> AgentState:
        """Where an agent stands."""
        with self.store.reading() as session:
            return session.get_one(Agent, name).state


def given(works: Works, kind: type) -> int:
    """How many orders of a kind were given."""
    return sum(isinstance(order, kind) for order in works.carrier.given)


def message(works: Works) -> None:
    """A text message that is written and promised."""
    waits(works.store, "c1", MORNING)
    with works.store.transaction() as session:
        recipient = PhoneNumber.parse(CALLER_NUMBER)
        session.add(
            Message(
                id="m1",
                call_id="c1",
                subject="call:c1",
                line="kibo",
                template="receipt/1",
                recipient=recipient,
                recipient_index=works.store.keyring.index(recipient),
                body="안내입니다.",
                written_at=MORNING,
                worth_until=MORNING + timedelta(hours=1),
            )
        )
        promise_all(session, [Promise("text", "text:m1", MORNING, {"message": "m1"})])


def state(works: Works) -> MessageState:
    """How far the text message is."""
    with works.store.reading() as session:
        return session.get_one(Message, "m1").state
