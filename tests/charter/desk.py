"""What an agent of the table does at the desk during a talk, by the same functions as the command line."""

from dataclasses import dataclass
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from commands.world import World
from ivr.agents.moves import AgentEvent, move_agent
from ivr.agents.rows import Agent
from ivr.calls.holding import HOLD, RESUME, hold_promise
from ivr.calls.known import load
from ivr.calls.rows import Offer
from ivr.conduct.protecting import ask_ending, ask_warning
from ivr.conduct.reading import Cause
from ivr.conduct.refusals import NotNow
from ivr.conduct.ticking import Tick, tick
from ivr.lines.model import Line
from ivr.promises import promise_all
from ivr.transfers.asking import NoTransfer, Wish, ask, cancel, complete
from ivr.transfers.rows import Manner


@dataclass(slots=True)
class Desk:
    """The desks of the agents of one call; `agents` are their ids by `agent N`."""

    world: World
    line: Line
    agents: dict[str, str]
    call: str = ""
    refused: int = 0

    def do(self, who: str, does: str) -> None:
        """Do it now; what the product refuses is counted and changes nothing."""
        try:
            with self.world.store.transaction() as session:
                self._do(session, who, does.split())
        except (NotNow, NoTransfer):
            self.refused += 1
        self.world.worker.ring()

    def _do(self, session: Session, who: str, words: list[str]) -> None:
        line, at = self.line, self.world.now()
        match words:
            case ["goes", "away"]:
                move_agent(session.get_one(Agent, self.agents[who]), AgentEvent.LEAVE, at, reason="break")
            case [("passes" | "consults") as how, *_, other]:
                manner = Manner.BLIND if how == "passes" else Manner.CONSULT
                ask(session, self.call, Wish(self.agents[f"agent {other}"], manner), line=line, at=at)
            case ["completes" | "cancels" as how]:
                {"completes": complete, "cancels": cancel}[how](session, self.call, line=line, at=at)
            case ["holds" | "resumes" as how]:
                promise_all(session, [hold_promise(HOLD if how == "holds" else RESUME, self.call, at)])
            case _:
                self._speak_of_the_talk(session, who, words)

    def _speak_of_the_talk(self, session: Session, who: str, words: list[str]) -> None:
        known = load(session, self.call)
        act = partial(ask_warning, session, known, line=self.line, at=self.world.now())
        match words:
            case ["ticks", parts]:
                latest = select(Offer.id).where(Offer.call_id == self.call, Offer.agent_id == self.agents[who])
                offer = session.scalars(latest.order_by(Offer.ordinal.desc())).first()
                ticked = Tick(tuple(parts.split(",")), offer=offer, by=who)
                tick(session, known, ticked, line=self.line, at=self.world.now())
            case ["warns", *of]:
                act(Cause.HARASSMENT if of else Cause.ABUSE)
            case ["ends", _, cause]:
                ask_ending(session, known, Cause(cause), line=self.line, at=self.world.now())
            case _:
                raise ValueError(f"nobody knows how to do {' '.join(words)!r} at the desk")
