"""What can be booked and what cannot: never past, closed, too early or late, never over capacity, never twice."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import Engine, select

from ivr.base import Refused
from ivr.bookings.booking import NotBookable, Why
from ivr.bookings.rows import Booking, BookingState
from ivr.lines.hours import SEOUL
from ivr.promises import PromiseRow
from ivr.store import Store
from tests.unit.bookings.desk import NOW, RULE, Desk, seoul

THREADS = 12
SWAPS = 15


@pytest.fixture
def desk(engine: Engine) -> Desk:
    return Desk(Store(engine))


def promised(desk: Desk, kind: str) -> list[str]:
    with desk.store.reading() as session:
        rows = session.scalars(select(PromiseRow).where(PromiseRow.kind == kind).order_by(PromiseRow.due_at))
        return [f"{row.due_at.astimezone(SEOUL):%m-%d %H:%M}" for row in rows]


def state(desk: Desk, booking: Booking) -> BookingState:
    with desk.store.reading() as session:
        return session.get_one(Booking, booking.id).state


@pytest.mark.parametrize(
    ("starts", "why"),
    [
        ("2026-11-24 09:00", None),
        ("2026-11-24 17:30", None),
        ("2026-11-23 11:00", None),
        ("2026-12-07 17:30", None),
        ("2026-11-23 09:30", Why.PAST),
        ("2026-11-23 10:00", Why.PAST),
        ("2026-11-23 10:30", Why.TOO_SOON),
        ("2026-12-08 09:00", Why.TOO_FAR),
        ("2026-11-24 18:00", Why.CLOSED),
        ("2026-11-24 08:30", Why.CLOSED),
        ("2026-11-24 09:10", Why.CLOSED),
        ("2026-11-28 10:00", Why.CLOSED),
        ("2026-11-24 03:00", Why.CLOSED),
    ],
)
def test_a_slot_is_booked_or_refused_for_a_plain_reason(desk: Desk, starts: str, why: Why | None) -> None:
    assert desk.refused(starts) is why


def test_a_holiday_has_no_slots(desk: Desk) -> None:
    desk.at = seoul("2026-12-20 10:00")
    assert desk.refused("2026-12-25 10:00") is Why.CLOSED
    assert desk.refused("2026-12-23 10:00") is None


def test_a_line_without_the_rule_takes_none(desk: Desk) -> None:
    assert replace(desk, rule=None).refused("2026-11-24 10:00") is Why.NO_BOOKINGS


@pytest.mark.parametrize("number", ["1544-1120", "112", "060-700-1234"])
def test_a_number_of_nobody_is_refused(desk: Desk, number: str) -> None:
    assert desk.refused("2026-11-24 10:00", number=number) is Why.NUMBER


def test_a_full_slot_is_refused_with_the_next_free_ones(desk: Desk) -> None:
    for person in (1, 2):
        desk.book("2026-11-23 11:00", person)
    with pytest.raises(NotBookable) as refusal:
        desk.book("2026-11-23 11:00", 3)
    assert refusal.value.why is Why.FULL
    assert [slot.starts_at for slot in refusal.value.free] == [
        seoul(f"2026-11-23 {hour}") for hour in ("11:30", "12:00", "12:30")
    ]
    assert "free are 2026-11-23 11:30" in str(refusal.value)
    assert desk.count() == 2


def test_nobody_has_two_places_at_one_time_and_a_refusal_gives_the_place_back(desk: Desk) -> None:
    desk.book("2026-11-24 10:00")
    assert desk.refused("2026-11-24 10:00") is Why.TWICE
    assert desk.taken("2026-11-24 10:00") == 1
    assert desk.refused("2026-11-24 10:30") is None


def test_the_same_request_repeated_is_the_same_booking(desk: Desk) -> None:
    first, again = (desk.book("2026-11-24 10:00", id="k1") for _ in range(2))
    assert first.id == again.id
    assert (desk.count(), desk.taken("2026-11-24 10:00")) == (1, 1)


def test_many_at_once_never_take_more_places_than_there_are(desk: Desk) -> None:
    barrier = Barrier(THREADS)

    def rush(person: int) -> Why | None:
        barrier.wait()
        return desk.refused("2026-11-24 10:00", person)

    with ThreadPoolExecutor(THREADS) as pool:
        answers = list(pool.map(rush, range(1, THREADS + 1)))
    assert answers.count(None) == RULE.capacity
    assert answers.count(Why.FULL) == THREADS - RULE.capacity
    assert (desk.count(), desk.taken("2026-11-24 10:00")) == (RULE.capacity, RULE.capacity)


def test_one_person_at_many_desks_at_once_gets_one_place(desk: Desk) -> None:
    barrier = Barrier(THREADS)

    def rush(number: int) -> Why | None:
        barrier.wait()
        try:
            desk.book("2026-11-24 10:00", 1, id=f"k-{number}")
        except NotBookable as refusal:
            return refusal.why
        return None

    with ThreadPoolExecutor(THREADS) as pool:
        answers = list(pool.map(rush, range(THREADS)))
    assert answers.count(None) == 1
    assert set(answers) <= {None, Why.TWICE, Why.FULL}
    assert (desk.count(), desk.taken("2026-11-24 10:00")) == (1, 1)


def test_two_customers_who_swap_their_times_at_once_never_wait_for_each_other(desk: Desk) -> None:
    times = ("2026-11-24 10:00", "2026-11-24 10:30")
    both = [desk.book(starts, person) for person, starts in enumerate(times, start=1)]
    barrier = Barrier(len(both))

    def swap(number: int) -> None:
        for turn in range(1, SWAPS + 1):
            barrier.wait()
            try:
                desk.change(both[number], times[(number + turn) % 2])
            except Exception:
                barrier.abort()
                raise

    with ThreadPoolExecutor(len(both)) as pool:
        list(pool.map(swap, range(len(both))))
    assert [desk.taken(starts) for starts in times] == [1, 1]


def test_places_that_are_free_are_listed_and_full_slots_are_not(desk: Desk) -> None:
    free = desk.free()
    assert free[0].starts_at == seoul("2026-11-23 11:00")
    assert free[-1].starts_at == seoul("2026-12-07 17:30")
    assert {slot.free for slot in free} == {2}
    desk.book("2026-11-23 11:00", 1)
    assert desk.free()[0].free == 1
    desk.book("2026-11-23 11:00", 2)
    assert desk.free()[0].starts_at == seoul("2026-11-23 11:30")


def test_a_booking_is_changed_and_gives_its_place_back(desk: Desk) -> None:
    booking = desk.book("2026-11-24 10:00")
    desk.change(booking, "2026-11-25 14:00")
    assert (desk.taken("2026-11-24 10:00"), desk.taken("2026-11-25 14:00")) == (0, 1)
    assert desk.refused("2026-11-24 10:00") is None
    with desk.store.reading() as session:
        row = session.get_one(Booking, booking.id)
    assert (row.starts_at, row.ends_at) == (seoul("2026-11-25 14:00"), seoul("2026-11-25 14:30"))


@pytest.mark.parametrize("starts", ["2026-11-28 10:00", "2026-11-23 10:30", "2026-11-25 11:00"])
def test_a_change_that_cannot_be_made_leaves_the_booking_as_it_is(desk: Desk, starts: str) -> None:
    for person in (2, 3):
        desk.book("2026-11-25 11:00", person)
    booking = desk.book("2026-11-24 10:00")
    with pytest.raises(NotBookable):
        desk.change(booking, starts)
    assert desk.taken("2026-11-24 10:00") == 1
    assert state(desk, booking) is BookingState.BOOKED


def test_a_cancelled_place_is_free_again_for_anybody(desk: Desk) -> None:
    booking = desk.book("2026-11-24 10:00")
    desk.cancel(booking)
    assert state(desk, booking) is BookingState.CANCELLED
    assert desk.taken("2026-11-24 10:00") == 0
    assert desk.refused("2026-11-24 10:00") is None


def test_once_it_has_started_nothing_is_changed_any_more(desk: Desk) -> None:
    booking = desk.book("2026-11-24 10:00")
    desk.at = seoul("2026-11-24 10:00")
    with pytest.raises(Refused, match="until it starts"):
        desk.cancel(booking)
    with pytest.raises(Refused, match="until it starts"):
        desk.change(booking, "2026-11-25 10:00")


def test_reminders_come_the_day_before_and_half_an_hour_before_as_far_as_they_lie_ahead(desk: Desk) -> None:
    desk.book("2026-11-26 10:00")
    assert promised(desk, "remind-booking") == ["11-25 10:00", "11-26 09:30"]
    assert promised(desk, "start-booking") == ["11-26 10:00"]


def test_a_booking_for_today_is_only_reminded_shortly_before(desk: Desk) -> None:
    desk.book("2026-11-23 14:00")
    assert promised(desk, "remind-booking") == ["11-23 13:30"]


def test_the_last_day_ahead_is_whole_and_slots_begin_after_the_notice(desk: Desk) -> None:
    desk.at = NOW + timedelta(hours=13, minutes=59)
    assert desk.free()[0].starts_at == seoul("2026-11-24 09:00")
    assert desk.free()[-1].starts_at == seoul("2026-12-07 17:30")
