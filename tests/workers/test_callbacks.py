"""The ladder of a callback as workers keep it: reminders at their minute, the notice before the slip, the end."""

from datetime import datetime, timedelta
from random import Random

import pytest
from sqlalchemy import Engine, select

from ivr.base import ROW_LOCK, Refused
from ivr.callbacks.closing import Result, Tried, attempt_over, customer_reached, served_by, withdraw
from ivr.callbacks.moves import CallbackEvent, move_callback
from ivr.callbacks.rows import Callback, CallbackState
from ivr.callbacks.slipping import LateReason, Slip, slip
from ivr.callbacks.telling import ASKED_AGAIN, LATE, MISSED, OVER, REMINDED
from ivr.calls.facts import Told
from ivr.calls.rows import Call, CallbackWish
from ivr.messages.rows import Message
from ivr.numbers import PhoneNumber
from ivr.promises import UNDONE, PromiseRow
from tests.sizes import is_full
from tests.unit.agents.people import waits
from tests.unit.callbacks.people import (
    CUSTOMER,
    KIBO,
    WORKING,
    absent,
    ask,
    call_of,
    callback_of,
    officers,
    promises,
    seoul,
    told,
    wish,
)
from tests.workers.kept import Works

TEN = seoul(10)
# A life takes some ten seconds: one on each database in a check, and a shorter one.
LIVES = [("sqlite", 1), ("postgresql", 0), *([("sqlite", 0), ("postgresql", 1)] if is_full() else [])]
MOMENTS = 40 if is_full() else 16


def live(works: Works, until: datetime) -> None:
    """Let time pass, keeping everything at the moment it falls due."""
    works.work()
    while (due := next_due(works)) is not None and due <= until:
        works.clock.at = max(due, works.clock.at)
        works.work()
    works.clock.at = until


def next_due(works: Works) -> datetime | None:
    """When the next promise falls due."""
    query = select(PromiseRow.due_at).where(UNDONE).order_by(PromiseRow.due_at).limit(1)
    with works.store.reading() as session:
        return session.scalar(query)


def works_at(engine: Engine, at: datetime) -> Works:
    """A keeper with officers, at a moment."""
    works = Works.over(engine)
    works.clock.at = at
    officers(works.store)
    return works


def written(works: Works, callback: Callback) -> dict[str, datetime]:
    """The ids of the texts of a callback, without its own, and when they were written."""
    about = Message.subject == f"callback:{callback.id}"
    with works.store.reading() as session:
        rows = session.scalars(select(Message).where(about).order_by(Message.written_at, Message.id)).all()
    return {row.id.removeprefix(f"{callback.id}-"): row.written_at for row in rows}


def test_the_officer_the_deputy_and_the_supervisor_are_reminded_at_their_minutes(engine: Engine) -> None:
    works = works_at(engine, TEN)
    callback = ask(works.store, TEN)
    live(works, seoul(10, 56))
    reminded = [
        (fact.received_at, fact.detail["minutes"], fact.detail["role"], fact.detail["officer"])
        for fact in told(works.store, callback, REMINDED)
    ]
    assert reminded == [
        (seoul(10, 30), 30, "officer", "officer"),
        (seoul(10, 45), 15, "deputy", "deputy"),
        (seoul(10, 45), 15, "officer", "officer"),
        (seoul(10, 55), 5, "deputy", "deputy"),
        (seoul(10, 55), 5, "officer", "officer"),
        (seoul(10, 55), 5, "supervisor", "lead"),
    ]
    assert written(works, callback) == {
        "promised": TEN,
        "remind-30-11230200-officer": seoul(10, 30),
        **{f"remind-15-11230200-{role}": seoul(10, 45) for role in ("deputy", "officer")},
        **{f"remind-5-11230200-{role}": seoul(10, 55) for role in ("deputy", "officer", "supervisor")},
    }


def test_of_the_reminders_that_a_standstill_held_up_only_the_last_one_goes_out(engine: Engine) -> None:
    works = works_at(engine, TEN)
    callback = ask(works.store, TEN)
    works.work()
    works.clock.at = seoul(10, 50)
    works.work()
    reminded = [(fact.detail["minutes"], fact.detail["role"]) for fact in told(works.store, callback, REMINDED)]
    assert reminded == [(15, "deputy"), (15, "officer")]


def test_the_customer_is_told_of_a_new_time_before_the_old_one_and_it_counts_as_missed(engine: Engine) -> None:
    works = works_at(engine, TEN)
    callback = ask(works.store, TEN)
    live(works, seoul(11, 1))
    (late,) = told(works.store, callback, LATE)
    (missed,) = told(works.store, callback, MISSED)
    assert (late.received_at, late.detail["until"]) == (
        seoul(10, 57),
        callback_of(works.store, callback).due_at.isoformat(),
    )
    assert (missed.received_at, missed.detail["reason"]) == (seoul(11), "agents_busy")
    with works.store.reading() as session:
        body = session.get_one(Message, f"{callback.id}-late-1").body
    assert "2026-11-23 11:30" in body
    assert works_text(works, "callback_late.agents_busy") in body


