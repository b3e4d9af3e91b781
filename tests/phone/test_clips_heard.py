"""An agent who wishes to hear a recording again is rung, hears it, and may accept it or record another one."""

from sqlalchemy import select

from carrier.persons import PersonPlan
from ivr.agents.rows import Clip, ClipState
from tests.people import agents_behave, picks_up
from tests.phone.conftest import Stage
from tests.phone.scene import Scene, said


def _clip(scene: Scene) -> Clip:
    with scene.world.store.reading() as session:
        return session.scalars(select(Clip).order_by(Clip.made_at)).all()[-1]


def test_a_recording_is_heard_again_and_accepted_by_its_agent_alone(both: Stage) -> None:
    scene = both()
    agent, other = scene.staff(picks_up(2.0), picks_up(2.0))
    plan = PersonPlan(answer_after=1.0, presses=("#",), press_after=1.0, speak_seconds=3.0, hang_up_after=20.0)
    agents_behave(scene.world, plan, plan)
    scene.promise("record-clip", agent=agent, session="clip-1")
    scene.world.run_until_quiet()
    draft = _clip(scene)
    assert draft.state is ClipState.DRAFT
    before = set(scene.network.calls)
    agents_behave(scene.world, PersonPlan(answer_after=1.0, presses=("1",), press_after=8.0, hang_up_after=60.0))
    scene.promise("record-clip", agent=agent, session="clip-2", clip=draft.id)
    scene.world.run_until_quiet()
    (leg,) = [call for sid, call in scene.network.calls.items() if sid not in before]
    assert [piece.url for piece in leg.heard if piece.kind == "play"] == [draft.url]
    assert said(leg.heard)[0] == scene.words("clip.hear")
    assert _clip(scene).state is ClipState.ACCEPTED
    before = set(scene.network.calls)
    scene.promise("record-clip", agent=other, session="clip-3", clip=draft.id)
    scene.world.run_until_quiet()
    (leg,) = [call for sid, call in scene.network.calls.items() if sid not in before]
    assert draft.url not in [piece.url for piece in leg.heard]
