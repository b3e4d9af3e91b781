"""Why something about prices or bills is refused: by name, so that every page says it in its language."""

from collections.abc import Mapping
from typing import Final

from ivr.base import Refused

RULES: Final[Mapping[str, str]] = {
    "no_centre": "{line} is no shared centre: only a line whose file has [centre] makes statements",
    "bad_month": "{month} is no month: write the year and the month like 2026-10",
    "price_gap": (
        "no list of prices holds on {day}: the first one begins on {since}, "
        "and every day under contract needs prices; publish a list from that day on"
    ),
    "price_gap_after": (
        "after {until} no list of prices would follow at once: every day needs prices; "
        "leave the last day out, or publish the next list from {next} on first"
    ),
    "price_overlap": (
        "another list of prices begins on {since}, before {until}: give the day before it as the last one, or none"
    ),
    "far_day": "{day} is too far away: give a day before the year {year}",
    "price_billed": ("prices from {since} on would change {month}, which was billed: they begin on {first} or later"),
    "no_reason": "say why, in two characters or more",
    "month_open": "{month} is not over: its statements are made from {from_day} on",
    "calls_going_on": "{count} calls of {month} have not ended: statements are made when all have",
    "calls_uncounted": (
        "{count} ended calls of {month} are not counted yet: wait a moment, "
        "or run `charterline figures rebuild` for its days"
    ),
    "unknown_statement": "there is no statement {id}: `charterline bills list` shows those of a month",
    "unknown_line": "statement {id} has no line {ordinal}: `charterline statement` shows its lines with their numbers",
    "correction_none": "a correction of 0 won changes nothing: give won to be taken off (-) or added",
    "correction_of_correction": "line {ordinal} of {id} is a correction itself: correct the line that it is about",
    "correction_beyond": (
        "line {ordinal} of {id} owes {owed} won, {left} after earlier corrections and what came late: "
        "a correction takes off no more than that"
    ),
    "unknown_firm": "{line} has no firm {firm}: `charterline firms list` shows them",
}


class BillRefused(Refused):
    """`rule` is a name of RULES, `values` are what its sentence says; str() is the sentence in English."""

    def __init__(self, rule: str, /, **values: str | int) -> None:
        self.rule, self.values = rule, values
        super().__init__(RULES[rule].format(**values))
