"""An agent's own talk: the offer of a call, or the attempt to call somebody back, and how far it is."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.agents.rows import Agent, AgentState
from ivr.callbacks.rows import Callback
from ivr.calls.rows import Call, Offer, OfferState
from ivr.dialling.rows import Attempt, AttemptState
from ivr.lines.hours import SEOUL
from ivr.numbers import PhoneNumber


class Stage(StrEnum):
    """How far a talk is, as its agent sees it."""

    RINGING = "ringing"
    TALKING = "talking"
    WRAPPING = "wrapping"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class OwnTalk:
    """One talk of one agent; `id` is that of the offer, or of the attempt of a callback.

    `number` is the customer's, None where it was withheld. `began_at` is when the telephone was to ring.
    """

    id: str
    line: str
    agent_id: str
    call_id: str | None
    callback_id: str | None
    team: str | None
    stage: Stage
    number: PhoneNumber | None
    receipt: str
    began_at: datetime
    closed_at: datetime | None

    def is_of_today(self, at: datetime) -> bool:
        """Whether it began on the local day of this moment."""
        return self.began_at.astimezone(SEOUL).date() == at.astimezone(SEOUL).date()


def own_talk(session: Session, agent_id: str, id: str) -> OwnTalk | None:
    """The talk of this id, if it is this agent's; None for anybody else's and for one that is not there."""
    return _of_offer(session, agent_id, id) or _of_attempt(session, agent_id, id)


def _of_offer(session: Session, agent_id: str, id: str) -> OwnTalk | None:
    query = select(Offer, Call, Agent).join(Call, Call.id == Offer.call_id).join(Agent, Agent.id == Offer.agent_id)
    found = session.execute(query.where(Offer.id == id, Offer.agent_id == agent_id)).one_or_none()
    if found is None:
        return None
    offer, call, agent = found
    return OwnTalk(
        id=offer.id,
        line=call.line,
        agent_id=agent_id,
        call_id=call.id,
        callback_id=None,
        team=offer.team,
        stage=_stage(offer.state, agent, offer),
        number=call.caller,
        receipt=call.receipt_number,
        began_at=offer.made_at,
        closed_at=offer.closed_at,
    )


def _of_attempt(session: Session, agent_id: str, id: str) -> OwnTalk | None:
    query = select(Attempt, Callback, Agent).join(Callback, Callback.id == Attempt.callback_id)
    query = query.join(Agent, Agent.id == Attempt.agent_id)
    found = session.execute(query.where(Attempt.id == id, Attempt.agent_id == agent_id)).one_or_none()
    if found is None:
        return None
    attempt, callback, agent = found
    return OwnTalk(
        id=attempt.id,
        line=attempt.line,
        agent_id=agent_id,
        call_id=None,
        callback_id=callback.id,
        team=callback.team,
        stage=_stage(attempt.state, agent, attempt),
        number=callback.number,
        receipt=callback.receipt_number,
        began_at=attempt.made_at,
        closed_at=attempt.closed_at,
    )


def _stage(state: OfferState | AttemptState, agent: Agent, row: Offer | Attempt) -> Stage:
    if state.value == OfferState.OPEN.value:
        return Stage.RINGING
    if state.value == OfferState.ACCEPTED.value:
        return Stage.TALKING
    is_wrapping = agent.state is AgentState.WRAPPING and agent.state_since == row.closed_at
    return Stage.WRAPPING if is_wrapping else Stage.OVER
