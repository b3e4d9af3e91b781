"""Customers are dialled while the line is open, and never before 08:00 or after 21:00."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.deadlines import WorkingTime
from ivr.dialling.hours import dial_from, may_dial
from ivr.lines.hours import SEOUL
from ivr.lines.model import Hours
from tests.http.board import words

_, LINES, CALENDAR = words()
KIBO = WorkingTime(LINES.by_id("kibo"), CALENDAR)
ALL_DAY = Hours.model_validate({"weekdays": ["00:00-24:00"]})
ROUND_THE_CLOCK = WorkingTime(KIBO.line.model_copy(update={"hours": ALL_DAY}), CALENDAR)


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SEOUL)


@pytest.mark.parametrize(
    ("working", "at", "first"),
    [
        (KIBO, "2026-11-23 10:00", "2026-11-23 10:00"),
        (KIBO, "2026-11-23 18:00", "2026-11-24 09:00"),
        (KIBO, "2026-11-20 18:30", "2026-11-23 09:00"),
        (KIBO, "2026-11-23 08:59", "2026-11-23 09:00"),
        (ROUND_THE_CLOCK, "2026-11-23 03:00", "2026-11-23 08:00"),
        (ROUND_THE_CLOCK, "2026-11-23 20:59", "2026-11-23 20:59"),
        (ROUND_THE_CLOCK, "2026-11-23 21:00", "2026-11-24 08:00"),
        (ROUND_THE_CLOCK, "2026-11-20 21:00", "2026-11-23 08:00"),
    ],
)
def test_the_first_moment_at_which_customers_may_be_dialled(working: WorkingTime, at: str, first: str) -> None:
    assert dial_from(working, local(at)) == local(first)


@given(st.integers(min_value=0, max_value=60 * 24 * 60), st.sampled_from([KIBO, ROUND_THE_CLOCK]))
def test_that_moment_is_allowed_and_none_before_it_is(minutes: int, working: WorkingTime) -> None:
    at = datetime(2026, 9, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    first = dial_from(working, at)
    assert first is not None
    assert may_dial(working, first)
    assert first == at or not may_dial(working, at)
