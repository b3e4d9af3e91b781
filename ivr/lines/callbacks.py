"""The rule of a line for calling back: by when, who is reminded and told, and how often we try."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from ivr.charters.limits import UNITS_OF, Limit, Within
from ivr.charters.terms import Basis
from ivr.lines.shapes import Shape, Whole


def _longest_first(minutes: tuple[int, ...]) -> tuple[int, ...]:
    if list(minutes) != sorted(set(minutes), reverse=True):
        raise ValueError("must be written once each, the longest first, like [30, 15, 5]")
    return minutes


class CallbackRule(Shape):
    """By when we call back (K7, D1: within one hour), and what happens until then. Minutes are minutes of the clock.

    `remind_before` are the minutes before the time told at which the officer in charge is reminded; the deputy is
    reminded at all but the first, the supervisor at the last. `notice_before` minutes before it the customer is told
    of a new time, `extend_by` later in the same basis, where nobody got through (K20); after `slips` such notices
    it is the supervisor's, and each new time a working day later. `attempts` calls to the customer are made,
    `gap_minutes` apart. `serve` says who dials: the next free agent of the `queue`, or only agents who take it from
    the `list`.
    """

    within: Within = Limit(1, "hours")
    basis: Basis = "working_hours_8"
    remind_before: Annotated[tuple[Whole, ...], Field(min_length=1), AfterValidator(_longest_first)] = (30, 15, 5)
    notice_before: Annotated[int, Field(ge=2)] = 3
    extend_by: Within = Limit(30, "minutes")
    slips: Whole = 2
    attempts: Whole = 3
    gap_minutes: Whole = 10
    serve: Literal["queue", "list"] = "queue"

    @model_validator(mode="after")
    def _can_be_counted(self) -> "CallbackRule":
        for name, limit in (("within", self.within), ("extend_by", self.extend_by)):
            if limit.unit not in UNITS_OF[self.basis]:
                raise ValueError(f"{name} is counted in {limit.unit}, which {self.basis} cannot count")
        if self.notice_before >= self.remind_before[-1]:
            raise ValueError("notice_before must be less than the last of remind_before, so that all are reminded")
        return self
