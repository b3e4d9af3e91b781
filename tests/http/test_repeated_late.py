"""What comes a second time, much later or under another clock, neither changes a row nor says anything else."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from sqlalchemy import Engine, select

from ivr.agents.rows import Clip
from ivr.calls.facts import Told, facts_of
from ivr.calls.record import Outcome, outcome_of
from ivr.identifiers import call_id
from ivr.promises import PromiseRow
from tests.http.board import CALL_SID, MORNING, Moment, Signed, arriving, board_over
from tests.http.hearing import hears
from tests.people import add_agents
from webhooks.switchboard import Switchboard

CALL = call_id(CALL_SID)
# All lines of the tests close at six in the evening in Korea.
BEFORE_CLOSING = datetime(2026, 11, 23, 8, 59, 59, tzinfo=UTC)


@pytest.fixture
def clock() -> Moment:
    return Moment()


@pytest.fixture
def board(engine: Engine, clock: Moment) -> Switchboard:
    return board_over(engine, clock)


@pytest.fixture
def wire(board: Switchboard) -> Signed:
    return Signed.to(board)


def facts(board: Switchboard) -> list[Told]:
    with board.store.reading() as session:
        return facts_of(session, CALL)


def test_a_call_that_came_before_closing_is_greeted_the_same_when_its_request_is_repeated_after_it(
    board: Switchboard, wire: Signed, clock: Moment
) -> None:
    clock.at = BEFORE_CLOSING
    first = hears(wire.post("/voice/incoming", arriving()).text)
    clock.pass_time(3)
    assert hears(wire.post("/voice/incoming", arriving(), attempt="token-2").text) == first
    assert first[-1] == "go /voice/menu?menu=main"
    assert [(fact.kind, fact.detail["closed"]) for fact in facts(board)] == [("arrived", False)]
    assert outcome_of(facts(board)) is Outcome.ABANDONED


def test_a_late_repetition_of_an_older_acceptance_leaves_the_newer_announcement_in_use(
    board: Switchboard, wire: Signed, clock: Moment
) -> None:
    add_agents(board.store, board.lines.by_id("kibo"), MORNING, 1)
    for session in ("s1", "s2"):
        recorded(wire, session)
        accepted(wire, session)
        clock.pass_time(60)
    accepted(wire, "s1")
    recorded(wire, "s1")
    with board.store.reading() as session_:
        states = {clip.id: clip.state.value for clip in session_.scalars(select(Clip))}
    assert states == {"RE-s1": "replaced", "RE-s2": "accepted"}


def recorded(wire: Signed, session: str) -> None:
    form = {"RecordingSid": f"RE-{session}", "RecordingUrl": "https://carrier.example/r", "RecordingDuration": "3"}
    wire.post(f"/voice/clip/recorded?call={session}&line=kibo&step=2&agent=kibo-1", arriving(**form))


def accepted(wire: Signed, session: str) -> None:
    address = f"/voice/clip/key?call={session}&line=kibo&step=3&agent=kibo-1&clip=RE-{session}"
    wire.post(address, arriving(Digits="1"))


def test_a_second_room_of_one_call_counts_its_events_anew_and_none_is_lost(board: Switchboard, wire: Signed) -> None:
    wire.post("/voice/incoming", arriving())
    for offer in (f"{CALL}-1", f"{CALL}-2"):
        for event, number in (("participant-join", "2"), ("conference-start", "3"), ("participant-leave", "4")):
            form = arriving(StatusCallbackEvent=event, SequenceNumber=number, ConferenceSid=f"CF-{offer[-1]}")
            wire.post(f"/voice/room?call={CALL}&line=kibo&offer={offer}", form)
    rooms = [(fact.detail["offer"], fact.sequence) for fact in facts(board) if fact.kind == "room"]
    assert sorted(rooms) == [(f"{CALL}-{offer}", number) for offer in (1, 2) for number in (2, 3, 4)]


def test_an_agent_and_the_caller_meet_in_the_room_of_their_offer_and_no_other_agent_does(
    board: Switchboard, wire: Signed
) -> None:
    wire.post("/voice/incoming", arriving())
    wire.post(f"/voice/wait?call={CALL}&line=kibo&step=3&team=guarantee&turn=1", arriving())
    agents = [room(wire, f"/voice/agent/key?offer={CALL}-{number}&team=guarantee&waited=1&turn=1") for number in (1, 2)]
    callers = [room(wire, f"/voice/join?offer={CALL}-{number}") for number in (1, 2)]
    assert agents == callers
    assert agents[0] != agents[1]


def room(wire: Signed, address: str) -> str:
    """The name of the conference that a document leads into."""
    text = wire.post(f"{address}&call={CALL}&line=kibo&step=9", arriving(Digits="1")).text
    return text.partition("</Conference>")[0].rpartition(">")[2]


def test_a_voicemail_does_not_record_itself_for_hours(board: Switchboard, wire: Signed) -> None:
    add_agents(board.store, board.lines.by_id("kibo"), MORNING, 1)
    step, heard = 2, ["record"]
    while step < 40 and heard[-1] != "hang up":
        form = {"RecordingSid": f"RE-{step}", "RecordingUrl": "https://carrier.example/r", "RecordingDuration": "8"}
        answers = [
            wire.post(f"/voice/clip/recorded?call=s1&line=kibo&step={step}&agent=kibo-1", arriving(**form)),
            wire.post(f"/voice/clip/key?call=s1&line=kibo&step={step + 1}&agent=kibo-1&clip=RE-{step}", arriving()),
        ]
        heard = [line for answer in answers for line in hears(answer.text)]
        step += 2
    assert heard[-1] == "hang up"
    assert step < 20
    with board.store.reading() as session:
        assert {clip.state.value for clip in session.scalars(select(Clip))} == {"draft"}


def test_an_event_that_comes_late_is_followed_and_one_that_is_repeated_late_is_not(
    board: Switchboard, wire: Signed, clock: Moment
) -> None:
    wire.post("/voice/incoming", arriving())
    kinds = []
    for status, seconds in (("in-progress", 0), ("in-progress", 30), ("ringing", 30)):
        clock.at = MORNING + timedelta(seconds=seconds)
        form = arriving(CallStatus=status, Timestamp=format_datetime(MORNING))
        wire.post(f"/voice/status?call={CALL}&line=kibo&offer={CALL}-1", form)
        with board.store.reading() as session:
            kinds.append(sum(row.kind == "follow" for row in session.scalars(select(PromiseRow))))
    assert kinds == [0, 0, 1]
