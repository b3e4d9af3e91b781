"""Answering in time (K4, D4, T7), by hand: three readings, exact times, arrivals, whole seconds, unanswered offers."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from ivr.calls.rings import ClockSource, RingTime
from ivr.calls.steps import CALLER
from tests.unit.charters.tales import Tale, finding, judged, line_of, talk

RING_PROMISES = {"kibo": "K4", "dcgf": "D4", "kotra": "T7"}
EACH = [pytest.param(line, promise, id=promise) for line, promise in RING_PROMISES.items()]
READINGS = ("strict", "literal", "customary")
MET, MISSED, UNSURE = "met", "missed", "indeterminate"
EXEMPT, MOOT = "exempt", "not_applicable"

# Seconds of ringing against 6, 7 and 9 s: known exactly, by arrival (0.25 s), and by stamps of whole seconds (1 s).
TABLE = [
    (5.9, 0, (MET, MET, MET)),
    (6.1, 0, (MISSED, MET, MET)),
    (6.9, 0, (MISSED, MET, MET)),
    (7.1, 0, (MISSED, MISSED, MET)),
    (8.9, 0, (MISSED, MISSED, MET)),
    (9.1, 0, (MISSED, MISSED, MISSED)),
    (5.9, 250, (UNSURE, MET, MET)),
    (6.1, 250, (UNSURE, MET, MET)),
    (6.9, 250, (MISSED, UNSURE, MET)),
    (7.1, 250, (MISSED, UNSURE, MET)),
    (8.9, 250, (MISSED, MISSED, UNSURE)),
    (9.1, 250, (MISSED, MISSED, UNSURE)),
    (5.0, 1000, (UNSURE, MET, MET)),
    (6.0, 1000, (UNSURE, UNSURE, MET)),
    (7.0, 1000, (MISSED, UNSURE, MET)),
    (8.0, 1000, (MISSED, MISSED, UNSURE)),
    (9.0, 1000, (MISSED, MISSED, UNSURE)),
    (10.0, 1000, (MISSED, MISSED, MISSED)),
]
CASES = [
    pytest.param(seconds, uncertainty, reading, expected, id=f"{seconds}s-{uncertainty}ms-{reading}")
    for seconds, uncertainty, row in TABLE
    for reading, expected in zip(READINGS, row, strict=True)
]


@pytest.mark.parametrize(("line", "promise"), EACH)
@pytest.mark.parametrize(("seconds", "uncertainty", "reading", "expected"), CASES)
def test_an_answer_is_read_as_the_line_chose_and_never_rounded_to_a_pass(
    line: str, promise: str, seconds: float, uncertainty: int, reading: str, expected: str
) -> None:
    view = talk(line_of(line, reading)).view()
    ring = RingTime(round(seconds * 1000), uncertainty, ClockSource.ARRIVAL)
    view = replace(view, offers=tuple(replace(offer, ring=ring) for offer in view.offers))
    assert finding(view, promise) == expected
    assert judged(view)[promise][0].measured == round(seconds * 1000)


@pytest.mark.parametrize(
    ("seconds", "late", "expected"),
    [
        (5.9, 0.05, MET),
        (6.9, 0.05, UNSURE),
        (7.1, 0.05, UNSURE),
        (7.3, 0.05, MISSED),
        (9.1, 0.05, MISSED),
        # Held up by more than a second, only the whole-second stamps are left: 5, 6, 7 and 8 of them.
        (5.0, 4.0, MET),
        (6.0, 4.0, UNSURE),
        (7.0, 4.0, UNSURE),
        (8.0, 4.0, MISSED),
    ],
)
def test_events_held_up_on_their_way_are_judged_by_their_stamps_alone(
    seconds: float, late: float, expected: str
) -> None:
    tale = Tale(line_of("kibo"))
    offer = tale.offer()
    tale.rings(offer, seconds, late=late).takes(offer).joins(offer)
    assert finding(tale, "K4") == expected


def _unanswered(line: str, outcome: str | None, ended: float, status: str) -> Tale:
    tale = Tale(line_of(line))
    offer = tale.offer(outcome, closed=ended)
    return tale.rings(offer, None).event(offer, status, ended)


def _caller_leaves(line: str, after: float) -> Tale:
    return _unanswered(line, "withdrawn", 10 + after + 0.2, "canceled").event(CALLER, "completed", 10 + after)


def _rang_until_the_line_gave_up(line: str) -> Tale:
    return _unanswered(line, "missed", 19, "no-answer")


def _pressed_reject(line: str) -> Tale:
    tale = _unanswered(line, "rejected", 13, "completed")
    return tale.event("c1-1", "in-progress", 12).tell("rejected", "c1-1", 13)


def _refused_at_the_handset(line: str) -> Tale:
    return _unanswered(line, "busy", 12, "busy")


def _voicemail_took_it(line: str) -> Tale:
    return _unanswered(line, "missed", 40, "completed").event("c1-1", "in-progress", 14)


def _dropped_after_accepting(line: str) -> Tale:
    tale = _unanswered(line, "declined", 16, "completed").event("c1-1", "in-progress", 12)
    return tale.takes("c1-1", at=16)


def _leg_failed(line: str) -> Tale:
    return _unanswered(line, "failed", 12, "failed")


def _never_rang(line: str) -> Tale:
    tale = Tale(line_of(line))
    tale.event(tale.offer("busy", closed=10), "busy", 10)
    return tale


def _could_not_be_ordered(line: str) -> Tale:
    tale = Tale(line_of(line))
    tale.offer("failed", closed=10)
    return tale


def _stopped_early_by_the_carrier(line: str) -> Tale:
    return _unanswered(line, "missed", 13, "canceled")


def _ringing_was_never_told(line: str) -> Tale:
    tale = Tale(line_of(line))
    offer = tale.offer()
    return tale.event(offer, "in-progress", 12).takes(offer).joins(offer)


def _chose_a_callback_while_it_rang(line: str) -> Tale:
    return _unanswered(line, "withdrawn", 13, "canceled").tell("leaving", CALLER, 12.8)


def _caller_gone_at_a_time_nobody_knows(line: str) -> Tale:
    tale = _unanswered(line, "withdrawn", 58, "canceled")
    return tale.event(CALLER, "failed", 56, said=False, asked=True)


def _gone_while_the_agent_decided(line: str) -> Tale:
    tale = _unanswered(line, "withdrawn", 19.2, "completed").event("c1-1", "in-progress", 14)
    return tale.event(CALLER, "completed", 19)


def _gone_while_an_agent_who_picked_up_late_decided(line: str) -> Tale:
    tale = _unanswered(line, "withdrawn", 29.2, "completed").event("c1-1", "in-progress", 22)
    return tale.event(CALLER, "completed", 29)


def _still_ringing_as_told(line: str) -> Tale:
    tale = Tale(line_of(line))
    return tale.rings(tale.offer(None), None).event(CALLER, "completed", 12)


UNANSWERED: list[tuple[Callable[[str], Tale], str]] = [
    (_rang_until_the_line_gave_up, MISSED),
    (_pressed_reject, MISSED),
    (_refused_at_the_handset, MISSED),
    (_voicemail_took_it, MISSED),
    (_dropped_after_accepting, MET),
    (_leg_failed, EXEMPT),
    (_never_rang, MOOT),
    (_could_not_be_ordered, MOOT),
    (_gone_while_the_agent_decided, EXEMPT),
    (_gone_while_an_agent_who_picked_up_late_decided, MISSED),
    (_stopped_early_by_the_carrier, MOOT),
    (_ringing_was_never_told, UNSURE),
    (_chose_a_callback_while_it_rang, EXEMPT),
    (_caller_gone_at_a_time_nobody_knows, UNSURE),
    (_still_ringing_as_told, EXEMPT),
    (lambda line: _caller_leaves(line, 3.0), EXEMPT),
    (lambda line: _caller_leaves(line, 6.9), UNSURE),
    (lambda line: _caller_leaves(line, 7.1), UNSURE),
    (lambda line: _caller_leaves(line, 8.0), MISSED),
]


@pytest.mark.parametrize(("line", "promise"), EACH)
@pytest.mark.parametrize(("tell", "expected"), UNANSWERED, ids=range(len(UNANSWERED)))
def test_an_offer_that_nobody_took_is_judged_by_who_left_and_when(
    line: str, promise: str, tell: Callable[[str], Tale], expected: str
) -> None:
    assert finding(tell(line), promise) == expected


def test_every_agent_that_rang_is_judged_for_itself() -> None:
    tale = Tale(line_of("kibo"))
    first, second = tale.offer("missed", closed=19), tale.offer()
    tale.rings(first, None).event(first, "no-answer", 19)
    tale.rings(second, 3.0, at=20).takes(second, at=26).joins(second, at=27)
    assert [one.finding.value for one in judged(tale)["K4"]] == [MISSED, MET]
