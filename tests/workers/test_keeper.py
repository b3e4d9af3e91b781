"""The keeper: a promise is kept once; an order without an answer is never blindly repeated; failing is put off."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine, func, select

from ivr.agents.rows import Agent, AgentState
from ivr.messages.states import MessageState
from ivr.orders import FindText, PlaceCall, SendText
from ivr.promises import Promise, PromiseRow, promise_all
from tests.http.board import MORNING, words
from tests.people import add_agents
from tests.unit.agents.people import ready, waits
from tests.workers.kept import Works, given, message, state


@pytest.fixture
def works(engine: Engine) -> Works:
    return Works.over(engine)


def ringing(works: Works) -> None:
    """A caller waits, an agent is ready, and the line is about to be routed."""
    waits(works.store, "c1", MORNING)
    ready(works.store, "a1", MORNING)
    works.promise("route", line="kibo")
    works.hand_and_keep()


def test_a_promise_is_kept_and_closed(works: Works) -> None:
    ringing(works)
    assert works.hand_and_keep() == ["ring +827010000101 -> /voice/agent?offer=1&team=guarantee&waited=0"]
    assert works.row("place").done_at == MORNING
    assert works.offer().leg_sid == "CA-agent-1"


def test_a_promise_that_is_done_is_not_kept_again(works: Works) -> None:
    ringing(works)
    works.hand_and_keep()
    for _ in range(3):
        works.keeper.keep(works.row("place").id)
    assert given(works, PlaceCall) == 1


def test_a_promise_that_is_not_due_is_left_alone(works: Works) -> None:
    works.promise("follow", due_at=MORNING + timedelta(seconds=5), call="c1")
    works.keeper.keep(works.row("follow").id)
    assert (works.row("follow").done_at, works.row("follow").attempts) == (None, 0)


def test_a_promise_nobody_made_is_no_error(works: Works) -> None:
    works.keeper.keep(4711)
    assert works.carrier.given == []


def test_an_agent_is_never_rung_twice_for_an_order_that_was_not_answered(works: Works) -> None:
    ringing(works)
    works.carrier.answers = ["silence"]
    works.hand_and_keep()
    for _ in range(5):
        works.clock.pass_time(40)
        works.hand_and_keep()
    assert sum("offer=c1-1" in order.answer_url for order in works.carrier.given if isinstance(order, PlaceCall)) == 1
    assert works.offer().outcome == "failed"


def test_a_worker_that_dies_after_its_order_rings_nobody_twice(works: Works) -> None:
    ringing(works)

    def dies(order: object) -> None:
        works.carrier.given.append(order)  # type: ignore[arg-type]  # an order, as the port takes it
        raise KeyboardInterrupt

    working = works.keeper.carrier.do
    object.__setattr__(works.carrier, "do", dies)
    with pytest.raises(KeyboardInterrupt):
        works.hand_and_keep()
    object.__setattr__(works.carrier, "do", working)
    works.clock.pass_time(40)
    works.hand_and_keep()
    assert given(works, PlaceCall) == 1
    assert works.offer().outcome == "failed"


def test_too_many_requests_are_tried_again_later(works: Works) -> None:
    ringing(works)
    works.carrier.answers = ["too many"]
    works.hand_and_keep()
    assert works.row("place").due_at > MORNING
    works.clock.pass_time(3)
    works.hand_and_keep()
    assert (given(works, PlaceCall), works.offer().leg_sid) == (2, "CA-agent-1")


def test_a_refused_ring_frees_the_agent_in_time_and_fails_the_offer(works: Works) -> None:
    ringing(works)
    works.carrier.answers = ["refused"]
    works.hand_and_keep()
    with works.store.reading() as session:
        assert session.get_one(Agent, "a1").state is AgentState.AWAY
    assert works.offer().outcome == "failed"


def test_a_text_without_an_answer_is_looked_up_before_it_is_sent_again(works: Works) -> None:
    message(works)
    works.carrier.answers = ["silence"]
    works.hand_and_keep()
    while state(works) is MessageState.WRITTEN and works.clock.at < MORNING + timedelta(minutes=10):
        works.clock.pass_time(5)
        works.hand_and_keep()
    kinds = [type(order) for order in works.carrier.given]
    assert kinds == [SendText, FindText, FindText, SendText]
    assert state(works) is MessageState.QUEUED


def test_a_text_that_was_sent_unheard_is_not_sent_again(works: Works) -> None:
    message(works)
    works.carrier.answers = ["silence", "found"]
    for _ in range(20):
        works.hand_and_keep()
        works.clock.pass_time(5)
    assert given(works, SendText) == 1
    assert state(works) is MessageState.SENT


def test_a_text_that_nobody_could_send_for_an_hour_is_given_up(works: Works) -> None:
    message(works)
    works.carrier.answers = ["too many"] * 99
    while state(works) is MessageState.WRITTEN and works.clock.at < MORNING + timedelta(hours=3):
        works.clock.pass_time(300)
        works.hand_and_keep()
    assert state(works) is MessageState.EXPIRED
    assert works.clock.at <= MORNING + timedelta(minutes=65)
    assert works.row("text").done_at is not None


def test_a_look_up_that_was_refused_clears_no_doubt(works: Works) -> None:
    message(works)
    works.carrier.answers = ["silence", "not let in", "refused", "found"]
    for _ in range(40):
        works.hand_and_keep()
        works.clock.pass_time(5)
    assert [type(order) for order in works.carrier.given] == [SendText, FindText, FindText, FindText]
    assert state(works) is MessageState.SENT


def test_a_text_is_sent_only_once_however_often_its_promise_is_handed(works: Works) -> None:
    message(works)
    works.hand_and_keep()
    for _ in range(3):
        works.keeper.keep(works.row("text").id)
    assert given(works, SendText) == 1


def test_a_promise_that_fails_is_put_off_longer_each_time_and_never_dropped(works: Works) -> None:
    works.promise("text", message="nobody's")
    pauses = []
    for _ in range(6):
        works.hand_and_keep()
        row = works.row("text")
        pauses.append((row.due_at - works.clock.at).total_seconds())
        assert (row.done_at, row.handed_at) == (None, None)
        works.clock.at = row.due_at
    assert pauses == sorted(pauses)
    assert pauses[0] >= 1
    assert len(set(pauses)) == len(pauses)
    assert works.row("text").outcome == "NoResultFound"


def test_the_pause_never_exceeds_five_minutes(works: Works) -> None:
    works.promise("text", message="nobody's")
    for _ in range(15):
        works.hand_and_keep()
        works.clock.at = works.row("text").due_at
    works.hand_and_keep()
    assert works.row("text").due_at - works.clock.at == timedelta(minutes=5)


def test_the_same_promise_made_again_is_one_promise(works: Works) -> None:
    for _ in range(3):
        works.promise("follow", key="follow:c1", call="c1")
    works.promise("follow", key="follow:c1", due_at=MORNING + timedelta(days=1), call="c2")
    with works.store.reading() as session:
        assert session.scalar(select(func.count()).select_from(PromiseRow)) == 1
    assert (works.row("follow").args, works.row("follow").due_at) == ({"call": "c1"}, MORNING)


def test_a_promise_falls_with_the_transaction_of_its_cause(works: Works) -> None:
    def undone() -> None:
        with works.store.transaction() as session:
            promise_all(session, [Promise("follow", "follow:c1", MORNING, {"call": "c1"})])
            raise RuntimeError("the cause did not happen")

    with pytest.raises(RuntimeError):
        undone()
    with works.store.reading() as session:
        assert session.scalar(select(func.count()).select_from(PromiseRow)) == 0


def test_a_wish_to_record_that_was_refused_for_the_moment_is_carried_out_later(works: Works) -> None:
    add_agents(works.store, words()[1].by_id("kibo"), MORNING, 1)
    works.promise("record-clip", agent="kibo-1", session="s1")
    works.carrier.answers = ["too many"]
    for _ in range(4):
        works.hand_and_keep()
        works.clock.pass_time(60)
    assert given(works, PlaceCall) == 2


def test_an_agent_is_rung_to_record_only_once(works: Works) -> None:
    add_agents(works.store, words()[1].by_id("kibo"), MORNING, 1)
    works.promise("record-clip", agent="kibo-1", session="s1")
    works.carrier.answers = ["silence"]
    for _ in range(4):
        works.hand_and_keep()
        works.clock.pass_time(60)
    assert given(works, PlaceCall) == 1
