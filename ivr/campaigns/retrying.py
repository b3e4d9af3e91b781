"""What one ring came to, how far the person came, and when somebody's turn comes again."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from ivr.calls.facts import Told
from ivr.calls.legs import LegState, read_leg
from ivr.campaigns.hours import dial_from
from ivr.campaigns.plan import Plan, Retries, Retry
from ivr.campaigns.rows import DialOutcome
from ivr.lines.calendar import Calendar
from ivr.surveys.interviews import PROVES_A_PERSON
from ivr.surveys.rows import Disposition

PERSON = "person"
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=2), timedelta(minutes=2)

_BY_STATUS = {
    "busy": DialOutcome.BUSY,
    "no-answer": DialOutcome.NO_ANSWER,
    "canceled": DialOutcome.NO_ANSWER,
    "failed": DialOutcome.FAILED,
}
_LEFT_OFF: Mapping[Disposition, Disposition] = {
    Disposition.REGISTERED: Disposition.CONTACTED,
    Disposition.QUEUED: Disposition.CONTACTED,
    Disposition.STARTED: Disposition.BREAKOFF,
    Disposition.INTERIM_PARTIAL: Disposition.PARTIAL,
}
# Nobody comes less far by being rung again.
_FURTHER = (
    Disposition.REGISTERED,
    Disposition.QUEUED,
    Disposition.FAILED,
    Disposition.UNKNOWN,
    Disposition.CONTACTED,
    Disposition.UNRESPONSIVE,
    Disposition.BREAKOFF,
    Disposition.PARTIAL,
)
_AT_LAST: Mapping[Disposition, Disposition] = {
    Disposition.REGISTERED: Disposition.FAILED,
    Disposition.QUEUED: Disposition.FAILED,
    Disposition.CONTACTED: Disposition.UNRESPONSIVE,
}


def outcome_of(facts: Sequence[Told]) -> DialOutcome | None:
    """What a ring came to, by what was told of its leg; None while that goes on."""
    leg = read_leg(PERSON, facts)
    if leg.state is not LegState.ENDED or leg.ended is None:
        return None
    if any(fact.kind in PROVES_A_PERSON and fact.leg == PERSON for fact in facts):
        return DialOutcome.ANSWERED
    if leg.went_unserved:
        return DialOutcome.FAILED
    return _BY_STATUS.get(str(leg.ended.detail.get("status", "")), DialOutcome.MACHINE)


def disposition_of(outcome: DialOutcome, reached: Disposition | None) -> Disposition:
    """How far the person came with this ring; `reached` is what the interview's last step said, if there was one."""
    if outcome is DialOutcome.ANSWERED:
        reached = reached or Disposition.CONTACTED
        return _LEFT_OFF.get(reached, reached)
    if outcome is DialOutcome.MACHINE:
        return reached if reached in _TOLD else Disposition.CONTACTED
    return Disposition.UNKNOWN if outcome is DialOutcome.UNKNOWN else Disposition.QUEUED


# What somebody can have said without the key that begins the questions.
_TOLD = frozenset({Disposition.REFUSED, Disposition.INELIGIBLE, Disposition.REJECTED, Disposition.COMPLETED})


def further(before: Disposition, now: Disposition) -> Disposition:
    """Which of two says more of somebody who was rung more than once; an end that is one always does."""
    if now not in _FURTHER:
        return now
    return now if before in _FURTHER and _FURTHER.index(now) >= _FURTHER.index(before) else before


def at_last(disposition: Disposition) -> Disposition:
    """The disposition of somebody who is not rung any more."""
    return _AT_LAST.get(disposition, disposition)


def retry_after(retries: Retries, outcome: DialOutcome, disposition: Disposition) -> Retry | None:
    """The plan's word on ringing again after this; None for what is never repeated."""
    match outcome:
        case DialOutcome.BUSY:
            return retries.busy
        case DialOutcome.NO_ANSWER:
            return retries.no_answer
        case DialOutcome.FAILED:
            return retries.failed
        case DialOutcome.MACHINE if disposition is Disposition.CONTACTED:
            return retries.machine
        case DialOutcome.ANSWERED:
            return _after_talk(retries, disposition)
        case _:
            return None


def _after_talk(retries: Retries, disposition: Disposition) -> Retry | None:
    match disposition:
        case Disposition.CONTACTED:
            return retries.contacted
        case Disposition.BREAKOFF:
            return retries.breakoff
        case Disposition.PARTIAL:
            return retries.partial
        case _:
            return None


def next_turn(plan: Plan, retry: Retry, *, calendar: Calendar, line: str, at: datetime) -> datetime | None:
    """When somebody is rung again at the earliest: after the gap, in the plan's hours; None when they are over."""
    return dial_from(plan, calendar, at + timedelta(minutes=retry.gap_minutes), line=line)


def pause_after(failures: int) -> timedelta:
    """The pause after the carrier would not take an order: 2 s, doubled each time, at most 2 minutes."""
    doubled: int = 2 ** min(max(failures - 1, 0), 8)
    return min(FIRST_PAUSE * doubled, LONGEST_PAUSE)
