"""Refusing texts by telephone: by a key of the menu, and on the free number for just this."""

from sqlalchemy import select

from carrier.calls import Call as CarrierCall
from carrier.persons import PersonPlan
from ivr.optouts.rows import OptOut, Scope, Way
from tests.people import CALLER, customer
from tests.phone.conftest import Stage
from tests.phone.scene import Scene, said, texts_of


def standing(scene: Scene) -> list[tuple[Scope, Way]]:
    with scene.world.store.reading() as session:
        return [(row.scope, row.way) for row in session.scalars(select(OptOut).order_by(OptOut.asked_at))]


def confirmations(scene: Scene) -> list[str]:
    return [body for body in texts_of(scene.network.handset(CALLER)) if "수신 거부를 접수" in body]


def rings_free_number(scene: Scene, plan: PersonPlan, *, withheld: str = "") -> CarrierCall:
    assert scene.line.texts.refusal_number is not None
    call = scene.network.handset(CALLER).dial(scene.line.texts.refusal_number, plan=plan, withheld=withheld)
    scene.world.run_until_quiet()
    return call


def test_one_key_and_1_refuse_information_and_a_text_confirms_it(both: Stage) -> None:
    scene = both("dcgf")
    call = scene.dial(customer("7", "1", hang_up_after=70.0))
    scene.world.run_until_quiet()
    assert scene.words("refusal.ask") in said(call.heard)
    assert scene.words("refusal.done") in " ".join(said(call.heard))
    assert standing(scene) == [(Scope.INFORMATION, Way.KEY)]
    assert len(confirmations(scene)) == 1
    assert "안내와 광고 문자" in confirmations(scene)[0]


def test_3_refuses_every_text_and_is_confirmed_all_the_same(stage: Stage) -> None:
    scene = stage("dcgf")
    scene.dial(customer("7", "3", hang_up_after=70.0))
    scene.world.run_until_quiet()
    assert standing(scene) == [(Scope.ALL, Way.KEY)]
    assert len(confirmations(scene)) == 1


def test_any_other_key_or_silence_changes_nothing(stage: Stage) -> None:
    for keys in (("7", "2"), ("7", "9"), ("7",)):
        scene = stage("dcgf")
        call = scene.dial(customer(*keys, hang_up_after=70.0))
        scene.world.run_until_quiet()
        assert scene.words("refusal.kept") in " ".join(said(call.heard)), keys
        assert standing(scene) == []


def test_information_asked_for_by_key_is_not_sent_to_somebody_who_refused_it(stage: Stage) -> None:
    scene = stage("dcgf")
    scene.dial(customer("7", "1", hang_up_after=70.0))
    scene.world.run_until_quiet()
    scene.network.handset(CALLER).messages.clear()
    call = scene.dial(customer("5", "2", hang_up_after=70.0))
    scene.world.run_until_quiet()
    assert scene.words("text.refused") in " ".join(said(call.heard))
    assert texts_of(scene.network.handset(CALLER)) == []


def test_the_free_number_needs_one_key_and_no_menu(both: Stage) -> None:
    scene = both("dcgf")
    call = rings_free_number(scene, PersonPlan(presses=("1",)))
    heard = said(call.heard)
    assert heard[0] == scene.words("refusal.call", institution=scene.line.spoken_institution)
    assert heard[-1] == scene.words("refusal.done")
    assert standing(scene) == [(Scope.INFORMATION, Way.CALL)]
    assert len(confirmations(scene)) == 1
    assert not scene.is_known(call)


def test_the_free_number_asks_three_times_and_then_leaves_everything_as_it_is(stage: Stage) -> None:
    scene = stage("dcgf")
    call = rings_free_number(scene, PersonPlan(presses=("5",)))
    heard = said(call.heard)
    assert len(heard) == 4
    assert heard[-1] == scene.words("refusal.kept")
    assert standing(scene) == []


def test_a_withheld_number_is_told_plainly_that_it_cannot_refuse(stage: Stage) -> None:
    scene = stage("dcgf")
    call = rings_free_number(scene, PersonPlan(presses=("1",)), withheld="anonymous")
    assert said(call.heard)[0] == scene.words("refusal.withheld")
    assert standing(scene) == []
    call = scene.dial(customer("7", "1", hang_up_after=70.0), withheld="anonymous")
    scene.world.run_until_quiet()
    assert scene.words("refusal.withheld") in " ".join(said(call.heard))
    assert standing(scene) == []
