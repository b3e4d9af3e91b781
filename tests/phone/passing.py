"""Short words for transfers: agents ask, complete and cancel as the command does, and what is left is looked at."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from carrier import legs
from carrier.calls import Call as CarrierCall
from carrier.persons import PersonPlan
from commands.world_truths import longest_silence
from ivr.agents.rows import AgentState
from ivr.calls.rows import OfferState, WaitingState
from ivr.identifiers import call_id
from ivr.transfers.asking import Wish, ask, cancel, complete
from ivr.transfers.rows import Manner, Transfer, TransferOutcome, TransferState
from tests.people import customer, picks_up
from tests.phone.scene import Scene, said

BLIND, CONSULT = Manner.BLIND, Manner.CONSULT
# Longest are the agents' own waits: one hears nothing while a colleague is rung, the other while the caller is told.
MOST_SILENCE = 12.0


@dataclass(slots=True)
class Passed:
    """A call in which the first agent talks with the caller and the second is ready."""

    scene: Scene
    call: CarrierCall
    first: str
    second: str

    def ask(self, manner: Manner, to: str | None = None) -> None:
        """The first agent asks for a transfer."""
        wish = Wish(to or self.second, manner)
        self._do(lambda session: ask(session, self.id, wish, line=self.scene.line, at=self.scene.world.now()))

    def complete(self) -> None:
        """The first agent has the caller brought to the second."""
        self._do(lambda session: complete(session, self.id, line=self.scene.line, at=self.scene.world.now()))

    def cancel(self) -> None:
        """The first agent goes back to the caller."""
        self._do(lambda session: cancel(session, self.id, line=self.scene.line, at=self.scene.world.now()))

    def _do(self, act: Callable[[Session], object]) -> None:
        with self.scene.world.store.transaction() as session:
            act(session)
        self.scene.world.worker.ring()
        self.scene.world.run_for(0)

    @property
    def id(self) -> str:
        """The id of the call."""
        return call_id(self.call.sid)

    @property
    def transfers(self) -> list[Transfer]:
        """The transfers of the call."""
        with self.scene.world.store.reading() as session:
            return list(session.scalars(select(Transfer).where(Transfer.call_id == self.id).order_by(Transfer.ordinal)))

    @property
    def state(self) -> TransferState:
        """How far the last transfer is."""
        return self.transfers[-1].state

    @property
    def outcome(self) -> TransferOutcome | None:
        """How the last transfer ended."""
        outcome = self.transfers[-1].outcome
        return TransferOutcome(outcome) if outcome else None

    def leg(self, ordinal: int) -> CarrierCall:
        """The carrier's record of the leg of an offer; the first agent's is 1."""
        return self.scene.agent_leg(self.call, ordinal)

    def reaches(self, state: TransferState) -> None:
        """Let time pass until the transfer is so far."""
        self.scene.until(lambda: self.state is state, step=0.1)

    def is_told(self) -> None:
        """Let time pass until the caller begins to hear the words."""
        self.scene.until(lambda: "transfer-told" in self.scene.kinds(self.call), step=0.1)

    def consults(self) -> None:
        """Let time pass until the two agents talk."""
        first = self.leg(1)
        self.scene.until(lambda: any(self.leg(2).sid in talk.others for talk in first.talks), step=0.1)

    def together(self, ordinal: int) -> bool:
        """Whether the caller and the agent of this offer hear each other now."""
        talk = self.call.talks[-1] if self.call.talks else None
        return talk is not None and talk.until is None and self.leg(ordinal).sid in talk.others

    def meets(self, ordinal: int) -> None:
        """Let time pass until the caller talks with the agent of this offer."""

        def there() -> bool:
            offers = self.scene.offers(self.call)
            return len(offers) >= ordinal and offers[ordinal - 1].leg_sid is not None and self.together(ordinal)

        self.scene.until(there, step=0.1)

    def hangs_up(self, leg: CarrierCall) -> None:
        """The person on this leg hangs up."""
        legs.end(leg, "completed", by="person")
        self.scene.world.run_for(0)

    def heard(self, leg: CarrierCall) -> list[str]:
        """The sentences that were said on a leg."""
        return said(leg.heard)

    def rest(self) -> None:
        """Let everybody hang up and come to rest."""
        self.scene.world.run_until_quiet()
        self.scene.world.run_for(self.scene.line.wrap_up_seconds + self.scene.line.rest_seconds + 60)

    def left_over(self) -> list[str]:
        """What is not as it must be when all is over: legs, offers, agents, places, silence."""
        scene = self.scene
        wrong = [f"leg {leg.sid} goes on" for leg in scene.network.calls.values() if not leg.ended]
        wrong += [f"offer {o.id} is {o.state}" for o in scene.offers(self.call) if o.state is not OfferState.OVER]
        wrong += [f"transfer {t.id} is {t.state}" for t in self.transfers if t.state is not TransferState.OVER]
        agents = {agent: scene.agent_state(agent) for agent in (self.first, self.second)}
        wrong += [f"agent {agent} is {state}" for agent, state in agents.items() if state is not AgentState.READY]
        place = scene.waiting(self.call)
        wrong += [f"the caller is {place.state}"] if place and place.state is not WaitingState.LEFT else []
        silent = {leg.sid: longest_silence(leg) for leg in scene.network.calls.values()}
        return wrong + [f"{leg} heard nothing for {gap:.0f} s" for leg, gap in silent.items() if gap > MOST_SILENCE]


def in_talk(
    scene: Scene, *, first: PersonPlan | None = None, second: PersonPlan | None = None, caller: PersonPlan | None = None
) -> Passed:
    """A caller talks with the first of two agents; nobody hangs up unless told to."""
    stays = picks_up(2.0, linger=None)
    agents = scene.staff(first or stays, second or stays)
    call = scene.dial(caller or customer("1", talk=None, linger=None))
    passed = Passed(scene, call, *agents)
    passed.meets(1)
    scene.world.run_for(5)
    return passed
