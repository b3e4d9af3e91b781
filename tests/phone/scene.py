"""A stage for one test: a world, a line with agents, and short words for what happens and what was recorded."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from carrier.calls import Call as CarrierCall
from carrier.handsets import Handset
from carrier.hearing import Heard
from carrier.network import Network
from carrier.persons import PersonPlan
from commands.opened import Opened
from commands.record import CallEntry, record_of
from commands.world import World
from config.settings import Settings
from ivr.agents.rows import Agent, AgentState
from ivr.calls.facts import Told, facts_of
from ivr.calls.holding import HOLD, RESUME, hold_promise
from ivr.calls.rows import Call, CallbackWish, Offer, Waiting
from ivr.identifiers import call_id
from ivr.lines.model import Line
from ivr.promises import Promise, PromiseRow, promise_all
from tests.people import CALLER, add_agents, agent_of, agent_phone, agents_behave

LONGEST_WAIT = 600.0


@dataclass(slots=True)
class Scene:
    """One line in one world. Seconds are engine time; calls are the carrier's own objects (ground truth)."""

    world: World
    line: Line

    @property
    def network(self) -> Network:
        """The local carrier's engine."""
        return self.world.carrier.network

    def staff(self, *plans: PersonPlan) -> list[str]:
        """Put one ready agent per plan on the line, the first idle longest; returns their ids."""
        ids = add_agents(self.world.store, self.line, self.world.now(), len(plans))
        agents_behave(self.world, *plans)
        return ids

    def hire(self, number: int, plan: PersonPlan, *, team: str, skills: Sequence[str] = ()) -> str:
        """Put one agent of one team, with these skills of it, on the line."""
        pairs = [(team, skill) for skill in ("", *skills)]
        agent = agent_of(self.line, self.world.now(), number=number, skills=pairs)
        with self.world.store.transaction() as session:
            session.add(agent)
        self.network.handset(agent_phone(number)).plan = plan
        return agent.id

    def dial(self, plan: PersonPlan, *, number: str = CALLER, withheld: str = "") -> CarrierCall:
        """Let somebody call the line's public number."""
        return self.network.handset(number).dial(self.line.number, plan=plan, withheld=withheld)

    def call(self, plan: PersonPlan, *, number: str = CALLER, withheld: str = "") -> CallEntry:
        """Let somebody call, wait until everybody has hung up, and read the record."""
        made = self.dial(plan, number=number, withheld=withheld)
        self.world.run_until_quiet()
        return self.record(made)

    def until(self, condition: Callable[[], bool], *, step: float = 0.5) -> None:
        """Let time pass in steps of so many seconds until the condition holds; ten minutes at the most.

        It is not asked again after a step in which nothing happened: it must not be about time alone.
        """
        latest = self.world.now() + timedelta(seconds=LONGEST_WAIT)
        while self.world.now() < latest:
            self.world.run_for(0)
            if condition():
                return
            self.world.run_for(step * self._steps_to_next(step))
        raise AssertionError(f"it did not happen within {LONGEST_WAIT:.0f} s")

    def _steps_to_next(self, step: float) -> int:
        """In how many steps the next thing happens."""
        happens_at = self.network.next_time()
        if happens_at is None:
            return 1
        return max(1, ceil((happens_at - self.world.now()) / timedelta(seconds=step)))

    def hears(self, call: CarrierCall, sentence: str) -> None:
        """Let time pass until the person on this leg hears the sentence."""
        self.until(lambda: sentence in said(call.heard))

    def press(self, call: CarrierCall, *keys: str) -> None:
        """Let the person on this leg press keys, each a second into the next prompt."""
        for key in keys:
            self.until(lambda: call.wants_keys, step=0.2)
            self.world.run_for(1)
            before = len(said(call.heard))
            self.network.handset(call.party.number).press(key)
            self.until(lambda before=before: call.ended or len(said(call.heard)) > before, step=0.2)  # type: ignore[misc]

    def wishes(self, call: CarrierCall, *keys: str) -> None:
        """Let a waiting caller take the offer to be called back with 1, then press these keys, and all be over."""
        self.hears(call, self.words("callback.offer"))
        self.press(call, "1", *keys)
        self.world.run_until_quiet()

    def record(self, call: CarrierCall) -> CallEntry:
        """What the service recorded of a call, as `charterline call --json` prints it."""
        world = self.world
        opened = Opened(cast(Settings, None), world.lines, world.texts, world.store, world.board.calendar)
        with world.store.reading() as session:
            record = record_of(session, opened, call_id(call.sid))
        assert record is not None
        return record

    def is_known(self, call: CarrierCall) -> bool:
        """Whether the service has a row for this call: it has once the first document was asked for."""
        with self.world.store.reading() as session:
            return session.get(Call, call_id(call.sid)) is not None

    def facts(self, call: CarrierCall) -> list[Told]:
        """Everything that was told about a call."""
        with self.world.store.reading() as session:
            return facts_of(session, call_id(call.sid))

    def kinds(self, call: CarrierCall) -> list[str]:
        """The kinds of the facts of a call in order of arrival."""
        return [fact.kind for fact in self.facts(call)]

    def agent_state(self, agent: str) -> AgentState:
        """Where an agent stands."""
        with self.world.store.reading() as session:
            return session.get_one(Agent, agent).state

    def waiting(self, call: CarrierCall) -> Waiting | None:
        """The caller's place in the queue."""
        with self.world.store.reading() as session:
            return session.get(Waiting, call_id(call.sid))

    def wish(self, call: CarrierCall) -> CallbackWish | None:
        """The wish to be called back that the caller left."""
        with self.world.store.reading() as session:
            return session.get(CallbackWish, call_id(call.sid))

    def offers(self, call: CarrierCall) -> list[Offer]:
        """The offers of a call in order."""
        with self.world.store.reading() as session:
            return list(_offers(session, call))

    def agent_leg(self, call: CarrierCall, ordinal: int = 1) -> CarrierCall:
        """The carrier's own record of the leg of an offer."""
        sid = self.offers(call)[ordinal - 1].leg_sid
        assert sid is not None
        return self.network.calls[sid]

    def agent_legs(self) -> list[CarrierCall]:
        """All legs that we ordered."""
        return [leg for leg in self.network.calls.values() if leg.route.direction == "outbound-api"]

    def promise(self, kind: str, /, **args: str | int) -> None:
        """Make a promise that is due now, as the command line would, and let it be kept."""
        at = self.world.now()
        self._keep(Promise(kind, f"{kind}:test:{at.isoformat()}", at, args))

    def hold(self, call: CarrierCall) -> None:
        """Let the caller of a talk be put on hold."""
        self._keep(hold_promise(HOLD, call_id(call.sid), self.world.now()))

    def resume(self, call: CarrierCall) -> None:
        """Let the caller be brought back from hold."""
        self._keep(hold_promise(RESUME, call_id(call.sid), self.world.now()))

    def _keep(self, promise: Promise) -> None:
        with self.world.store.transaction() as session:
            promise_all(session, [promise])
        self.world.worker.ring()
        self.world.run_for(0)

    def promises(self, kind: str) -> list[PromiseRow]:
        """All promises of a kind, kept or not."""
        with self.world.store.reading() as session:
            return list(session.scalars(select(PromiseRow).where(PromiseRow.kind == kind).order_by(PromiseRow.id)))

    def words(self, text_id: str, language: str | None = None, /, **values: str | int) -> str:
        """What the catalogue says under this id."""
        return self.world.texts.say(text_id, language or self.line.language, **values).text


def _offers(session: Session, call: CarrierCall) -> list[Offer]:
    return list(session.scalars(select(Offer).where(Offer.call_id == call_id(call.sid)).order_by(Offer.ordinal)))


def said(heard: Sequence[Heard]) -> list[str]:
    """The sentences among what was heard."""
    return [piece.text for piece in heard if piece.kind == "say"]


def texts_of(handset: Handset) -> list[str]:
    """The bodies of the text messages that arrived."""
    return [str(message["body"]) for message in handset.messages]


def ring_of(leg: CarrierCall) -> float:
    """True seconds from the first ring to the pick-up of a leg."""
    return (leg.times["answered"] - leg.times["ringing"]).total_seconds()


def met_at(call: CarrierCall) -> datetime:
    """When the caller could first be heard by another person."""
    return call.talks[0].at
