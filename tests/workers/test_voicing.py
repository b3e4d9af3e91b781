"""Ringing to read a text out: whatever the carrier answers, nobody is rung twice for one reading, and none is lost."""

import pytest
from sqlalchemy import Engine, func, select

from ivr.calls.facts import Told, facts_of, tell
from ivr.messages.rows import Message
from ivr.messages.states import MessageState
from ivr.messages.writing import Outgoing, write_message
from ivr.numbers import PhoneNumber
from ivr.orders import PlaceCall
from ivr.voicing.attempts import OVER
from ivr.voicing.rows import Reading, ReadingOutcome
from tests.workers.kept import Works, given

LANDLINE = PhoneNumber.parse("042-100-0077")


@pytest.fixture
def works(engine: Engine) -> Works:
    """Works with one text for a landline, written and about to be read out."""
    works = Works.over(engine)
    house = works.keeper.house
    values = {"receipt": "1123-AB23CD", "date": "2026-11-24 10:00"}
    line = house.lines.by_id("dcgf")
    outgoing = Outgoing("m1", line, LANDLINE, "booking-confirmed", "booking:k1", values)
    with works.store.transaction() as session:
        write_message(session, house.texts, outgoing, at=works.clock.at)
    return works


def readings(works: Works) -> list[tuple[int, ReadingOutcome | None]]:
    with works.store.reading() as session:
        return [(row.ordinal, row.outcome) for row in session.scalars(select(Reading).order_by(Reading.ordinal))]


def rung(works: Works) -> int:
    return given(works, PlaceCall)


def told(works: Works, kind: str, leg: str = "reading-1", **detail: str) -> None:
    fact = Told("m1", f"{leg}:{kind}:{detail}", kind, leg, works.clock.at, sid="CA-read", detail=dict(detail))
    with works.store.statement() as connection:
        tell(connection, fact)


def ends(works: Works, status: str, leg: str = "reading-1") -> None:
    told(works, "leg-ended", leg, status=status)
    works.promise("follow-reading", message="m1", leg=leg)
    works.work()


def over(works: Works) -> list[str]:
    with works.store.reading() as session:
        return [str(fact.detail["why"]) for fact in facts_of(session, "m1") if fact.kind == OVER]


def passes(works: Works, minutes: float, step: float = 15.0) -> None:
    """Let time pass, keeping what falls due."""
    for _ in range(int(minutes * 60 / step)):
        works.clock.pass_time(step)
        works.work()


def test_an_order_without_an_answer_rings_nobody_twice_and_counts_as_a_reading(works: Works) -> None:
    works.carrier.answers = ["silence"]
    works.work()
    passes(works, 1.5)
    assert rung(works) == 1
    passes(works, 1)
    assert readings(works) == [(1, ReadingOutcome.FAILED)]
    passes(works, 10.5)
    assert rung(works) == 2


def test_an_order_without_an_answer_that_rang_all_the_same_is_followed_by_what_is_told(works: Works) -> None:
    works.carrier.answers = ["silence"]
    works.work()
    told(works, "leg-ringing", status="ringing")
    told(works, "reading-wanted")
    told(works, "reading-heard")
    ends(works, "completed")
    assert readings(works) == [(1, ReadingOutcome.HEARD)]
    passes(works, 15)
    assert rung(works) == 1


def test_a_carrier_that_is_overloaded_is_asked_again_and_no_reading_is_lost(works: Works) -> None:
    works.carrier.answers = ["too many", "too many"]
    works.work()
    passes(works, 1)
    assert rung(works) == 3
    assert readings(works) == [(1, None)]


def test_a_telephone_that_cannot_be_rung_is_given_up_at_once(works: Works) -> None:
    works.carrier.answers = ["refused"]
    works.work()
    passes(works, 30, step=60.0)
    assert rung(works) == 1
    assert over(works) == ["21217"]


def test_a_lost_end_is_asked_for(works: Works) -> None:
    works.work()
    works.carrier.answers = ["gone"]
    passes(works, 1)
    assert readings(works) == [(1, ReadingOutcome.FAILED)]


def test_the_same_end_told_twice_leads_to_one_next_reading(works: Works) -> None:
    works.work()
    for status in ("busy", "busy", "completed"):
        ends(works, status)
    passes(works, 12)
    assert rung(works) == 2


def test_after_three_readings_it_is_over_and_kept_as_a_fact(works: Works) -> None:
    works.work()
    for ordinal in (1, 2, 3):
        ends(works, "no-answer", f"reading-{ordinal}")
        passes(works, 11, step=60.0)
    assert rung(works) == 3
    assert over(works) == ["no_answer"]
    with works.store.reading() as session:
        assert session.get_one(Message, "m1").state is MessageState.FAILED


def test_what_was_delivered_meanwhile_is_not_read_out(works: Works) -> None:
    with works.store.transaction() as session:
        session.get_one(Message, "m1").state = MessageState.DELIVERED
    works.work()
    assert rung(works) == 0


def test_a_worker_that_died_after_its_order_rings_nobody_again(works: Works) -> None:
    works.work()
    with works.store.transaction() as session:
        row = session.get_one(Reading, ("m1", 1))
        row.leg_sid = None
    works.promise("read-out", key="read-out:m1:again", message="m1")
    works.work()
    assert rung(works) == 1
    with works.store.reading() as session:
        assert session.scalar(select(func.count()).select_from(Reading)) == 1
