"""Interviews by telephone, through the carrier: every way they end, and a caller who stays to rate the talk."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from carrier.calls import Call as CarrierCall
from carrier.options import Faults
from carrier.persons import PersonPlan
from ivr.addresses import Address, address
from ivr.callbacks.rows import Callback
from ivr.calls.rows import Call
from ivr.campaigns.rows import Dial, DialOutcome, Target
from ivr.consents.rows import Standing, Suppression
from ivr.directory.rows import Officer, OfficerRole
from ivr.identifiers import call_id
from ivr.numbers import PhoneNumber
from ivr.orders import Accepted, PlaceCall
from ivr.promises import Promise, promise_all
from ivr.surveys.entering import hand_over
from ivr.surveys.interviews import interview_of
from ivr.surveys.rows import Answer, Disposition, FollowUp, Interview
from tests.http.board import installed_surveys
from tests.interviewing import Rung, ring
from tests.people import agent_phone, picks_up
from tests.phone.conftest import Stage
from tests.phone.scene import Scene, said, texts_of
from tests.sizes import a_part

MOBILE = "+821010000077"
SUPERVISOR = "+821010000099"
CHECK_AFTER = timedelta(seconds=45)
FULL = ("1", "5", "2", "4")


@dataclass
class Asked:
    """Somebody whom a campaign of dcgf rings."""

    scene: Scene
    id: str
    leg: CarrierCall

    @property
    def interview(self) -> Interview | None:
        with self.scene.world.store.reading() as session:
            return session.get(Interview, self.id)

    @property
    def dial(self) -> Dial:
        with self.scene.world.store.reading() as session:
            return session.get_one(Dial, self.id)

    @property
    def target(self) -> Target:
        with self.scene.world.store.reading() as session:
            return session.scalars(select(Target)).one()

    @property
    def answers(self) -> dict[str, int | None]:
        with self.scene.world.store.reading() as session:
            return {row.question: row.value for row in session.scalars(select(Answer))}

    def ended(self) -> "Asked":
        self.scene.world.run_until_quiet()
        return self


def rung(scene: Scene, plan: PersonPlan, number: str = MOBILE) -> Asked:
    """A campaign orders the call, as its dialler does."""
    world, line = scene.world, scene.line
    scene.network.handset(number).plan = plan
    id = ring(world.store, Rung(line, installed_surveys().of("happy-dcgf"), number), at=world.now())
    ids = {"call": id, "line": line.id, "leg": "person"}
    base = world.board.public_base_url
    order = PlaceCall(
        to=number,
        shown=line.numbers[0],
        answer_url=base + address(Address.SURVEY, **ids, step=1),
        status_url=base + address(Address.SURVEY_STATUS, **ids),
        seconds=28,
    )
    receipt = world.worker.keeper.carrier.do(order)  # type: ignore[attr-defined]  # the usual crew has a keeper
    assert isinstance(receipt, Accepted)
    check = Promise("check-dial", f"check-dial:{id}", world.now() + CHECK_AFTER, {"dial": id})
    with world.store.transaction() as session:
        session.execute(update(Dial).where(Dial.id == id).values(call_sid=receipt.sid))
        promise_all(session, [check])
    world.worker.ring()
    return Asked(scene, id, scene.network.calls[receipt.sid])


def count(scene: Scene, table: type) -> int:
    with scene.world.store.reading() as session:
        return len(session.scalars(select(table)).all())


def disposition(asked: Asked) -> Disposition:
    assert asked.interview is not None
    return asked.interview.disposition


def supervised(scene: Scene) -> None:
    supervisor = Officer(
        id="dcgf-head",
        line="dcgf",
        name="한지민",
        department="경영지원부",
        title="팀장",
        role=OfficerRole.SUPERVISOR,
        reminder_number=PhoneNumber.parse(SUPERVISOR),
    )
    with scene.world.store.transaction() as session:
        session.add(supervisor)


def test_a_person_answers_everything_and_a_low_score_opens_a_task(both: Stage) -> None:
    scene = both("dcgf")
    supervised(scene)
    asked = rung(scene, PersonPlan(presses=FULL)).ended()
    assert disposition(asked) is Disposition.COMPLETED
    assert asked.answers == {"greeting": 5, "answer": 2, "closing": 4, "comment": None}
    assert asked.dial.outcome is DialOutcome.ANSWERED
    assert asked.target.disposition is Disposition.COMPLETED
    assert count(asked.scene, FollowUp) == 1
    (text,) = texts_of(scene.network.handset(SUPERVISOR))
    assert "낮은 점수(2점)" in text
    assert asked.id in text


@pytest.mark.parametrize(
    ("seconds", "ends"),
    [(10.0, Disposition.CONTACTED), (30.0, Disposition.BREAKOFF), (48.0, Disposition.PARTIAL)],
)
def test_whoever_hangs_up_in_the_middle_has_broken_off_or_is_of_use(
    stage: Stage, seconds: float, ends: Disposition
) -> None:
    asked = rung(stage("dcgf"), PersonPlan(presses=FULL, press_after=12.0, hang_up_after=seconds)).ended()
    assert disposition(asked) is ends
    assert asked.interview is not None
    assert asked.interview.ended_at is not None


def test_a_machine_hears_no_question(stage: Stage) -> None:
    asked = rung(stage("dcgf"), PersonPlan(answer_after=2.0, hang_up_after=300.0)).ended()
    heard = " ".join(said(asked.leg.heard))
    assert "어떠셨습니까" not in heard
    assert heard.count("이용하신 전화 상담의 만족도를 여쭙습니다") == 2
    assert disposition(asked) is Disposition.CONTACTED
    assert asked.dial.outcome is DialOutcome.MACHINE


@pytest.mark.parametrize("presses", [("9",), ("1", "5", "9"), ("1", "5", "4", "5", "9")])
def test_9_at_any_moment_takes_the_consent_back(stage: Stage, presses: tuple[str, ...]) -> None:
    asked = rung(stage("dcgf"), PersonPlan(presses=presses)).ended()
    assert disposition(asked) is Disposition.REFUSED
    assert asked.target.disposition in {Disposition.REFUSED, Disposition.EXCLUDED}
    assert (count(asked.scene, Suppression), count(asked.scene, Standing)) == (1, 0)
    assert "이런 전화를 드리지 않겠습니다" in said(asked.leg.heard)[-1]


def test_0_leads_to_an_agent_who_is_announced_and_the_call_has_its_own_record(stage: Stage) -> None:
    scene = stage("dcgf")
    scene.staff(picks_up(2.4))
    asked = rung(scene, PersonPlan(presses=("1", "0"), talk_seconds=20.0)).ended()
    record = scene.record(asked.leg)
    assert record["outcome"] == "answered"
    assert record["announcement"] is not None
    assert record["announcement"]["complete"]
    assert [offer["answered"] for offer in record["offers"]] == [True]
    assert record["ended_by"] == "customer"
    assert asked.dial.ended_at is not None
    assert disposition(asked) is Disposition.BREAKOFF
    with scene.world.store.reading() as session:
        call = session.get_one(Call, call_id(asked.leg.sid))
        assert call.caller == PhoneNumber.parse(MOBILE)
        assert call.ended_at is not None


def test_0_with_nobody_at_work_promises_a_call(stage: Stage) -> None:
    scene = stage("dcgf")
    asked = rung(scene, PersonPlan(presses=("0",))).ended()
    assert "전화드리겠습니다" in said(asked.leg.heard)[-1]
    assert count(scene, Callback) == 1
    assert count(scene, Call) == 0


def test_8_sends_a_link_and_the_form_completes_the_same_interview(both: Stage) -> None:
    scene = both("dcgf")
    asked = rung(scene, PersonPlan(presses=("8",))).ended()
    assert disposition(asked) is Disposition.CONTACTED
    (text,) = texts_of(scene.network.handset(MOBILE))
    path = "/s/" + text.partition("/s/")[2].split()[0]
    form = {"greeting": "5", "answer": "5", "closing": "5"}
    assert scene.world.webhooks.test_client().post(path, data=form).status_code == 200
    scene.world.run_for(30)
    assert disposition(asked) is Disposition.COMPLETED
    assert asked.target.disposition is Disposition.COMPLETED
    assert asked.answers == {"greeting": 5, "answer": 5, "closing": 5}


@pytest.mark.parametrize("seed", a_part(range(4), every=2))
def test_doubled_late_and_lost_events_lose_no_answer(stage: Stage, seed: int) -> None:
    scene = stage("dcgf", seed=seed)
    scene.network.faults = Faults(callback_duplicate=0.5, callback_delay=0.5, callback_reorder=0.5, callback_drop=0.1)
    asked = rung(scene, PersonPlan(presses=FULL)).ended()
    scene.world.run_for(900)
    assert disposition(asked) is Disposition.COMPLETED
    assert asked.answers == {"greeting": 5, "answer": 2, "closing": 4, "comment": None}
    assert asked.target.disposition is Disposition.COMPLETED
    assert count(scene, FollowUp) == 1


def test_a_caller_whose_agent_hands_over_rates_the_talk_in_the_same_call(both: Stage) -> None:
    scene = both("dcgf")
    (agent,) = scene.staff(picks_up(2.4))
    call = scene.dial(PersonPlan(presses=("1",), hang_up_first=False, linger=None))
    scene.until(lambda: bool(call.talks))
    scene.world.run_for(10)
    with scene.world.store.transaction() as session:
        hand_over(session, call_id(call.sid), line=scene.line, at=scene.world.now())
    scene.world.run_for(1)
    scene.network.handset(agent_phone(1)).hang_up()
    scene.hears(call, scene.words("survey.invitation"))
    scene.press(call, "1", "5", "1", "4")
    scene.world.run_until_quiet()
    with scene.world.store.reading() as session:
        interview = session.get_one(Interview, interview_of(call_id(call.sid)))
    assert (interview.disposition, interview.agent_id) == (Disposition.COMPLETED, agent)
    assert count(scene, FollowUp) == 1
    verdicts = {verdict["promise"]: verdict for verdict in scene.record(call)["verdicts"]}
    assert verdicts["D8"]["verdict"] == "exempt"
