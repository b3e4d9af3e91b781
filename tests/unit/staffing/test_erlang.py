"""Erlang B, C and A against published values, against exact sums over all states, and where one becomes another."""

import math
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ivr.staffing.erlang import Offered, erlang_b, erlang_c, expect, expect_patient, offered
from ivr.staffing.needing import MOST_AGENTS, Target, TooMuchWork, expect_planned, needed_for, planned_for
from tests.http.board import words

# 100 calls in 30 minutes of 3 minutes each, 80 % within 20 s.
HALF_HOUR = offered(100, minutes=30, work=180, patience=300)


def test_erlang_b_is_what_is_published() -> None:
    # erlang.com, calculator manual: 15 lines carry 8.108 erlangs at 1 % blocking.
    assert erlang_b(8.108, 15) == pytest.approx(0.01, abs=1e-6)
    # Wolfram Language, ErlangB: with 30 lines and 25 erlangs "approximately 0.05".
    assert erlang_b(25, 30) == pytest.approx(0.05, abs=3e-3)
    # With two servers it is a^2/2 / (1 + a + a^2/2).
    assert erlang_b(1, 2) == pytest.approx(1 / 5, abs=1e-15)


@pytest.mark.parametrize(
    ("agents", "waits", "within"),
    [
        # CRAN, package ErlangC 0.1.0, README: erlang_c() with 14 agents, and the first row of calculate_agents().
        (14, 0.1741319, 0.88835),
        (11, 0.6821182, 0.3896138),
    ],
)
def test_erlang_c_is_what_is_published(agents: int, waits: float, within: float) -> None:
    found = expect_patient(HALF_HOUR, agents, seconds=20)
    assert (round(found.waits, 7), round(found.within, 7)) == (waits, within)


def test_erlang_c_has_the_published_wait_occupancy_and_agents() -> None:
    found = expect_patient(HALF_HOUR, 14, seconds=20)
    assert found.wait == pytest.approx(7.83593701177724, abs=1e-12)  # CRAN ErlangC, average_speed_of_answer
    assert found.occupancy == pytest.approx(0.7142857, abs=1e-7)
    assert erlang_c(2, 3) == pytest.approx(4 / 9, abs=1e-15)
    # pyworkforce, quick start: 14 agents at 80 % within 20 s, 20 positions with 30 % shrinkage.
    needed = needed_for(HALF_HOUR, Target(patience=300, away=30))
    assert (needed.patient, planned_for(needed.patient, 30)) == (14, 20)
    # Mandelbaum and Zeltyn, The Palm/Erlang-A queue (2005): 48 calls a minute, 50 agents, 1 minute each.
    busy = expect_patient(offered(48, minutes=1, work=60, patience=120), 50, seconds=20)
    assert (round(busy.wait or 0, 1), round(busy.occupancy, 2)) == (20.8, 0.96)


def test_erlang_a_is_what_is_published_to_the_digits_that_are_printed() -> None:
    # Mandelbaum and Zeltyn (2005), the same with a patience of 2 minutes: 3.1 % give up, 3.7 s, 93 % busy.
    busy = expect(offered(48, minutes=1, work=60, patience=120), 50, seconds=20)
    assert busy.wait is not None
    assert (round(busy.abandoned, 3), round(busy.wait, 1), round(busy.occupancy, 2)) == (0.031, 3.7, 0.93)
    # pyworkforce, quick start, ErlangA with a patience of 5 minutes: 13 agents, 0.858, 0.750, 0.025, 0.226, 0.125 min.
    assert needed_for(HALF_HOUR, Target(patience=300)).agents <= 13
    one = expect(HALF_HOUR, 13, seconds=20)
    assert one.wait is not None
    found = (one.within, one.occupancy, one.abandoned, one.waits, one.wait / 60)
    assert [round(value, 3) for value in found] == [0.858, 0.750, 0.025, 0.226, 0.125]


@settings(max_examples=25)
@given(
    agents=st.integers(0, 12),
    load=st.fractions(Fraction(1, 10), Fraction(15), max_denominator=20),
    hurry=st.fractions(Fraction(1, 4), Fraction(3), max_denominator=8),
    seconds=st.integers(1, 120),
)
def test_erlang_a_is_the_exact_sum_over_all_states(agents: int, load: Fraction, hurry: Fraction, seconds: int) -> None:
    work = 120
    found = expect(Offered(float(load), work, float(work / hurry)), agents, seconds=seconds)
    chances = _chances(agents, load, hurry)
    queue = sum(chance * max(0, state - agents) for state, chance in enumerate(chances))
    assert found.wait is not None
    assert found.waits == pytest.approx(float(sum(chances[agents:])), abs=1e-9)
    assert found.wait == pytest.approx(float(queue / load * work), abs=1e-7)
    assert found.abandoned == pytest.approx(float(hurry * queue / load), abs=1e-9)
    assert found.within == pytest.approx(_answered(chances, agents, float(hurry), seconds / work), abs=1e-7)


