"""What an agent does at the desk about the present work: reject, hold, bring back, hang up."""

from datetime import datetime

from sqlalchemy.orm import Session

from ivr.base import Refused
from ivr.calls.facts import Told, tell
from ivr.calls.following import follow
from ivr.calls.holding import hold_promise
from ivr.calls.known import Followed, load
from ivr.calls.legs import LegState
from ivr.calls.offers import promise_of
from ivr.calls.rows import Offer, OfferState
from ivr.calls.steps import joined
from ivr.dialling import known as dialled
from ivr.dialling.following import follow_attempt
from ivr.dialling.promising import promise_about
from ivr.dialling.rows import Attempt, AttemptState
from ivr.lines.model import Line
from ivr.promises import promise_all


class NotTheirs(LookupError):
    """The agent was never given such an offer or attempt."""


def find_work(session: Session, subject: str, *, agent_id: str) -> Offer | Attempt:
    """The agent's own offer or attempt of this id; raises `NotTheirs`."""
    found = session.get(Offer, subject) or session.get(Attempt, subject)
    if found is None or found.agent_id != agent_id:
        raise NotTheirs(f"{agent_id} was never given {subject!r}")
    return found


def reject(session: Session, work: Offer | Attempt, *, reason: str, line: Line, at: datetime) -> None:
    """Leave a call that rings to somebody else; raises `Refused` where it does not ring any more."""
    if isinstance(work, Attempt):
        _reject_attempt(session, work, reason=reason, line=line, at=at)
        return
    known, offer = _locked(session, work)
    if offer.state is not OfferState.OPEN:
        raise Refused(f"{offer.id} is {offer.state.value}: only what rings can be rejected")
    tell(session.connection(), _rejected(known.call.id, offer.id, reason, at))
    follow(session, known.call.id, line=line, at=at)


def _reject_attempt(session: Session, attempt: Attempt, *, reason: str, line: Line, at: datetime) -> None:
    known = dialled.load(session, attempt.id)
    if known.attempt.state is not AttemptState.OPEN:
        raise Refused(f"{attempt.id} is {known.attempt.state.value}: only what rings can be rejected")
    tell(session.connection(), _rejected(attempt.id, dialled.AGENT, reason, at))
    promise_all(session, [promise_about("end-dialled-leg", attempt, at, leg=dialled.AGENT)])
    follow_attempt(session, attempt.id, line=line, at=at)


def _rejected(subject: str, leg: str, reason: str, at: datetime) -> Told:
    return Told(subject, f"rejected:{leg}:desk", "rejected", leg, at, detail={"reason": reason})


def hold(session: Session, work: Offer | Attempt, wish: str, *, at: datetime) -> None:
    """Let the caller of the agent's talk hear music (HOLD) or come back (RESUME); raises `Refused` without a talk."""
    if isinstance(work, Attempt):
        raise Refused(f"{work.id} is a callback: its customer cannot be put on hold")
    known, offer = _locked(session, work)
    step = known.last_step
    in_room = step is not None and joined(step, offer.id) and not known.caller_gone
    if offer.state is not OfferState.ACCEPTED or not in_room or known.transfer is not None:
        raise Refused(f"{offer.id} is no talk of its own now")
    promise_all(session, [hold_promise(wish, known.call.id, at)])


def hang_up(session: Session, work: Offer | Attempt, *, at: datetime) -> None:
    """End the agent's own leg, which ends the talk; one that is over stays so.

    Raises `Refused` where the agent has not taken the call yet.
    """
    if isinstance(work, Attempt):
        if not dialled.load(session, work.id).accepted:
            raise Refused(f"{work.id} was not taken yet: it can be rejected")
        promise_all(session, [promise_about("end-dialled-leg", work, at, leg=dialled.AGENT)])
        return
    known, offer = _locked(session, work)
    if offer.state is OfferState.OPEN:
        raise Refused(f"{offer.id} was not taken yet: it can be rejected")
    if known.leg_of(offer).state is not LegState.ENDED:
        promise_all(session, [promise_of("hang-up", offer, at, about="desk")])


def _locked(session: Session, work: Offer) -> tuple[Followed, Offer]:
    known = load(session, work.call_id)
    return known, next(offer for offer in known.offers if offer.id == work.id)
