"""The whole promise: given up waiting, told in writing, reminded, dialled from the list, reached; or slipped."""

from datetime import datetime, timedelta

import pytest

from carrier.numbers import normalise
from ivr.callbacks.rows import CallbackState
from ivr.callbacks.telling import LATE, MISSED, REMINDED
from ivr.calls.facts import Told, facts_of
from ivr.charters.verdicts import verdicts_of
from ivr.directory.rows import Officer, OfficerRole
from ivr.identifiers import call_id, callback_id
from ivr.lines.hours import SEOUL
from ivr.numbers import PhoneNumber
from tests.people import CALLER, customer
from tests.phone.conftest import Stage
from tests.phone.ringing import Ringing, is_it, takes
from tests.phone.scene import Scene, texts_of

REMINDERS = "01050000001"


@pytest.fixture
def given_up(both: Stage) -> Ringing:
    """A caller of the Daejeon foundation who gave up waiting, and an officer who is reminded by text."""
    scene = both("dcgf")
    with scene.world.store.transaction() as session:
        officer = Officer(
            id="dcgf-officer",
            line=scene.line.id,
            name="김민수",
            department="보증부",
            title="과장",
            duties=scene.line.team,
            role=OfficerRole.OFFICER,
            reminder_number=PhoneNumber.parse(REMINDERS),
        )
        session.add(officer)
    call = scene.dial(customer("1"))
    scene.wishes(call, "1")
    return Ringing(scene, callback_id(call_id(call.sid)), [])


def told(ringing: Ringing, kind: str) -> list[Told]:
    with ringing.scene.world.store.reading() as session:
        return [fact for fact in facts_of(session, ringing.id) if fact.kind == kind]


def until(scene: Scene, moment: datetime) -> None:
    scene.world.run_for((moment - scene.world.now()).total_seconds())


def verdict(ringing: Ringing, standard: str) -> str:
    """What was found of a standard; D6 is the answer within one working hour, D1 that the officer gave it."""
    with ringing.scene.world.store.reading() as session:
        return next(str(row.verdict) for row in verdicts_of(session, ringing.id) if row.standard_id == standard)


def shown(moment: datetime) -> str:
    return f"{moment.astimezone(SEOUL):%Y-%m-%d %H:%M}"


def test_a_promise_is_kept(given_up: Ringing) -> None:
    scene, due_at = given_up.scene, given_up.callback.due_at
    until(scene, due_at - timedelta(minutes=29))
    (reminder,) = texts_of(scene.network.handset(normalise(REMINDERS)))
    assert shown(due_at) in reminder
    assert told(given_up, REMINDED)[0].received_at == due_at - timedelta(minutes=30)
    (agent,) = scene.staff(takes())
    scene.network.handset(CALLER).plan = is_it()
    given_up.agents.append(agent)
    given_up.dials(agent)
    given_up.rest()
    assert given_up.callback.state is CallbackState.REACHED
    promised, kept = texts_of(scene.network.handset(CALLER))[:2]
    assert shown(due_at) in promised
    assert given_up.callback.receipt_number in kept
    until(scene, due_at + timedelta(minutes=10))
    assert told(given_up, LATE) == told(given_up, MISSED) == []
    assert len(texts_of(scene.network.handset(normalise(REMINDERS)))) == 1
    assert (verdict(given_up, "dcgf/D6/1"), verdict(given_up, "dcgf/D1/1")) == ("met", "met")


def test_a_promise_that_slips_is_told_before_the_hour_and_counts_as_missed(given_up: Ringing) -> None:
    scene, due_at = given_up.scene, given_up.callback.due_at
    until(scene, due_at - timedelta(seconds=1))
    promised, late = texts_of(scene.network.handset(CALLER))
    assert shown(due_at) in promised
    assert shown(given_up.callback.due_at) in late
    assert scene.words("callback_late.agents_busy") in late
    assert given_up.callback.due_at > due_at
    until(scene, due_at + timedelta(minutes=1))
    (missed,) = told(given_up, MISSED)
    assert (missed.received_at, missed.detail["reason"]) == (due_at, "agents_busy")
    assert verdict(given_up, "dcgf/D6/1") == "missed"
