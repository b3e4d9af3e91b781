"""Scripted people: answering, rejecting, pressing, hanging up, each at its time."""

from tests.carrier.stage import AGENT, BASE, LINE, Stage, heard

TALK = {
    "/in": f"<Dial action='/done'><Number>{AGENT}</Number></Dial>",
    "/done": "<Pause length='30'/>",
}


def test_somebody_answers_exactly_so_long_after_the_first_ring() -> None:
    stage = Stage(TALK)
    stage.agent(answer_after=2.4)
    caller = stage.dial(talk_seconds=5)
    stage.run(20)
    truth = stage.web.get(f"/truth/calls/{caller.sid}").get_json()
    leg = next(leg for leg in truth["legs"] if leg["to"] == AGENT)
    assert leg["ring_seconds"] == 2.4
    assert truth["hung_up_first"] == caller.sid
    assert truth["bridges"][0]["with"] == [leg["sid"]]
    assert {leg["sid"] for leg in truth["legs"]} == set(truth["heard"])


def test_the_truth_says_when_the_agent_hung_up_first() -> None:
    stage = Stage(TALK)
    stage.agent(answer_after=1, talk_seconds=3)
    caller = stage.dial(talk_seconds=10)
    stage.run(30)
    truth = stage.web.get(f"/truth/calls/{caller.sid}").get_json()
    leg = next(leg for leg in truth["legs"] if leg["to"] == AGENT)
    assert truth["hung_up_first"] == leg["sid"]
    assert leg["ended_by"] == "person"


def test_who_does_not_hang_up_first_lingers_and_then_leaves() -> None:
    stage = Stage(TALK)
    stage.agent(answer_after=1, talk_seconds=3)
    caller = stage.dial(talk_seconds=1, hang_up_first=False, linger=2)
    stage.run(30)
    child = next(call for call in stage.network.calls.values() if call.route.to == AGENT)
    assert (caller.times["ended"] - child.times["ended"]).total_seconds() == 2


def test_keys_are_pressed_one_for_each_gather() -> None:
    stage = Stage({
        "/in": "<Gather numDigits='1' action='/two'/>",
        "/two": "<Gather numDigits='1' action='/three'/>",
        "/three": "<Gather numDigits='1' timeout='2' action='/four'/>",
    })  # fmt: skip
    stage.dial("3", "4")
    stage.run(20)
    assert [stage.forms(path)[0]["Digits"] for path in ("/two", "/three")] == ["3", "4"]
    assert stage.forms("/four") == []


def test_nothing_is_pressed_where_no_key_stands_in_the_row() -> None:
    stage = Stage({
        "/in": "<Gather numDigits='1' timeout='2' action='/two'/><Redirect>/two</Redirect>",
        "/two": "<Gather numDigits='1' action='/three'/>",
        "/three": "<Pause length='1'/>",
    })  # fmt: skip
    stage.dial("-", "4")
    stage.run(20)
    assert "Digits" not in stage.forms("/two")[0]
    assert stage.forms("/three")[0]["Digits"] == "4"


def test_somebody_hangs_up_whatever_happens_so_long_after_the_start() -> None:
    stage = Stage({"/in": "<Pause length='60'/><Say>가</Say>"})
    call = stage.dial(hang_up_after=12)
    stage.run(30)
    assert (call.times["ended"] - call.times["created"]).total_seconds() == 12
    assert (call.ended_by, call.status) == ("person", "no-answer")
    assert heard(call) == ["silence"]


def test_a_caller_who_hangs_up_before_the_app_was_asked_is_unknown_to_the_app() -> None:
    stage = Stage({"/in": "<Say>가</Say>"})
    call = stage.dial(hang_up_after=0.1)
    stage.run(5)
    assert call.status == "no-answer"
    assert stage.asked == []


def test_hold_is_no_reason_to_hang_up() -> None:
    """A person lingers only after the other has hung up, not while on hold."""
    room = "<Dial><Conference beep='false'>r</Conference></Dial>"
    stage = Stage({"/in": room, "/agent": room})
    caller = stage.dial(linger=1, talk_seconds=20)
    stage.run(2)
    stage.agent(answer_after=1)
    stage.rest.calls.create(to=AGENT, from_=LINE, url=f"{BASE}/agent")
    stage.run(4)
    stage.rest.conferences("r").participants(caller.sid).update(hold=True)
    stage.run(5)
    assert caller.status == "in-progress"
