"""Warnings, lawful endings, the notice of time and the agent's rest, with what caller and agent hear."""

import pytest
from sqlalchemy import delete

from carrier import legs
from carrier.options import Faults
from commands.world_truths import violations_of
from ivr.agents.rows import AgentState
from ivr.calls.known import load
from ivr.calls.rows import Fact
from ivr.conduct.incidents import appeal, is_held
from ivr.conduct.protecting import ask_ending, ask_warning
from ivr.conduct.reading import Cause
from ivr.conduct.refusals import Refusal
from ivr.conduct.respite import RESPITE
from ivr.conduct.rows import Incident
from ivr.identifiers import call_id
from ivr.promises import PromiseRow
from tests.people import customer, picks_up
from tests.phone.conduct import agent_of, conduct_heard, end, incident, refused, talking, verdict, warn, words
from tests.phone.conftest import Stage
from tests.phone.scene import Scene, said

# Warnings and endings


def test_after_three_warnings_an_abusive_call_is_ended_and_the_agent_rests(both: Stage) -> None:
    scene = both("dcgf")
    first, second = scene.staff(picks_up(2.0, talk_seconds=None), picks_up(2.0))
    call = talking(scene)
    leg = scene.agent_leg(call)
    assert [warn(scene, call) for _ in range(3)] == [1, 2, 3]
    assert call.talks[-1].until is None
    assert conduct_heard(scene, said(leg.heard)) == []
    end(scene, call, Cause.ABUSE)
    scene.world.run_until_quiet()
    assert conduct_heard(scene, said(call.heard)) == [
        *("conduct.abuse_first", "conduct.abuse_second", "conduct.abuse_last", "conduct.ended_abuse"),
    ]
    record = scene.record(call)
    assert (record["outcome"], record["ended_by"]) == ("answered", "system")
    assert verdict(record, "D8") == (
        "exempt",
        "폭언이나 성희롱에 대한 경고 뒤에 상담원이 통화를 끝낸 경우에 해당하여 이행 여부를 따지지 않습니다.",
    )
    assert verdict(record, "D7")[0] == "exempt"
    kept = incident(scene, call)
    assert kept is not None
    assert (kept.agent_id, kept.cause, kept.warnings, kept.lawful, kept.keep_recording) == (
        first,
        "abuse",
        3,
        True,
        True,
    )
    with scene.world.store.reading() as session:
        assert is_held(session, call_id(call.sid))
    assert leg.ended
    rests = agent_of(scene, first)
    assert (rests.state, rests.reason) == (AgentState.AWAY, RESPITE)
    again = scene.call(customer("1", talk=5), number="+821010000002")
    assert [offer["agent"] for offer in again["offers"]] == [second]
    scene.world.run_for(scene.line.conduct.respite_seconds)
    assert agent_of(scene, first).state is AgentState.READY
    assert violations_of(scene.world, 1) == []


def test_a_citizen_whose_call_was_ended_may_call_again_at_once_and_object(scene: Scene) -> None:
    scene.staff(picks_up(2.0), picks_up(2.0))
    call = talking(scene)
    warn(scene, call, Cause.HARASSMENT)
    end(scene, call, Cause.HARASSMENT)
    scene.world.run_until_quiet()
    assert conduct_heard(scene, said(call.heard)) == ["conduct.harassment", "conduct.ended_harassment"]
    assert scene.call(customer("1", talk=10))["outcome"] == "answered"
    with scene.world.store.transaction() as session:
        kept = session.get_one(Incident, f"{call_id(call.sid)}-1")
        kept.keep_recording = False
        appeal(kept, "그런 말을 한 적이 없습니다.", by="고객", at=scene.world.now())
    kept_again = incident(scene, call)
    assert kept_again is not None
    assert (kept_again.appeal, kept_again.keep_recording) == ("그런 말을 한 적이 없습니다.", True)


