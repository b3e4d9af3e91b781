"""How a callback ends, and what an attempt, an inbound call, a new time or an absence make of it."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine

from ivr.base import ROW_LOCK, Refused
from ivr.callbacks.assigning import hand_over
from ivr.callbacks.closing import (
    Result,
    Tried,
    attempt_over,
    customer_reached,
    kept_otherwise,
    served_by,
    withdraw,
)
from ivr.callbacks.rows import Callback, CallbackOutcome, CallbackState, Origin
from ivr.callbacks.slipping import LateReason, Slip, likely_reason, slip
from ivr.callbacks.telling import ASSIGNED, ATTEMPTED, LATE, OVER
from ivr.directory.rows import Officer
from ivr.store import Store
from tests.unit.callbacks.people import (
    ANOTHER,
    KIBO,
    WORKING,
    absent,
    ask,
    call_of,
    callback_of,
    dialled,
    minutes_before,
    officers,
    promises,
    seoul,
    told,
    wish,
)

TEN = seoul(10)
GAP = timedelta(minutes=KIBO.callbacks.gap_minutes)


@pytest.fixture
def store(engine: Engine) -> Store:
    return Store(engine)


def tried(store: Store, callback: Callback, number: int, result: Result, at: datetime = TEN) -> Callback:
    """The attempt of this number is over."""
    with store.transaction() as session:
        row = session.get_one(Callback, callback.id, with_for_update=ROW_LOCK)
        attempt_over(session, row, Tried(f"{row.id}-{number}", result, "busy"), line=KIBO, at=at)
    return row


def texts(store: Store) -> list[str]:
    """What the customer is written about."""
    return [str(row.args["about"]) for row in promises(store, "callback-tell")]


def test_a_customer_who_is_reached_ends_it_and_is_thanked(store: Store) -> None:
    callback = ask(store, TEN)
    dialled(store, callback)
    for at in (TEN, TEN + GAP):
        with store.transaction() as session:
            customer_reached(session, session.get_one(Callback, callback.id), f"{callback.id}-1", at=at)
    done = tried(store, callback, 1, Result.REACHED, TEN + GAP)
    assert (done.state, done.outcome, done.closed_at) == (CallbackState.REACHED, CallbackOutcome.REACHED, TEN)
    assert done.closed_by == f"attempt:{callback.id}-1"
    assert texts(store) == ["promised", "kept"]
    assert len(told(store, done, OVER)) == 1


def test_the_end_of_an_attempt_alone_tells_that_the_customer_was_reached(store: Store) -> None:
    callback = ask(store, TEN)
    dialled(store, callback)
    assert tried(store, callback, 1, Result.REACHED).state is CallbackState.REACHED


def test_an_unanswered_attempt_is_followed_by_another_after_the_gap(store: Store) -> None:
    callback = ask(store, TEN)
    dialled(store, callback)
    waits = tried(store, callback, 1, Result.UNREACHED)
    assert (waits.state, waits.tries, waits.not_before) == (CallbackState.WAITING, 1, TEN + GAP)
    assert [row.due_at for row in promises(store, "route")] == [TEN, TEN + GAP]


def test_an_agent_who_does_not_pick_up_costs_the_customer_no_attempt(store: Store) -> None:
    callback = ask(store, TEN)
    dialled(store, callback)
    waits = tried(store, callback, 1, Result.NOT_TRIED)
    assert (waits.state, waits.tries, waits.not_before) == (CallbackState.WAITING, 0, None)


def test_after_the_last_attempt_the_customer_is_told_how_to_reach_us(store: Store) -> None:
    callback = ask(store, TEN)
    for number in range(1, KIBO.callbacks.attempts + 1):
        dialled(store, callback)
        callback = tried(store, callback, number, Result.UNREACHED, TEN + number * GAP)
    assert (callback.state, callback.outcome) == (CallbackState.GIVEN_UP, CallbackOutcome.UNREACHED)
    assert texts(store) == ["promised", "unreached"]


def test_an_attempt_that_is_told_twice_counts_once(store: Store) -> None:
    callback = ask(store, TEN)
    dialled(store, callback)
    tried(store, callback, 1, Result.UNREACHED)
    dialled(store, callback)
    again = tried(store, callback, 1, Result.UNREACHED, TEN + GAP)
    assert (again.state, again.tries, len(told(store, again, ATTEMPTED))) == (CallbackState.DIALLING, 1, 1)


def test_an_inbound_call_that_was_answered_ends_it_with_a_link(store: Store) -> None:
    callback, other = ask(store, TEN), ask(store, TEN, wish("w2", ANOTHER))
    booked = ask(store, TEN, wish("b", origin=Origin.BOOKING, not_before=seoul(14), due_at=seoul(14, 30)))
    call = call_of(store, "c1", TEN + GAP)
    for _ in range(2):
        with store.transaction() as session:
            served_by(session, call, at=TEN + 2 * GAP)
    done = callback_of(store, callback)
    assert (done.state, done.outcome, done.closed_by) == (CallbackState.SERVED, CallbackOutcome.CALLED_IN, "call:c1")
    assert {callback_of(store, row).state for row in (other, booked)} == {CallbackState.WAITING}
    assert len(told(store, callback, OVER)) == 1


def test_a_call_that_came_before_the_wish_does_not_end_it(store: Store) -> None:
    call = call_of(store, "c1", TEN)
    callback = ask(store, TEN + GAP, wish(call_id="c1", origin=Origin.MEMO))
    with store.transaction() as session:
        served_by(session, call, at=TEN + 2 * GAP)
    assert callback_of(store, callback).state is CallbackState.WAITING


def test_a_withdrawn_one_stays_so_even_when_it_was_being_dialled(store: Store) -> None:
    callback = ask(store, TEN)
    dialled(store, callback)
    with store.transaction() as session:
        withdraw(session, session.get_one(Callback, callback.id), "customer", at=TEN)
    after = tried(store, callback, 1, Result.UNREACHED)
    assert (after.state, after.tries, texts(store)) == (CallbackState.WITHDRAWN, 0, ["promised", "withdrawn"])
    with store.transaction() as session, pytest.raises(Refused):
        kept_otherwise(session, session.get_one(Callback, callback.id), "e-mail", at=TEN)


def test_an_answer_by_e_mail_keeps_it(store: Store) -> None:
    callback = ask(store, TEN)
    with store.transaction() as session:
        kept_otherwise(session, session.get_one(Callback, callback.id), "e-mail of 10:20", at=TEN)
    done = callback_of(store, callback)
    assert (done.state, done.outcome, done.closed_by) == (
        CallbackState.SERVED,
        CallbackOutcome.OTHER_WAY,
        "e-mail of 10:20",
    )


def slipped(store: Store, callback: Callback, given: Slip, at: datetime) -> Callback:
    """The time told is moved."""
    with store.transaction() as session:
        row = session.get_one(Callback, callback.id, with_for_update=ROW_LOCK)
        slip(session, row, given, working_time=WORKING, at=at)
    return row


def test_a_slip_moves_the_time_told_and_its_steps_and_tells_the_customer(store: Store) -> None:
    callback = ask(store, TEN)
    later = slipped(store, callback, Slip(LateReason.AGENTS_BUSY), seoul(10, 57))
    assert (later.due_at, later.first_due_at, later.slips) == (seoul(11, 30), seoul(11), 1)
    (fact,) = told(store, callback, LATE)
    assert fact.detail == {
        "due": callback.first_due_at.isoformat(),
        "until": later.due_at.isoformat(),
        "reason": "agents_busy",
        "by": "system",
    }
    new = [row for row in promises(store, "callback-remind") if row.args["due"] == later.due_at.isoformat()]
    assert minutes_before(later.due_at, new) == [30, 15, 5]
    assert texts(store) == ["promised", "late"]


def test_after_two_slips_it_is_the_supervisors_and_slips_a_working_day_at_a_time(store: Store) -> None:
    officers(store)
    callback = ask(store, TEN)
    times, owners = [], []
    for _ in range(4):
        callback = slipped(store, callback, Slip(LateReason.AGENTS_BUSY), callback.due_at - timedelta(minutes=3))
        times.append(callback.due_at)
        owners.append(callback.officer_id)
    assert times == [seoul(11, 30), seoul(12, 30), seoul(12, day=24), seoul(12, day=25)]
    assert owners == ["officer", "officer", "lead", "lead"]
    (assigned,) = told(store, callback, ASSIGNED)
    assert assigned.detail == {"officer": "lead", "before": "officer", "why": "slipped"}
    escalated = [row for row in promises(store, "callback-remind") if row.args["minutes"] == 0]
    assert [row.args["due"] for row in escalated] == [due.astimezone(UTC).isoformat() for due in times[2:]]


def test_an_agent_who_names_a_third_time_is_believed_but_the_supervisor_takes_over(store: Store) -> None:
    officers(store)
    callback = ask(store, TEN)
    for until in (seoul(12), seoul(14), seoul(15)):
        callback = slipped(store, callback, Slip(LateReason.PREPARING, "kim", until), TEN)
    assert (callback.due_at, callback.officer_id) == (seoul(15), "lead")


@pytest.mark.parametrize("until", [seoul(10, 30), seoul(11), seoul(9)])
def test_a_new_time_must_be_later_than_the_one_told(store: Store, until: datetime) -> None:
    callback = ask(store, TEN)
    with pytest.raises(Refused, match="later"):
        slipped(store, callback, Slip(LateReason.PREPARING, "kim", until), seoul(10, 20))
    assert callback_of(store, callback).slips == 0


def test_the_likely_reason_is_what_is_known(store: Store) -> None:
    officers(store)
    callback = ask(store, TEN)
    reasons = []
    for change in (lambda: None, lambda: absent(store, "officer", TEN), lambda: dialled(store, callback)):
        change()
        with store.reading() as session:
            reasons.append(likely_reason(session, session.get_one(Callback, callback.id), at=TEN))
    tried(store, callback, 1, Result.UNREACHED)
    with store.reading() as session:
        reasons.append(likely_reason(session, session.get_one(Callback, callback.id), at=TEN))
    absent_now = LateReason.OFFICER_ABSENT
    assert reasons == [LateReason.AGENTS_BUSY, absent_now, absent_now, LateReason.NO_ANSWER]


def test_an_absence_hands_the_open_ones_over_and_says_why(store: Store) -> None:
    officers(store)
    callback = ask(store, TEN)
    absent(store, "officer", TEN)
    with store.transaction() as session:
        officer = session.get_one(Officer, "officer")
        assert hand_over(session, officer, line=KIBO, at=TEN + GAP) == 1
    assert callback_of(store, callback).officer_id == "deputy"
    (fact,) = told(store, callback, ASSIGNED)
    assert fact.detail == {"officer": "deputy", "before": "officer", "why": "absent: trip"}
