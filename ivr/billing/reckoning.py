"""What a month costs a firm, line by line: pure, whole won, the same from the same usage in whatever order it came."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Final

from ivr.billing.rows import LineKind, UsageKind
from ivr.lines.centre import Prices

MONTHS = 12
Part = dict[str, str | int]
Parts = tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Span:
    """Days in a row of a month of `of_days` on which one list of prices holds; `covered` of them lie under contract."""

    first: date
    last: date
    version: int
    prices: Prices
    covered: int
    of_days: int

    @property
    def share(self) -> Fraction:
        """The part of the month that lies under contract in these days."""
        return Fraction(self.covered, self.of_days)


Used = Mapping[UsageKind, tuple[int, ...]]
"""How often each kind was used, span by span."""


@dataclass(frozen=True, slots=True)
class Amount:
    """A quantity and what it comes to in won; `gross` is `support` and `owed` together."""

    quantity: int = 0
    gross: int = 0
    support: int = 0
    owed: int = 0

    def __add__(self, other: "Amount") -> "Amount":
        return Amount(
            self.quantity + other.quantity,
            self.gross + other.gross,
            self.support + other.support,
            self.owed + other.owed,
        )

    def __sub__(self, other: "Amount") -> "Amount":
        return self + Amount(-other.quantity, -other.gross, -other.support, -other.owed)


@dataclass(frozen=True, slots=True)
class BillLine:
    """One line of a bill, as `ivr.billing.rows.StatementLine` keeps it."""

    kind: LineKind
    amount: Amount
    parts: Parts = ()
    detail: Mapping[str, str | int] = field(default_factory=dict)


KIND_OF: Final[Mapping[LineKind, UsageKind]] = {
    LineKind.SERVICE: UsageKind.CALL,
    LineKind.ANSWERS: UsageKind.ANSWER,
    LineKind.HAPPY: UsageKind.HAPPY,
    LineKind.MINUTES: UsageKind.MINUTE,
    LineKind.TEXTS: UsageKind.TEXT,
}
"""What a line counts; the base fee counts days under contract."""

PRICE_OF: Final[Mapping[LineKind, Callable[[Prices], int]]] = {
    LineKind.ANSWERS: lambda prices: prices.answer,
    LineKind.HAPPY: lambda _prices: 0,
    LineKind.MINUTES: lambda prices: prices.minute,
    LineKind.TEXTS: lambda prices: prices.text,
}


def reckon(spans: Sequence[Span], used: Used) -> tuple[BillLine, ...]:
    """The lines of a month (A8, A9, A10, A13, A19, A22); none where no day of it lies under contract.

    Service and base fee are always there, the other lines where something was used.
    """
    if not any(span.covered for span in spans):
        return ()
    counted = (_counted(kind, spans, used) for kind in PRICE_OF)
    lines = (_labour_line(spans, used), _base_line(spans), *counted)
    return tuple(line for line in lines if line.amount.quantity or line.kind in {LineKind.SERVICE, LineKind.BASE})


def bands_of(prices: Prices, calls: int) -> int:
    """How many bands so many handled calls of a month begin."""
    return -(-max(calls, 0) // prices.band_calls)


def labour_of(prices: Prices, bands: int) -> Fraction:
    """What the agents of so many bands cost in a whole month, in won (A8, A11): 375,000 for each by the document."""
    calls_of_an_agent = prices.calls_per_agent_day * prices.working_days
    return Fraction(bands * prices.band_calls * prices.agent_per_year, calls_of_an_agent * MONTHS)


def _labour_line(spans: Sequence[Span], used: Used) -> BillLine:
    """All handled calls of the month make the band; each list of prices counts by its days under contract."""
    calls = sum(used.get(UsageKind.CALL, ()))
    gross = owed = Fraction(0)
    parts = []
    for span in spans:
        if not span.covered:
            continue
        bands = bands_of(span.prices, calls)
        labour = labour_of(span.prices, bands) * span.share
        gross, owed = gross + labour, owed + labour * span.prices.firm_percent / 100
        parts.append(
            _part(span)
            | {
                "calls": calls,
                "bands": bands,
                "band_calls": span.prices.band_calls,
                "calls_per_agent_day": span.prices.calls_per_agent_day,
                "working_days": span.prices.working_days,
                "agent_per_year": span.prices.agent_per_year,
                "firm_percent": span.prices.firm_percent,
            }
        )
    return BillLine(LineKind.SERVICE, _cut(calls, gross, owed), tuple(parts))


def _base_line(spans: Sequence[Span]) -> BillLine:
    """The base fee is the firm's alone (A10)."""
    covered = [span for span in spans if span.covered]
    fee = Fraction(sum(span.prices.base_per_year * span.covered for span in covered), MONTHS * covered[0].of_days)
    parts = tuple(_part(span) | {"base_per_year": span.prices.base_per_year} for span in covered)
    return BillLine(LineKind.BASE, _cut(sum(span.covered for span in covered), fee, fee), parts)


def _counted(kind: LineKind, spans: Sequence[Span], used: Used) -> BillLine:
    """Each one by the price of its own day; of calls and texts the centre bears its percentage (A13)."""
    counts = used.get(KIND_OF[kind], (0,) * len(spans))
    gross = hundredths = 0
    parts = []
    for span, count in zip(spans, counts, strict=True):
        if not count:
            continue
        price = PRICE_OF[kind](span.prices)
        percent = 100 - span.prices.carriage_percent if kind in {LineKind.MINUTES, LineKind.TEXTS} else 100
        gross, hundredths = gross + count * price, hundredths + count * price * percent
        parts.append(_part(span) | {"quantity": count, "price": price, "firm_percent": percent})
    return BillLine(kind, _cut(sum(counts), gross, Fraction(hundredths, 100)), tuple(parts))


def _part(span: Span) -> Part:
    return {
        "first": span.first.isoformat(),
        "last": span.last.isoformat(),
        "version": span.version,
        "days": span.covered,
        "of_days": span.of_days,
    }


def _cut(quantity: int, gross: Fraction | int, owed: Fraction) -> Amount:
    """Rounding, "원 미만 버림": a line is added up exactly and cut to whole won once; the support is the rest."""
    whole, share = int(gross), int(owed)
    return Amount(quantity, whole, whole - share, share)


@dataclass(frozen=True, slots=True)
class Reckoned:
    """A month that was billed before, reckoned again: its lines now, and what its lines were billed for so far."""

    month: str
    now: Sequence[BillLine]
    billed: Mapping[LineKind, Amount]


def late(again: Reckoned) -> tuple[BillLine, ...]:
    """A line for each kind of that month that comes out otherwise now: the difference, with both amounts named."""
    now = {line.kind: line for line in again.now}
    lines = []
    for kind in LineKind:
        line, billed = now.get(kind), again.billed.get(kind, Amount())
        amount = line.amount if line else Amount()
        if amount == billed:
            continue
        detail = {"month": again.month, "of": kind.value, "owed_now": amount.owed, "owed_before": billed.owed}
        lines.append(BillLine(LineKind.LATE, amount - billed, line.parts if line else (), detail))
    return tuple(lines)


def total(lines: Sequence[BillLine]) -> Amount:
    """What lines come to together, in won; quantities of different kinds are not added up."""
    whole = sum((line.amount for line in lines), Amount())
    return Amount(0, whole.gross, whole.support, whole.owed)
