"""The rule of a line for cases: who owns and who handles them, by when they are due, who is reminded when."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from ivr.charters.limits import Limit, Within
from ivr.charters.terms import Basis
from ivr.lines.shapes import Shape, Whole, with_ids


class TopicRule(Shape):
    """What cases may be about; `team` is the one that handles them, the owner's where it is empty."""

    id: str
    name: Annotated[str, Field(min_length=1)]
    team: str = ""


class CaseRule(Shape):
    """What the charter leaves open about cases.

    `owner` is the team that takes cases in and watches them (S2), the line's own where it is empty. `within` and
    `basis` hold where no standard gives a date. Officers are reminded at half time and each of `remind_before`
    the due date; `notice_before` it the customer is told that it slips, to `extend_by` later (days of eight office
    hours). A holiday announced late moves due dates only where `late_holiday` says so. `close_after` days without
    an objection close a case. `repeat_complaints` of one number, or confirmed ones about one employee, in
    `repeat_days` are flagged (S12). Older than `oldest_days` no matter is taken in.
    """

    owner: str = ""
    topics: Annotated[Mapping[str, TopicRule], BeforeValidator(with_ids)] = {}
    within: Within = Limit(7, "days")
    basis: Basis = "business_days"
    remind_before: tuple[Within, ...] = (Limit(1, "days"), Limit(2, "hours"))
    notice_before: Within = Limit(4, "hours")
    extend_by: Within = Limit(3, "days")
    late_holiday: Literal["keep", "move"] = "keep"
    close_after: Whole = 14
    repeat_complaints: Whole = 2
    repeat_days: Whole = 365
    oldest_days: Whole = 90
