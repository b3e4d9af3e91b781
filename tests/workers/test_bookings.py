"""What was promised about a booking does nothing once it is for another time, and a day off is told in time."""

from dataclasses import replace
from datetime import date, datetime

import pytest
from sqlalchemy import Engine, select

from ivr.bookings.booking import cancel, change, locked_booking
from ivr.bookings.rows import Booking, BookingSlot, BookingState
from ivr.callbacks.closing import withdraw
from ivr.callbacks.rows import Callback
from ivr.deadlines import WorkingTime
from ivr.lines.calendar import Calendar
from ivr.messages.rows import Message
from tests.unit.bookings.desk import Desk, seoul
from tests.workers.kept import Works

TUESDAY = "2026-11-24 10:00"


@pytest.fixture
def works(engine: Engine) -> Works:
    """Works on Monday at ten, with one booking for Tuesday at ten."""
    works = Works.over(engine)
    Desk(works.store, at=works.clock.at).book(TUESDAY, id="k1")
    return works


def until(works: Works, moment: datetime) -> None:
    """Keep what falls due, hour by hour, up to a moment."""
    while works.clock.at < moment:
        works.clock.pass_time(min(1800.0, (moment - works.clock.at).total_seconds()))
        works.work()


def booking(works: Works) -> Booking:
    with works.store.reading() as session:
        return session.get_one(Booking, "k1")


def written(works: Works) -> list[str]:
    with works.store.reading() as session:
        rows = session.scalars(select(Message.template).where(Message.subject == "booking:k1"))
        return sorted(template.partition("/")[0] for template in rows)


def callbacks(works: Works) -> list[Callback]:
    with works.store.reading() as session:
        return list(session.scalars(select(Callback)))


def working(works: Works) -> WorkingTime:
    return Desk(works.store).working


def closes_on(works: Works, day: date) -> None:
    """A temporary holiday is announced."""
    calendar = works.keeper.house.calendar
    closed = Calendar(calendar.rules, {**public_of(calendar), day: "임시공휴일"})
    works.keeper = replace(works.keeper, house=replace(works.keeper.house, calendar=closed))


def public_of(calendar: Calendar) -> dict[date, str]:
    return {
        day: name
        for day in (date(2026, month, number) for month in (11, 12) for number in range(1, 31))
        if (name := calendar.holiday(day, "dcgf"))
    }


def test_at_its_time_it_becomes_a_callback_that_is_due_at_its_end(works: Works) -> None:
    until(works, seoul(TUESDAY))
    (callback,) = callbacks(works)
    assert (callback.origin.value, callback.team) == ("booking", "guarantee")
    assert (callback.since, callback.due_at) == (seoul(TUESDAY), seoul("2026-11-24 10:30"))
    assert (booking(works).state, booking(works).callback_id) == (BookingState.DUE, callback.id)


def test_what_was_promised_for_the_old_time_does_nothing(works: Works) -> None:
    with works.store.transaction() as session:
        row = locked_booking(session, "k1")
        assert row is not None
        change(session, row, seoul("2026-11-25 14:00"), working=working(works), at=works.clock.at)
    until(works, seoul("2026-11-24 12:00"))
    assert callbacks(works) == []
    assert written(works) == ["booking-confirmed"]
    until(works, seoul("2026-11-25 14:00"))
    assert len(callbacks(works)) == 1
    assert written(works) == ["booking-confirmed", "booking-soon", "booking-tomorrow"]


def test_a_booking_that_was_moved_away_and_back_is_confirmed_for_its_time_again(works: Works) -> None:
    works.work()
    for starts in ("2026-11-25 14:00", TUESDAY):
        works.clock.pass_time(60.0)
        with works.store.transaction() as session:
            row = locked_booking(session, "k1")
            assert row is not None
            change(session, row, seoul(starts), working=working(works), at=works.clock.at)
        works.work()
    with works.store.reading() as session:
        bodies = session.scalars(select(Message.body).order_by(Message.written_at)).all()
    assert ["2026-11-24 10:00" in body for body in bodies] == [True, False, True]


def test_a_cancelled_booking_is_told_of_once_and_nobody_is_rung(works: Works) -> None:
    with works.store.transaction() as session:
        row = locked_booking(session, "k1")
        assert row is not None
        cancel(session, row, "customer", at=works.clock.at)
    until(works, seoul("2026-11-24 11:00"))
    assert callbacks(works) == []
    assert written(works) == ["booking-cancelled"]


def test_a_holiday_announced_since_is_told_before_the_time_and_gives_the_place_back(works: Works) -> None:
    until(works, seoul("2026-11-23 20:00"))
    closes_on(works, date(2026, 11, 24))
    until(works, seoul("2026-11-24 11:00"))
    assert callbacks(works) == []
    assert booking(works).state is BookingState.CANCELLED
    assert "booking-closed" in written(works)
    with works.store.reading() as session:
        assert session.scalars(select(BookingSlot.taken)).one() == 0


def test_a_start_that_was_held_up_still_becomes_a_callback(works: Works) -> None:
    works.clock.at = seoul("2026-11-24 10:45")
    works.work()
    (callback,) = callbacks(works)
    assert callback.first_due_at == seoul("2026-11-24 10:30")


def test_withdrawing_the_call_of_a_booking_cancels_it_and_is_told(works: Works) -> None:
    until(works, seoul(TUESDAY))
    (callback,) = callbacks(works)
    with works.store.transaction() as session:
        withdraw(session, session.get_one(Callback, callback.id), "agent", at=works.clock.at)
    works.work()
    assert booking(works).state is BookingState.CANCELLED
    assert "booking-cancelled" in written(works)
