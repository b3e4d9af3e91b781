"""Short words for callbacks that are dialled: who is asked for, who picks up how, and what is left of it."""

from dataclasses import dataclass

from carrier.calls import Call as CarrierCall
from carrier.persons import PersonPlan
from commands.world_truths import longest_silence
from ivr.agents.rows import Agent, AgentState
from ivr.base import ROW_LOCK
from ivr.callbacks.asking import Wish, ask_callback
from ivr.callbacks.rows import Callback, Origin
from ivr.calls.facts import Told, facts_of
from ivr.calls.steps import CALLER as CUSTOMER
from ivr.deadlines import WorkingTime
from ivr.dialling.known import AGENT, attempts_of
from ivr.dialling.rows import Attempt, AttemptState
from ivr.dialling.starting import start_attempt
from ivr.numbers import PhoneNumber
from tests.people import CALLER, picks_up
from tests.phone.scene import Scene, said

NAME = "홍길동"
# The customer is never left in silence; the agent hears the music of the room meanwhile.
MOST_SILENCE = 6.0


def takes(after: float = 2.0, **more: object) -> PersonPlan:
    """An agent who picks up and dials with 1."""
    return picks_up(after, **{"linger": None, **more})


def is_it(talk: float | None = 20.0, **more: object) -> PersonPlan:
    """The customer, who says so with 1, and hangs up after so many seconds of talk."""
    return PersonPlan(**{"answer_after": 3.0, "press_on_answer": "1", "talk_seconds": talk, "linger": None, **more})  # type: ignore[arg-type]


@dataclass(slots=True)
class Ringing:
    """One callback of one customer, and the line's agents."""

    scene: Scene
    id: str
    agents: list[str]

    @property
    def callback(self) -> Callback:
        """The callback as it stands."""
        with self.scene.world.store.reading() as session:
            return session.get_one(Callback, self.id)

    @property
    def attempts(self) -> list[Attempt]:
        """Its attempts in their order."""
        with self.scene.world.store.reading() as session:
            return attempts_of(session, self.id)

    @property
    def outcomes(self) -> list[str | None]:
        """How they ended."""
        return [attempt.outcome.value if attempt.outcome else None for attempt in self.attempts]

    def facts(self, ordinal: int = 1) -> list[Told]:
        """Everything told about an attempt."""
        with self.scene.world.store.reading() as session:
            return facts_of(session, f"{self.id}-{ordinal}")

    def kinds(self, leg: str, ordinal: int = 1) -> list[str]:
        """The kinds of the facts of one leg, in order of arrival."""
        return [fact.kind for fact in self.facts(ordinal) if fact.leg == leg]

    def leg(self, name: str, ordinal: int = 1) -> CarrierCall:
        """The carrier's own record of a leg."""
        attempt = self.attempts[ordinal - 1]
        sid = attempt.agent_sid if name == AGENT else attempt.customer_sid
        return self.scene.network.calls[
            sid or next(f.sid or "" for f in self.facts(ordinal) if f.leg == name and f.sid)
        ]

    def heard(self, name: str, ordinal: int = 1) -> list[str]:
        """What was said on a leg."""
        return said(self.leg(name, ordinal).heard)

    def dials(self, agent: str) -> Attempt:
        """The agent takes the callback from the list."""
        world = self.scene.world
        with world.store.transaction() as session:
            attempt = start_attempt(
                session,
                session.get_one(Callback, self.id, with_for_update=ROW_LOCK),
                session.get_one(Agent, agent, with_for_update=ROW_LOCK),
                working=WorkingTime(self.scene.line, world.board.calendar),
                at=world.now(),
            )
        world.worker.ring()
        world.run_for(0)
        return attempt

    def is_over(self, ordinal: int = 1) -> None:
        """Let time pass until an attempt is over."""
        self.scene.until(
            lambda: len(self.attempts) >= ordinal and self.attempts[ordinal - 1].state is AttemptState.OVER
        )

    def customers_legs(self) -> list[CarrierCall]:
        """Every ringing of the customer's telephone."""
        return [leg for leg in self.scene.agent_legs() if leg.route.to == self.callback.number.e164]

    def left_over(self) -> list[str]:
        """What is not as it must be when all is over."""
        scene = self.scene
        wrong = [f"leg {leg.sid} goes on" for leg in scene.network.calls.values() if not leg.ended]
        wrong += [f"attempt {a.id} is {a.state}" for a in self.attempts if a.state is not AttemptState.OVER]
        agents = {agent: scene.agent_state(agent) for agent in self.agents}
        wrong += [f"agent {agent} is {state}" for agent, state in agents.items() if state is not AgentState.READY]
        silent = {leg.sid: longest_silence(leg) for leg in self.customers_legs()}
        return wrong + [f"{leg} heard nothing for {gap:.0f} s" for leg, gap in silent.items() if gap > MOST_SILENCE]

    def rest(self) -> None:
        """Let everybody hang up and come to rest."""
        self.scene.world.run_until_quiet()
        self.scene.world.run_for(self.scene.line.wrap_up_seconds + self.scene.line.rest_seconds + 60)


def asked(
    scene: Scene,
    *agents: PersonPlan,
    customer: PersonPlan,
    number: str = CALLER,
    name: str | None = None,
) -> Ringing:
    """A customer asks to be called, and the router gives the callback to the first agent who is ready."""
    ids = scene.staff(*agents) if agents else []
    scene.network.handset(number).plan = customer
    world = scene.world
    wish = Wish(
        f"b-{number[-8:]}",
        scene.line,
        next(iter(scene.line.teams)),
        Origin.API,
        PhoneNumber.parse(number),
        customer=name,
    )
    with world.store.transaction() as session:
        callback = ask_callback(session, wish, calendar=world.board.calendar, at=world.now())
        made = callback.id
    world.worker.ring()
    world.run_for(0)
    return Ringing(scene, made, ids)


__all__ = ["AGENT", "CUSTOMER", "NAME", "Ringing", "asked", "is_it", "takes"]
