"""Histograms: limits are edges, percentiles lie within a bucket of the exact ones, sums are sums."""

from fractions import Fraction
from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, Integer, literal, select

from ivr.figures.histogram import ENDS_AT, LAST_BUCKET, SPANS, Histogram, bucket, starts_at
from ivr.figures.tallying import bucket_of

TIMES = st.lists(st.integers(0, ENDS_AT + 1000) | st.integers(0, 30_000), max_size=60)
EDGES = [0, 99, 100, 14_999, 15_000, 20_000, 59_999, 60_000, 599_999, 600_000, ENDS_AT - 1, ENDS_AT, ENDS_AT * 9]


@pytest.mark.parametrize("limit", [6_000, 7_000, 9_000, 20_000, 5_000])
def test_limits_are_edges_of_buckets(limit: int) -> None:
    assert starts_at(bucket(limit)) == limit
    assert bucket(limit - 1) == bucket(limit) - 1


@given(st.integers(0, ENDS_AT * 2))
def test_a_time_lies_in_its_bucket(time: int) -> None:
    number = bucket(time)
    assert starts_at(number) <= time
    assert number == LAST_BUCKET or time < starts_at(number + 1)


@given(TIMES, st.sampled_from([6_000, 7_000, 9_000, 20_000]))
def test_counts_below_a_limit_are_exact(times: list[int], limit: int) -> None:
    assert Histogram.of(times).below(limit) == sum(time < limit for time in times)


@given(TIMES, st.sampled_from([Fraction(1, 2), Fraction(9, 10), Fraction(99, 100)]))
def test_a_percentile_lies_in_the_bucket_of_the_exact_one(times: list[int], share: Fraction) -> None:
    found = Histogram.of(times).percentile(share)
    if not times:
        assert found is None
        return
    exact = sorted(times)[max(ceil(share * len(times)), 1) - 1]
    assert found is not None
    assert bucket(found) == bucket(exact)


@given(TIMES, TIMES)
def test_two_histograms_together_are_that_of_all_times(first: list[int], second: list[int]) -> None:
    together = Histogram.of(first) + Histogram.of(second)
    assert together.stored == Histogram.of(first + second).stored
    assert Histogram.read(together.stored) == together


def test_buckets_never_overlap_and_grow() -> None:
    starts = [starts_at(number) for number in range(LAST_BUCKET + 1)]
    assert starts == sorted(set(starts))
    assert starts[0] == SPANS[0][0]


def test_the_database_counts_in_the_same_buckets(engine: Engine) -> None:
    with engine.connect() as connection:
        found = [connection.scalar(select(bucket_of(literal(time, Integer())))) for time in EDGES]
    assert found == [bucket(time) for time in EDGES]
