"""An agent in a talk with tools at hand: the whole product in virtual time behind them, colleagues beside."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Engine, select
from werkzeug.test import TestResponse

from carrier.calls import Call as CarrierCall
from console.office import SoftphoneAccount
from ivr.agents.rows import Agent, AgentState
from ivr.agents.wrapping import WrapUp
from ivr.directory.rows import Absence, AbsenceReason
from ivr.promises import PromiseRow
from tests.console.desk_stage import SOFTPHONES, Desk, desk_over, officer_of
from tests.people import agent_of

PIECE = {"HX-Request": "true"}


@dataclass
class Talking:
    """One agent's talk; `subject` is its id."""

    desk: Desk
    made: CarrierCall
    subject: str

    def get(self, name: str = "") -> TestResponse:
        """Open a piece of the tools."""
        return self.desk.person.get(f"/talk/of/{self.subject}{name}", **PIECE)

    def post(self, name: str, **form: str) -> TestResponse:
        """Send a form of the tools."""
        return self.desk.person.post(f"/talk/of/{self.subject}{name}", form, **PIECE)

    def wrap(self) -> WrapUp | None:
        """What was written about the talk."""
        with self.desk.world.store.reading() as session:
            return session.get(WrapUp, self.subject)

    def promised(self, kind: str) -> list[PromiseRow]:
        """The promises of one kind."""
        with self.desk.world.store.reading() as session:
            return list(session.scalars(select(PromiseRow).where(PromiseRow.kind == kind).order_by(PromiseRow.id)))

    def ends(self) -> None:
        """The customer hangs up, and the agent is in the wrap-up."""
        self.desk.world.carrier.network.handset(self.made.party.number).hang_up()
        self.desk.until(lambda: self.desk.agent.state is AgentState.WRAPPING)


def talking(engine: Engine, *, softphones: SoftphoneAccount = SOFTPHONES) -> Talking:
    """A talk of the KIBO line that has just begun."""
    desk = desk_over(engine, softphones=softphones)
    made = desk.talks()
    return Talking(desk, made, desk.offer().id)


def colleague(desk: Desk, number: int, *, state: AgentState = AgentState.READY, duties: str = "") -> Agent:
    """Somebody else of the line, in the directory and with a telephone."""
    agent = agent_of(desk.line, desk.world.now(), number=number)
    agent.state = state
    with desk.world.store.transaction() as session:
        session.add(agent)
        session.flush()
        officer = officer_of(agent)
        officer.duties, officer.number = duties, f"+8251100000{number:02}"
        session.add(officer)
    return agent


def absent(desk: Desk, officer: str) -> None:
    """That officer is on leave for the day."""
    at = desk.world.now()
    with desk.world.store.transaction() as session:
        starts, ends = at - timedelta(hours=1), at + timedelta(hours=8)
        session.add(Absence(officer_id=officer, starts_at=starts, ends_at=ends, reason=AbsenceReason.LEAVE))
