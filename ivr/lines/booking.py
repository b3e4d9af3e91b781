"""The rule of a line for telephone consultations at a booked time: who rings, how long, how many at once, how early."""

from typing import Annotated

from pydantic import Field

from ivr.lines.shapes import Shape, Whole


class BookingRule(Shape):
    """Slots of so many `minutes` within the opening hours, `capacity` customers in each, rung by `team`.

    A slot can be booked from `days_ahead` days before (counted in local days) until `notice_minutes` before it.
    """

    team: str
    minutes: Annotated[int, Field(ge=5, le=240)] = 30
    capacity: Whole = 2
    days_ahead: Annotated[int, Field(ge=1, le=60)] = 14
    notice_minutes: Annotated[int, Field(ge=0)] = 60
