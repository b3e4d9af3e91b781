"""Ring-to-answer: three readings of "before three rings", one clock at a time, and no rounding to a pass."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.calls.facts import Told
from ivr.calls.rings import ClockSource, Reading, RingTime, ring_limits, ring_time
from tests.http.board import MORNING

LIMITS = ring_limits(rings=3, tone_ms=1000, pause_ms=2000)


def told(kind: str, *, said: float, late: float = 0.0) -> Told:
    """An event of `said` seconds after the morning that arrives `late` seconds after it happened."""
    happened = MORNING + timedelta(seconds=said)
    return Told("c1", kind, kind, "c1-1", happened + timedelta(seconds=late), said_at=happened.replace(microsecond=0))


def test_the_three_readings_of_three_korean_rings() -> None:
    # 1 s on, 2 s off: the third ring starts at 6.0 s, has finished at 7.0 s, its cycle ends at 9.0 s (K4, D4, T7).
    assert (LIMITS.strict, LIMITS.literal, LIMITS.customary) == (6000, 7000, 9000)


@pytest.mark.parametrize(
    ("milliseconds", "uncertainty", "limit", "reading"),
    [
        (5999, 0, 6000, Reading.MET),
        (6000, 0, 6000, Reading.MISSED),
        (6001, 0, 6000, Reading.MISSED),
        (5749, 250, 6000, Reading.MET),
        (5750, 250, 6000, Reading.INDETERMINATE),
        (6249, 250, 6000, Reading.INDETERMINATE),
        (6250, 250, 6000, Reading.MISSED),
        (0, 0, 6000, Reading.MET),
    ],
)
def test_the_limit_itself_is_a_miss_and_what_straddles_it_is_undecided(
    milliseconds: int, uncertainty: int, limit: int, reading: Reading
) -> None:
    assert RingTime(milliseconds, uncertainty, ClockSource.ARRIVAL).read(limit) is reading


@given(st.integers(0, 20000), st.integers(0, 2000))
def test_a_wider_limit_is_never_harder_to_keep(milliseconds: int, uncertainty: int) -> None:
    ring = RingTime(milliseconds, uncertainty, ClockSource.CARRIER)
    order = [Reading.MISSED, Reading.INDETERMINATE, Reading.MET]
    readings = [order.index(ring.read(limit)) for limit in (LIMITS.strict, LIMITS.literal, LIMITS.customary)]
    assert readings == sorted(readings)


@given(truth=st.integers(0, 15000), limit=st.sampled_from([6000, 7000, 9000]), error=st.integers(-250, 250))
def test_what_is_decided_is_true_wherever_the_truth_lies_within_the_uncertainty(
    truth: int, limit: int, error: int
) -> None:
    reading = RingTime(max(truth + error, 0), 250, ClockSource.ARRIVAL).read(limit)
    assert reading is not (Reading.MISSED if truth < limit else Reading.MET)


def test_our_own_clock_measures_when_both_events_came_in_time() -> None:
    measured = ring_time(told("ringing", said=0.3, late=0.05), told("answered", said=2.7, late=0.07))
    assert measured is not None
    assert measured.source is ClockSource.ARRIVAL
    assert measured.milliseconds == pytest.approx(2420)


@pytest.mark.parametrize(("ringing_late", "answered_late"), [(5.0, 0.05), (0.05, 5.0), (8.0, 0.0)])
def test_a_delayed_event_is_measured_by_the_carriers_stamps_with_their_coarseness(
    ringing_late: float, answered_late: float
) -> None:
    measured = ring_time(told("ringing", said=1.0, late=ringing_late), told("answered", said=4.0, late=answered_late))
    assert measured == RingTime(3000, 1000, ClockSource.CARRIER)


@given(ring=st.floats(0, 30), start=st.floats(0, 1), ringing_late=st.floats(0, 20), answered_late=st.floats(0, 20))
def test_a_measured_time_never_mixes_two_clocks(
    ring: float, start: float, ringing_late: float, answered_late: float
) -> None:
    ringing = told("ringing", said=start, late=ringing_late)
    answered = told("answered", said=start + ring, late=answered_late)
    measured = ring_time(ringing, answered)
    assert measured is not None
    assert ringing.said_at is not None
    assert answered.said_at is not None
    by = {
        ClockSource.ARRIVAL: answered.received_at - ringing.received_at,
        ClockSource.CARRIER: answered.said_at - ringing.said_at,
    }
    assert measured.milliseconds == max(round(by[measured.source] / timedelta(milliseconds=1)), 0)
