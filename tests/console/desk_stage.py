"""A desk in a test: the whole product in virtual time behind it, one agent with a softphone or telephone before it."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Flask
from playwright.sync_api import Page
from sqlalchemy import Engine

from carrier.calls import Call as CarrierCall
from carrier.handsets import Handset
from carrier.persons import PersonPlan
from commands.world import World
from console.app import create_app
from console.office import SoftphoneAccount
from ivr.accounts.rows import Role
from ivr.agents.rows import Agent
from ivr.calls.facts import Told, facts_of
from ivr.calls.rows import Call, Offer
from ivr.directory.rows import Officer
from ivr.identifiers import call_id
from ivr.lines.model import Line
from tests.console.people import Person, add_account, office_over, sign_in
from tests.people import CALLER, agent_of, customer

SOFTPHONES = SoftphoneAccount(
    driver="local", account_sid="AC" + "1" * 32, key_sid="SK" + "2" * 32, key_secret="s" * 32, carrier_url=""
)


class Flow:
    """The time of a world; once it flows it is that of the wall, for tests with a browser in them."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._began: tuple[datetime, float] | None = None

    def begin(self) -> None:
        """From now on time passes by itself."""
        self._began = self._began or (self._world.now(), time.monotonic())

    def __call__(self) -> datetime:
        if self._began is None:
            return self._world.now()
        at, began = self._began
        return at + timedelta(seconds=time.monotonic() - began)


@dataclass
class Desk:
    """One agent of the line at a desk; `person` is signed in as that agent. Time is the world's."""

    world: World
    line: Line
    agent_id: str
    console: Flask
    person: Person
    clock: Flow

    @property
    def agent(self) -> Agent:
        """The agent's row as it is now."""
        with self.world.store.reading() as session:
            return session.get_one(Agent, self.agent_id)

    @property
    def handset(self) -> Handset:
        """The telephone of the agent at the carrier."""
        return self.world.carrier.network.handset(self.agent.destination)

    def rings(self) -> bool:
        """The agent's telephone rings."""
        return self.handset.call is not None and "ringing" in self.handset.call.times

    def is_called(self, *, number: str = CALLER, keys: str = "1", talk: float | None = None) -> CarrierCall:
        """A caller who presses keys and waits; returns once the agent's telephone rings."""
        plan = customer(*keys, talk=talk)
        made = self.world.carrier.network.handset(number).dial(self.line.number, plan=plan)
        self.until(self.rings)
        return made

    def talks(self) -> CarrierCall:
        """A caller in a talk with the agent."""
        made = self.is_called()
        self.handset.answer()
        self.until(lambda: bool(made.talks))
        self.world.run_for(1)
        return made

    def hangs_up(self, made: CarrierCall) -> None:
        """The caller hangs up."""
        self.world.carrier.network.handset(made.party.number).hang_up()

    def until(self, condition: Callable[[], bool]) -> None:
        """Let time pass until it holds; two minutes at the most."""
        for _ in range(600):
            if condition():
                return
            self.world.run_for(0.2)
        raise AssertionError("it did not happen within two minutes")

    def live_on(self, page: Page, until: Callable[[], bool]) -> None:
        """Let the world's time pass as that of the browser does, until it holds; 30 s at the most."""
        self.clock.begin()
        give_up_at = time.monotonic() + 30
        while not until():
            assert time.monotonic() < give_up_at, "it did not happen within 30 s"
            page.wait_for_timeout(30)
            self.world.run_for(max(0.0, (self.clock() - self.world.now()).total_seconds()))

    def post(self, name: str, **form: str) -> int:
        """Press a button of the desk as a script does it; returns the status, and lets what follows happen."""
        status = self.person.post(f"/desk/{name}", form, **{"HX-Request": "true"}).status_code
        self.world.run_for(0.5)
        return status

    def live(self) -> str:
        """What the desk shows."""
        return self.person.get("/desk/live").text

    def offer(self) -> Offer:
        """The last offer made to the agent."""
        with self.world.store.reading() as session:
            offers = session.query(Offer).filter_by(agent_id=self.agent_id).order_by(Offer.made_at.desc())
            return offers.first() or _nothing()

    def facts(self, call: CarrierCall) -> list[Told]:
        """Everything that was told about a call."""
        with self.world.store.reading() as session:
            return facts_of(session, call_id(call.sid))

    def call(self, made: CarrierCall) -> Call:
        """The row of a call."""
        with self.world.store.reading() as session:
            return session.get_one(Call, call_id(made.sid))


def _nothing() -> Offer:
    raise AssertionError("nothing was ever offered to the agent")


def desk_over(engine: Engine, *, line: str = "kibo", softphone: str | None = "desk_1", **changes: object) -> Desk:
    """The desk of a ready agent of the line; `changes` replace parts of the console's office."""
    world = World(engine)
    at, where = world.now(), world.lines.by_id(line)
    agent = agent_of(where, at, number=1, softphone=softphone)
    with world.store.transaction() as session:
        session.add(agent)
        session.flush()
        session.add(officer_of(agent))
        session.flush()
        account = add_account(session, Role.AGENT, name=agent.name, line=line, at=at, officer=agent.id).id
    parts = {"store": world.store, "ring_bell": world.worker.ring, "softphones": SOFTPHONES, **changes}
    clock = Flow(world)
    console = create_app(office_over(engine, clock, **parts))  # type: ignore[arg-type]
    made = Desk(world, where, agent.id, console, sign_in(console, account), clock)
    made.handset.plan = PersonPlan(answer_after=None)
    return made


def officer_of(agent: Agent) -> Officer:
    """The agent as a person of the directory."""
    return Officer(
        id=agent.id, line=agent.line, name=agent.name, department=agent.department, title=agent.title, agent_id=agent.id
    )
