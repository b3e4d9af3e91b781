"""From the greeting to a choice: silence, wrong keys, too many steps, other languages, texts by key."""

import pytest

from carrier.persons import PersonPlan
from tests.people import CALLER, caller_phone, customer, picks_up
from tests.phone.conftest import Stage
from tests.phone.scene import Scene, said, texts_of

PATIENT = 300.0


def test_a_caller_who_presses_nothing_is_asked_again_and_then_put_through_to_an_agent(both: Stage) -> None:
    scene = both()
    scene.staff(picks_up(2.0))
    call = scene.dial(customer(talk=10))
    scene.world.run_until_quiet()
    heard = said(call.heard)
    assert heard.count(scene.words("input.silence")) == scene.line.attempts - 1
    assert scene.words("input.to_agent") in heard
    assert scene.record(call)["outcome"] == "answered"


def test_wrong_keys_are_named_as_wrong_and_then_lead_to_an_agent(scene: Scene) -> None:
    scene.staff(picks_up(2.0))
    call = scene.dial(customer("6", "7", "6", talk=10))
    scene.world.run_until_quiet()
    heard = said(call.heard)
    assert heard.count(scene.words("input.wrong")) == scene.line.attempts - 1
    assert scene.words("input.to_agent") in heard
    assert scene.record(call)["outcome"] == "answered"


def test_silence_in_a_submenu_leads_to_the_team_of_that_menu(scene: Scene) -> None:
    scene.staff(picks_up(2.0))
    call = scene.dial(customer("3", talk=10))
    scene.world.run_until_quiet()
    place = scene.waiting(call)
    assert place is not None
    assert place.team == "technology"


def test_a_caller_who_walks_in_circles_is_put_through_after_too_many_steps(scene: Scene) -> None:
    scene.staff(picks_up(2.0))
    circles = ("5", "#") * (scene.line.max_steps // 2 + 2)
    call = scene.dial(customer(*circles, talk=10, press_after=0.5))
    scene.world.run_until_quiet()
    assert scene.words("input.too_many_steps") in said(call.heard)
    assert scene.record(call)["outcome"] == "answered"


@pytest.mark.parametrize("line", ["kibo", "dcgf", "kotra", "ksure", "ascentre"])
def test_key_0_leads_to_a_person_from_every_main_menu(stage: Stage, line: str) -> None:
    scene = stage(line)
    scene.staff(picks_up(2.0))
    call = scene.dial(customer("0", talk=5))
    scene.world.run_until_quiet()
    place = scene.waiting(call)
    assert place is not None
    assert place.team == scene.line.team
    assert scene.record(call)["outcome"] == "answered"


def test_star_repeats_the_menu_and_pound_leads_back(scene: Scene) -> None:
    scene.staff(picks_up(2.0))
    call = scene.dial(customer("3", "*", "#", "0", talk=5))
    scene.world.run_until_quiet()
    menus = [fact.detail["menu"] for fact in scene.facts(call) if fact.kind == "key"]
    assert menus == ["main", "technology", "technology", "main"]
    heard = said(call.heard)
    assert heard[3] == heard[6]
    assert heard[4] == heard[5]


def test_the_english_menu_goes_on_in_english(stage: Stage) -> None:
    scene = stage("kibo")
    scene.hire(1, picks_up(2.0), team="guide", skills=["english"])
    call = scene.dial(customer("9", "1", talk=5))
    scene.world.run_until_quiet()
    assert scene.words("queue.next", "en-US") in said(call.heard)
    place = scene.waiting(call)
    assert place is not None
    assert (place.team, place.skill) == ("guide", "english")
    assert scene.record(call)["outcome"] == "answered"


def test_information_by_text_is_sent_once_and_the_menu_goes_on(both: Stage) -> None:
    scene = both()
    scene.staff(picks_up(2.0))
    call = scene.dial(customer("2", "3", "0", talk=5))
    scene.world.run_until_quiet()
    assert scene.words("text.sent") in said(call.heard)
    bodies = texts_of(scene.network.handset(CALLER))
    assert sum("서류 안내" in body for body in bodies) == 1
    assert scene.record(call)["outcome"] == "answered"


@pytest.mark.parametrize("number", ["+82511234567", "+12125550100"], ids=["landline", "abroad"])
def test_a_telephone_that_takes_no_texts_is_told_so(stage: Stage, number: str) -> None:
    scene = stage()
    scene.staff(picks_up(2.0))
    call = scene.dial(customer("2", "3", "0", talk=5), number=number)
    scene.world.run_until_quiet()
    assert scene.words("text.impossible") in said(call.heard)
    assert scene.network.messages == {}


def test_a_caller_who_hangs_up_in_the_menu_was_abandoned_before_the_queue(scene: Scene) -> None:
    scene.staff(picks_up(2.0))
    call = scene.dial(PersonPlan(hang_up_after=12.0))
    scene.world.run_until_quiet()
    record = scene.record(call)
    assert (record["outcome"], record["ended_by"], record["offers"]) == ("abandoned", "customer", [])
    assert record["ended_at"] is not None


def test_two_callers_in_the_menus_do_not_disturb_each_other(scene: Scene) -> None:
    scene.staff(picks_up(2.0), picks_up(2.0))
    one = scene.dial(customer("3", "2", talk=5))
    other = scene.dial(customer("5", "2", talk=5), number=caller_phone(2))
    scene.world.run_until_quiet()
    first, second = scene.waiting(one), scene.waiting(other)
    assert first is not None
    assert second is not None
    assert (first.team, first.skill, second.team) == ("technology", "certification", "opinion")
