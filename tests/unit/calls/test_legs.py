"""A leg is read the same from its facts in whatever order, and however often, they were told."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.calls.facts import Told
from ivr.calls.legs import STATUS_KINDS, LegState, read_leg
from ivr.calls.rings import ring_time
from ivr.calls.steps import CALLER
from tests.http.board import MORNING

OFFER = "c1-1"
KINDS = ("leg-started", "leg-ringing", "leg-answered", "leg-document", "leg-ended")


def told(kind: str, after: float, *, leg: str = OFFER, said: bool = True) -> Told:
    at = MORNING + timedelta(seconds=after)
    said_at = at.replace(microsecond=0) if said else None
    return Told("c1", f"{leg}:{kind}", kind, leg, at, sid="CA1", said_at=said_at)


@given(
    kinds=st.sets(st.sampled_from(KINDS)),
    after=st.lists(st.floats(0, 60), min_size=len(KINDS), max_size=len(KINDS)),
    data=st.data(),
)
def test_any_order_and_repetition_of_the_facts_gives_the_same_leg(
    kinds: set[str], after: list[float], data: st.DataObject
) -> None:
    facts = [told(kind, seconds) for kind, seconds in zip(KINDS, after, strict=True) if kind in kinds]
    others = [told("leg-ended", 3, leg=CALLER), told("leg-ringing", 1, leg="c1-2")]
    repeated = facts + others + data.draw(st.lists(st.sampled_from(facts + others), max_size=6))
    assert read_leg(OFFER, data.draw(st.permutations(repeated))) == read_leg(OFFER, facts)


@given(after=st.lists(st.floats(0, 60), min_size=2, max_size=2), data=st.data())
def test_any_order_of_the_facts_gives_the_same_ring(after: list[float], data: st.DataObject) -> None:
    facts = [told("leg-ringing", min(after)), told("leg-answered", max(after)), told("leg-ended", 99)]
    leg = read_leg(OFFER, data.draw(st.permutations(facts)))
    assert leg.ringing is not None
    assert leg.pick_up is not None
    assert ring_time(leg.ringing, leg.pick_up) == ring_time(facts[0], facts[1])


def test_a_leg_is_as_far_as_its_furthest_fact() -> None:
    ladder = [
        (["leg-started"], LegState.STARTED),
        (["leg-ringing", "leg-started"], LegState.RINGING),
        (["leg-document"], LegState.ANSWERED),
        (["leg-answered"], LegState.ANSWERED),
        (["leg-ended", "leg-ringing"], LegState.ENDED),
        ([], LegState.UNTOLD),
    ]
    assert [read_leg(OFFER, [told(kind, 1) for kind in kinds]).state for kinds, _ in ladder] == [s for _, s in ladder]


def test_fetching_the_document_tells_of_the_pick_up_where_the_event_was_lost() -> None:
    document = told("leg-document", 3)
    assert read_leg(OFFER, [told("leg-ringing", 0), document]).pick_up == document


@pytest.mark.parametrize(
    ("kinds", "status", "unserved"),
    [
        (["leg-ringing", "leg-answered"], "completed", True),
        (["leg-ringing"], "completed", True),
        (["leg-ringing", "leg-document"], "completed", False),
        (["leg-ringing", "leg-answered", "leg-document"], "completed", False),
        (["leg-ringing"], "no-answer", False),
        (["leg-ringing"], "busy", False),
    ],
)
def test_a_leg_went_unserved_that_was_picked_up_and_asked_for_no_document(
    kinds: list[str], status: str, *, unserved: bool
) -> None:
    ended = replace(told("leg-ended", 9), detail={"status": status})
    assert read_leg(OFFER, [*(told(kind, 1) for kind in kinds), ended]).went_unserved is unserved


def test_another_legs_facts_say_nothing_about_this_one() -> None:
    assert read_leg(OFFER, [told("leg-ended", 1, leg=CALLER)]).state is LegState.UNTOLD


def test_every_final_word_of_the_carrier_ends_a_leg() -> None:
    final = {"completed", "busy", "no-answer", "failed", "canceled"}
    assert {status for status, kind in STATUS_KINDS.items() if kind == "leg-ended"} == final
