"""An agent's own page: the same standards and figures of that agent's calls, with the whole line's beside them."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from ivr.agents.rows import Agent
from ivr.calls.offers import OfferOutcome
from ivr.calls.rows import Offer
from ivr.charters.rows import Verdict
from ivr.dialling.rows import Attempt
from ivr.figures.sums import Figures
from ivr.reports.charter_report import CharterReport
from ivr.reports.figure_report import FigureReport


@dataclass(frozen=True, slots=True)
class AgentReport:
    """`own` counts the verdicts of the agent's ringings and talks only, `line` those of everybody."""

    agent: Agent
    own: CharterReport
    line: CharterReport
    own_figures: Figures
    line_figures: FigureReport | None


class UnknownAgent(LookupError):
    """No agent has that id; the message says what to do."""


def agent_of(session: Session, id: str) -> Agent:
    """The agent with this id; raises `UnknownAgent`."""
    agent = session.get(Agent, id)
    if agent is None:
        raise UnknownAgent(f"there is no agent {id!r}: `charterline agents list` shows who there is")
    session.expunge(agent)
    return agent


def verdicts_of(agent: str) -> ColumnElement[bool]:
    """What holds of an agent's own verdicts: of a ringing of this agent, a call in which the agent talked, or one made.

    A call with several talks is judged as one, so it counts for each of its agents.
    """
    rung = select(Offer.id).where(Offer.agent_id == agent)
    talked = select(Offer.call_id).where(Offer.agent_id == agent, Offer.outcome == OfferOutcome.FINISHED)
    whole = (Verdict.subject == Verdict.call_id) & Verdict.call_id.in_(talked)
    made = select(Attempt.id).where(Attempt.agent_id == agent)
    return or_(Verdict.subject.in_(rung), whole, Verdict.subject.in_(made))
