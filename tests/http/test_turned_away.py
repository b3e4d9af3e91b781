"""While too much is waiting, who calls anew is offered a callback at once, and calls that are here go on."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, select

from ivr.calls.facts import facts_of
from ivr.calls.record import Outcome, outcome_of
from ivr.calls.rows import CallbackWish
from ivr.health.crowd import CALLERS_WAIT_FOR, PASSED_OVER
from ivr.identifiers import call_id
from ivr.promises import Promise, PromiseRow, promise_all
from ivr.store import Store
from tests.http.board import CALL_SID, MORNING, Moment, Signed, arriving, board_over
from tests.http.hearing import hears
from webhooks.door import LONGEST_WAIT_SECONDS, Door
from webhooks.switchboard import Switchboard
from workers.kinds import CALLS, CHORES, KINDS

INCOMING, CALL = "/voice/incoming", call_id(CALL_SID)
SORRY = "say: 죄송합니다. 지금은 전화가 한꺼번에 몰려 상담원을 연결해 드리기 어렵습니다. 저희가 먼저 전화드리겠습니다."
TURNED_AWAY = ["say: 안녕하십니까? 기술보증기금 고객센터입니다.", SORRY, "go /voice/callback?team=guide"]


class Gate:
    """A door that a test shuts and opens."""

    is_shut = True

    def __call__(self) -> bool:
        return self.is_shut


@pytest.fixture
def gate() -> Gate:
    return Gate()


@pytest.fixture
def board(engine: Engine, gate: Gate) -> Switchboard:
    return board_over(engine, Moment(), is_shut=gate)


@pytest.fixture
def wire(board: Switchboard) -> Signed:
    return Signed.to(board)


def outcome(board: Switchboard) -> Outcome:
    with board.store.reading() as session:
        return outcome_of(facts_of(session, CALL))


def test_a_caller_who_is_turned_away_is_offered_a_callback_and_gets_it(board: Switchboard, wire: Signed) -> None:
    assert hears(wire.post(INCOMING, arriving()).text) == TURNED_AWAY
    assert outcome(board) is Outcome.FAILED
    wire.post(f"/voice/callback?call={CALL}&line=kibo&step=1&team=guide", arriving())
    wire.post(f"/voice/callback/key?call={CALL}&line=kibo&step=2&team=guide", arriving(Digits="1"))
    assert outcome(board) is Outcome.CALLBACK
    with board.store.reading() as session:
        assert session.get_one(CallbackWish, CALL).confirmed_at is not None


@pytest.mark.parametrize(
    ("arrives", "ends", "kept_by"), [(True, True, CHORES), (True, False, CALLS), (False, True, CALLS)]
)
def test_in_a_crowd_the_end_of_who_was_turned_away_waits_behind_who_is_here(
    gate: Gate, board: Switchboard, wire: Signed, *, arrives: bool, ends: bool, kept_by: str
) -> None:
    gate.is_shut = arrives
    wire.post(INCOMING, arriving())
    gate.is_shut = ends
    wire.post("/voice/status", arriving(CallStatus="completed", SequenceNumber="2"))
    with board.store.reading() as session:
        kind = session.scalars(select(PromiseRow.kind).where(PromiseRow.key.like("follow:%"))).one()
    assert (KINDS[kind].queue, KINDS[kind].prepare) == (kept_by, KINDS["follow"].prepare)


def test_a_repeated_arrival_is_answered_as_the_first_whatever_the_door_is_by_then(gate: Gate, wire: Signed) -> None:
    gate.is_shut = False
    first = hears(wire.post(INCOMING, arriving()).text)
    gate.is_shut = True
    assert hears(wire.post(INCOMING, arriving(), attempt="token-2").text) == first != TURNED_AWAY


def test_a_call_that_is_here_goes_on_whatever_the_door_is(gate: Gate, wire: Signed) -> None:
    gate.is_shut = False
    wire.post(INCOMING, arriving())
    gate.is_shut = True
    heard = hears(wire.post(f"/voice/menu?call={CALL}&line=kibo&step=1&menu=main", arriving()).text)
    assert heard[-1] == "ask -> /voice/key?menu=main"


def test_at_night_nobody_is_turned_away_who_could_not_be_answered_anyway(engine: Engine, gate: Gate) -> None:
    night = board_over(engine, Moment(datetime(2026, 11, 23, 13, 0, tzinfo=UTC)), is_shut=gate)
    assert hears(Signed.to(night).post(INCOMING, arriving()).text)[-1] == "go /voice/menu?menu=closed"
    assert outcome(night) is Outcome.CLOSED


def test_a_firms_customer_is_greeted_in_its_name_and_called_back_by_its_team(wire: Signed, board: Switchboard) -> None:
    line = board.lines.by_id("ascentre")
    firm = next(firm for firm in line.firms.values() if firm.numbers)
    heard = hears(wire.post(INCOMING, arriving(To=firm.numbers[0])).text)
    assert heard[1] == SORRY
    assert heard[-1] == f"go /voice/callback?firm={firm.id}&team={line.groups_of(firm)[0]}"


def owe(store: Store, count: int, *, since: datetime) -> None:
    with store.transaction() as session:
        promise_all(session, [Promise("place", f"place:{number}", since, {}) for number in range(count)])


@pytest.mark.parametrize(("late", "is_shut"), [(2, False), (4, True)])
def test_the_door_is_shut_while_workers_are_seconds_behind(board: Switchboard, late: int, is_shut: bool) -> None:
    owe(board.store, PASSED_OVER + 1, since=MORNING - timedelta(seconds=late))
    door = Door(board.store, board.clock, waited=lambda: 0.0)
    door.look()
    assert door.is_shut() is is_shut


def test_the_door_stays_shut_until_workers_have_caught_up(board: Switchboard) -> None:
    clock = Moment(MORNING)
    owe(board.store, PASSED_OVER + 1, since=MORNING)
    door = Door(board.store, clock, waited=lambda: 0.0)
    seen = []
    for seconds in (4.0, 2.0, 0.5):
        clock.at = MORNING + timedelta(seconds=seconds)
        door.look()
        seen.append(door.is_shut())
    assert seen == [True, True, False]


def test_promises_that_are_stuck_with_a_dead_worker_shut_no_door(board: Switchboard) -> None:
    owe(board.store, PASSED_OVER, since=MORNING - timedelta(seconds=60))
    door = Door(board.store, board.clock, waited=lambda: 0.0)
    door.look()
    assert door.is_shut() is False


@pytest.mark.parametrize(("waited", "is_shut"), [(LONGEST_WAIT_SECONDS, False), (LONGEST_WAIT_SECONDS + 0.1, True)])
def test_the_door_is_shut_to_a_call_that_had_to_wait_for_a_thread(
    board: Switchboard, waited: float, is_shut: bool
) -> None:
    assert Door(board.store, board.clock, waited=lambda: waited).is_shut() is is_shut


def test_what_callers_wait_for_is_what_the_workers_of_calls_keep() -> None:
    assert {KINDS[kind].queue for kind in CALLERS_WAIT_FOR} == {CALLS}
