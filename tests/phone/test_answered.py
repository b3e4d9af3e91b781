"""The call that every line must make well: key 1, an agent picks up, is announced, talks, and a receipt comes."""

import pytest

from carrier.calls import Call
from carrier.truth import truth_of
from commands.record import CallEntry
from ivr.agents.rows import AgentState
from ivr.identifiers import room_of
from ivr.orders import FindTalk, Found, Rejected
from tests.people import CALLER, customer, picks_up
from tests.phone.conftest import Stage
from tests.phone.scene import Scene, met_at, ring_of, said, texts_of

LINES = ("kibo", "dcgf", "kotra", "ksure", "ascentre")


@pytest.mark.parametrize("line", LINES)
def test_key_1_leads_to_an_agent_who_is_announced_and_a_receipt_comes_on_every_line(stage: Stage, line: str) -> None:
    scene = stage(line)
    first, _ = scene.staff(picks_up(2.4), picks_up(2.4))
    call = scene.dial(customer("1"))
    scene.world.run_until_quiet()
    record = scene.record(call)
    assert (record["line"], record["outcome"], record["ended_by"]) == (line, "answered", "customer")
    assert [(offer["agent"], offer["outcome"]) for offer in record["offers"]] == [(first, "finished")]
    assert record["ended_at"] is not None
    _ring_is_measured(scene, call, record)
    _announcement_is_as_heard(call, record)
    _receipt_came(scene, record)


def _ring_is_measured(scene: Scene, call: Call, record: CallEntry) -> None:
    """The ring agrees with the carrier's ground truth."""
    ring = record["ring"]
    assert ring is not None
    truth = ring_of(scene.agent_leg(call))
    assert truth == pytest.approx(2.4)
    assert abs(ring["seconds"] - truth) <= ring["uncertainty_seconds"]
    assert ring["reading"] == "met"


def _announcement_is_as_heard(call: Call, record: CallEntry) -> None:
    """It is recorded as the caller heard it, and to its end."""
    announcement = record["announcement"]
    assert announcement is not None
    last_sentence = [piece for piece in call.heard if piece.kind == "say"][-1]
    assert announcement["text"] == last_sentence.text
    assert announcement["complete"]
    assert last_sentence.complete
    assert last_sentence.until is not None
    assert last_sentence.until <= met_at(call)
    assert announcement["evidence"] == "spoken by the system"


def _receipt_came(scene: Scene, record: CallEntry) -> None:
    """A receipt of the institution reached the caller."""
    (message,) = record["messages"]
    assert message["state"] == "delivered"
    assert texts_of(scene.network.handset(CALLER)) == [message["text"]]
    for part in (scene.line.institution, record["receipt_number"], "김민수"):
        assert part in message["text"]
    assert CALLER[-8:-4] not in message["to"]


def test_the_call_is_recorded_alike_on_sqlite_and_postgresql(both: Stage) -> None:
    scene = both("dcgf")
    (agent,) = scene.staff(picks_up(2.4))
    call = scene.dial(customer("1", talk=8))
    scene.world.run_until_quiet()
    record = scene.record(call)
    assert (record["outcome"], record["ended_by"]) == ("answered", "customer")
    assert record["offers"][0]["readings"] == {"strict": "met", "literal": "met", "customary": "met"}
    assert [message["state"] for message in record["messages"]] == ["delivered"]
    assert truth_of(scene.network, call)["hung_up_first"] == call.sid
    assert scene.agent_state(agent) is AgentState.READY


def test_the_caller_hears_greeting_notices_menu_queue_and_agent_in_this_order(stage: Stage) -> None:
    scene = stage("kibo")
    scene.staff(picks_up(2.4))
    call = scene.dial(customer("1"))
    scene.world.run_until_quiet()
    heard = said(call.heard)
    line = scene.line
    assert heard[:3] == [line.greeting, *(notice.text for notice in line.notices)]
    team = scene.words("queue.welcome", team=line.teams["guarantee"].name)
    assert heard[4:6] == [team, scene.words("queue.next")]
    assert len(heard) == 7


def test_a_caller_is_found_in_the_room_and_may_have_been_in_one_that_is_over(scene: Scene) -> None:
    scene.staff(picks_up(2.0))
    call = scene.dial(customer("1", talk=30))
    scene.until(lambda: "announced" in scene.kinds(call))
    (offer,), carrier = scene.offers(call), scene.world.worker.keeper.carrier  # type: ignore[attr-defined]
    look = FindTalk(room_of(offer.id), call.sid)
    before = carrier.do(look)
    assert isinstance(before, Rejected)
    assert before.gone
    scene.until(lambda: bool(call.talks))
    assert carrier.do(look) == Found(call.sid, "in-progress", None)
    scene.world.run_until_quiet()
    assert carrier.do(look) == Found(call.sid, "completed", None)


def test_an_agent_is_told_who_waits_before_taking_the_call(stage: Stage) -> None:
    scene = stage("kotra")
    scene.staff(picks_up(2.4))
    call = scene.dial(customer("1"))
    scene.world.run_until_quiet()
    whispered = said(scene.agent_leg(call).heard)
    team = scene.line.teams["branch-service"].name
    offer = scene.words("whisper.offer", institution=scene.line.spoken_institution, team=team)
    assert whispered == [offer, scene.words("whisper.connecting")]


def test_caller_and_agent_talk_with_each_other_and_with_nobody_else(stage: Stage) -> None:
    scene = stage("ksure")
    scene.staff(picks_up(2.4))
    call = scene.dial(customer("1", talk=12))
    scene.world.run_until_quiet()
    leg = scene.agent_leg(call)
    assert [talk.others for talk in call.talks] == [(leg.sid,)]
    assert [talk.others for talk in leg.talks] == [(call.sid,)]
    assert (call.times["ended"] - met_at(call)).total_seconds() == pytest.approx(12)


@pytest.mark.parametrize(
    ("after", "readings"),
    [
        (5.0, ("met", "met", "met")),
        (5.9, ("indeterminate", "met", "met")),
        (6.5, ("missed", "met", "met")),
        (6.9, ("missed", "indeterminate", "met")),
        (7.8, ("missed", "missed", "met")),
        (8.8, ("missed", "missed", "indeterminate")),
    ],
)
def test_a_ring_near_a_limit_is_never_rounded_to_a_pass(
    stage: Stage, after: float, readings: tuple[str, str, str]
) -> None:
    scene = stage()
    scene.staff(picks_up(after))
    (offer,) = scene.call(customer("1"))["offers"]
    assert offer["answered"]
    assert tuple(offer["readings"].values()) == readings
