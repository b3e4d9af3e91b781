"""What a month costs: the document's figures, bands, days, rounding, prices of their own day."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.billing.reckoning import Amount, BillLine, Reckoned, Span, bands_of, labour_of, late, reckon, total
from ivr.billing.rows import LineKind, UsageKind
from ivr.firms.amounts import month_estimate
from ivr.lines.centre import Prices
from tests.unit.billing.stage import LINE

assert LINE.centre is not None
PRICES = Prices.model_validate(LINE.centre.prices.model_dump(exclude={"since"}))
DEARER = PRICES.model_copy(update={"agent_per_year": 30_000_000, "base_per_year": 720_000, "answer": 2000})


def month(prices: Prices = PRICES, *, covered: int = 31, version: int = 0) -> Span:
    return Span(date(2026, 10, 1), date(2026, 10, 31), version, prices, covered, 31)


def halves(first: int = 15, second: int = 16) -> list[Span]:
    return [
        Span(date(2026, 10, 1), date(2026, 10, 15), 0, PRICES, first, 31),
        Span(date(2026, 10, 16), date(2026, 10, 31), 1, DEARER, second, 31),
    ]


def amount(lines: tuple[BillLine, ...], kind: LineKind) -> Amount:
    return next((line.amount for line in lines if line.kind is kind), Amount())


def test_a_year_of_a_hundred_calls_a_day_costs_what_the_document_says() -> None:
    lines = reckon([month()], {UsageKind.CALL: (2000,)})
    service, base = amount(lines, LineKind.SERVICE), amount(lines, LineKind.BASE)
    assert (12 * service.owed, 12 * service.support) == (13_500_000, 31_500_000)
    assert 12 * base.owed == 600_000
    assert 12 * total(lines).owed == 14_100_000
    assert 12 * service.gross == 27_000_000 * Fraction(5, 3)


@pytest.mark.parametrize(
    ("calls", "bands"), [(0, 0), (1, 1), (199, 1), (200, 1), (201, 2), (400, 2), (1999, 10), (2000, 10), (2001, 11)]
)
def test_a_band_that_is_begun_counts_whole(calls: int, bands: int) -> None:
    assert bands_of(PRICES, calls) == bands
    service = amount(reckon([month()], {UsageKind.CALL: (calls,)}), LineKind.SERVICE)
    assert service == Amount(calls, 375_000 * bands, 262_500 * bands, 112_500 * bands)
    estimate = month_estimate(PRICES, calls)
    assert (estimate.gross, estimate.service) == (service.gross, service.owed)


def test_a_month_without_a_handled_call_costs_the_base_fee_alone() -> None:
    assert total(reckon([month()], {})) == Amount(0, 50_000, 0, 50_000)


def test_without_a_day_under_contract_nothing_is_billed() -> None:
    assert reckon([month(covered=0)], {UsageKind.CALL: (500,)}) == ()


def test_prices_that_change_within_a_month_count_by_their_days_and_are_cut_once() -> None:
    lines = reckon(halves(), {UsageKind.CALL: (3, 198), UsageKind.ANSWER: (2, 3)})
    service = amount(lines, LineKind.SERVICE)
    gross = Fraction(750_000 * 15, 31) + Fraction(30_000_000 * 400 * 16, 12 * 1200 * 31)
    assert (service.quantity, service.gross, service.owed) == (201, int(gross), int(gross * Fraction(3, 10)))
    assert amount(lines, LineKind.BASE).owed == int(Fraction(50_000 * 15, 31) + Fraction(60_000 * 16, 31))
    assert amount(lines, LineKind.ANSWERS) == Amount(5, 2 * 1500 + 3 * 2000, 0, 9000)
    (answers,) = (line for line in lines if line.kind is LineKind.ANSWERS)
    assert [part["price"] for part in answers.parts] == [1500, 2000]


def test_a_contract_of_part_of_the_month_bears_the_fees_of_its_days() -> None:
    lines = reckon([month(covered=10)], {UsageKind.CALL: (200,)})
    assert amount(lines, LineKind.SERVICE).owed == 112_500 * 10 // 31
    assert amount(lines, LineKind.BASE) == Amount(10, 50_000 * 10 // 31, 0, 50_000 * 10 // 31)


def test_happy_calls_are_free_and_carriage_is_borne_by_the_centre() -> None:
    used = {UsageKind.HAPPY: (7,), UsageKind.MINUTE: (100,), UsageKind.TEXT: (30,)}
    lines = reckon([month()], used)
    assert amount(lines, LineKind.HAPPY) == Amount(7, 0, 0, 0)
    assert amount(lines, LineKind.MINUTES) == Amount(100, 4000, 4000, 0)
    assert amount(lines, LineKind.TEXTS) == Amount(30, 600, 600, 0)
    shared = PRICES.model_copy(update={"carriage_percent": 67})
    assert amount(reckon([month(shared)], used), LineKind.TEXTS) == Amount(30, 600, 402, 198)


prices = st.builds(
    Prices,
    band_calls=st.integers(1, 500),
    calls_per_agent_day=st.integers(1, 100),
    working_days=st.integers(1, 31),
    agent_per_year=st.integers(0, 10**8),
    firm_percent=st.integers(0, 100),
    base_per_year=st.integers(0, 10**7),
    answer=st.integers(0, 10_000),
    minute=st.integers(0, 1000),
    text=st.integers(0, 1000),
    carriage_percent=st.integers(0, 100),
)
counts = st.integers(0, 5000)


@given(prices=prices, later=prices, calls=counts, covered=st.tuples(st.integers(0, 15), st.integers(0, 16)))
def test_shares_add_up_and_less_than_a_won_is_cut_off(
    prices: Prices, later: Prices, calls: int, covered: tuple[int, int]
) -> None:
    spans = [
        Span(date(2026, 10, 1), date(2026, 10, 15), 0, prices, covered[0], 31),
        Span(date(2026, 10, 16), date(2026, 10, 31), 1, later, covered[1], 31),
    ]
    lines = reckon(spans, {UsageKind.CALL: (calls, 0), UsageKind.TEXT: (calls, 1), UsageKind.ANSWER: (0, calls)})
    for line in lines:
        assert line.amount.gross == line.amount.support + line.amount.owed
        assert 0 <= line.amount.owed <= line.amount.gross
    exact = sum(
        labour_of(each, bands_of(each, calls)) * Fraction(days * each.firm_percent, 31 * 100)
        for each, days in zip((prices, later), covered, strict=True)
    )
    assert 0 <= exact - amount(lines, LineKind.SERVICE).owed < 1


def test_what_comes_late_is_the_difference_kind_by_kind() -> None:
    now = reckon([month()], {UsageKind.CALL: (201,), UsageKind.ANSWER: (1,)})
    billed = {LineKind.SERVICE: Amount(200, 375_000, 262_500, 112_500), LineKind.BASE: Amount(31, 50_000, 0, 50_000)}
    lines = late(Reckoned("2026-10", now, billed))
    assert [(line.detail["of"], line.amount) for line in lines] == [
        ("service", Amount(1, 375_000, 262_500, 112_500)),
        ("answers", Amount(1, 1500, 0, 1500)),
    ]
    # Nothing is left of it: what was billed is taken back.
    assert total(late(Reckoned("2026-10", (), billed))).owed == -162_500
