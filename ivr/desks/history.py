"""What is known of a customer who rings: the last calls, and what is still owed, on this line only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ivr.agents.rows import Agent
from ivr.callbacks.rows import Callback
from ivr.calls.offers import OfferOutcome
from ivr.calls.rows import Call, Offer
from ivr.cases.moves import OPEN
from ivr.cases.rows import Case

SHOWN = 3


@dataclass(frozen=True, slots=True)
class PastCall:
    """An earlier call of the customer; `agent` is the name of who talked last, None where nobody did."""

    id: str
    receipt_number: str
    at: datetime
    outcome: str | None
    agent: str | None


@dataclass(frozen=True, slots=True)
class History:
    """The newest SHOWN of each, and how many there are."""

    calls: Sequence[PastCall] = ()
    call_count: int = 0
    callbacks: Sequence[Callback] = ()
    callback_count: int = 0
    cases: Sequence[Case] = ()
    case_count: int = 0

    @property
    def is_empty(self) -> bool:
        """Nothing is known of the customer."""
        return not (self.call_count or self.callback_count or self.case_count)


def history_of(session: Session, line: str, number_index: str | None, *, without: str | None = None) -> History:
    """What is known of the customer with this number; the call `without` is the present one.

    Nothing where the number was withheld.
    """
    if number_index is None:
        return History()
    theirs = (Call.caller_index == number_index) & (Call.line == line) & (Call.id != (without or ""))
    owed = (Callback.number_index == number_index) & (Callback.line == line) & Callback.closed_at.is_(None)
    open_ = (Case.number_index == number_index) & (Case.line == line) & Case.state.in_(OPEN)
    callbacks = session.scalars(select(Callback).where(owed).order_by(Callback.due_at)).all()
    cases = session.scalars(select(Case).where(open_).order_by(Case.due_at)).all()
    newest = session.scalars(select(Call).where(theirs).order_by(Call.arrived_at.desc()).limit(SHOWN)).all()
    return History(
        calls=[_past(session, call) for call in newest],
        call_count=session.scalar(select(func.count()).select_from(Call).where(theirs)) or 0,
        callbacks=callbacks[:SHOWN],
        callback_count=len(callbacks),
        cases=cases[:SHOWN],
        case_count=len(cases),
    )


def _past(session: Session, call: Call) -> PastCall:
    finished = (Offer.call_id == call.id) & (Offer.outcome == OfferOutcome.FINISHED)
    names = select(Agent.name).join(Offer, Offer.agent_id == Agent.id).where(finished).order_by(Offer.ordinal.desc())
    return PastCall(call.id, call.receipt_number, call.arrived_at, call.outcome, session.scalar(names.limit(1)))
