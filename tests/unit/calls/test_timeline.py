"""A call drawn from its facts: what stands where, whatever order they came in, and nothing beyond the end."""

import random
from dataclasses import replace
from datetime import timedelta

import pytest

from ivr.calls.rings import Reading
from ivr.calls.steps import CALLER
from ivr.calls.timeline import SYSTEM, SpanKind, Timeline, timeline_of
from ivr.charters.view import read_call
from tests.http.board import MORNING
from tests.unit.charters.tales import RINGS_AT, TALK_ENDS_AT, TALKS_AT, Tale, line_of, moment, talk

KIBO = line_of("kibo")
LATER = MORNING + timedelta(hours=1)


def drawn(tale: Tale) -> Timeline:
    return timeline_of(tale.view(), LATER)


def spans(timeline: Timeline, lane: str) -> list[tuple[SpanKind, float, float]]:
    """The spans of a lane, in seconds."""
    return [(each.kind, each.begins / 1000, each.ends / 1000) for each in timeline.spans if each.lane == lane]


def test_an_answered_call_has_a_lane_for_each_and_follows_the_caller() -> None:
    tale = talk(KIBO)
    tale.offers[0].wrapped_at = moment(TALK_ENDS_AT + 30)
    timeline = drawn(tale)
    offer = tale.offers[0].id
    assert [lane.id for lane in timeline.lanes] == [CALLER, offer, SYSTEM]
    assert spans(timeline, CALLER) == [
        (SpanKind.GREETING, 0, 8),
        (SpanKind.WAITING, 8, TALKS_AT - 1),
        (SpanKind.CONNECTING, TALKS_AT - 1, TALKS_AT),
        (SpanKind.TALK, TALKS_AT, pytest.approx(TALK_ENDS_AT, abs=0.1)),
    ]
    assert [kind for kind, _, _ in spans(timeline, offer)] == [SpanKind.CONNECTING, SpanKind.TALK, SpanKind.WRAP_UP]
    assert timeline.length == 1000 * (TALK_ENDS_AT + 30)


def test_rings_are_drawn_one_by_one_with_limit_and_uncertainty() -> None:
    [ringing] = drawn(talk(KIBO, 7.2)).rings
    assert (ringing.measured, ringing.uncertainty, ringing.limit) == (7200, 250, 7000)
    assert ringing.reading is Reading.INDETERMINATE or ringing.reading is Reading.MISSED
    begins = round(1000 * RINGS_AT) + 50
    assert list(ringing.rings()) == [
        (begins, begins + 1000),
        (begins + 3000, begins + 4000),
        (begins + 6000, begins + 7000),
    ]


def test_a_telephone_that_nobody_picked_up_rings_until_it_was_given_up() -> None:
    tale = Tale(KIBO).tell("arrived", CALLER, 0).tell("wait", CALLER, 8)
    offer = tale.offer("missed", closed=19.05)
    tale.rings(offer, None).event(offer, "no-answer", 19)
    [ringing] = drawn(tale.event(CALLER, "completed", 30)).rings
    assert ringing.measured is None
    assert (ringing.ends - ringing.begins) / 1000 == pytest.approx(9, abs=0.2)
    assert ringing.reading is Reading.MISSED


def test_order_and_repetition_of_facts_make_no_difference() -> None:
    tale = talk(KIBO)
    told = drawn(tale)
    for seed in range(5):
        facts = [*tale.facts, *tale.facts]
        random.Random(seed).shuffle(facts)
        assert timeline_of(read_call(replace(tale.recorded(), facts=facts), KIBO), LATER) == told


def test_a_hold_lies_upon_the_talk_and_ends_with_the_call_at_the_latest() -> None:
    tale = talk(KIBO)
    offer = tale.offers[0].id
    tale.tell("held", CALLER, 30, offer=offer).tell("resumed", CALLER, 40, offer=offer)
    tale.tell("held", CALLER, 50, offer=offer)
    held = [span for span in spans(drawn(tale), CALLER) if span[0] is SpanKind.HOLD]
    assert held[0] == (SpanKind.HOLD, 30, 40)
    assert held[1][1] == 50
    assert held[1][2] == pytest.approx(TALK_ENDS_AT, abs=0.1)


def test_what_is_told_long_after_the_end_stands_in_the_list_alone() -> None:
    tale = talk(KIBO)
    tale.tell("closing-reviewed", tale.offers[0].id, 5000)
    timeline = drawn(tale)
    assert timeline.length < 100_000
    assert [step.kind for step in timeline.steps if step.is_after] == ["closing-reviewed"]


def test_a_call_that_goes_on_is_drawn_up_to_now() -> None:
    timeline = timeline_of(talk(KIBO, until_talk=True).view(), moment(45))
    assert spans(timeline, CALLER)[-1] == (SpanKind.TALK, TALKS_AT, 45)
    empty = timeline_of(Tale(KIBO).view(), MORNING)
    assert (empty.length, empty.spans, empty.steps) == (1000, (), ())


def test_the_recording_of_an_opening_lies_where_it_was_made() -> None:
    tale = talk(KIBO)
    tale.tell("opening-recorded", tale.offers[0].id, 36, recording="RE1", seconds=15, state="completed")
    assert spans(drawn(tale), SYSTEM) == [(SpanKind.RECORDING, TALKS_AT, TALKS_AT + 15)]
