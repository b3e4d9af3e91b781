"""What each counter counts, as a condition on the raw rows: the roll-up sums by it, and its calls are found by it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from sqlalchemy import BigInteger, ColumnElement, SQLColumnExpression, cast, func, true

from ivr.calls.record import Outcome
from ivr.calls.rings import Reading
from ivr.figures.rows import CallFigure, Dimension, OfferFigure, Stage

Raw: TypeAlias = type[CallFigure] | type[OfferFigure]
Milliseconds: TypeAlias = SQLColumnExpression[int] | SQLColumnExpression[int | None]
Value: TypeAlias = SQLColumnExpression[str] | SQLColumnExpression[int]


@dataclass(frozen=True, slots=True)
class Counter:
    """How many raw rows fulfil `condition`, or where there are `milliseconds`, how many they are together."""

    table: Raw
    condition: SQLColumnExpression[bool]
    milliseconds: Milliseconds | None = None

    @property
    def sum(self) -> ColumnElement[int]:
        """The counter over the rows that a query selects."""
        if self.milliseconds is None:
            return func.count().filter(self.condition)
        return cast(func.coalesce(func.sum(self.milliseconds).filter(self.condition), 0), BigInteger)


def _calls(condition: SQLColumnExpression[bool], milliseconds: Milliseconds | None = None) -> Counter:
    return Counter(CallFigure, condition, milliseconds)


def _offers(condition: SQLColumnExpression[bool], milliseconds: Milliseconds | None = None) -> Counter:
    return Counter(OfferFigure, condition, milliseconds)


ANSWERED = CallFigure.outcome == Outcome.ANSWERED
MEASURED = CallFigure.wait_ms.is_not(None)
MEASURED_WAIT = ANSWERED & MEASURED
IN_QUEUE = CallFigure.stage == Stage.QUEUE
# Gave up in the queue at a time that was never told.
UNKNOWN = IN_QUEUE & ~MEASURED
TALKED = OfferFigure.is_talk & OfferFigure.talk_ms.is_not(None)
WRAPPED = TALKED & OfferFigure.wrap_ms.is_not(None)
HANDLING = OfferFigure.talk_ms + OfferFigure.hold_ms + OfferFigure.wrap_ms

COUNTERS: Mapping[str, Counter] = {
    "calls": _calls(true()),
    "calls_open": _calls(CallFigure.is_open),
    "asked": _calls(CallFigure.asked_for_agent),
    "asked_told": _calls(CallFigure.asked_for_agent & ~UNKNOWN),
    "answered": _calls(ANSWERED),
    "in_time": _calls(CallFigure.in_time),
    "waits": _calls(MEASURED_WAIT),
    "wait_ms": _calls(MEASURED_WAIT, CallFigure.wait_ms),
    "short_abandoned": _calls(IN_QUEUE & CallFigure.is_short),
    "long_abandoned": _calls(IN_QUEUE & ~CallFigure.is_short & MEASURED),
    "unknown_abandoned": _calls(UNKNOWN),
    "menu_abandoned": _calls(CallFigure.stage == Stage.MENU),
    "served": _calls(CallFigure.is_served),
    "callbacks": _calls(CallFigure.outcome == Outcome.CALLBACK),
    "failed": _calls(CallFigure.outcome == Outcome.FAILED),
    "rang": _offers(true()),
    **{
        f"{name}_{word}": _offers(column == reading)
        for name, column in (
            ("rings", OfferFigure.rings),
            ("strict", OfferFigure.strict),
            ("literal", OfferFigure.literal),
            ("customary", OfferFigure.customary),
        )
        for word, reading in (
            ("met", Reading.MET),
            ("missed", Reading.MISSED),
            ("unknown", Reading.INDETERMINATE),
        )
    },
    "met": _offers(OfferFigure.is_talk),
    "talks": _offers(TALKED),
    "talk_ms": _offers(TALKED, OfferFigure.talk_ms),
    "hold_ms": _offers(TALKED, OfferFigure.hold_ms),
    "wraps": _offers(WRAPPED),
    "wrap_ms": _offers(WRAPPED, OfferFigure.wrap_ms),
    "handle_ms": _offers(WRAPPED, HANDLING),
    "customer_first": _offers(OfferFigure.customer_first == Reading.MET),
    "agent_first": _offers(OfferFigure.customer_first == Reading.MISSED),
    "first_unknown": _offers(OfferFigure.customer_first == Reading.INDETERMINATE),
    "resolved": _offers(OfferFigure.resolved == Reading.MET),
    "unresolved": _offers(OfferFigure.resolved == Reading.MISSED),
    "resolve_unknown": _offers(OfferFigure.resolved == Reading.INDETERMINATE),
    "marked_resolved": _offers(OfferFigure.marked == Reading.MET),
    "marked_unresolved": _offers(OfferFigure.marked == Reading.MISSED),
}
"""By name, in the order of the columns of `DayFigure`."""

VALUES: Mapping[Dimension, Mapping[Raw, Value]] = {
    Dimension.HOUR: {CallFigure: CallFigure.hour, OfferFigure: OfferFigure.hour},
    Dimension.TEAM: {CallFigure: CallFigure.team, OfferFigure: OfferFigure.team},
    Dimension.AGENT: {OfferFigure: OfferFigure.agent},
    Dimension.PRODUCT: {CallFigure: CallFigure.product, OfferFigure: OfferFigure.product},
    Dimension.FIRM: {CallFigure: CallFigure.firm, OfferFigure: OfferFigure.firm},
}
"""The column of raw rows that holds the value of a dimension; the line itself needs none."""
