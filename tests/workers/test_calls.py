"""What is ordered for a call: offers, the way into the room and out of it, and who is spared or blamed."""

import pytest
from sqlalchemy import Engine, select

from ivr.agents.rows import Agent, AgentState
from ivr.calls.offers import CHECK_EVERY
from ivr.calls.rows import OfferState
from ivr.messages.rows import Message
from ivr.promises import PromiseRow
from tests.http.board import words
from tests.workers.kept import Works

LINE = words()[1].by_id("kibo")
AGAIN = "move caller -> /voice/again?team=guarantee"


@pytest.fixture
def works(sqlite_engine: Engine) -> Works:
    return Works.over(sqlite_engine)


def after(works: Works, seconds: float) -> list[str]:
    """What is ordered by then, questions after legs left out."""
    works.clock.pass_time(seconds)
    return [order for order in works.work() if not order.startswith("ask after")]


def test_a_caller_who_enters_the_room_after_the_agents_end_was_followed_is_taken_out_of_it(works: Works) -> None:
    works.ring()
    works.take()
    works.tell("announced", step=12, offer="c1-1")
    works.hang_up("c1-1")
    assert works.offer().state is OfferState.OVER
    works.tell("joining", step=13, offer="c1-1", agent_gone=False)
    works.follow()
    assert after(works, 2) == [AGAIN]


def test_a_caller_who_was_taken_out_of_the_room_unheard_is_not_pulled_out_of_the_queue(works: Works) -> None:
    works.ring()
    works.take()
    works.meet()
    works.hang_up("c1-1")
    works.carrier.answers = ["silence"]
    assert after(works, 2) == [AGAIN]
    works.tell("again", step=23)
    works.tell("again-key", step=24, digits="0")
    works.tell("wait", step=25, queue_sid="QU2")
    assert after(works, 10) == []


def test_an_order_out_of_the_room_is_repeated_while_the_caller_is_still_in_it(works: Works) -> None:
    works.ring()
    works.take()
    works.meet()
    works.hang_up("c1-1")
    works.carrier.answers = ["silence"]
    assert after(works, 2) == [AGAIN]
    assert after(works, 10) == [AGAIN]


def test_people_who_hold_the_line_do_not_wait_longer_than_five_seconds_for_another_try(works: Works) -> None:
    works.ring()
    works.take()
    works.meet()
    works.hang_up("c1-1")
    works.carrier.answers = ["too many"] * 40
    tries = [after(works, 1) for _ in range(40)].count([AGAIN])
    assert tries >= 8


def test_an_agent_who_accepted_does_not_wait_longer_than_five_seconds_for_another_try(works: Works) -> None:
    works.ring()
    works.carrier.answers = ["too many"] * 40
    taken = works.take()
    tries = [after(works, 1) for _ in range(40)].count(taken)
    assert tries >= 8


def test_an_agent_who_waits_in_vain_is_told_after_a_minute_and_nobody_else_is_rung(works: Works) -> None:
    works.ring("a1", "a2")
    assert works.take() == ["take caller -> /voice/meet?offer=1"]
    works.tell("queue-served", offer="c1-1")
    assert after(works, 59) == []
    assert after(works, 2) == ["move agent 1 -> /voice/agent/gone?offer=1"]
    works.hang_up("c1-1")
    assert (after(works, 60), works.agent("a2")) == ([], AgentState.READY)


def test_a_caller_who_is_not_in_the_carriers_queue_is_offered_to_nobody_until_the_next_turn_of_waiting(
    works: Works,
) -> None:
    works.ring("a1", "a2")
    works.carrier.answers = ["gone"]
    assert "move agent 1 -> /voice/agent/gone?offer=1" in works.take()
    works.hang_up("c1-1")
    assert after(works, 20) == []
    works.tell("wait", step=3, queue_sid="QU2")
    (rung,) = works.follow()
    assert rung.startswith("ring")


def test_the_receipt_names_the_agent_the_customer_spoke_with(works: Works) -> None:
    works.ring("a1", "a2")
    with works.store.transaction() as session:
        session.get_one(Agent, "a2").name = "이서연"
    works.take()
    works.meet()
    works.hang_up("c1-1")
    works.tell("again-key", step=24, digits="0")
    works.tell("wait", step=25, queue_sid="QU2")
    works.follow()
    works.take(2)
    works.tell("announced", step=35, offer="c1-2")
    works.hang_up("caller")
    with works.store.reading() as session:
        (body,) = session.scalars(select(Message.body)).all()
    assert "김민수" in body
    assert "이서연" not in body


def test_a_caller_who_has_gone_is_no_agents_miss_however_late_the_end_is_told(works: Works) -> None:
    works.ring()
    works.tell("leg-ringing", "c1-1", sid="CA-agent-1")
    works.clock.pass_time(8)
    works.tell("queue-left", step=10_003, result="hangup")
    works.promise("lapse", offer="c1-1", call="c1")
    works.work()
    works.hang_up("c1-1", status="no-answer")
    assert (works.offer().outcome, works.agent()) == ("withdrawn", AgentState.READY)


