"""What a record says happened: who was met, who left first, what an offer proves, and what became of the call."""

from datetime import timedelta

import pytest

from ivr.calls.facts import Told
from ivr.calls.record import TURNED_DOWN, Outcome, Party, ended_by, outcome_of, read_offer, talked
from ivr.calls.rings import Reading, RingLimits
from ivr.calls.rows import Offer, OfferPurpose, OfferState
from ivr.calls.steps import CALLER
from ivr.identifiers import room_of
from tests.http.board import MORNING

LIMITS = RingLimits(strict=6000, literal=7000, customary=9000)
CALLER_SID, AGENT_SIDS = "CA-caller", {"c1-1": "CA-agent-1", "c1-2": "CA-agent-2"}


def told(
    kind: str, after: float, leg: str = CALLER, *, number: int | None = None, stamped: bool = True, **detail: str | bool
) -> Told:
    """A fact so many seconds after the morning; the carrier's stamp has whole seconds."""
    at = MORNING + timedelta(seconds=after)
    sid = str(detail.pop("sid", AGENT_SIDS.get(leg, CALLER_SID)))
    said_at = at.replace(microsecond=0) if stamped else None
    key = f"{kind}:{leg}:{after}:{sid}:{number}"
    return Told("c1", key, kind, leg, at, sid=sid, said_at=said_at, sequence=number, detail=dict(detail))


def offer(ordinal: int = 1, outcome: str | None = "finished", *, closed: float = 60.0) -> Offer:
    """An offer of the call, over unless there is no outcome yet."""
    return Offer(
        id=f"c1-{ordinal}",
        call_id="c1",
        ordinal=ordinal,
        agent_id=f"a{ordinal}",
        state=OfferState.OVER if outcome else OfferState.OPEN,
        outcome=outcome,
        made_at=MORNING,
        closed_at=MORNING + timedelta(seconds=closed) if outcome else None,
    )


def entered(after: float, number: int, *, step: int, agent_gone: bool = False) -> Told:
    return told("joining", after, number=step, offer=f"c1-{number}", agent_gone=agent_gone)


def left(after: float, sid: str, *, room: str, number: int) -> Told:
    return told("room", after, "room", number=number, sid=sid, offer=room, event="participant-leave")


def readings(one: Offer, *facts: Told) -> set[Reading]:
    return set(read_offer(one, facts, LIMITS).readings.values())


# The agents of a call


def test_only_an_agent_whose_room_the_caller_entered_was_met() -> None:
    facts = [entered(10, 1, step=13), told("announced", 40, number=33, offer="c1-2")]
    assert [one.id for one in talked([offer(1), offer(2, "gone")], facts)] == ["c1-1"]


def test_a_room_that_the_caller_found_empty_is_no_talk() -> None:
    facts = [entered(10, 1, step=13, agent_gone=True)]
    assert talked([offer(1, "declined")], facts) == []
    assert outcome_of(facts) is Outcome.ABANDONED


def test_every_offer_has_a_room_of_its_own() -> None:
    assert len({room_of("c1-1"), room_of("c1-2"), room_of("c2-1")}) == 3
    assert room_of("c1-1") == room_of("c1-1")


# Who left first (D8)


def test_leaving_the_room_of_an_earlier_talk_says_nothing_about_the_last_one() -> None:
    facts = [
        entered(10, 1, step=13),
        left(20, AGENT_SIDS["c1-1"], room="c1-1", number=4),
        left(22, CALLER_SID, room="c1-1", number=5),
        entered(50, 2, step=43),
        left(70, AGENT_SIDS["c1-2"], room="c1-2", number=8),
        left(72, CALLER_SID, room="c1-2", number=9),
        *(told("leg-ended", 70, leg) for leg in ("c1-1", "c1-2")),
        told("leg-ended", 72),
    ]
    assert ended_by([offer(1), offer(2)], facts) is Party.AGENT


def test_one_end_alone_proves_nothing_about_the_other() -> None:
    facts = [
        entered(10, 1, step=13),
        left(40, AGENT_SIDS["c1-1"], room="c1-1", number=4),
        told("leg-ended", 40, "c1-1"),
    ]
    assert ended_by([offer(1)], facts) is Party.UNKNOWN


@pytest.mark.parametrize("unstamped", [CALLER, "c1-1"])
def test_an_arrival_is_never_compared_with_a_stamp(unstamped: str) -> None:
    facts = [
        entered(10, 1, step=13),
        *(told("leg-ended", 40, leg, stamped=leg != unstamped) for leg in (CALLER, "c1-1")),
    ]
    assert ended_by([offer(1)], facts) is Party.UNKNOWN


@pytest.mark.parametrize(
    ("customer", "agent", "party"),
    [(40, 45, Party.CUSTOMER), (45, 40, Party.AGENT), (40, 41, Party.UNKNOWN), (41, 40, Party.UNKNOWN)],
)
def test_stamps_decide_only_where_they_lie_apart(customer: float, agent: float, party: Party) -> None:
    facts = [entered(10, 1, step=13), told("leg-ended", customer), told("leg-ended", agent, "c1-1")]
    assert ended_by([offer(1)], facts) is party


@pytest.mark.parametrize("kind", ["callback-wished", "callback-number", "queue-left"])
def test_a_call_that_our_document_ended_was_ended_by_the_system(kind: str) -> None:
    facts = [told("key", 5, number=2), told(kind, 9, number=3, ends=True), told("leg-ended", 20)]
    assert ended_by([], facts) is Party.SYSTEM