def test_no_call_is_ended_before_the_warnings_that_it_needs_were_heard(scene: Scene) -> None:
    scene.staff(picks_up(2.0))
    call = talking(scene, customer("1", talk=120))
    assert refused(scene, call, Cause.ABUSE) is Refusal.NOT_WARNED
    assert refused(scene, call, Cause.HARASSMENT) is Refusal.NOT_WARNED
    for _ in range(2):
        warn(scene, call)
    assert refused(scene, call, Cause.ABUSE) is Refusal.NOT_WARNED
    assert refused(scene, call, Cause.HARASSMENT) is Refusal.NOT_WARNED
    warn(scene, call)
    assert refused(scene, call, Cause.ABUSE, ending=False) is Refusal.WARNED_ENOUGH
    scene.world.run_until_quiet()
    assert scene.record(call)["ended_by"] == "customer"
    assert refused(scene, call, Cause.ABUSE) is Refusal.NO_TALK
    kept = incident(scene, call)
    assert kept is not None
    assert (kept.warnings, kept.ended_at, kept.lawful) == (3, None, None)


def test_a_warning_in_play_is_no_second_one_and_one_that_was_cut_off_does_not_count(scene: Scene) -> None:
    scene.staff(picks_up(2.0))
    call = talking(scene, customer("1", talk=8.0))
    with scene.world.store.transaction() as session:
        ask_warning(session, load(session, call_id(call.sid)), Cause.ABUSE, line=scene.line, at=scene.world.now())
    scene.world.worker.ring()
    scene.world.run_for(1)
    assert refused(scene, call, Cause.ABUSE, ending=False) is Refusal.PLAYING
    scene.world.run_until_quiet()
    assert "warned" in scene.kinds(call)
    assert "warning-heard" not in scene.kinds(call)
    assert incident(scene, call) is None
    assert scene.record(call)["ended_by"] == "customer"


def test_nobody_is_warned_before_the_talk(scene: Scene) -> None:
    call = scene.dial(customer("1", hang_up_after=40))
    scene.until(lambda: "wait" in scene.kinds(call))
    assert refused(scene, call, Cause.ABUSE, ending=False) is Refusal.NO_TALK
    assert refused(scene, call, Cause.ABUSE) is Refusal.NO_TALK
    scene.world.run_until_quiet()


def test_an_english_speaking_caller_is_warned_in_english(scene: Scene) -> None:
    scene.staff(picks_up(2.0))
    call = talking(scene, customer("9", "1", talk=60))
    warn(scene, call)
    scene.world.run_until_quiet()
    assert scene.words("conduct.abuse_first", "en-US") in said(call.heard)


def test_a_caller_on_hold_may_be_warned_and_stays_on_hold(scene: Scene) -> None:
    scene.staff(picks_up(2.0))
    call = talking(scene, customer("1", talk=60))
    scene.hold(call)
    warn(scene, call)
    assert conduct_heard(scene, said(call.heard)) == ["conduct.abuse_first"]
    assert call.talks[-1].until is not None
    scene.resume(call)
    scene.world.run_for(1)
    assert call.talks[-1].until is None
    scene.world.run_until_quiet()


def test_two_endings_of_one_call_are_one(scene: Scene) -> None:
    scene.staff(picks_up(2.0))
    call = talking(scene)
    warn(scene, call, Cause.HARASSMENT)
    end(scene, call, Cause.HARASSMENT)
    scene.world.run_for(1)
    assert refused(scene, call, Cause.HARASSMENT) in {Refusal.ENDING, Refusal.NO_TALK}
    scene.world.run_until_quiet()
    assert scene.kinds(call).count("ended-for") == 1


def test_a_caller_who_hangs_up_during_the_words_that_end_the_call_did_not_end_it(scene: Scene) -> None:
    scene.staff(picks_up(2.0))
    call = talking(scene)
    warn(scene, call, Cause.HARASSMENT)
    end(scene, call, Cause.HARASSMENT)
    scene.world.run_for(2)
    scene.network.handset(call.party.number).hang_up()
    scene.world.run_until_quiet()
    assert "ending-heard" not in scene.kinds(call)
    assert scene.record(call)["ended_by"] == "system"


def test_a_caller_who_hangs_up_as_the_call_is_ended_ended_it(scene: Scene) -> None:
    scene.staff(picks_up(2.0))
    call = talking(scene)
    warn(scene, call, Cause.HARASSMENT)
    with scene.world.store.transaction() as session:
        ask_ending(session, load(session, call_id(call.sid)), Cause.HARASSMENT, line=scene.line, at=scene.world.now())
    scene.network.handset(call.party.number).hang_up()
    scene.world.run_until_quiet()
    assert "ended-for" not in scene.kinds(call)
    assert scene.record(call)["ended_by"] == "customer"
    assert violations_of(scene.world, 1)[0:0] == []


