"""Turns of waiting: what counts is this stay in the queue, and nobody is sent away whose agent is being rung."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine

from ivr.calls.rows import Waiting, WaitingState
from ivr.identifiers import call_id
from tests.http.board import CALL_SID, Moment, Signed, arriving, board_over
from tests.http.hearing import hears
from webhooks.switchboard import Switchboard

CALL = call_id(CALL_SID)
WAIT = f"/voice/wait?call={CALL}&line=kibo&team=guarantee"
TOO_LONG = "say: 오래 기다리게 해 드려 죄송합니다. 지금은 연결이 어렵습니다."
OFFER = "say: 기다리지 않고 전화를 받으시려면 1번을 눌러 주십시오. 계속 기다리시려면 그대로 계시면 됩니다."


@pytest.fixture
def board(sqlite_engine: Engine) -> Switchboard:
    return board_over(sqlite_engine, Moment())


@pytest.fixture
def wire(board: Switchboard) -> Signed:
    wire = Signed.to(board)
    wire.post("/voice/incoming", arriving())
    wire.post(f"{WAIT}&step=3&turn=1", arriving(QueueSid="QU1", QueueTime="0"))
    return wire


def stands(board: Switchboard, state: WaitingState, *, minutes: int = 0) -> None:
    """The caller stands like this in the row, since so many minutes."""
    with board.store.transaction() as session:
        place = session.get_one(Waiting, CALL)
        place.state = state
        place.since -= timedelta(minutes=minutes)


def turn(wire: Signed, seconds: int, *, digits: str = "", callback: str = "") -> list[str]:
    form = arriving(QueueSid="QU1", QueueTime=str(seconds), Digits=digits)
    return hears(wire.post(f"{WAIT}&step={seconds + 4}&turn=2{callback}", form).text)


def test_a_caller_who_comes_back_after_a_long_talk_has_only_begun_to_wait(board: Switchboard, wire: Signed) -> None:
    stands(board, WaitingState.WAITING, minutes=20)
    heard = turn(wire, 5)
    assert TOO_LONG not in heard
    assert OFFER not in heard


@pytest.mark.parametrize("state", [WaitingState.OFFERED, WaitingState.CONNECTING])
def test_nobody_is_sent_away_while_an_agent_is_rung_or_on_the_way(
    board: Switchboard, wire: Signed, state: WaitingState
) -> None:
    longest = board.lines.by_id("kibo").waiting.longest
    stands(board, state)
    assert TOO_LONG not in turn(wire, longest)
    stands(board, WaitingState.WAITING)
    assert turn(wire, longest + 1) == [TOO_LONG, "leave"]


def test_a_key_pressed_twice_costs_no_place_before_a_callback_was_offered(wire: Signed) -> None:
    assert turn(wire, 2, digits="1") != ["leave"]
    assert turn(wire, 40, digits="1", callback="&callback=1") == ["leave"]


def test_from_the_first_offer_on_the_callback_key_works_at_any_time(wire: Signed, board: Switchboard) -> None:
    offered_after = board.lines.by_id("kibo").waiting.callback_offer_after
    assert OFFER in turn(wire, offered_after)
    assert turn(wire, offered_after + 1)[-1].endswith("&callback=1")
    assert turn(wire, 5, callback="&callback=1")[-1].endswith("&callback=1")


def test_a_carrier_that_does_not_tell_the_time_in_the_queue_changes_nothing(wire: Signed, board: Switchboard) -> None:
    clock, rule = board.clock, board.lines.by_id("kibo").waiting
    assert isinstance(clock, Moment)
    since = f"&since={int(clock.at.timestamp())}"
    clock.pass_time(rule.callback_offer_after)
    assert OFFER in hears(wire.post(f"{WAIT}&step=5&turn=2{since}", arriving()).text)
    clock.pass_time(rule.longest)
    assert hears(wire.post(f"{WAIT}&step=6&turn=3{since}", arriving()).text) == [TOO_LONG, "leave"]


def test_music_is_made_only_in_the_lengths_that_lines_use(wire: Signed, board: Switchboard) -> None:
    used = {line.waiting.announce_every for line in board.lines}
    served = {seconds for seconds in range(4, 62) if music(wire, seconds) == 200}
    assert served == used
    assert wire.client.get("/media/waiting.wav").status_code == 404


def music(wire: Signed, seconds: int) -> int:
    return wire.client.get(f"/media/waiting.wav?seconds={seconds}").status_code
