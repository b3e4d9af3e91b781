"""How long a talk, its holds and its wrap-up took, read from the facts of one offer."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from ivr.calls.steps import joined
from ivr.charters.view import CallView
from ivr.figures.moments import milliseconds, moment


@dataclass(frozen=True, slots=True)
class TalkTimes:
    """Milliseconds, None where there was no talk or its end was never told; holds are no part of the talk."""

    talk_ms: int | None = None
    hold_ms: int | None = None
    wrap_ms: int | None = None


def talk_times(view: CallView) -> TalkTimes:
    """The times of the offer of this view: from the caller's entering the room to the first of both who left it."""
    offer = view.about
    begins = min((fact.received_at for fact in view.told("joining") if joined(fact, offer.id)), default=None)
    ends = _ends(view)
    if begins is None:
        return TalkTimes()
    wrap = milliseconds(offer.wrapped_at - offer.closed_at) if offer.wrapped_at and offer.closed_at else None
    if ends is None:
        return TalkTimes(wrap_ms=wrap)
    held = _held(view, begins, ends)
    return TalkTimes(max(milliseconds(ends - begins) - held, 0), held, wrap)


def _ends(view: CallView) -> datetime | None:
    """The end of either leg, or the caller's last leaving of this room, whichever came first."""
    offer = view.about
    legs = [moment(leg.ended) for leg in (offer.leg, view.caller) if leg.ended]
    left = [
        moment(fact)
        for fact in view.told("room")
        if fact.detail.get("event") == "participant-leave"
        and fact.detail.get("offer") == offer.id
        and fact.sid == view.caller.sid
    ]
    last = max((at for at in left if at), default=None)
    return min((at for at in (*legs, last) if at), default=None)


def _held(view: CallView, begins: datetime, ends: datetime) -> int:
    """The milliseconds of this talk in which the caller heard music."""
    told = (*view.told("held"), *view.told("resumed"))
    orders = sorted((fact.received_at, fact.kind) for fact in told if fact.detail.get("offer") == view.about.id)
    since: datetime | None = None
    held = timedelta()
    for at, kind in [*orders, (ends, "resumed")]:
        if kind == "held":
            since = since or at
        elif since is not None:
            held += max(min(at, ends) - max(since, begins), timedelta())
            since = None
    return milliseconds(held)
