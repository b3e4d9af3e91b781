"""An agent records the own announcement by telephone, hears it, records again, accepts; the next caller hears it."""

import pytest
from sqlalchemy import select

from carrier.calls import Call as CarrierCall
from carrier.persons import PersonPlan
from ivr.agents.rows import Clip, ClipState
from tests.people import agent_phone, agents_behave, customer, picks_up
from tests.phone.conftest import Stage
from tests.phone.scene import Scene, said

WISH = "clip-wish-1"


def _record(scene: Scene, agent: str, *keys: str, wish: str = WISH, press_after: float = 1.0) -> CarrierCall:
    """Let the agent's own telephone be rung and pressed so; returns the leg."""
    before = set(scene.network.calls)
    plan = PersonPlan(answer_after=1.0, presses=keys, press_after=press_after, speak_seconds=3.0, hang_up_after=80.0)
    agents_behave(scene.world, plan)
    scene.promise("record-clip", agent=agent, session=wish)
    scene.world.run_until_quiet()
    agents_behave(scene.world, picks_up(2.0))
    (leg,) = [call for sid, call in scene.network.calls.items() if sid not in before]
    return leg


def _clips(scene: Scene, agent: str) -> list[ClipState]:
    with scene.world.store.reading() as session:
        rows = session.scalars(select(Clip).where(Clip.agent_id == agent).order_by(Clip.made_at)).all()
        return [clip.state for clip in rows]


def _clip_url(scene: Scene, state: ClipState) -> str:
    with scene.world.store.reading() as session:
        return session.scalars(select(Clip.url).where(Clip.state == state)).one()


def test_an_agent_is_told_what_to_say_hears_the_recording_and_accepts_it(both: Stage) -> None:
    scene = both("dcgf")
    (agent,) = scene.staff(picks_up(2.0))
    leg = _record(scene, agent, "#", "1", press_after=5.0)
    assert leg.route.to == agent_phone(1)
    heard = said(leg.heard)
    example = "감사합니다. 대전신용보증재단 보증사업부 김민수 대리입니다."
    assert heard[0] == scene.words("clip.instruction", example=example)
    assert heard[1] == scene.words("clip.hear")
    assert heard[-1] == scene.words("clip.saved")
    assert [piece.url for piece in leg.heard if piece.kind == "play"] == [_clip_url(scene, ClipState.ACCEPTED)]


def test_the_next_caller_hears_the_recording_and_the_record_says_so(both: Stage) -> None:
    scene = both()
    (agent,) = scene.staff(picks_up(2.0))
    _record(scene, agent, "#", "1")
    call = scene.dial(customer("1"))
    scene.world.run_until_quiet()
    url = _clip_url(scene, ClipState.ACCEPTED)
    assert url in [piece.url for piece in call.heard if piece.complete]
    announcement = scene.record(call)["announcement"]
    assert announcement is not None
    assert (announcement["evidence"], announcement["complete"]) == ("recorded clip", True)
    assert announcement["text"] not in said(call.heard)


def test_an_agent_may_record_again_before_accepting(scene: Scene) -> None:
    (agent,) = scene.staff(picks_up(2.0))
    leg = _record(scene, agent, "#", "2", "#", "1")
    assert scene.words("clip.again") in said(leg.heard)
    assert _clips(scene, agent) == [ClipState.DRAFT, ClipState.ACCEPTED]


def test_a_new_recording_replaces_the_old_one(scene: Scene) -> None:
    (agent,) = scene.staff(picks_up(2.0))
    _record(scene, agent, "#", "1")
    first = _clip_url(scene, ClipState.ACCEPTED)
    _record(scene, agent, "#", "1", wish="clip-wish-2")
    assert _clips(scene, agent) == [ClipState.REPLACED, ClipState.ACCEPTED]
    assert _clip_url(scene, ClipState.ACCEPTED) != first


@pytest.mark.parametrize("keys", [(), ("#",), ("#", "9", "9")], ids=["silence", "no choice", "wrong keys"])
def test_what_was_not_accepted_is_never_played_to_a_caller(stage: Stage, keys: tuple[str, ...]) -> None:
    scene = stage()
    (agent,) = scene.staff(picks_up(2.0))
    _record(scene, agent, *keys)
    record = scene.call(customer("1"))
    assert ClipState.ACCEPTED not in _clips(scene, agent)
    assert record["announcement"] is not None
    assert record["announcement"]["evidence"] == "spoken by the system"


def test_an_agent_who_does_not_answer_is_not_rung_a_second_time(scene: Scene) -> None:
    (agent,) = scene.staff(picks_up(2.0))
    agents_behave(scene.world, PersonPlan(answer_after=None))
    scene.promise("record-clip", agent=agent, session=WISH)
    scene.world.run_until_quiet()
    scene.world.run_for(600)
    assert len(scene.agent_legs()) == 1
    assert _clips(scene, agent) == []