def works_text(works: Works, text_id: str) -> str:
    """A text of the catalogue."""
    return works.keeper.house.texts.say(text_id).text


def test_a_customer_without_a_mobile_is_read_the_notice_by_telephone(engine: Engine) -> None:
    works = works_at(engine, TEN)
    callback = ask(works.store, TEN, wish(number="+82511234567"))
    live(works, seoul(10, 58))
    assert [row.args for row in promises(works.store, "read-out")] == [{"message": f"{callback.id}-late-1"}]


def test_a_reached_customer_ends_the_ladder(engine: Engine) -> None:
    works = works_at(engine, TEN)
    callback = ask(works.store, TEN)
    live(works, seoul(10, 40))
    with works.store.transaction() as session:
        row = session.get_one(Callback, callback.id, with_for_update=ROW_LOCK)
        move_callback(row, CallbackEvent.DIAL)
        customer_reached(session, row, f"{row.id}-1", at=seoul(10, 40))
    live(works, seoul(10, 50))
    assert "kept" not in written(works, callback), "the customer is talking with us"
    with works.store.transaction() as session:
        row = session.get_one(Callback, callback.id, with_for_update=ROW_LOCK)
        attempt_over(session, row, Tried(f"{row.id}-1", Result.REACHED, "reached"), line=KIBO, at=seoul(10, 50))
    live(works, seoul(13))
    assert {fact.detail["minutes"] for fact in told(works.store, callback, REMINDED)} == {30}
    assert told(works.store, callback, LATE) == told(works.store, callback, MISSED) == []
    assert list(written(works, callback)) == ["promised", "remind-30-11230200-officer", "kept"]


def test_while_a_telephone_rings_for_it_the_notice_waits_but_not_too_long(engine: Engine) -> None:
    works = works_at(engine, TEN)
    callback = ask(works.store, TEN)
    live(works, seoul(10, 56))
    with works.store.transaction() as session:
        move_callback(session.get_one(Callback, callback.id, with_for_update=ROW_LOCK), CallbackEvent.DIAL)
    live(works, seoul(11, 1))
    (late,) = told(works.store, callback, LATE)
    assert late.received_at == seoul(10, 59)


def test_while_the_customer_is_in_a_call_with_us_the_notice_waits_as_well(engine: Engine) -> None:
    works = works_at(engine, TEN)
    callback = ask(works.store, TEN)
    live(works, seoul(10, 50))
    call = call_of(works.store, "c9", seoul(10, 50))
    with works.store.transaction() as session:
        session.get_one(Call, call.id).ended_at = None
    live(works, seoul(10, 58))
    assert told(works.store, callback, LATE) == []
    with works.store.transaction() as session:
        row = session.get_one(Call, call.id)
        row.ended_at = seoul(10, 58)
        served_by(session, row, at=seoul(10, 58))
    live(works, seoul(11, 1))
    assert told(works.store, callback, LATE) == told(works.store, callback, MISSED) == []


def test_an_absent_officers_reminder_goes_to_the_deputy(engine: Engine) -> None:
    works = works_at(engine, TEN)
    callback = ask(works.store, TEN)
    absent(works.store, "officer", seoul(10, 20))
    live(works, seoul(10, 31))
    (reminded,) = told(works.store, callback, REMINDED)
    assert (reminded.detail["officer"], reminded.detail["role"]) == ("deputy", "officer")
    assert callback_of(works.store, callback).officer_id == "deputy"


def test_a_confirmed_wish_of_a_call_becomes_the_promise_that_was_told(engine: Engine) -> None:
    works = works_at(engine, TEN)
    waits(works.store, "c1", TEN)
    due = seoul(11, 2)
    with works.store.transaction() as session:
        number = PhoneNumber.parse(CUSTOMER)
        session.add(
            CallbackWish(
                call_id="c1",
                line="kibo",
                team="guarantee",
                number=number,
                number_index=works.store.keyring.index(number),
                step=5,
                confirmed_at=seoul(10, 2),
            )
        )
    works.clock.at = seoul(10, 2)
    works.tell("callback-wished", step=6, due=due.isoformat(), answer="callback.accepted")
    works.promise("ask-callback", call="c1")
    works.work()
    with works.store.reading() as session:
        made = session.scalars(select(Callback)).one()
    assert (made.origin, made.since, made.due_at, made.call_id) == ("waiting", TEN, due, "c1")
    assert made.receipt_number.startswith("1123-")


@pytest.mark.timeout(600)
@pytest.mark.parametrize(("engine", "seed"), LIVES, indirect=["engine"])
def test_any_life_keeps_the_ladder(engine: Engine, seed: int) -> None:
    works, chance = works_at(engine, TEN), Random(seed)
    works.clock.at = TEN + timedelta(seconds=chance.randrange(9 * 3600))
    lives = [Life(works, chance, number) for number in range(4)]
    for _ in range(MOMENTS):
        live(works, works.clock.at + timedelta(seconds=chance.randrange(1, 900)))
        chance.choice(lives).something()
    live(works, works.clock.at + timedelta(days=1))
    for life in lives:
        for callback in life.made.values():
            holds(works, callback)


