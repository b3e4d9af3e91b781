"""What an agent may do about a caller who abuses: have a warning played, and after it end the call."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from ivr.calls.facts import Told, tell
from ivr.calls.known import Followed
from ivr.calls.rows import Offer, OfferState
from ivr.calls.steps import joined
from ivr.conduct.reading import (
    ASKED,
    ENDING_ASKED,
    TIME_TO_PLAY,
    Cause,
    by_relay,
    entered,
    heard,
    is_playing,
)
from ivr.conduct.refusals import NotNow, Refusal
from ivr.lines.conduct import ConductRule
from ivr.lines.model import Line
from ivr.promises import Promise, promise_all

HARASSMENT_WARNINGS = 1


def ask_warning(session: Session, known: Followed, cause: Cause, *, line: Line, at: datetime) -> int:
    """Promise to play the next warning to the caller of a talk; returns its number; raises `NotNow`."""
    offer, number = next_warning(known, cause, line=line, at=at)
    turn = _count(known, ASKED) + 1
    _ask(session, known, offer, at, fact=(ASKED, {"cause": cause.value, "number": number, "turn": turn}))
    promise = Promise("warn", f"warn:{offer.id}:{turn}", at, {"offer": offer.id, "call": known.call.id, "turn": turn})
    promise_all(session, [promise])
    return number


def next_warning(known: Followed, cause: Cause, *, line: Line, at: datetime) -> tuple[Offer, int]:
    """The talk in which the next warning may be played now, and its number; raises `NotNow`."""
    offer = talk_now(known)
    if _is_ending(known, at):
        raise NotNow(Refusal.ENDING)
    if is_playing(known.facts, at):
        raise NotNow(Refusal.PLAYING)
    number = len(heard(known.facts, cause)) + 1
    if cause is Cause.TIME_CAP or number > warnings_needed(line.conduct, cause):
        raise NotNow(Refusal.WARNED_ENOUGH, warnings=number - 1, cause=cause.value)
    return offer, number


def ask_ending(session: Session, known: Followed, cause: Cause, *, line: Line, at: datetime) -> None:
    """Promise to end a call, for a cause that was made known to the caller before; raises `NotNow`."""
    offer, needed = ending_now(known, cause, line=line, at=at)
    turn = _count(known, ENDING_ASKED) + 1
    _ask(session, known, offer, at, fact=(ENDING_ASKED, {"cause": cause.value, "needed": needed, "turn": turn}))
    args = {"offer": offer.id, "call": known.call.id, "cause": cause.value}
    promise_all(session, [Promise("end-call", f"end-call:{offer.id}:{turn}", at, args)])


def ending_now(known: Followed, cause: Cause, *, line: Line, at: datetime) -> tuple[Offer, int]:
    """The talk that may be ended now for this cause, and how many warnings or seconds it took; raises `NotNow`."""
    offer = talk_now(known)
    if _is_ending(known, at):
        raise NotNow(Refusal.ENDING)
    needed = line.conduct.longest if cause is Cause.TIME_CAP else warnings_needed(line.conduct, cause)
    if cause is Cause.TIME_CAP:
        _refuse_early(known, offer, needed, at)
    elif (warned := len(heard(known.facts, cause))) < needed:
        raise NotNow(Refusal.NOT_WARNED, warnings=warned, needed=needed, cause=cause.value)
    return offer, needed


def warnings_needed(rule: ConductRule, cause: Cause) -> int:
    """How many warnings must have been heard before a call may be ended for this cause."""
    return HARASSMENT_WARNINGS if cause is Cause.HARASSMENT else rule.warnings


def talk_now(known: Followed) -> Offer:
    """The offer whose agent the caller is talking with, on hold or not; raises `NotNow` when there is no talk."""
    step = known.last_step
    if known.caller_gone or step is None or not joined(step):
        raise NotNow(Refusal.NO_TALK)
    for offer in known.offers:
        if offer.id == step.detail.get("offer") and offer.state is OfferState.ACCEPTED:
            return offer
    raise NotNow(Refusal.NO_TALK)


def _refuse_early(known: Followed, offer: Offer, longest: int, at: datetime) -> None:
    if not longest:
        raise NotNow(Refusal.NO_LIMIT)
    if by_relay(known.facts):
        raise NotNow(Refusal.RELAY)
    if not any(fact.leg == offer.id for fact in heard(known.facts, Cause.TIME_CAP)):
        raise NotNow(Refusal.NO_NOTICE)
    begun = entered(known.facts, offer.id)
    left = timedelta(seconds=longest) - (at - begun.received_at) if begun else timedelta(seconds=longest)
    if left > timedelta():
        raise NotNow(Refusal.NOT_YET, seconds=int(left.total_seconds()) + 1)


def _is_ending(known: Followed, at: datetime) -> bool:
    """Whether an ending was asked for a moment ago; one that came to nothing does not stand in the way."""
    return any(fact.kind == ENDING_ASKED and at - fact.received_at < TIME_TO_PLAY for fact in known.facts)


def _count(known: Followed, kind: str) -> int:
    return sum(fact.kind == kind for fact in known.facts)


def _ask(
    session: Session, known: Followed, offer: Offer, at: datetime, *, fact: tuple[str, dict[str, str | int]]
) -> None:
    """Keep what was asked for, and by whom; the call is locked, so that the number is nobody else's."""
    kind, detail = fact
    told = Told(
        subject=known.call.id,
        key=f"{kind}:{detail['turn']}",
        kind=kind,
        leg=offer.id,
        received_at=at,
        detail={**detail, "by": offer.agent_id},
    )
    tell(session.connection(), told)
