"""A booked consultation, from the booking to the talk: told, reminded, rung at its time before all others."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from carrier.persons import PersonPlan
from ivr.agents.moves import AgentEvent, move_agent
from ivr.agents.rows import Agent
from ivr.bookings.booking import Wanted, book
from ivr.bookings.rows import Booking, BookingState
from ivr.calls.facts import facts_of
from ivr.deadlines import WorkingTime
from ivr.dialling.rows import Attempt
from ivr.identifiers import call_id
from ivr.lines.hours import SEOUL
from ivr.messages.rows import Message
from ivr.numbers import PhoneNumber
from tests.people import caller_phone, customer, never_picks_up
from tests.phone.conftest import Stage
from tests.phone.ringing import is_it, takes
from tests.phone.scene import Scene

# Monday, 09:40 in Seoul.
MORNING = datetime(2026, 11, 23, 0, 40, tzinfo=UTC)
BOOKED = caller_phone(7)


def seoul(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-11-{text}").replace(tzinfo=SEOUL)


def books(scene: Scene, starts: str, number: str = BOOKED) -> str:
    world = scene.world
    working = WorkingTime(scene.line, world.board.calendar)
    wanted = Wanted("k1", PhoneNumber.parse(number), seoul(starts), "홍길동", "보증 기한 연장")
    with world.store.transaction() as session:
        booking = book(session, wanted, working=working, at=world.now())
    world.worker.ring()
    return booking.id


def runs_until(scene: Scene, moment: str) -> None:
    scene.world.run_for((seoul(moment) - scene.world.now()).total_seconds())


def booking(scene: Scene) -> Booking:
    with scene.world.store.reading() as session:
        return session.get_one(Booking, "k1")


def texts(scene: Scene) -> list[tuple[str, str]]:
    """The templates of what was written about the booking, with their local times."""
    with scene.world.store.reading() as session:
        rows = session.scalars(select(Message).where(Message.subject == "booking:k1").order_by(Message.written_at))
        return [(row.template.partition("/")[0], f"{row.written_at.astimezone(SEOUL):%d %H:%M:%S}") for row in rows]


def kinds(scene: Scene) -> list[str]:
    with scene.world.store.reading() as session:
        return [fact.kind for fact in facts_of(session, "k1") if fact.leg == "booking"]


def test_the_customer_is_told_reminded_rung_at_the_time_and_served(both: Stage) -> None:
    scene = both("dcgf", start=MORNING)
    scene.staff(takes())
    scene.network.handset(BOOKED).plan = is_it()
    books(scene, "24 10:30")
    runs_until(scene, "24 10:29")
    assert booking(scene).state is BookingState.BOOKED
    runs_until(scene, "24 10:40")
    assert booking(scene).state is BookingState.KEPT
    assert texts(scene) == [
        ("booking-confirmed", "23 09:40:00"),
        ("booking-tomorrow", "23 10:30:00"),
        ("booking-soon", "24 10:00:00"),
    ]
    assert kinds(scene) == ["booked", "reminded", "reminded", "due", "kept"]


def test_a_customer_who_never_picks_up_is_tried_as_often_as_the_line_says_and_counted(stage: Stage) -> None:
    scene = stage("dcgf", start=MORNING)
    scene.staff(takes())
    scene.network.handset(BOOKED).plan = never_picks_up()
    books(scene, "23 11:00")
    runs_until(scene, "23 13:00")
    assert booking(scene).state is BookingState.NO_SHOW
    with scene.world.store.reading() as session:
        attempts = session.scalars(select(Attempt)).all()
        written = session.scalars(select(Message.template).where(Message.subject.like("callback:%"))).all()
    assert len(attempts) == scene.line.callbacks.attempts
    assert "callback-unreached" in {template.partition("/")[0] for template in written}
    assert kinds(scene)[-1] == "no-show"


def test_from_its_time_on_nobody_without_a_booking_is_served_before(stage: Stage) -> None:
    scene = stage("dcgf", start=MORNING)
    (agent,) = scene.staff(takes())
    _move(scene, agent, AgentEvent.LEAVE)
    scene.network.handset(BOOKED).plan = is_it()
    books(scene, "23 11:00")
    runs_until(scene, "23 10:59")
    waits = scene.dial(customer("1", talk=10.0))
    scene.world.run_for(120)
    assert scene.waiting(waits) is not None
    _move(scene, agent, AgentEvent.COME)
    scene.world.run_until_quiet()
    assert booking(scene).state is BookingState.KEPT
    with scene.world.store.reading() as session:
        rung = session.scalars(select(Attempt.made_at)).one()
    offers = [offer.made_at for offer in scene.offers(waits)]
    assert rung < min(offers)
    assert scene.record(waits)["call"] == call_id(waits.sid)


def test_before_its_time_others_are_served_as_ever(stage: Stage) -> None:
    scene = stage("dcgf", start=MORNING)
    scene.staff(takes())
    books(scene, "23 11:00")
    served = scene.call(customer("1", talk=10.0))
    assert served["outcome"] == "answered"
    assert booking(scene).state is BookingState.BOOKED


@pytest.mark.parametrize("plan", [PersonPlan(answer_after=None, reject_after=2.0)])
def test_a_customer_who_was_busy_is_reached_later_within_the_slot(stage: Stage, plan: PersonPlan) -> None:
    scene = stage("dcgf", start=MORNING)
    scene.staff(takes())
    scene.network.handset(BOOKED).plan = plan
    books(scene, "23 11:00")
    runs_until(scene, "23 11:05")
    scene.network.handset(BOOKED).plan = is_it()
    runs_until(scene, "23 11:30")
    assert booking(scene).state is BookingState.KEPT
    closed_at = booking(scene).closed_at
    assert closed_at is not None
    assert closed_at - seoul("23 11:00") < timedelta(minutes=30)


def _move(scene: Scene, agent: str, event: AgentEvent) -> None:
    world = scene.world
    with world.store.transaction() as session:
        move_agent(session.get_one(Agent, agent), event, world.now())
    if event is AgentEvent.COME:
        scene.promise("route", line=scene.line.id)
