"""Hold as facts, what the agent ticks in talk and wrap-up, and what a reviewer finds: told, judged, refused."""

from datetime import timedelta

import pytest

from commands.conduct import in_words
from ivr.calls.known import load
from ivr.conduct.refusals import NotNow, Refusal
from ivr.conduct.ticking import Tick, review_closing
from ivr.conduct.ticks import settled, ticked_parts
from ivr.identifiers import call_id
from tests.people import customer, picks_up
from tests.phone.conduct import talking, ticks, verdict
from tests.phone.conftest import Stage
from tests.phone.scene import Scene, said

# Hold


def test_hold_and_resume_are_facts_once_for_each_order(both: Stage) -> None:
    scene = both()
    scene.staff(picks_up(2.0))
    call = talking(scene, customer("1", talk=60))
    began = scene.world.now()
    scene.hold(call)
    scene.world.run_for(12)
    scene.resume(call)
    scene.world.run_until_quiet()
    told = [fact for fact in scene.facts(call) if fact.kind in {"held", "resumed"}]
    assert [fact.kind for fact in told] == ["held", "resumed"]
    assert [fact.sequence for fact in told] == [None, None]
    assert {fact.detail["offer"] for fact in told} == {f"{call_id(call.sid)}-1"}
    assert told[1].received_at - told[0].received_at == pytest.approx(timedelta(seconds=12), abs=timedelta(seconds=1))
    assert abs(told[0].received_at - began) < timedelta(seconds=1)


# Ticks and the closing


def test_what_the_agent_ticks_proves_the_closing(both: Stage) -> None:
    scene = both("dcgf")
    scene.staff(picks_up(2.0))
    call = talking(scene, customer("1", talk=20))
    ticks(scene, call, "greeting", "name", "further_questions")
    scene.world.run_until_quiet()
    assert verdict(scene.record(call), "D7")[0] == "indeterminate"


def test_ticks_within_the_wrap_up_are_judged_again_and_later_ones_are_refused(both: Stage) -> None:
    scene = both("dcgf")
    scene.staff(picks_up(2.0))
    call = talking(scene, customer("1", talk=10))
    scene.until(lambda: call.ended)
    scene.world.run_for(5)
    assert verdict(scene.record(call), "D7")[0] == "indeterminate"
    ticks(scene, call, "further_questions", "thanks", "resolved")
    scene.world.run_for(1)
    found, reason = verdict(scene.record(call), "D7")
    assert (found, "상담원의 표시" in reason) == ("met", True)
    ticks(scene, call, "thanks", said=False)
    scene.world.run_for(1)
    assert verdict(scene.record(call), "D7")[0] == "indeterminate"
    offer = f"{call_id(call.sid)}-1"
    assert ticked_parts(scene.facts(call), offer) == {"further_questions", "resolved"}
    assert settled(scene.facts(call), offer) is True
    ticks(scene, call, "unresolved")
    assert settled(scene.facts(call), offer) is False
    scene.world.run_for(scene.line.wrap_up_seconds)
    with pytest.raises(NotNow) as caught:
        ticks(scene, call, "thanks")
    assert caught.value.reason is Refusal.TOO_LATE


def test_a_reviewer_decides_what_was_said_at_the_end_even_later(both: Stage) -> None:
    scene = both("dcgf")
    scene.staff(picks_up(2.0))
    call = talking(scene, customer("1", talk=10))
    ticks(scene, call, "further_questions", "thanks")
    scene.world.run_until_quiet()
    assert verdict(scene.record(call), "D7")[0] == "met"
    for said_so, expected in ((False, "missed"), (True, "met")):
        with scene.world.store.transaction() as session:
            found = Tick(("thanks",), said_so, by="이서연")
            review_closing(session, load(session, call_id(call.sid)), found, at=scene.world.now())
        scene.world.worker.ring()
        scene.world.run_for(1)
        assert verdict(scene.record(call), "D7")[0] == expected


@pytest.mark.parametrize(
    ("parts", "reason"),
    [
        (("smile",), Refusal.UNKNOWN_PART),
        ((), Refusal.UNKNOWN_PART),
        (("resolved", "unresolved"), Refusal.CONTRADICTION),
    ],
)
def test_what_cannot_be_ticked_is_refused_in_words(scene: Scene, parts: tuple[str, ...], reason: Refusal) -> None:
    scene.staff(picks_up(2.0))
    call = talking(scene, customer("1", talk=10))
    with pytest.raises(NotNow) as caught:
        ticks(scene, call, *parts)
    assert caught.value.reason is reason
    assert "{" not in in_words(caught.value)
    scene.world.run_until_quiet()


def test_a_call_that_nobody_answered_has_nothing_to_tick(scene: Scene) -> None:
    call = scene.dial(customer("1", hang_up_after=30))
    scene.world.run_until_quiet()
    with pytest.raises(NotNow) as caught:
        ticks(scene, call, "thanks")
    assert caught.value.reason is Refusal.NO_TALK


def test_thanks_that_the_caller_heard_from_the_system_count_as_spoken(stage: Stage) -> None:
    scene = stage("dcgf")
    scene.staff(picks_up(2.0, talk_seconds=10.0))
    call = scene.dial(customer("1", talk=None, linger=None))
    scene.until(lambda: bool(call.talks))
    ticks(scene, call, "further_questions")
    scene.world.run_until_quiet()
    assert said(call.heard)[-1] == scene.words("farewell.thanks")
    assert "thanked" in scene.kinds(call)
    found, reason = verdict(scene.record(call), "D7")
    assert (found, "시스템 음성" in reason) == ("met", True)