def test_an_agent_whose_telephone_never_rang_has_missed_nothing(works: Works) -> None:
    works.carrier.answers = ["too many"] * 40
    works.ring()
    for _ in range(6):
        after(works, 8)
    assert works.offer().outcome == "failed"


def test_a_telephone_that_starts_to_ring_for_a_caller_on_the_way_to_a_callback_is_ended(works: Works) -> None:
    real = works.carrier.do

    def caller_leaves(order: object) -> object:
        if works.carrier.given == []:
            works.tell("leaving", step=3)
        return real(order)  # type: ignore[arg-type]  # an order, as the port takes it

    object.__setattr__(works.carrier, "do", caller_leaves)
    works.ring()
    assert [type(order).__name__ for order in works.carrier.given] == ["PlaceCall", "EndCall"]


@pytest.mark.parametrize("kind", ["rejected", "declined"])
def test_an_agent_who_turned_a_call_down_is_not_told_that_the_customer_has_gone(works: Works, kind: str) -> None:
    works.ring()
    works.tell("leg-ringing", "c1-1", sid="CA-agent-1")
    works.tell("leg-document", "c1-1", step=1)
    works.tell("rejected", "c1-1", step=2)
    if kind == "declined":
        works.hang_up("c1-1")
    assert works.follow() == []
    assert after(works, 11) == ([] if kind == "declined" else ["end agent 1"])


def test_a_lost_end_of_an_agents_leg_is_found_even_if_the_order_to_ring_was_never_answered(works: Works) -> None:
    def dies(order: object) -> None:
        raise KeyboardInterrupt

    real = works.carrier.do
    object.__setattr__(works.carrier, "do", dies)
    with pytest.raises(KeyboardInterrupt):
        works.ring()
    object.__setattr__(works.carrier, "do", real)
    works.take()
    works.meet()
    works.clock.pass_time(CHECK_EVERY.total_seconds() + 1)
    assert "ask after caller" in works.work()
    with works.store.reading() as session:
        check = session.scalars(select(PromiseRow).where(PromiseRow.kind == "check-leg")).one()
        assert (check.args["leg"], check.done_at) == ("c1-1", None)
        assert check.due_at <= works.clock.at + CHECK_EVERY


def test_a_leg_without_an_id_is_asked_about_as_soon_as_it_has_one(works: Works) -> None:
    works.carrier.answers = ["too many"]
    works.ring()
    works.tell("accepted", "c1-1", step=2, open=True)
    works.promise("bridge", offer="c1-1", call="c1")
    works.work()
    works.clock.at = works.row("check-leg").due_at
    assert works.work() == []
    assert works.row("check-leg").done_at is None
    works.tell("leg-document", "c1-1", step=1, sid="CA-agent-1")
    works.clock.at = works.row("check-leg").due_at
    assert "ask after caller" in works.work()


@pytest.mark.parametrize("answer", ["refused", "not let in", "silence"])
def test_only_a_leg_that_the_carrier_does_not_know_any_more_has_ended(works: Works, answer: str) -> None:
    works.ring()
    works.take()
    works.meet()
    works.clock.pass_time(CHECK_EVERY.total_seconds())
    works.carrier.answers = [answer]
    works.work()
    assert (works.offer().state, works.agent()) == (OfferState.ACCEPTED, AgentState.TALKING)


def test_a_leg_that_the_carrier_does_not_know_any_more_has_ended(works: Works) -> None:
    works.ring()
    works.take()
    works.meet()
    works.tell("room", "room", sid="CA-c1", offer="c1-1", event="participant-join")
    works.clock.pass_time(CHECK_EVERY.total_seconds())
    works.carrier.answers = ["gone"]
    works.work()
    assert (works.offer().outcome, works.agent()) == ("finished", AgentState.WRAPPING)


def held(works: Works, kind: str, seconds: float) -> list[str]:
    """A wish of this moment to hold or to resume, and what is ordered so many seconds later."""
    asked = int(works.clock.at.timestamp() * 1_000_000)
    works.promise(kind, key=f"{kind}:c1:{asked}", call="c1", asked=asked)
    given = works.work()
    return given + after(works, seconds)


def in_a_talk(works: Works) -> None:
    works.ring()
    works.take()
    works.meet()
    works.tell("room", "room", sid="CA-c1", offer="c1-1", room_sid="CF1", event="participant-join")


def test_a_hold_that_was_put_off_is_not_carried_out_after_the_resume(works: Works) -> None:
    in_a_talk(works)
    works.carrier.answers = ["too many"]
    assert held(works, "hold", 1) == ["hold caller"]
    assert held(works, "resume", 1) == ["resume caller"]
    assert after(works, 30) == []


def test_a_hold_that_was_put_off_is_carried_out_where_nothing_else_was_wished(works: Works) -> None:
    in_a_talk(works)
    works.carrier.answers = ["too many"]
    assert held(works, "hold", 1) == ["hold caller"]
    assert after(works, 5) == ["hold caller"]


def test_nobody_is_held_whose_room_the_carrier_has_not_told_yet(works: Works) -> None:
    works.ring()
    works.take()
    works.meet()
    assert held(works, "hold", 0.5) == []
    works.tell("room", "room", offer="c1-1", room_sid="CF1", event="conference-start")
    assert after(works, 1) == ["hold caller"]
