"""Asking: what is promised, by when, to whom it falls, and how a second wish joins the first."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import Engine, text

from ivr.base import Refused
from ivr.callbacks.closing import withdraw
from ivr.callbacks.rows import Callback, CallbackState, Origin
from ivr.callbacks.telling import ASKED_AGAIN, PROMISED
from ivr.health.crowd import PASSED_OVER
from ivr.lines.callbacks import CallbackRule
from ivr.promises import Promise, promise_all
from ivr.store import Store
from tests.unit.callbacks.people import (
    ANOTHER,
    CUSTOMER,
    KIBO,
    absent,
    ask,
    call_of,
    callback_of,
    minutes_before,
    officers,
    promises,
    seoul,
    told,
    wish,
)

TEN = seoul(10)


@pytest.fixture
def store(engine: Engine) -> Store:
    return Store(engine)


def test_a_wish_becomes_a_promise_with_its_time_and_its_steps(store: Store) -> None:
    callback = ask(store, TEN)
    assert (callback.state, callback.due_at, callback.first_due_at) == (CallbackState.WAITING, seoul(11), seoul(11))
    assert callback.since == TEN
    assert minutes_before(callback.due_at, promises(store, "callback-remind")) == [30, 15, 5]
    assert minutes_before(callback.due_at, promises(store, "callback-notice", "callback-due")) == [3, 0]
    (fact,) = told(store, callback, PROMISED)
    assert (fact.detail["origin"], fact.detail["due"]) == ("api", callback.due_at.isoformat())
    assert [row.args["about"] for row in promises(store, "callback-tell")] == ["promised"]
    assert [row.due_at for row in promises(store, "route")] == [TEN]
    assert promises(store, "judge-owed")[0].args == {"scope": "callback", "id": callback.id}


def test_the_same_wish_twice_is_one(store: Store) -> None:
    ask(store, TEN)
    before = promises(store, "callback-remind", "callback-tell", "callback-notice")
    again = ask(store, TEN + timedelta(minutes=5))
    assert (again.asked_at, len(told(store, again))) == (TEN, 1)
    assert len(promises(store, "callback-remind", "callback-tell", "callback-notice")) == len(before)


def test_outside_the_hours_nobody_is_dialled_before_the_line_opens(store: Store) -> None:
    callback = ask(store, seoul(21))
    assert (callback.not_before, callback.due_at) == (seoul(9, day=24), seoul(10, day=24))
    assert [row.due_at for row in promises(store, "route")] == [seoul(9, day=24)]


def test_the_place_in_the_queue_is_the_original_arrival(store: Store) -> None:
    arrived = TEN - timedelta(minutes=3)
    assert ask(store, TEN, wish(since=arrived)).since == arrived


def test_a_second_wish_of_the_number_joins_the_open_one_and_the_earlier_time_stays(store: Store) -> None:
    first = ask(store, TEN, wish(content="보증 기한"))
    joined = ask(store, seoul(10, 40), wish("w2", customer="홍길동", content="서류"))
    assert joined.id == first.id
    assert (joined.due_at, joined.customer, joined.content) == (seoul(11), "홍길동", "보증 기한\n서류")
    (fact,) = told(store, first, ASKED_AGAIN)
    assert fact.detail["due"] == first.due_at.isoformat()
    assert [row.args["message"] for row in promises(store, "callback-tell")] == [
        f"{wish(name).id}-promised" for name in ("w1", "w2")
    ]


def test_a_second_wish_for_an_earlier_time_moves_the_promise_forward(store: Store) -> None:
    callback = ask(store, TEN, wish(due_at=seoul(16)))
    joined = ask(store, seoul(10, 10), wish("w2"))
    assert (joined.id, joined.due_at, joined.first_due_at) == (callback.id, seoul(11, 10), seoul(16))
    # In UTC, whatever zone the time was given in: a step does nothing where another time is told by then.
    assert [row.args["due"] for row in promises(store, "callback-notice")] == [
        "2026-11-23T02:10:00+00:00",
        "2026-11-23T07:00:00+00:00",
    ]


def test_a_second_wish_for_an_earlier_time_may_be_dialled_before_it(store: Store) -> None:
    ask(store, TEN, wish(not_before=seoul(15), due_at=seoul(16)))
    joined = ask(store, seoul(10, 10), wish("w2"))
    assert (joined.due_at, joined.not_before) == (seoul(11, 10), None)
    assert [row.due_at for row in promises(store, "route")] == [seoul(10, 10), seoul(15)]


def test_a_second_wish_for_a_later_time_leaves_the_standing_one_alone(store: Store) -> None:
    ask(store, TEN)
    joined = ask(store, seoul(10, 10), wish("w2", not_before=seoul(15), due_at=seoul(16)))
    assert (joined.due_at, joined.not_before) == (seoul(11), None)


def test_a_joined_wish_that_is_repeated_adds_nothing(store: Store) -> None:
    ask(store, TEN, wish(content="보증 기한"))
    ask(store, TEN, wish("w2", content="서류"))
    again = ask(store, TEN, wish("w2", content="서류"))
    assert again.content == "보증 기한\n서류"
    assert len(told(store, again, ASKED_AGAIN)) == 1


def test_wishes_of_other_numbers_and_after_the_end_stand_alone(store: Store) -> None:
    first = ask(store, TEN)
    assert ask(store, TEN, wish("w2", ANOTHER)).id != first.id
    with store.transaction() as session:
        withdraw(session, session.get_one(Callback, first.id), "customer", at=TEN)
    assert ask(store, TEN, wish("w3")).id not in {first.id, wish("w2").id}


def test_an_appointment_stands_beside_a_wish_and_sends_no_text_of_its_own(store: Store) -> None:
    slot = seoul(14, day=25)
    booked = ask(store, TEN, wish("b1", origin=Origin.BOOKING, not_before=slot, due_at=slot + timedelta(minutes=30)))
    asked = ask(store, TEN)
    assert (booked.id != asked.id, booked.not_before, booked.due_at) == (True, slot, slot + timedelta(minutes=30))
    assert [row.args["callback"] for row in promises(store, "callback-tell")] == [asked.id]


def test_it_falls_to_the_officer_in_charge_or_to_the_deputy_of_an_absent_one(store: Store) -> None:
    officers(store)
    assert ask(store, TEN).officer_id == "officer"
    absent(store, "officer", TEN)
    assert ask(store, TEN, wish("w2", ANOTHER)).officer_id == "deputy"


def test_what_is_personal_is_sealed_and_stands_nowhere_else(store: Store) -> None:
    call_of(store, "c1", TEN)
    ask(store, TEN, wish(call_id="c1", customer="홍길동", content="비밀 이야기", reason="needs_checking"))
    with store.reading() as session:
        tables = ("callback", "fact", "promise")
        rows = [str(row) for table in tables for row in session.execute(text(f"SELECT * FROM {table}")).all()]
    assert not [row for row in rows if "홍길동" in row or "비밀" in row or CUSTOMER[-8:] in row]
    kept = callback_of(store, wish())
    assert (kept.customer, kept.content, kept.number.e164) == ("홍길동", "비밀 이야기", CUSTOMER)


@pytest.mark.parametrize(
    ("given", "why"),
    [
        (wish(number="+8215441120"), "cannot be called back"),
        (wish(due_at=TEN - timedelta(minutes=1)), "is over"),
        (wish(not_before=seoul(15), due_at=seoul(15)), "before its beginning"),
        (wish(not_before=seoul(19), due_at=seoul(20)), "is closed until 2026-11-24 09:00"),
        (wish(origin=Origin.MEMO, not_before=seoul(10, day=28), due_at=seoul(10, day=29)), "closed until 2026-11-30"),
    ],
)
def test_what_cannot_be_promised_is_refused(store: Store, given: object, why: str) -> None:
    with pytest.raises(Refused, match=why):
        ask(store, TEN, given)  # type: ignore[arg-type]
    assert promises(store, "callback-notice") == []


def test_while_workers_are_behind_the_router_looks_once_for_all_wishes(store: Store) -> None:
    late = TEN - timedelta(seconds=30)
    with store.transaction() as session:
        promise_all(session, [Promise("follow", f"follow:{number}", late, {}) for number in range(PASSED_OVER + 1)])
    ask(store, TEN)
    ask(store, TEN + timedelta(seconds=1), wish("w2", number=ANOTHER))
    assert [row.due_at for row in promises(store, "route")] == [TEN + timedelta(seconds=10)]


def test_on_a_line_that_dials_from_its_list_nothing_is_routed(store: Store) -> None:
    by_hand = KIBO.model_copy(update={"callbacks": CallbackRule(serve="list")})
    ask(store, TEN, replace(wish(), line=by_hand))
    assert promises(store, "route") == []


def test_wishes_of_one_number_at_the_same_moment_become_one_promise(store: Store) -> None:
    together = Barrier(4)

    def one(number: int) -> str:
        together.wait(10)
        return ask(store, TEN, wish(f"w{number}", content=f"{number}번")).id

    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(one, range(4)))
    assert len(set(made)) == 1
    with store.reading() as session:
        kept = session.get_one(Callback, made[0])
    assert sorted((kept.content or "").split()) == [f"{number}번" for number in range(4)]
    assert len(told(store, kept, ASKED_AGAIN)) == 3
