"""Intervals, compared with figures worked out by hand or printed in tables."""

from math import sqrt

import pytest

from ivr.surveys.intervals import Interval, mean_of, share_interval, student

NEAR = 5e-4


def near(interval: Interval | None) -> list[float]:
    assert interval is not None
    return [round(interval.low, 4), round(interval.high, 4)]


@pytest.mark.parametrize(
    ("successes", "n", "low", "high"),
    # Newcombe 1998, table I, method 3 (Wilson, without correction of continuity).
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_a_share_has_wilsons_interval(successes: int, n: int, low: float, high: float) -> None:
    assert near(share_interval(successes, n)) == pytest.approx([low, high], abs=NEAR)


def test_no_answers_have_no_interval() -> None:
    assert share_interval(0, 0) is None
    assert mean_of({}) is None


def test_a_large_part_of_all_people_narrows_an_interval_and_all_of_them_leave_none() -> None:
    wide, narrow = share_interval(50, 100), share_interval(50, 100, population=200)
    # 100 of 200 say as much as 199 of endlessly many: p = 0.5, z = 1.96 gives 0.5 -+ 0.0688.
    assert near(narrow) == pytest.approx([0.4312, 0.5688], abs=NEAR)
    assert wide is not None
    assert narrow is not None
    assert narrow.high - narrow.low < wide.high - wide.low
    assert share_interval(50, 100, population=100) == Interval(0.5, 0.5)
    assert share_interval(50, 100, population=100_000) == wide


def test_a_mean_has_students_interval() -> None:
    # 3, 4, 4, 5, 5: mean 4.2, s = sqrt(0.7), t(4) = 2.7764, 2.7764 * 0.83666 / sqrt(5) = 1.0388.
    found = mean_of({3: 1, 4: 2, 5: 2})
    assert found is not None
    assert found.n == 5
    assert found.value == pytest.approx(4.2)
    assert found.deviation == pytest.approx(sqrt(0.7))
    assert near(found.interval) == pytest.approx([3.1612, 5.2388], abs=NEAR)


def test_a_mean_does_not_leave_its_scale() -> None:
    found = mean_of({3: 1, 4: 2, 5: 2}, bounds=Interval(1, 5))
    assert near(found.interval if found else None) == pytest.approx([3.1612, 5.0], abs=NEAR)


def test_one_answer_and_answers_all_alike_tell_nothing_of_the_others() -> None:
    one, alike = mean_of({4: 1}), mean_of({4: 20})
    assert one is not None
    assert alike is not None
    assert one.interval is None
    assert alike.interval is None


def test_a_census_is_what_it_is() -> None:
    found = mean_of({3: 1, 5: 1}, population=2)
    assert found is not None
    assert found.interval == Interval(4, 4)


@pytest.mark.parametrize(
    ("freedom", "quantile"),
    [(1, 12.706), (4, 2.776), (30, 2.042), (31, 2.040), (40, 2.021), (60, 2.000), (120, 1.980), (100_000, 1.960)],
)
def test_students_quantiles_are_those_of_the_tables(freedom: int, quantile: float) -> None:
    assert student(freedom) == pytest.approx(quantile, abs=1e-3)


def test_a_single_answer_has_no_quantile() -> None:
    with pytest.raises(ValueError, match="no interval"):
        student(0)
