"""The drawing: the same seed draws the same calls from the same calls, evenly, and nothing else has a part in it."""

import random
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from ivr.courtesy.sample import Candidate, Picked, draw


def made(call: int, agent: int, team: int, talk: int = 1) -> Candidate:
    return Candidate(f"c{call}", f"c{call}-{talk}", f"a{agent}", f"t{team}")


@st.composite
def stocks(draw_: st.DrawFn) -> list[Candidate]:
    """Calls of some agents of some teams; some calls have two talks."""
    people = st.tuples(st.integers(0, 5), st.integers(0, 2))
    calls = draw_(st.lists(st.tuples(people, st.none() | people), min_size=1, max_size=50))
    first = [made(number, agent, team) for number, ((agent, team), _) in enumerate(calls)]
    second = [made(number, *again, talk=2) for number, (_, again) in enumerate(calls) if again]
    return first + second


SEEDS = st.integers(0, 2**31 - 1)
SIZES = st.integers(1, 60)


def calls_of(sample: list[Picked]) -> list[str]:
    return [picked.candidate.call_id for picked in sample]


@given(stocks(), SEEDS, SIZES, st.randoms())
def test_the_order_of_rows_makes_no_difference(
    stock: list[Candidate], seed: int, size: int, chance: random.Random
) -> None:
    shuffled = stock * 2
    chance.shuffle(shuffled)
    drawn = draw(stock, size=size, seed=seed, per_agent=None, second_share=20)
    assert draw(shuffled, size=size, seed=seed, per_agent=None, second_share=20) == drawn


@given(stocks(), SEEDS, SIZES)
def test_a_call_is_drawn_once_and_as_many_as_asked_for(stock: list[Candidate], seed: int, size: int) -> None:
    sample = calls_of(draw(stock, size=size, seed=seed, per_agent=None, second_share=0))
    assert len(set(sample)) == len(sample) == min(size, len({one.call_id for one in stock}))


@given(stocks(), SEEDS, SIZES)
def test_agents_of_a_team_have_as_many_calls_as_each_other_unless_they_have_no_more(
    stock: list[Candidate], seed: int, size: int
) -> None:
    single = [one for one in stock if one.offer_id.endswith("-1")]
    drawn = Counter(
        (picked.candidate.team, picked.candidate.agent_id)
        for picked in draw(single, size=size, seed=seed, per_agent=None, second_share=0)
    )
    had = Counter((one.team, one.agent_id) for one in single)
    most = {team: max(drawn[one] for one in had if one[0] == team) for team, _ in had}
    behind = [one for one in had if drawn[one] < most[one[0]] - 1]
    assert [one for one in behind if drawn[one] < had[one]] == []


@given(stocks(), SEEDS, SIZES)
def test_every_team_is_there_when_there_is_room(stock: list[Candidate], seed: int, size: int) -> None:
    single = [one for one in stock if one.offer_id.endswith("-1")]
    teams = {one.team for one in single}
    sample = draw(single, size=max(size, len(teams)), seed=seed, per_agent=None, second_share=0)
    assert {picked.candidate.team for picked in sample} == teams


@given(stocks(), SEEDS, SIZES, st.integers(1, 4))
def test_no_agent_has_more_calls_than_allowed(stock: list[Candidate], seed: int, size: int, most: int) -> None:
    sample = draw(stock, size=size, seed=seed, per_agent=most, second_share=0)
    assert max(Counter(picked.candidate.agent_id for picked in sample).values()) <= most


@given(stocks(), SEEDS, SIZES)
def test_a_smaller_sample_is_the_beginning_of_a_larger_one(stock: list[Candidate], seed: int, size: int) -> None:
    larger = calls_of(draw(stock, size=size + 5, seed=seed, per_agent=None, second_share=0))
    assert calls_of(draw(stock, size=size, seed=seed, per_agent=None, second_share=0)) == larger[:size]


@given(stocks(), SEEDS, st.integers(0, 100))
def test_the_share_that_is_scored_twice_is_rounded_up(stock: list[Candidate], seed: int, share: int) -> None:
    sample = draw(stock, size=60, seed=seed, per_agent=None, second_share=share)
    assert sum(picked.second for picked in sample) == -(-len(sample) * share // 100)


def test_another_seed_draws_other_calls() -> None:
    stock = [made(number, number % 3, 0) for number in range(60)]
    samples = {tuple(calls_of(draw(stock, size=6, seed=seed, per_agent=None, second_share=0))) for seed in range(20)}
    assert len(samples) == 20


def test_a_seed_draws_what_it_always_drew() -> None:
    # Written down once: who publishes a seed must be able to draw the same calls years later.
    stock = [made(number, number % 3, number % 2) for number in range(30)]
    sample = draw(stock, size=5, seed=7, per_agent=None, second_share=40)
    assert [(picked.candidate.call_id, picked.second) for picked in sample] == [
        ("c15", True),
        ("c8", False),
        ("c0", False),
        ("c19", True),
        ("c17", False),
    ]
