"""A bucket lets through what it may, however the requests are spread."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from ivr.access.pace import BURST, PER_SECOND, Bucket, taken
from tests.http.board import MORNING


@given(st.lists(st.floats(0, 2), max_size=300))
def test_no_stretch_of_time_lets_through_more_than_the_burst_and_the_pace(gaps: list[float]) -> None:
    bucket: Bucket | None = None
    at, through = MORNING, 0
    for gap in gaps:
        at += timedelta(seconds=gap)
        result = taken(bucket, at)
        if isinstance(result, Bucket):
            bucket, through = result, through + 1
    assert through <= BURST + PER_SECOND * (at - MORNING).total_seconds() + 1


def test_who_waits_as_told_is_let_through() -> None:
    bucket: Bucket | None = None
    at = MORNING
    while isinstance(result := taken(bucket, at), Bucket):
        bucket = result
    assert isinstance(taken(bucket, at + timedelta(seconds=result + 0.001)), Bucket)


def test_a_clock_that_goes_back_fills_nothing() -> None:
    bucket = Bucket(0.5, MORNING)
    assert isinstance(taken(bucket, MORNING - timedelta(hours=1)), float)
