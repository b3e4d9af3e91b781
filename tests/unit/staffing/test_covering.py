"""Shifts that cover what is missing: enough everywhere, with the fewest hours, and of those the fewest shifts."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ivr.staffing.covering import Lengths, Proposal, by_weekday, cover, hours_of

NINE = 18


@settings(max_examples=30)
@given(
    needs=st.lists(st.integers(0, 2), min_size=1, max_size=4),
    least=st.integers(1, 3),
    more=st.integers(0, 1),
)
def test_no_other_shifts_do_with_fewer_hours(needs: list[int], least: int, more: int) -> None:
    found = cover({NINE + slot: need for slot, need in enumerate(needs)}, Lengths(least * 30, (least + more) * 30))
    begins = range(540, 540 + 30 * len(needs), 30)
    covered = [sum(one.agents for one in found if one.begins <= at < one.ends) for at in begins]
    assert all(has >= need for has, need in zip(covered, needs, strict=True))
    shortest = min(least, len(needs))
    lengths = range(shortest, max(min(least + more, len(needs)), shortest) + 1)
    assert (hours_of(found) * 2, sum(one.agents for one in found)) == _best(needs, lengths)


def _best(needs: list[int], lengths: range) -> tuple[int, int]:
    """By trying every number of every shift."""
    shifts = [(begin, begin + length) for length in lengths for begin in range(len(needs) - length + 1)]
    best = (10**6, 10**6)
    for counts in product(range(max(needs) + 1), repeat=len(shifts)):
        cost = sum(count * (end - begin) for count, (begin, end) in zip(counts, shifts, strict=True))
        if (cost, sum(counts)) < best and all(
            sum(count for count, (begin, end) in zip(counts, shifts, strict=True) if begin <= slot < end) >= need
            for slot, need in enumerate(needs)
        ):
            best = (cost, sum(counts))
    return best


def test_the_same_shift_on_several_weekdays_is_one() -> None:
    peak = {NINE + slot: 1 if 4 <= slot < 10 else 0 for slot in range(18)}
    assert by_weekday({0: peak, 2: peak, 4: dict.fromkeys(peak, 0)}, Lengths()) == [Proposal(660, 840, 1, "02")]
    assert hours_of([Proposal(660, 840, 1, "02")]) == 6


def test_a_large_centre_is_covered() -> None:
    needs = {NINE + slot: 100 + (slot * 7919) % 300 for slot in range(20)}
    found = cover(needs, Lengths())
    assert hours_of(found) >= sum(needs.values()) / 2
    for slot, need in needs.items():
        assert sum(one.agents for one in found if one.begins <= slot * 30 < one.ends) >= need


def test_a_day_shorter_than_the_shortest_shift_is_one_shift() -> None:
    assert cover({NINE: 1, NINE + 1: 3}, Lengths()) == [Proposal(540, 600, 3)]
    assert cover({NINE: 0}, Lengths()) == []
    assert cover({}, Lengths()) == []


@pytest.mark.parametrize("most", [120, 150])
def test_a_long_lack_is_cut_into_shifts_of_the_longest_length(most: int) -> None:
    found = cover({NINE + slot: 1 for slot in range(18)}, Lengths(120, most))
    assert all(120 <= one.ends - one.begins <= most for one in found)
    assert hours_of(found) == 10 if most == 120 else 9
