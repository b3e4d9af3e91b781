"""Keeping an agent's ticks, during the talk and its wrap-up, and a reviewer's finding at any time after it."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from ivr.calls.facts import Told, tell
from ivr.calls.known import Followed
from ivr.calls.rows import Offer, OfferState
from ivr.conduct.refusals import NotNow, Refusal
from ivr.conduct.ticks import CLOSING_PARTS, REVIEWED, SETTLED, TICKABLE, TICKED, UNSETTLED
from ivr.lines.model import Line
from ivr.promises import Promise, promise_all


@dataclass(frozen=True, slots=True)
class Tick:
    """Parts that were said (or taken back) in the talk of an offer; without an offer, in the last talk."""

    parts: tuple[str, ...]
    said: bool = True
    offer: str | None = None
    by: str = ""


def tick(session: Session, known: Followed, ticked: Tick, *, line: Line, at: datetime) -> Told:
    """Keep what an agent ticks, during the talk or its wrap-up; raises `NotNow`, also when it is too late."""
    _refuse_strange(ticked, TICKABLE)
    offer = _talk(known, ticked.offer)
    if not _is_open(offer, line, at):
        raise NotNow(Refusal.TOO_LATE, seconds=line.wrap_up_seconds)
    return _keep(session, known, _about(TICKED, offer, ticked), at)


def review_closing(session: Session, known: Followed, found: Tick, *, at: datetime) -> Told:
    """Keep what a reviewer found of the closing words of a talk: it decides; raises `NotNow`, also without a name."""
    _refuse_strange(found, CLOSING_PARTS)
    if not found.by.strip():
        raise NotNow(Refusal.NO_NAME)
    return _keep(session, known, _about(REVIEWED, _talk(known, found.offer), found), at)


def _refuse_strange(ticked: Tick, allowed: tuple[str, ...]) -> None:
    strange = [part for part in ticked.parts if part not in allowed]
    if strange or not ticked.parts:
        raise NotNow(Refusal.UNKNOWN_PART, parts=", ".join(strange) or "nothing", known=", ".join(allowed))
    if ticked.said and {SETTLED, UNSETTLED} <= set(ticked.parts):
        raise NotNow(Refusal.CONTRADICTION)


def _talk(known: Followed, offer_id: str | None) -> Offer:
    talks = [offer for offer in known.offers if known.met(offer)]
    if offer_id is not None:
        talks = [offer for offer in talks if offer.id == offer_id]
    if not talks:
        raise NotNow(Refusal.NO_TALK if offer_id is None else Refusal.NOT_THEIR_TALK)
    return talks[-1]


def _is_open(offer: Offer, line: Line, at: datetime) -> bool:
    """Whether the talk goes on, or its wrap-up does."""
    if offer.state is not OfferState.OVER or offer.closed_at is None:
        return True
    return offer.wrapped_at is None and at <= offer.closed_at + timedelta(seconds=line.wrap_up_seconds)


def _about(kind: str, offer: Offer, ticked: Tick) -> Told:
    detail = {"parts": ",".join(ticked.parts), "said": ticked.said, "by": ticked.by or offer.agent_id}
    return Told(offer.call_id, kind, kind, offer.id, offer.made_at, detail=detail)


def _keep(session: Session, known: Followed, told: Told, at: datetime) -> Told:
    """Keep it under the next number of its kind; the call is locked, so that the number is nobody else's."""
    number = 1 + sum(fact.kind == told.kind and fact.leg == told.leg for fact in known.facts)
    fact = replace(told, key=f"{told.kind}:{told.leg}:{number}", sequence=number, received_at=at)
    tell(session.connection(), fact)
    if known.call.ended_at is not None:
        promise_all(session, [Promise("judge", f"judge:{known.call.id}:{fact.key}", at, {"call": known.call.id})])
    return fact