class Life:
    """What may happen to the wishes of one customer."""

    def __init__(self, works: Works, chance: Random, number: int) -> None:
        self.works, self.chance, self.number = works, chance, f"+82107000000{number}"
        self.made: dict[str, Callback] = {}
        self.count = 0

    def something(self) -> None:
        """One thing that can happen now."""
        self.chance.choice((self.ask, self.ask, self.dial, self.dial, self.late, self.end))()

    def ask(self) -> None:
        """The customer wishes to be called, by the rule or by another time."""
        self.count += 1
        at = self.works.clock.at
        due_at = self.chance.choice((None, None, at + timedelta(minutes=self.chance.randrange(3, 300))))
        try:
            made = ask(self.works.store, at, wish(f"{self.number}:{self.count}", self.number, due_at=due_at))
        except Refused:
            assert due_at is not None, "what the rule gives can always be promised"
        else:
            self.made[made.id] = made

    def dial(self) -> None:
        """An agent dials, or an attempt ends."""
        at = self.works.clock.at
        with self.works.store.transaction() as session:
            for id in self.made:
                row = session.get_one(Callback, id, with_for_update=ROW_LOCK)
                if row.state is CallbackState.WAITING:
                    move_callback(row, CallbackEvent.DIAL)
                elif row.state is CallbackState.DIALLING:
                    result = self.chance.choice(list(Result))
                    attempt_over(session, row, Tried(f"{id}-{at}", result, "over"), line=KIBO, at=at)

    def late(self) -> None:
        """An agent says that it will be later."""
        at = self.works.clock.at
        with self.works.store.transaction() as session:
            for id in self.made:
                row = session.get_one(Callback, id, with_for_update=ROW_LOCK)
                if row.closed_at is None:
                    until = row.due_at + timedelta(minutes=self.chance.randrange(2, 90))
                    slip(session, row, Slip(LateReason.PREPARING, "kim", until), working_time=WORKING, at=at)

    def end(self) -> None:
        """The customer withdraws, or rings and is answered."""
        at = self.works.clock.at
        call = call_of(self.works.store, f"c{self.number[-1]}-{self.count}-{at:%d%H%M%S}", at, number=self.number)
        with self.works.store.transaction() as session:
            for id in self.made:
                row = session.get_one(Callback, id, with_for_update=ROW_LOCK)
                if row.closed_at is None and self.chance.random() < 0.3:
                    withdraw(session, row, "customer", at=at)
            if self.chance.random() < 0.5:
                served_by(session, call, at=at)


def holds(works: Works, callback: Callback) -> None:
    """What must be true of every callback, whatever happened to it."""
    row = callback_of(works.store, callback)
    facts = told(works.store, callback)
    over = next((fact.received_at for fact in facts if fact.kind == OVER), None)
    reminders = [fact for fact in facts if fact.kind == REMINDED and fact.detail["minutes"]]
    for fact in reminders:
        due_at = datetime.fromisoformat(fact.detail["due"])
        assert fact.received_at == due_at - timedelta(minutes=fact.detail["minutes"])
        assert over is None or fact.received_at <= over
    steps = [(fact.detail["due"], fact.detail["minutes"], fact.detail["role"]) for fact in reminders]
    assert len(steps) == len(set(steps))
    for begun, due_at, ended in stretches(row, facts, over or min(row.due_at, works.clock.at)):
        assert ended <= due_at, "a time that was told went by without a call, an end or a notice"
        ahead = [due_at - timedelta(minutes=minutes) for minutes in KIBO.callbacks.remind_before]
        expected = {at for at in ahead if begun < at < ended}
        assert expected <= {fact.received_at for fact in reminders if fact.detail["due"] == due_at.isoformat()}
    missed = [fact for fact in facts if fact.kind == MISSED]
    assert len(missed) == (over is None or over > row.first_due_at)


def stretches(row: Callback, facts: list[Told], end: datetime) -> list[tuple[datetime, datetime, datetime]]:
    """The times that were told one after the other: since when, the time, and until when it stood."""
    changes = [(row.asked_at, row.first_due_at)]
    for fact in facts:
        if fact.kind == LATE:
            changes.append((fact.received_at, datetime.fromisoformat(fact.detail["until"])))
        elif fact.kind == ASKED_AGAIN and datetime.fromisoformat(fact.detail["due"]) != changes[-1][1]:
            changes.append((fact.received_at, datetime.fromisoformat(fact.detail["due"])))
    ends = [begun for begun, _ in changes[1:]] + [end]
    return [(begun, due_at, ended) for (begun, due_at), ended in zip(changes, ends, strict=True)]
