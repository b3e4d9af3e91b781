"""Counts: what goes into the rate, the range that the undecided leave open, and whether the target was reached."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.charters.judges.judgement import Finding
from ivr.reports.counts import Counts, Reached, counts_of
from ivr.reports.quarters import Month, Quarter, month_of, read_quarter
from tests.unit.reports.quarter import words

NUMBERS = st.integers(0, 10_000)


@pytest.mark.parametrize(
    ("counts", "target", "reached"),
    [
        (Counts(met=95, missed=5), 95, Reached.YES),
        (Counts(met=94, missed=6), 95, Reached.NO),
        (Counts(met=95, missed=4, indeterminate=1), 95, Reached.YES),
        (Counts(met=94, missed=5, indeterminate=1), 95, Reached.UNSURE),
        (Counts(met=93, missed=5, indeterminate=1), 95, Reached.NO),
        (Counts(met=10), 100, Reached.YES),
        (Counts(met=10, indeterminate=1), 100, Reached.UNSURE),
        (Counts(met=9, missed=1, indeterminate=5), 100, Reached.NO),
        (Counts(indeterminate=3), 100, Reached.UNSURE),
        (Counts(exempt=3, not_applicable=7), 100, Reached.NONE),
        (Counts(), 100, Reached.NONE),
        (Counts(met=999, missed=1), 99.9, Reached.YES),
    ],
)
def test_a_target_is_reached_only_if_no_undecided_call_could_turn_it(
    counts: Counts, target: float, reached: Reached
) -> None:
    assert counts.reached(target) is reached


def test_exempt_and_not_applicable_change_no_rate() -> None:
    plain, beside = Counts(met=3, missed=1), Counts(met=3, missed=1, exempt=9, not_applicable=9)
    assert plain.rate == beside.rate == Fraction(3, 4)
    assert (plain.lowest, plain.highest) == (beside.lowest, beside.highest) == (Fraction(3, 4), Fraction(3, 4))


def test_nothing_judged_has_no_rate() -> None:
    assert (Counts().rate, Counts().lowest, Counts().highest) == (None, None, None)
    undecided = Counts(indeterminate=2)
    assert undecided.rate is None
    assert (undecided.lowest, undecided.highest) == (Fraction(0), Fraction(1))


@given(NUMBERS, NUMBERS, NUMBERS, NUMBERS)
def test_the_rate_lies_within_its_range(met: int, missed: int, exempt: int, indeterminate: int) -> None:
    counts = Counts(met, missed, exempt, indeterminate)
    if counts.rate is not None:
        assert counts.lowest is not None
        assert counts.highest is not None
        assert counts.lowest <= counts.rate <= counts.highest


@given(st.dictionaries(st.sampled_from(Finding), NUMBERS), st.dictionaries(st.sampled_from(Finding), NUMBERS))
def test_counts_add_up_by_finding(one: dict[Finding, int], other: dict[Finding, int]) -> None:
    both = counts_of(one) + counts_of(other)
    assert {finding: both.of(finding) for finding in Finding} == {
        finding: one.get(finding, 0) + other.get(finding, 0) for finding in Finding
    }
    assert both.all == counts_of(one).all + counts_of(other).all


@pytest.mark.parametrize(
    ("share", "said"),
    [
        (None, "-"),
        (Fraction(0), "0.0%"),
        (Fraction(1), "100.0%"),
        (Fraction(99_999, 100_000), "99.9%"),
        (Fraction(1, 100_000), "0.1%"),
        (Fraction(1, 3), "33.3%"),
        (Fraction(2, 3), "66.7%"),
    ],
)
def test_a_share_is_never_rounded_up_to_all_or_down_to_nothing(share: Fraction | None, said: str) -> None:
    assert words().percent(share) == said


@pytest.mark.parametrize("written", ["2026Q4", "2026q4", "2026-Q4", " 2026Q4 "])
def test_a_quarter_is_read(written: str) -> None:
    assert read_quarter(written) == Quarter(2026, 4)


@pytest.mark.parametrize("written", ["", "2026", "2026Q0", "2026Q5", "Q4", "2026Q44", "26Q4", "1999Q4", "2026 4분기"])
def test_what_is_no_quarter_is_refused_with_an_example(written: str) -> None:
    with pytest.raises(ValueError, match=r"2026Q4|2000 to 2099"):
        read_quarter(written)


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_a_quarter_has_every_day_of_its_months_once(number: int) -> None:
    quarter = Quarter(2028, number)
    days = list(quarter.days())
    assert (days[0], days[-1]) == (quarter.first, quarter.last)
    assert len(set(days)) == len(days) == {1: 91, 2: 91, 3: 92, 4: 92}[number]
    assert {month_of(day) for day in days} == set(quarter.months)
    assert all(isinstance(month, Month) for month in quarter.months)
