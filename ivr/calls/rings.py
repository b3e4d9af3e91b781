"""How long an agent's telephone rang, by one clock at a time, and what three readings of "3 rings" say."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from ivr.calls.facts import Told

# The carrier stamps whole seconds, so two stamps differ from the truth by less than one second.
STAMP_UNCERTAINTY_MS = 1000
# Two requests of one call travel alike; what is left is the difference of their delays.
ARRIVAL_UNCERTAINTY_MS = 250
# A stamp lies up to a second before its event, and a request travels up to ARRIVAL_UNCERTAINTY_MS: one that comes
# later after its stamp was held up on its way. Clocks are taken to agree within half a second (NTP).
LATEST_ARRIVAL = timedelta(seconds=1, milliseconds=ARRIVAL_UNCERTAINTY_MS)
EARLIEST_ARRIVAL = timedelta(milliseconds=-500)


class ClockSource(StrEnum):
    """Which clock gave both ends of a measured time; the two are never mixed."""

    ARRIVAL = "arrival"
    CARRIER = "carrier"


class Reading(StrEnum):
    """What a measured time says about a limit."""

    MET = "met"
    MISSED = "missed"
    INDETERMINATE = "indeterminate"
    NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True, slots=True)
class RingTime:
    """Ringing to answered, in milliseconds; the truth lies within `uncertainty` of `milliseconds`."""

    milliseconds: int
    uncertainty: int
    source: ClockSource

    def read(self, limit_ms: int) -> Reading:
        """Was it answered strictly before `limit_ms`? Undecided where the uncertainty straddles the limit."""
        if self.milliseconds + self.uncertainty < limit_ms:
            return Reading.MET
        if self.milliseconds - self.uncertainty >= limit_ms:
            return Reading.MISSED
        return Reading.INDETERMINATE


@dataclass(frozen=True, slots=True)
class RingLimits:
    """The three limits for answering before ring `rings` has passed, in milliseconds (promises K4, D4, T7)."""

    strict: int
    literal: int
    customary: int


def ring_limits(*, rings: int, tone_ms: int, pause_ms: int) -> RingLimits:
    """Limits from the cadence: the last ring never starts; it has not finished; its whole cycle."""
    period = tone_ms + pause_ms
    return RingLimits((rings - 1) * period, (rings - 1) * period + tone_ms, rings * period)


def ring_time(ringing: Told, pick_up: Told) -> RingTime | None:
    """Measure with the better clock that can be trusted here; None where none can, which proves nothing."""
    arrival = round((pick_up.received_at - ringing.received_at) / timedelta(milliseconds=1))
    in_time = arrival >= 0 and _came_in_time(ringing) and _came_in_time(pick_up)
    if ringing.said_at is None or pick_up.said_at is None:
        return RingTime(arrival, STAMP_UNCERTAINTY_MS, ClockSource.ARRIVAL) if in_time else None
    if in_time:
        return RingTime(arrival, ARRIVAL_UNCERTAINTY_MS, ClockSource.ARRIVAL)
    stamped = round((pick_up.said_at - ringing.said_at) / timedelta(milliseconds=1))
    return RingTime(max(stamped, 0), STAMP_UNCERTAINTY_MS, ClockSource.CARRIER)


def _came_in_time(fact: Told) -> bool:
    """Whether the event arrived so soon that its arrival can stand for it; one without a stamp is believed."""
    lag = fact.received_at - (fact.said_at or fact.received_at)
    return EARLIEST_ARRIVAL <= lag <= LATEST_ARRIVAL
