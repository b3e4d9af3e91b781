"""The engine as a whole: many calls in virtual time, and its agenda."""

from datetime import UTC, datetime, timedelta

import pytest

from carrier.schedule import Agenda
from tests.carrier.stage import BASE, LINE, Stage

START = datetime(2026, 11, 23, tzinfo=UTC)
CALLBACK = f"statusCallback='{BASE}/room' statusCallbackEvent='start end join leave'"
ROOM = f"<Dial><Conference endConferenceOnExit='true' beep='false' {CALLBACK}>"


def test_a_thousand_whole_calls_pass_in_virtual_time() -> None:
    """Menu, queue, agent's leg, conference, hang-up: a thousand of them, one every ten seconds, nobody is left over."""
    stage = Stage({
        "/in": "<Gather numDigits='1' action='/menu'><Say>일번을 눌러 주십시오</Say></Gather>",
        "/menu": "<Enqueue waitUrl='/wait'>q</Enqueue>",
        "/wait": "<Say>잠시만 기다려 주십시오</Say><Pause length='10'/>",
        "/agent": lambda asked: f"{ROOM}{asked.form['CallSid']}</Conference></Dial>",
        "/caller": lambda asked: f"{ROOM}{asked.form['room']}</Conference></Dial>",
    })  # fmt: skip
    network = stage.network
    callers = []
    for number in range(1000):
        callers.append(stage.dial("1", number=f"+8210100{number:05d}", talk_seconds=8))
        stage.run(5)
        agent = f"+8210200{number:05d}"
        stage.agent(agent, answer_after=2.4)
        leg = stage.rest.calls.create(to=agent, from_=LINE, url=f"{BASE}/agent")
        stage.run(3)
        queue = next(iter(network.queues))
        stage.rest.queues(queue).members("Front").update(url=f"{BASE}/caller?room={leg.sid}")
        stage.run(2)
    stage.run(60)
    assert all(call.ended for call in network.calls.values())
    assert len(network.calls) == 2000
    assert {len(call.talks) for call in callers} == {1}
    assert {call.ended_by for call in callers} == {"person"}
    assert all(handset.state == "idle" for handset in network.handsets.values())
    assert all(room.status == "completed" for room in network.conferences.values())
    assert network.alerts == []


def test_events_of_the_same_time_happen_in_the_order_in_which_they_were_planned() -> None:
    agenda, done = Agenda(START), list[int]()
    for number in range(5):
        agenda.after(1, lambda number=number: done.append(number))  # type: ignore[misc]
    agenda.run_until(START + timedelta(seconds=1))
    assert done == [0, 1, 2, 3, 4]


def test_a_cancelled_event_does_not_happen_and_time_stands_where_it_was_told_to() -> None:
    agenda, done = Agenda(START), list[str]()
    agenda.after(1, lambda: done.append("one")).cancel()
    agenda.after(2, lambda: done.append("two"))
    agenda.run_until(START + timedelta(seconds=1.5))
    assert (done, agenda.now) == ([], START + timedelta(seconds=1.5))
    assert agenda.step()
    assert (done, agenda.now) == (["two"], START + timedelta(seconds=2))
    assert not agenda.step()


def test_an_event_planned_in_the_past_happens_now_and_time_never_goes_back() -> None:
    agenda, seen = Agenda(START), list[datetime]()
    agenda.at(START - timedelta(hours=1), lambda: seen.append(agenda.now))
    agenda.step()
    agenda.run_until(START - timedelta(hours=1))
    assert seen == [START]
    assert agenda.now == START


def test_the_engine_refuses_a_start_without_a_time_zone() -> None:
    with pytest.raises(ValueError, match="aware"):
        Agenda(datetime(2026, 11, 23))  # noqa: DTZ001 - that is what is refused
