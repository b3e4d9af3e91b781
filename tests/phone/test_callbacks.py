"""The wish to be called back: from the queue, at closed hours, with the own number or a typed one."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from carrier.calls import Call as CarrierCall
from carrier.numbers import normalise
from ivr.callbacks.rows import Callback, CallbackOutcome, CallbackState
from ivr.callbacks.telling import ASKED_AGAIN
from ivr.calls.facts import facts_of
from ivr.identifiers import call_id, callback_id
from ivr.lines.hours import SEOUL
from ivr.numbers import PhoneNumber
from tests.people import CALLER, customer, picks_up
from tests.phone.conftest import Stage
from tests.phone.scene import Scene, said, texts_of

NIGHT = datetime(2026, 11, 23, 13, 0, tzinfo=UTC)
SUNDAY = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
TYPED = "01099998888"
WITHHELD = "anonymous"


def callback_of(scene: Scene, call: CarrierCall) -> Callback:
    """The callback that a call asked for."""
    with scene.world.store.reading() as session:
        return session.get_one(Callback, callback_id(call_id(call.sid)))


def here(scene: Scene, due_at: datetime) -> tuple[datetime, datetime]:
    """A time and today, in Korea."""
    return due_at.astimezone(SEOUL), scene.world.now().astimezone(SEOUL)


def test_key_1_in_the_queue_leaves_a_wish_with_the_callers_own_number(both: Stage) -> None:
    scene = both()
    call = scene.dial(customer("1"))
    scene.wishes(call, "1")
    record = scene.record(call)
    assert (record["outcome"], record["offers"]) == ("callback", [])
    wish = scene.wish(call)
    assert wish is not None
    assert (wish.number, wish.team) == (PhoneNumber.parse(CALLER), "guarantee")
    assert wish.confirmed_at is not None
    number = PhoneNumber.parse(CALLER).national
    heard = said(call.heard)
    assert scene.words("callback.confirm", number=number) in heard
    assert heard[-1] == scene.words("callback.accepted", due=here(scene, callback_of(scene, call).due_at))  # type: ignore[arg-type]


def test_the_offer_to_be_called_back_is_made_after_half_a_minute_of_waiting(scene: Scene) -> None:
    call = scene.dial(customer("1", hang_up_after=100))
    scene.world.run_until_quiet()
    queued = next(fact.received_at for fact in scene.facts(call) if fact.kind == "wait")
    offer = scene.words("callback.offer")
    made = next(piece.at for piece in call.heard if piece.text == offer)
    assert (made - queued).total_seconds() == pytest.approx(scene.line.waiting.callback_offer_after, abs=10)


def test_a_wish_is_confirmed_once_by_a_text_that_masks_the_number(scene: Scene) -> None:
    call = scene.dial(customer("1"))
    scene.wishes(call, "1")
    (body,) = texts_of(scene.network.handset(CALLER))
    assert scene.record(call)["receipt_number"] in body
    assert PhoneNumber.parse(CALLER).masked in body
    assert CALLER[-8:] not in body.replace("-", "")


def test_a_wish_is_stored_sealed_and_the_number_stands_nowhere_in_the_facts(both: Stage) -> None:
    scene = both()
    call = scene.dial(customer("1"), withheld=WITHHELD)
    scene.wishes(call, TYPED + "#", "1")
    wish = scene.wish(call)
    assert wish is not None
    assert wish.number == PhoneNumber.parse(TYPED)
    with scene.world.store.reading() as session:
        rows = [
            str(row)
            for table in ("callback_wish", "callback", "fact", "call", "promise", "message")
            for row in session.execute(text(f"SELECT * FROM {table}")).all()
        ]
    assert not [row for row in rows if TYPED[3:] in row or "9999-8888" in row]


@pytest.mark.parametrize(
    ("start", "notice"), [(NIGHT, "closed.night"), (SUNDAY, "closed.weekend")], ids=["night", "sunday"]
)
def test_at_closed_hours_the_caller_hears_until_when_and_may_leave_a_wish(
    stage: Stage, start: datetime, notice: str
) -> None:
    scene = stage(start=start)
    scene.staff()
    call = scene.dial(customer("1", "1"))
    scene.world.run_until_quiet()
    assert scene.record(call)["outcome"] == "callback"
    heard = said(call.heard)
    opens, today = _monday_or_tuesday(start)
    assert scene.words(notice, opens=(opens, today)) in heard  # type: ignore[arg-type]
    due = (opens + timedelta(hours=1), today)
    assert heard[-1] == scene.words("callback.accepted_closed", due=due)  # type: ignore[arg-type]
    assert callback_of(scene, call).not_before == opens.replace(tzinfo=SEOUL)
    wish = scene.wish(call)
    assert wish is not None
    assert wish.confirmed_at is not None


def _monday_or_tuesday(start: datetime) -> tuple[datetime, datetime]:
    """The next opening (nine in the morning) and now, in Korea."""
    here = start + timedelta(hours=9)
    opens = (here + timedelta(days=1)).replace(hour=9, minute=0)
    return opens.replace(tzinfo=None), here.replace(tzinfo=None)


def test_at_closed_hours_a_caller_who_hangs_up_was_turned_away(stage: Stage) -> None:
    scene = stage(start=NIGHT)
    record = scene.call(customer(hang_up_after=8.0))
    assert (record["outcome"], record["ended_by"], record["messages"]) == ("closed", "customer", [])


def test_a_withheld_caller_types_a_bad_number_and_then_a_good_one(scene: Scene) -> None:
    call = scene.dial(customer("1"), withheld=WITHHELD)
    scene.wishes(call, "0100#", TYPED + "#", "1")
    heard = said(call.heard)
    assert scene.words("callback.ask_number") in heard
    assert scene.words("callback.bad_number") in heard
    number = PhoneNumber.parse(TYPED)
    assert scene.words("callback.check_number", number=number.national) in heard
    wish = scene.wish(call)
    assert wish is not None
    assert (wish.number, scene.record(call)["outcome"]) == (number, "callback")
    assert len(texts_of(scene.network.handset(normalise(TYPED)))) == 1


def test_three_bad_numbers_end_the_call_without_a_wish(scene: Scene) -> None:
    call = scene.dial(customer("1"), withheld=WITHHELD)
    scene.wishes(call, "112#", "99#", "0#")
    assert said(call.heard)[-1] == scene.words("farewell.end")
    assert scene.wish(call) is None
    assert scene.record(call)["outcome"] == "abandoned"


def test_another_number_than_the_own_may_be_given(scene: Scene) -> None:
    call = scene.dial(customer("1"))
    scene.wishes(call, "2", TYPED + "#", "1")
    wish = scene.wish(call)
    assert wish is not None
    assert wish.number == PhoneNumber.parse(TYPED)
    assert texts_of(scene.network.handset(CALLER)) == []


def test_a_caller_who_hangs_up_before_confirming_has_left_no_wish_that_counts(scene: Scene) -> None:
    call = scene.dial(customer("1"))
    scene.hears(call, scene.words("callback.offer"))
    scene.press(call, "1")
    scene.network.handset(CALLER).hang_up()
    scene.world.run_until_quiet()
    wish = scene.wish(call)
    assert wish is None or wish.confirmed_at is None
    assert scene.record(call)["outcome"] == "abandoned"
    assert scene.network.messages == {}


def test_a_wish_for_a_landline_is_taken_down_without_a_text(scene: Scene) -> None:
    call = scene.dial(customer("1"), number="+82511234567")
    scene.wishes(call, "1")
    wish = scene.wish(call)
    assert wish is not None
    assert wish.confirmed_at is not None
    assert scene.network.messages == {}


def test_a_caller_on_the_way_to_a_wish_is_offered_to_nobody(scene: Scene) -> None:
    call = scene.dial(customer("1"))
    scene.hears(call, scene.words("callback.offer"))
    scene.press(call, "1")
    scene.staff(picks_up(1.0))
    scene.promise("route", line=scene.line.id)
    scene.press(call, "1")
    scene.world.run_until_quiet()
    assert scene.offers(call) == []
    assert scene.record(call)["outcome"] == "callback"


def test_a_menu_key_pressed_twice_does_not_cost_the_place_in_the_queue(scene: Scene) -> None:
    scene.staff(picks_up(3.0))
    record = scene.call(customer("1", "1", talk=5))
    assert (record["outcome"], record["offers"][0]["outcome"]) == ("answered", "finished")


def test_the_time_that_is_spoken_is_the_one_that_is_written_and_kept(both: Stage) -> None:
    scene = both()
    call = scene.dial(customer("1"))
    scene.wishes(call, "1")
    wished = next(fact for fact in scene.facts(call) if fact.kind == "callback-wished")
    callback = callback_of(scene, call)
    (body,) = texts_of(scene.network.handset(CALLER))
    assert wished.detail["due"] == callback.due_at.isoformat()
    assert f"{callback.due_at.astimezone(SEOUL):%Y-%m-%d %H:%M}" in body
    assert [message["text"] for message in scene.record(call)["messages"]] == [body]
    assert callback.due_at == (wished.received_at + timedelta(hours=1)).replace(second=0, microsecond=0)
    place = scene.waiting(call)
    assert place is not None
    assert (callback.origin, callback.since) == ("waiting", place.since)


def test_a_second_call_is_told_the_standing_time_and_joins_it(both: Stage) -> None:
    scene = both()
    first = scene.dial(customer("1"))
    scene.wishes(first, "1")
    callback = callback_of(scene, first)
    again = scene.dial(customer("1"))
    scene.wishes(again, "1")
    due = here(scene, callback.due_at)
    heard = said(again.heard)
    assert scene.words("callback.standing_offer", due=due) in heard  # type: ignore[arg-type]
    assert heard[-1] == scene.words("callback.standing", due=due)  # type: ignore[arg-type]
    with scene.world.store.reading() as session:
        joined = [fact for fact in facts_of(session, callback.id) if fact.kind == ASKED_AGAIN]
        assert session.get(Callback, callback_id(call_id(again.sid))) is None
    assert [fact.detail["call"] for fact in joined] == [call_id(again.sid)]
    assert len(texts_of(scene.network.handset(CALLER))) == 2


def test_a_caller_cancels_the_promise_by_key(both: Stage) -> None:
    scene = both()
    first = scene.dial(customer("1"))
    scene.wishes(first, "1")
    again = scene.dial(customer("1"))
    scene.wishes(again, "3")
    callback = callback_of(scene, first)
    assert (callback.state, callback.closed_by) == (CallbackState.WITHDRAWN, f"call:{call_id(again.sid)}")
    assert said(again.heard)[-1] == scene.words("callback.withdrawn")


def test_an_answered_call_of_the_customer_serves_the_promise(both: Stage) -> None:
    scene = both()
    first = scene.dial(customer("1"), withheld=WITHHELD)
    scene.wishes(first, CALLER.replace("+82", "0") + "#", "1")
    with scene.world.store.transaction() as session:
        # Nobody is given it before the customer rings again.
        session.get_one(Callback, callback_of(scene, first).id).not_before = scene.world.now() + timedelta(hours=1)
    scene.staff(picks_up(2.0))
    served = scene.call(customer("1", talk=5))
    callback = callback_of(scene, first)
    assert (served["outcome"], callback.state) == ("answered", CallbackState.SERVED)
    assert (callback.outcome, callback.closed_by) == (CallbackOutcome.CALLED_IN, f"call:{served['call']}")
