"""How English says a moment."""

from datetime import date, datetime

import pytest

from ivr.english import moment
from ivr.lines.hours import SEOUL
from ivr.messages.fields import BadText, fill

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("at", "said"),
    [
        (datetime(2026, 11, 23, 15, 10, tzinfo=SEOUL), "3:10 p.m. today"),
        (datetime(2026, 11, 23, 0, 5, tzinfo=SEOUL), "12:05 a.m. today"),
        (datetime(2026, 11, 23, 12, tzinfo=SEOUL), "12 p.m. today"),
        (datetime(2026, 11, 24, 9, tzinfo=SEOUL), "9 a.m. tomorrow"),
        (datetime(2026, 11, 30, 9, 30, tzinfo=SEOUL), "9:30 a.m. on November 30"),
        (datetime(2027, 1, 4, 10, tzinfo=SEOUL), "10 a.m. on January 4"),
    ],
)
def test_a_moment_is_said_as_people_say_it(at: datetime, said: str) -> None:
    assert moment(at, TODAY) == said
    assert fill("by {due:clock}.", {"due": (at, datetime(2026, 11, 23, 14, tzinfo=SEOUL))}) == f"by {said}."


def test_a_moment_needs_the_present_one_beside_it() -> None:
    with pytest.raises(BadText, match="two local times"):
        fill("by {due:clock}.", {"due": "later"})