def test_a_caller_who_hangs_up_in_the_menu_or_in_the_queue_ended_the_call() -> None:
    facts = [told("key", 5, number=2), told("wait", 9, number=3), told("leg-ended", 20)]
    assert ended_by([], facts) is Party.CUSTOMER


def test_nobody_has_ended_a_call_that_goes_on() -> None:
    assert ended_by([], [told("key", 5, number=2), told("wait", 9, number=3)]) is Party.UNKNOWN


@pytest.mark.parametrize("result", ["error", "system-error", "queue-full"])
def test_a_queue_that_failed_makes_a_failed_call(result: str) -> None:
    assert outcome_of([told("queue-left", 9, number=10_003, result=result)]) is Outcome.FAILED


def test_a_call_that_came_while_the_line_was_closed_was_turned_away() -> None:
    assert outcome_of([told("arrived", 0, number=0, closed=True)]) is Outcome.CLOSED
    assert outcome_of([told("arrived", 0, number=0, closed=False)]) is Outcome.ABANDONED


# What an offer proves (K4, D4, T7)


def test_an_agent_who_pressed_1_answered_even_if_the_caller_had_left_meanwhile() -> None:
    facts = [told("leg-ringing", 0, "c1-1"), told("leg-answered", 2, "c1-1"), told("accepted", 3, "c1-1", open=False)]
    record = read_offer(offer(outcome="withdrawn"), facts, LIMITS)
    assert record.answered
    assert set(record.readings.values()) == {Reading.MET}


def test_an_offer_that_was_withdrawn_before_the_limit_was_nobodys_to_miss() -> None:
    facts = [told("leg-ringing", 0, "c1-1"), told("leg-ended", 1, "c1-1", status="canceled")]
    assert readings(offer(outcome="withdrawn"), *facts) == {Reading.NOT_APPLICABLE}


def test_an_agent_whose_telephone_never_rang_missed_nothing() -> None:
    assert readings(offer(outcome="failed")) == {Reading.NOT_APPLICABLE}


def test_an_offer_that_is_still_ringing_is_not_read_yet() -> None:
    assert readings(offer(outcome=None), told("leg-ringing", 0, "c1-1")) == {Reading.NOT_APPLICABLE}


def test_a_colleague_who_was_only_to_be_asked_owes_no_caller_an_answer() -> None:
    facts = [told("leg-ringing", 0, "c1-1"), told("leg-ended", 20, "c1-1", status="no-answer")]
    asked = offer(outcome="missed")
    assert readings(asked, *facts) == {Reading.MISSED}
    asked.purpose = OfferPurpose.CONSULT
    assert readings(asked, *facts) == {Reading.NOT_APPLICABLE}


@pytest.mark.parametrize("outcome", ["rejected", "declined", "busy"])
def test_an_agent_who_turned_the_call_down_missed_it_at_once(outcome: str) -> None:
    facts = [told("leg-ringing", 0, "c1-1"), told("leg-ended", 2, "c1-1")]
    assert readings(offer(outcome=outcome), *facts) == {Reading.MISSED}
    assert outcome in TURNED_DOWN


def test_a_telephone_that_rang_past_a_limit_missed_that_limit_and_no_other() -> None:
    facts = [told("leg-ringing", 0, "c1-1"), told("leg-ended", 8, "c1-1", status="no-answer")]
    read = read_offer(offer(outcome="missed"), facts, LIMITS).readings
    assert read == {"strict": Reading.MISSED, "literal": Reading.MISSED, "customary": Reading.NOT_APPLICABLE}


def test_a_telephone_that_is_ended_late_did_not_ring_longer_for_the_caller_who_left_in_time() -> None:
    facts = [
        told("leg-ringing", 0, "c1-1"),
        told("leg-ended", 2),
        told("leg-ended", 12, "c1-1", status="canceled"),
    ]
    assert readings(offer(outcome="withdrawn"), *facts) == {Reading.NOT_APPLICABLE}


@pytest.mark.parametrize(
    ("left", "literal"),
    [(6.5, Reading.NOT_APPLICABLE), (6.9, Reading.INDETERMINATE), (7.1, Reading.INDETERMINATE), (7.5, Reading.MISSED)],
)
def test_a_caller_who_leaves_so_near_the_limit_that_nobody_can_tell_is_read_so(left: float, literal: Reading) -> None:
    facts = [told("leg-ringing", 0, "c1-1"), told("leg-ended", left), told("leg-ended", 12, "c1-1")]
    assert read_offer(offer(outcome="withdrawn"), facts, LIMITS).readings["literal"] is literal


def test_a_voicemail_that_picks_up_answers_nobody() -> None:
    facts = [told("leg-ringing", 0, "c1-1"), told("leg-document", 2, "c1-1"), told("leg-ended", 30, "c1-1")]
    assert readings(offer(outcome="missed"), *facts) == {Reading.MISSED}


def test_the_time_after_the_pick_up_is_no_ringing() -> None:
    facts = [
        told("leg-ringing", 0, "c1-1"),
        told("leg-document", 2, "c1-1"),
        told("leg-ended", 4),
        told("leg-ended", 15, "c1-1", status="completed"),
    ]
    assert readings(offer(outcome="withdrawn"), *facts) == {Reading.NOT_APPLICABLE}