def test_an_agent_who_hangs_up_right_after_ending_a_call_lawfully_is_excused(both: Stage) -> None:
    scene = both("dcgf")
    scene.staff(picks_up(2.0))
    call = talking(scene)
    warn(scene, call, Cause.HARASSMENT)
    with scene.world.store.transaction() as session:
        ask_ending(session, load(session, call_id(call.sid)), Cause.HARASSMENT, line=scene.line, at=scene.world.now())
    scene.network.handset(scene.agent_leg(call).party.number).hang_up()
    scene.world.worker.ring()
    scene.world.run_until_quiet()
    assert verdict(scene.record(call), "D8")[0] == "exempt"
    assert said(call.heard)[-1] == words(scene, "conduct.ended_harassment")[0]


@pytest.mark.parametrize(
    "faults",
    [
        Faults(webhook_duplicate_same_token=1.0, callback_duplicate=1.0),
        Faults(webhook_duplicate_new_token=1.0, callback_reorder=1.0, callback_delay=0.7),
    ],
    ids=["same-token", "new-token"],
)
def test_doubled_requests_and_late_events_change_nothing_of_a_warning_or_an_ending(
    stage: Stage, faults: Faults
) -> None:
    scene = stage("dcgf")
    scene.network.faults = faults
    scene.staff(picks_up(2.0))
    call = talking(scene)
    assert warn(scene, call, Cause.HARASSMENT) == 1
    end(scene, call, Cause.HARASSMENT)
    scene.world.run_until_quiet()
    kinds = scene.kinds(call)
    once = ("warned", "warning-heard", "ended-for", "ending-heard")
    assert [kinds.count(kind) for kind in once] == [1] * len(once)
    assert scene.record(call)["ended_by"] == "system"


@pytest.mark.parametrize("faults", [Faults(rest_error_after=1.0), Faults(rest_error_before=1.0), Faults(rest_429=1.0)])
def test_orders_that_were_not_answered_are_neither_lost_nor_heard_twice(stage: Stage, faults: Faults) -> None:
    scene = stage("dcgf")
    (agent,) = scene.staff(picks_up(2.0))
    call = talking(scene)
    scene.network.faults = faults
    with scene.world.store.transaction() as session:
        known = load(session, call_id(call.sid))
        ask_warning(session, known, Cause.HARASSMENT, line=scene.line, at=scene.world.now())
    scene.world.worker.ring()
    scene.world.run_for(0.2)
    scene.network.faults = Faults()
    scene.world.run_for(25)
    assert conduct_heard(scene, said(call.heard)) == ["conduct.harassment"]
    scene.network.faults = faults
    end(scene, call, Cause.HARASSMENT)
    scene.world.run_for(0.2)
    scene.network.faults = Faults()
    scene.world.run_until_quiet()
    assert conduct_heard(scene, said(call.heard)) == ["conduct.harassment", "conduct.ended_harassment"]
    assert scene.record(call)["ended_by"] == "system"
    assert agent_of(scene, agent).reason == RESPITE


def test_an_ending_whose_order_is_late_is_still_heard_when_the_agent_has_hung_up_meanwhile(stage: Stage) -> None:
    scene = stage("dcgf")
    scene.staff(picks_up(2.0, linger=None))
    call = talking(scene)
    warn(scene, call, Cause.HARASSMENT)
    scene.network.faults = Faults(rest_429=1.0)
    end(scene, call, Cause.HARASSMENT)
    legs.end(scene.agent_leg(call), "completed", by="person")
    scene.world.run_for(0.2)
    scene.network.faults = Faults()
    scene.world.run_until_quiet()
    assert conduct_heard(scene, said(call.heard)) == ["conduct.harassment", "conduct.ended_harassment"]
    assert scene.words("reconnect.offer") not in said(call.heard)
    assert "ending-heard" in scene.kinds(call)
    assert verdict(scene.record(call), "D8")[0] == "exempt"


def test_a_caller_whose_ending_never_came_is_taken_out_of_the_empty_room(stage: Stage) -> None:
    scene = stage("dcgf")
    scene.staff(picks_up(2.0, linger=None))
    call = talking(scene)
    warn(scene, call, Cause.HARASSMENT)
    with scene.world.store.transaction() as session:
        known = load(session, call_id(call.sid))
        ask_ending(session, known, Cause.HARASSMENT, line=scene.line, at=scene.world.now())
        session.execute(delete(PromiseRow).where(PromiseRow.kind == "end-call"))
    legs.end(scene.agent_leg(call), "completed", by="person")
    scene.world.run_for(60)
    assert scene.words("reconnect.offer") in said(call.heard)


