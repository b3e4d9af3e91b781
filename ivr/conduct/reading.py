"""What the facts of a call prove of its conduct: warnings that were heard, the notice of time, the ending."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from ivr.calls.facts import Told
from ivr.calls.steps import joined


class Cause(StrEnum):
    """Why a caller is given a notice, or a call is ended by us (Civil Petitions Treatment Decree, article 4)."""

    ABUSE = "abuse"
    HARASSMENT = "harassment"
    TIME_CAP = "time-cap"


ASKED, FAILED = "warning-asked", "warning-failed"
WARNED, WARNING_HEARD = "warned", "warning-heard"
TIME_TOLD, TIME_HEARD = "time-told", "time-heard"
ENDING_ASKED, ENDED_FOR, ENDING_HEARD = "ending-asked", "ended-for", "ending-heard"
SURVEY_HAND_OFF = "survey-hand-off"

# Longer than any notice takes; an order that was lost on its way does not block the next one for ever.
TIME_TO_PLAY = timedelta(seconds=45)


def told_kind(cause: Cause) -> str:
    """The kind of the fact that a notice was fetched to be played."""
    return TIME_TOLD if cause is Cause.TIME_CAP else WARNED


def heard_kind(cause: Cause) -> str:
    """The kind of the fact that a notice was heard to its end."""
    return TIME_HEARD if cause is Cause.TIME_CAP else WARNING_HEARD


def heard(facts: Iterable[Told], cause: Cause, *, before: datetime | None = None) -> list[Told]:
    """The notices for this cause that were heard to their end, in a call or in some of its facts."""
    return [
        fact
        for fact in facts
        if fact.kind == heard_kind(cause)
        and fact.detail.get("cause") == cause.value
        and (before is None or fact.received_at <= before)
    ]


def is_playing(facts: Sequence[Told], at: datetime) -> bool:
    """Whether a warning that was asked for has neither been heard to its end nor failed, and may still be."""
    over = {fact.detail.get("turn") for fact in facts if fact.kind in {WARNING_HEARD, FAILED}}
    open_ = [fact for fact in facts if fact.kind == ASKED and fact.detail.get("turn") not in over]
    return any(at - fact.received_at < TIME_TO_PLAY for fact in open_)


def entered(facts: Iterable[Told], offer_id: str) -> Told | None:
    """The fact that the caller entered the room of an offer: the beginning of that talk."""
    return min((fact for fact in facts if joined(fact, offer_id)), key=lambda fact: fact.received_at, default=None)


def by_relay(facts: Iterable[Told]) -> bool:
    """Whether an interpreter of the relay service calls (107): such a call takes longer, and has no time limit."""
    return any(fact.kind == "arrived" and fact.detail.get("relay") for fact in facts)


def ended_for(facts: Iterable[Told], offer_id: str) -> Told | None:
    """The fact that this talk was ended by us, with its cause."""
    return next((fact for fact in facts if fact.kind == ENDED_FOR and fact.detail.get("offer") == offer_id), None)


def is_lawful(facts: Sequence[Told], asked: Told) -> bool:
    """Whether the facts prove what an ending needs: so many warnings heard, or the notice heard and the time over.

    `asked` is the fact in which the ending was asked for; it names its talk, the cause and what was needed then.
    """
    cause, needed = Cause(str(asked.detail["cause"])), int(asked.detail["needed"])
    notices = heard(facts, cause, before=asked.received_at)
    if cause is not Cause.TIME_CAP:
        return len({fact.detail.get("turn") for fact in notices}) >= max(needed, 1)
    begun = entered(facts, asked.leg)
    over = begun is not None and asked.received_at - begun.received_at >= timedelta(seconds=needed)
    return over and any(fact.leg == asked.leg for fact in notices)
