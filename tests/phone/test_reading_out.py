"""Texts that cannot be delivered are read out by telephone: to a person, in time, and never two calls at once."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from sqlalchemy import select

from carrier.calls import Call as CarrierCall
from carrier.options import Faults
from carrier.persons import PersonPlan
from ivr.messages.rows import Message
from ivr.messages.states import MessageState
from ivr.messages.writing import Outgoing, write_message
from ivr.numbers import PhoneNumber
from ivr.optouts.refusing import Refusal, refuse
from ivr.optouts.rows import Scope, Way
from ivr.voicing.rows import Reading, ReadingOutcome
from tests.phone.conftest import Stage
from tests.phone.scene import Scene, said
from tests.sizes import a_part

LANDLINE = "+82421000077"
MOBILE = "+821010000077"
HEARS = PersonPlan(answer_after=4.0, presses=("1",))
AN_EVENING = datetime(2026, 11, 23, 11, 30, tzinfo=UTC)


def writes(scene: Scene, number: str = LANDLINE, *, id: str = "m1") -> None:
    """A text that is read out where it cannot be delivered."""
    values = {"reason": "상담 전화가 많았습니다.", "until": "오늘 오후 3시 10분", "receipt": "1123-AB23CD"}
    outgoing = Outgoing(id, scene.line, PhoneNumber.parse(number), "callback-late", f"callback:{id}", values)
    with scene.world.store.transaction() as session:
        write_message(session, scene.world.texts, outgoing, at=scene.world.now())
    scene.world.worker.ring()


def state(scene: Scene, id: str = "m1") -> MessageState:
    with scene.world.store.reading() as session:
        return session.get_one(Message, id).state


def readings(scene: Scene) -> list[Reading]:
    with scene.world.store.reading() as session:
        return list(session.scalars(select(Reading).order_by(Reading.made_at)))


def legs(scene: Scene) -> list[CarrierCall]:
    return scene.agent_legs()


def test_a_landline_is_rung_and_a_person_who_presses_1_hears_the_text_to_its_end(both: Stage) -> None:
    scene = both()
    scene.network.handset(LANDLINE).plan = HEARS
    writes(scene)
    scene.world.run_for(120)
    (leg,) = legs(scene)
    heard = said(leg.heard)
    assert heard[0] == scene.words("reading.hello", institution=scene.line.spoken_institution)
    assert "오늘 오후 세 시 십분까지 전화드리겠습니다." in heard[1]
    assert "접수번호 일일이삼에 에이비이삼씨디." in heard
    assert heard[-1] == scene.words("reading.thanks", institution=scene.line.spoken_institution)
    assert state(scene) is MessageState.READ_OUT
    assert [reading.outcome for reading in readings(scene)] == [ReadingOutcome.HEARD]


def test_star_reads_it_once_more(stage: Stage) -> None:
    scene = stage()
    scene.network.handset(LANDLINE).plan = PersonPlan(presses=("1", "*"))
    writes(scene)
    scene.world.run_for(180)
    assert said(legs(scene)[0].heard).count("접수번호 일일이삼에 에이비이삼씨디.") == 2


def test_a_machine_that_presses_nothing_hears_no_content_and_counts_as_not_read(stage: Stage) -> None:
    scene = stage()
    scene.network.handset(LANDLINE).plan = PersonPlan(answer_after=2.0, hang_up_after=300.0)
    writes(scene)
    scene.world.run_for(120)
    heard = " ".join(said(legs(scene)[0].heard))
    assert "접수번호" not in heard
    assert "전화드리겠습니다" not in heard.replace(
        scene.words("reading.unheard", institution=scene.line.spoken_institution), ""
    )
    assert readings(scene)[0].outcome is ReadingOutcome.VOICEMAIL
    assert state(scene) is MessageState.FAILED


@pytest.mark.parametrize(
    ("plan", "outcome"),
    [
        (PersonPlan(answer_after=None), ReadingOutcome.NO_ANSWER),
        (PersonPlan(answer_after=None, reject_after=2.0), ReadingOutcome.BUSY),
        (PersonPlan(presses=("1",), hang_up_after=8.0), ReadingOutcome.HUNG_UP),
    ],
)
def test_who_was_not_reached_is_tried_three_times_ten_minutes_apart_and_no_more(
    stage: Stage, plan: PersonPlan, outcome: ReadingOutcome
) -> None:
    scene = stage()
    scene.network.handset(LANDLINE).plan = plan
    writes(scene)
    scene.world.run_for(3000)
    tried = readings(scene)
    assert [reading.outcome for reading in tried] == [outcome] * 3
    for earlier, later in pairwise(tried):
        assert earlier.closed_at is not None
        assert timedelta(minutes=10) <= later.made_at - earlier.closed_at < timedelta(minutes=10, seconds=5)
    assert len(legs(scene)) == 3


def test_after_one_reading_was_heard_nobody_is_rung_again(stage: Stage) -> None:
    scene = stage()
    handset = scene.network.handset(LANDLINE)
    handset.plan = PersonPlan(answer_after=None)
    writes(scene)
    scene.world.run_for(300)
    handset.plan = HEARS
    scene.world.run_for(3000)
    assert [reading.outcome for reading in readings(scene)] == [ReadingOutcome.NO_ANSWER, ReadingOutcome.HEARD]


def test_somebody_who_refused_every_text_is_told_by_telephone(stage: Stage) -> None:
    scene = stage()
    scene.network.handset(MOBILE).plan = HEARS
    with scene.world.store.transaction() as session:
        number = PhoneNumber.parse(MOBILE)
        refuse(session, Refusal(scene.line.id, number, Scope.ALL, Way.AGENT, "t"), at=scene.world.now())
    writes(scene, MOBILE)
    scene.world.run_for(120)
    assert state(scene) is MessageState.READ_OUT


def test_two_texts_for_one_number_are_read_one_after_the_other(both: Stage) -> None:
    scene = both()
    scene.network.handset(LANDLINE).plan = HEARS
    for id in ("m1", "m2"):
        writes(scene, id=id)
    scene.world.run_for(400)
    first, second = readings(scene)
    assert first.closed_at is not None
    assert second.made_at >= first.closed_at
    assert {state(scene, id) for id in ("m1", "m2")} == {MessageState.READ_OUT}


def test_after_the_line_has_closed_nobody_is_rung_and_what_is_worthless_by_morning_never(stage: Stage) -> None:
    scene = stage(start=AN_EVENING)
    scene.network.handset(LANDLINE).plan = HEARS
    writes(scene)
    scene.world.run_for(24 * 3600)
    assert readings(scene) == []
    assert state(scene) is MessageState.FAILED


ROUGH = Faults(
    callback_duplicate=0.4,
    callback_reorder=0.3,
    callback_delay=0.3,
    callback_drop=0.3,
    webhook_duplicate_same_token=0.3,
    webhook_duplicate_new_token=0.3,
    rest_429=0.2,
    rest_error_before=0.2,
    rest_error_after=0.3,
)


@pytest.mark.parametrize("seed", a_part(range(12), every=3))
def test_on_a_bad_network_nobody_is_rung_twice_at_once_and_what_was_heard_counts(stage: Stage, seed: int) -> None:
    scene = stage(seed=seed)
    scene.network.faults = ROUGH
    scene.network.handset(LANDLINE).plan = HEARS
    for id in ("m1", "m2"):
        writes(scene, id=id)
    scene.world.run_for(3500)
    rung = sorted(legs(scene), key=lambda leg: leg.times["created"])
    for earlier, later in pairwise(rung):
        assert earlier.times["ended"] <= later.times["created"]
    assert len(rung) <= len(readings(scene))
    heard = [leg for leg in rung if scene.words("reading.again") in said(leg.heard)]
    assert len(heard) == sum(state(scene, id) is MessageState.READ_OUT for id in ("m1", "m2")) == 2, readings(scene)
    assert all(reading.closed_at is not None for reading in readings(scene))