def test_when_every_event_of_the_ending_is_lost_it_is_still_ours_and_the_agent_rests(stage: Stage) -> None:
    scene = stage("dcgf")
    (agent,) = scene.staff(picks_up(2.0))
    call = talking(scene)
    warn(scene, call, Cause.HARASSMENT)
    scene.network.faults = Faults(callback_drop=1.0)
    end(scene, call, Cause.HARASSMENT)
    scene.world.run_until_quiet()
    scene.world.run_for(120)
    record = scene.record(call)
    assert record["ended_by"] == "system"
    assert verdict(record, "D8")[0] == "exempt"
    assert agent_of(scene, agent).reason == RESPITE
    scene.world.run_for(scene.line.conduct.respite_seconds)
    assert agent_of(scene, agent).state is AgentState.READY


def test_a_warning_that_the_carrier_refuses_does_not_count_and_may_be_asked_for_again(scene: Scene) -> None:
    scene.staff(picks_up(2.0))
    call = talking(scene, customer("1", talk=90))
    with scene.world.store.transaction() as session:
        known = load(session, call_id(call.sid))
        for room in (fact for fact in known.facts if fact.kind == "room"):
            row = session.get_one(Fact, (room.subject, room.key))
            row.detail = {**row.detail, "room_sid": "CF" + "0" * 32}
    with scene.world.store.transaction() as session:
        known = load(session, call_id(call.sid))
        assert ask_warning(session, known, Cause.ABUSE, line=scene.line, at=scene.world.now()) == 1
    scene.world.worker.ring()
    scene.world.run_for(1)
    assert "warning-failed" in scene.kinds(call)
    with scene.world.store.transaction() as session:
        known = load(session, call_id(call.sid))
        assert ask_warning(session, known, Cause.ABUSE, line=scene.line, at=scene.world.now()) == 1
    scene.world.run_until_quiet()
    assert conduct_heard(scene, said(call.heard)) == []
    assert incident(scene, call) is None


# The notice of time


def test_a_long_talk_hears_of_the_recommended_time_and_may_be_ended_only_when_it_is_over(both: Stage) -> None:
    scene = both("dcgf")
    (agent,) = scene.staff(picks_up(2.0))
    call = talking(scene)
    assert refused(scene, call, Cause.TIME_CAP) is Refusal.NO_NOTICE
    scene.world.run_for(scene.line.conduct.notice_after + 15)
    assert conduct_heard(scene, said(call.heard)) == ["conduct.time"]
    assert refused(scene, call, Cause.TIME_CAP) is Refusal.NOT_YET
    scene.world.run_for(scene.line.conduct.longest - scene.line.conduct.notice_after)
    assert call.talks[-1].until is None
    end(scene, call, Cause.TIME_CAP)
    scene.world.run_until_quiet()
    assert conduct_heard(scene, said(call.heard)) == ["conduct.time", "conduct.ended_time"]
    record = scene.record(call)
    assert record["ended_by"] == "system"
    assert verdict(record, "D8")[0] == "exempt"
    assert verdict(record, "D7")[0] == "exempt"
    assert scene.agent_state(agent) is AgentState.READY
    kept = incident(scene, call)
    assert kept is not None
    assert (kept.cause, kept.warnings, kept.lawful) == ("time-cap", 0, True)


def test_a_talk_through_the_relay_service_has_no_time_limit(scene: Scene) -> None:
    scene.staff(picks_up(2.0))
    call = talking(scene, customer("1", talk=1500, linger=None), number="107")
    scene.world.run_for(scene.line.conduct.longest + 60)
    assert conduct_heard(scene, said(call.heard)) == []
    assert refused(scene, call, Cause.TIME_CAP) is Refusal.RELAY
    scene.world.run_until_quiet()
    assert scene.promises("time-notice") == []


def test_a_short_talk_hears_nothing_of_time(scene: Scene) -> None:
    scene.staff(picks_up(2.0))
    call = scene.dial(customer("1", talk=20))
    scene.world.run_until_quiet()
    scene.world.run_for(1200)
    assert conduct_heard(scene, said(call.heard)) == []
    (promise,) = scene.promises("time-notice")
    assert promise.done_at is not None