def _chances(agents: int, load: Fraction, hurry: Fraction) -> list[Fraction]:
    """The chance of each number of callers, by the balance between neighbours; longer queues are below 1e-30."""
    weights = [Fraction(1)]
    while len(weights) <= agents or weights[-1] > sum(weights) * Fraction(1, 10**30):
        state = len(weights)
        weights.append(weights[-1] * load / (min(state, agents) + max(0, state - agents) * hurry))
    whole = sum(weights)
    return [weight / whole for weight in weights]


def _answered(chances: list[Fraction], agents: int, hurry: float, until: float) -> float:
    """Answered by that time: at once, or step by step through the places of the queue (uniformization)."""
    places = [float(chance) for chance in chances[agents:]]
    fastest = agents + len(places) * hurry + hurry
    answered, done, steps = sum(map(float, chances[:agents])), 0.0, 0
    weight, seen = math.exp(-fastest * until), 0.0
    while seen < 1 - 1e-12 and steps < 5000:
        answered, seen, steps = answered + weight * done, seen + weight, steps + 1
        done += places[0] * agents / fastest
        moved = [
            here * (1 - (agents + ahead * hurry + hurry) / fastest)
            + (places[ahead + 1] * (agents + (ahead + 1) * hurry) / fastest if ahead + 1 < len(places) else 0.0)
            for ahead, here in enumerate(places)
        ]
        places, weight = moved, weight * fastest * until / steps
    return answered


def test_endless_patience_makes_erlang_a_erlang_c() -> None:
    for agents, load in ((3, 2.5), (14, 10.0), (100, 95.0), (500, 480.0)):
        patient = expect_patient(Offered(load, 180, 1), agents, seconds=20)
        endless = expect(Offered(load, 180, 1e9), agents, seconds=20)
        assert (endless.waits, endless.within) == pytest.approx((patient.waits, patient.within), rel=1e-4)
        assert endless.wait == pytest.approx(patient.wait, rel=1e-4)


def test_large_and_overloaded_centres_stay_finite_and_more_agents_never_answer_fewer() -> None:
    for load in (0.01, 30.0, 499.0, 900.0):
        found = [expect(Offered(load, 180, 120), agents, seconds=20) for agents in range(0, 521, 40)]
        assert all(math.isfinite(one.wait or 0) and 0 <= one.within <= 1 and 0 <= one.abandoned <= 1 for one in found)
        assert [one.within for one in found] == sorted(one.within for one in found)
    overloaded = expect(Offered(600, 180, 86_400), 500, seconds=20)
    assert overloaded.abandoned == pytest.approx(1 / 6, abs=1e-6)
    assert expect_patient(Offered(600, 180, 120), 500, seconds=20).wait is None


def test_the_fewest_agents_are_found_and_no_fewer_would_do() -> None:
    target = Target(percent=90, seconds=15, patience=90)
    for load in (0.001, 0.4, 3.0, 42.0, 333.0):
        work = Offered(load, 200, target.patience)
        needed = needed_for(work, target)
        for model, agents in ((expect, needed.agents), (expect_patient, needed.patient)):
            assert model(work, agents, seconds=15).within >= 0.9
            assert model(work, agents - 1, seconds=15).within < 0.9
    assert needed_for(Offered(0, 200, 90), target).planned == 0
    with pytest.raises(TooMuchWork, match=str(MOST_AGENTS)):
        needed_for(Offered(10_000, 200, 90), target)


def test_time_away_is_planned_on_top_and_taken_off_what_callers_meet() -> None:
    assert [planned_for(9, away) for away in (0, 10, 25, 50)] == [9, 10, 12, 18]
    there = expect_planned(HALF_HOUR, 15, Target(patience=300, away=10))
    low, high = (expect(HALF_HOUR, agents, seconds=20).within for agents in (13, 14))
    assert there.within == pytest.approx((low + high) / 2)


def test_the_rule_of_thumb_is_that_of_the_document() -> None:
    from ivr.staffing.needing import agents_by_rule, target_of

    _, lines, _ = words()
    assert round(agents_by_rule(100, lines.by_id("ascentre")), 2) == 1.67
    assert target_of(lines.by_id("kibo")) == Target(80, 20, 120)
