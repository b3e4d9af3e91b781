"""Who calls: foreign, withheld and landline callers, numbers without a line; and receipts, each sent once."""

from dataclasses import replace

import pytest

from carrier.options import Faults
from commands.world import BASE_URL
from tests.people import CALLER, customer, picks_up
from tests.phone.conftest import Stage
from tests.phone.scene import Scene, said, texts_of

LANDLINE = "+82511234567"
NO_LINE = "+827099990001"


@pytest.mark.parametrize("number", ["+12125550100", "+819012345678", LANDLINE], ids=["us", "japan", "landline"])
def test_a_caller_who_takes_no_texts_is_served_without_a_receipt(stage: Stage, number: str) -> None:
    scene = stage()
    scene.staff(picks_up(2.4))
    record = scene.call(customer("1"), number=number)
    assert (record["outcome"], record["ended_by"], record["messages"]) == ("answered", "customer", [])
    assert scene.network.messages == {}


@pytest.mark.parametrize("shown", ["anonymous", "+266696687", "Restricted", "unknown"])
def test_a_caller_who_withholds_the_number_is_served_without_a_receipt(stage: Stage, shown: str) -> None:
    scene = stage()
    scene.staff(picks_up(2.4))
    record = scene.call(customer("1"), withheld=shown)
    assert (record["outcome"], record["messages"]) == ("answered", [])
    assert scene.network.messages == {}


def test_a_number_without_a_line_says_so_and_stores_nothing(scene: Scene) -> None:
    known = next(iter(scene.network.lines.values()))
    scene.network.lines[NO_LINE] = replace(known, number=NO_LINE)
    call = scene.network.handset(CALLER).dial(NO_LINE, plan=customer())
    scene.world.run_until_quiet()
    assert said(call.heard) == [scene.words("line.unknown")]
    assert not scene.is_known(call)


def test_a_call_to_either_incoming_number_is_a_call_to_the_line(stage: Stage) -> None:
    scene = stage("ksure")
    scene.staff(picks_up(2.0))
    for number in scene.line.numbers:
        call = scene.network.handset(CALLER).dial(number, plan=customer("1", talk=3))
        scene.world.run_until_quiet()
        scene.world.run_for(scene.line.wrap_up_seconds)
        assert scene.record(call)["line"] == "ksure"
        assert scene.record(call)["outcome"] == "answered"


def test_a_receipt_comes_once_however_often_its_order_is_in_doubt(both: Stage) -> None:
    scene = both()
    scene.staff(picks_up(2.4))
    call = scene.dial(customer("1", talk=5))
    scene.until(lambda: bool(call.talks))
    scene.network.faults = Faults(rest_error_after=1.0)
    scene.world.run_for(20)
    scene.network.faults = Faults()
    scene.world.run_until_quiet()
    scene.world.run_for(600)
    assert len(texts_of(scene.network.handset(CALLER))) == 1
    (message,) = scene.record(call)["messages"]
    assert message["state"] in {"delivered", "sent", "sending", "queued"}


def test_a_receipt_that_was_refused_for_the_moment_is_sent_later(scene: Scene) -> None:
    scene.staff(picks_up(2.4))
    call = scene.dial(customer("1", talk=5))
    scene.until(lambda: bool(call.talks))
    scene.network.faults = Faults(rest_429=1.0)
    scene.world.run_for(20)
    scene.network.faults = Faults()
    scene.world.run_until_quiet()
    scene.world.run_for(600)
    assert len(texts_of(scene.network.handset(CALLER))) == 1


def test_the_state_of_a_receipt_never_goes_back_when_its_callbacks_are_mixed_up(both: Stage) -> None:
    scene = both()
    scene.staff(picks_up(2.4))
    call = scene.dial(customer("1", talk=5))
    scene.network.faults = Faults(callback_duplicate=1.0, callback_reorder=1.0, callback_delay=0.7)
    scene.world.run_until_quiet()
    scene.world.run_for(60)
    (message,) = scene.record(call)["messages"]
    assert message["state"] == "delivered"


def test_a_telephone_that_refuses_texts_is_recorded_as_undelivered(scene: Scene) -> None:
    scene.staff(picks_up(2.4))
    scene.network.handset(CALLER).accepts_messages = False
    record = scene.call(customer("1"))
    assert record["messages"][0]["state"] == "undelivered"


def test_a_caller_of_two_calls_gets_two_receipts_with_numbers_of_their_own(scene: Scene) -> None:
    scene.staff(picks_up(2.4), picks_up(2.4))
    one, other = scene.call(customer("1", talk=3)), scene.call(customer("1", talk=3))
    assert one["receipt_number"] != other["receipt_number"]
    assert len(texts_of(scene.network.handset(CALLER))) == 2


def test_every_request_of_a_call_goes_to_our_own_address(scene: Scene) -> None:
    scene.staff(picks_up(2.4))
    scene.call(customer("1"))
    assert scene.network.alerts == []
    assert all(line.entry.url.startswith(BASE_URL) for line in scene.network.lines.values())
