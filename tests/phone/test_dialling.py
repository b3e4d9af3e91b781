"""A customer who asked to be called is dialled: the agent first, then the customer, then who it is, then the talk."""

from datetime import UTC, datetime
from itertools import pairwise

import pytest
from sqlalchemy import select

from carrier import legs
from carrier.persons import PersonPlan
from ivr.agents.moves import AgentEvent, move_agent
from ivr.agents.rows import Agent, AgentState
from ivr.base import Refused
from ivr.callbacks.asking import Wish, ask_callback
from ivr.callbacks.closing import withdraw
from ivr.callbacks.rows import Callback, CallbackState, Origin
from ivr.dialling.rows import AttemptState
from ivr.identifiers import call_id, callback_id
from ivr.numbers import PhoneNumber
from tests.people import CALLER, agent_of, agent_phone, customer, never_picks_up, rejects, voicemail
from tests.phone.conftest import Stage
from tests.phone.ringing import AGENT, CUSTOMER, NAME, Ringing, asked, is_it, takes
from tests.phone.scene import Scene

EVENING = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


def states(ringing: Ringing) -> tuple[CallbackState, AgentState]:
    return ringing.callback.state, ringing.scene.agent_state(ringing.agents[0])


def test_the_customer_is_greeted_checked_and_brought_together_with_the_agent(both: Stage) -> None:
    scene = both("dcgf")
    ringing = asked(scene, takes(press_after=15.0), customer=is_it(press_after=8.0), name=NAME)
    ringing.rest()
    assert ringing.outcomes == ["reached"]
    assert ringing.callback.state is CallbackState.REACHED
    assert ringing.left_over() == []
    greeting, check = ringing.heard(CUSTOMER)
    institution = scene.line.spoken_institution
    department = next(iter(scene.line.teams.values())).department
    wording = scene.line.announcement.outbound
    assert greeting == wording.format(institution=institution, department=department, name="김민수", title="대리")
    assert check == scene.words("dialling.check_name", name=NAME)
    told = ringing.heard(AGENT)
    assert institution in told[0]
    assert told[2:] == [scene.words("dialling.choice"), scene.words("dialling.placing")]
    assert CALLER[-8:] not in "".join(told).replace("-", "")


def test_the_customer_of_a_firm_is_called_back_in_the_firms_name(stage: Stage) -> None:
    scene = stage("ascentre")
    made = scene.network.handset(CALLER).dial("+827010000043", plan=customer("1", hang_up_after=60.0))
    scene.world.run_until_quiet()
    scene.network.handset(CALLER).plan = is_it()
    world, number = scene.world, PhoneNumber.parse(CALLER)
    wish = Wish("b-firm", scene.line, "appliances", Origin.MEMO, number, call_id=call_id(made.sid))
    with world.store.transaction() as session:
        callback = ask_callback(session, wish, calendar=world.board.calendar, at=world.now()).id
    ringing = Ringing(scene, callback, scene.staff(takes()))
    world.worker.ring()
    ringing.rest()
    assert ringing.outcomes == ["reached"]
    greeting = ringing.heard(CUSTOMER)[0]
    assert greeting == "안녕하십니까, 고객님. 한빛가전 고객센터 생활주방가전 상담그룹 김민수입니다."
    assert ringing.heard(AGENT)[0].startswith("한빛가전 생활주방가전팀 전화 요청입니다.")


def test_what_was_said_and_done_is_told_in_facts(scene: Scene) -> None:
    ringing = asked(scene, takes(), customer=is_it())
    ringing.rest()
    steps = ("announced", "customer-confirmed", "joining")
    assert [kind for kind in ringing.kinds(CUSTOMER) if kind in steps] == list(steps)
    announced = next(fact for fact in ringing.facts() if fact.kind == "announced")
    assert announced.detail["parts"] == "greeting institution department name"
    assert {"dialled", "leg-ringing", "leg-answered", "leg-ended"} <= set(ringing.kinds(CUSTOMER))
    assert {"dialled", "leg-document", "accepted", "agent-left-room", "leg-ended"} <= set(ringing.kinds(AGENT))


def test_the_customer_is_rung_only_once_the_agent_has_pressed_1(scene: Scene) -> None:
    ringing = asked(scene, takes(4.0), customer=is_it())
    ringing.rest()
    pressed = next(fact.received_at for fact in ringing.facts() if fact.kind == "accepted")
    assert ringing.leg(CUSTOMER).times["created"] >= pressed


def test_a_softphone_dials_by_answering(stage: Stage) -> None:
    scene = stage("kotra")
    with scene.world.store.transaction() as session:
        session.add(agent_of(scene.line, scene.world.now(), number=1, softphone="kotra-1"))
    scene.network.handset("client:kotra-1").plan = PersonPlan(answer_after=2.0, linger=None)
    ringing = asked(scene, customer=is_it())
    ringing.rest()
    assert ringing.outcomes == ["reached"]
    assert scene.words("dialling.choice") not in ringing.heard(AGENT)


BUSY = PersonPlan(answer_after=None, reject_after=2.0)
SOMEBODY_ELSE = PersonPlan(answer_after=2.0, press_on_answer="2", linger=None)


@pytest.mark.parametrize(
    ("plan", "outcome", "words"),
    [
        (BUSY, "busy", None),
        (never_picks_up(), "no_answer", None),
        (voicemail(3.0), "voicemail", "unsure"),
        (SOMEBODY_ELSE, "wrong_person", "other"),
        (PersonPlan(answer_after=2.0, hang_up_after=4.0), "voicemail", None),
        (PersonPlan(answer_after=2.0, press_on_answer="9", presses=("1",), talk_seconds=9.0), "reached", "again"),
    ],
    ids=["busy", "rings unheard", "voicemail", "somebody else", "hangs up at the question", "a wrong key first"],
)
def test_however_the_customers_telephone_is_answered_the_agent_is_told_and_the_matter_kept(
    stage: Stage, plan: PersonPlan, outcome: str, words: str | None
) -> None:
    scene = stage()
    ringing = asked(scene, takes(), customer=plan)
    ringing.is_over()
    assert ringing.outcomes == [outcome]
    if outcome != "reached":
        assert states(ringing) == (CallbackState.WAITING, AgentState.READY)
        assert scene.words(f"dialling.{outcome}") in ringing.heard(AGENT)
        assert ringing.callback.tries == 1
        assert ringing.callback.not_before is not None
    if words:
        assert scene.words(f"dialling.{words}") in ringing.heard(CUSTOMER)


def test_after_the_gap_the_next_attempt_is_made(scene: Scene) -> None:
    ringing = asked(scene, takes(), customer=never_picks_up())
    ringing.is_over()
    scene.network.handset(CALLER).plan = is_it()
    scene.world.run_for(scene.line.callbacks.gap_minutes * 60 - 5)
    assert ringing.outcomes == ["no_answer"]
    scene.world.run_for(5)
    ringing.rest()
    assert ringing.outcomes == ["no_answer", "reached"]
    first, second = ringing.customers_legs()
    assert first.times["ended"] < second.times["created"]


@pytest.mark.parametrize(
    ("plan", "outcome"),
    [
        (never_picks_up(), "agent_missed"),
        (rejects(), "agent_declined"),
        (voicemail(), "agent_declined"),
        (PersonPlan(answer_after=None, reject_after=1.0), "agent_missed"),
    ],
    ids=["rings unheard", "leaves it with 2", "voicemail", "refuses"],
)
def test_an_agent_who_does_not_dial_rests_and_the_next_one_is_rung(
    stage: Stage, plan: PersonPlan, outcome: str
) -> None:
    scene = stage()
    ringing = asked(scene, plan, takes(), customer=is_it())
    ringing.is_over(1)
    assert scene.agent_state(ringing.agents[0]) is AgentState.AWAY
    ringing.is_over(2)
    assert ringing.outcomes == [outcome, "reached"]
    assert [attempt.agent_id for attempt in ringing.attempts] == ringing.agents
    assert len(ringing.customers_legs()) == 1
    ringing.rest()
    assert ringing.left_over() == []


def test_an_agent_who_never_picks_up_is_asked_more_and_more_seldom(scene: Scene) -> None:
    ringing = asked(scene, never_picks_up(), customer=is_it())
    scene.world.run_for(1500)
    made = [attempt.made_at for attempt in ringing.attempts]
    assert set(ringing.outcomes[:-1]) == {"agent_missed"}
    pauses = [(later - earlier).total_seconds() for earlier, later in pairwise(made)]
    assert pauses[0] < pauses[1] < pauses[2] < pauses[3]
    assert max(pauses) == pytest.approx(pauses[3], abs=5)


def test_an_agent_wraps_up_after_the_talk_as_after_a_call(scene: Scene) -> None:
    ringing = asked(scene, takes(), customer=is_it())
    ringing.is_over()
    assert scene.agent_state(ringing.agents[0]) is AgentState.WRAPPING
    scene.world.run_for(scene.line.wrap_up_seconds + 1)
    assert scene.agent_state(ringing.agents[0]) is AgentState.READY
    assert ringing.attempts[0].wrapped_at is not None


def test_an_agent_who_dials_is_offered_no_call(scene: Scene) -> None:
    ringing = asked(scene, takes(), customer=is_it(talk=60.0))
    scene.until(lambda: ringing.attempts[0].state is AttemptState.ACCEPTED)
    call = scene.dial(customer("1", talk=5.0), number="+821010000009")
    scene.world.run_for(60)
    assert scene.offers(call) == []
    scene.world.run_until_quiet()
    assert [offer.outcome for offer in scene.offers(call)] == ["finished"]


def away(scene: Scene, agent: str, reason: str) -> None:
    with scene.world.store.transaction() as session:
        move_agent(session.get_one(Agent, agent), AgentEvent.LEAVE, scene.world.now(), reason=reason)


@pytest.mark.parametrize("plan", [is_it(), never_picks_up()], ids=["after a talk", "after none"])
def test_an_agent_who_dials_although_away_is_away_again_afterwards(stage: Stage, plan: PersonPlan) -> None:
    scene = stage()
    (agent,) = scene.staff(takes())
    away(scene, agent, "lunch")
    ringing = asked(scene, customer=plan)
    ringing.dials(agent)
    ringing.is_over()
    scene.world.run_for(scene.line.wrap_up_seconds + 1)
    with scene.world.store.reading() as session:
        found = session.get_one(Agent, agent)
        assert (found.state, found.reason) == (AgentState.AWAY, "lunch")


@pytest.mark.parametrize("plan", [is_it(), never_picks_up()], ids=["after a talk", "after none"])
def test_an_agent_who_dials_out_of_a_rest_does_not_stay_away_for_ever(stage: Stage, plan: PersonPlan) -> None:
    scene = stage()
    ringing = asked(scene, never_picks_up(), customer=plan)
    ringing.is_over(1)
    assert scene.agent_state(ringing.agents[0]) is AgentState.AWAY
    scene.network.handset(agent_phone(1)).plan = takes()
    ringing.dials(ringing.agents[0])
    ringing.is_over(2)
    scene.world.run_for(scene.line.wrap_up_seconds + scene.line.rest_seconds + 1)
    assert scene.agent_state(ringing.agents[0]) is AgentState.READY


def test_an_agent_who_hangs_up_while_it_rings_stops_the_ringing_and_the_next_one_is_rung(scene: Scene) -> None:
    ringing = asked(scene, takes(), takes(), customer=is_it(answer_after=15.0))
    scene.until(lambda: bool(ringing.attempts[0].customer_sid), step=0.2)
    scene.world.run_for(2)
    legs.end(ringing.leg(AGENT), "completed", by="person")
    ringing.rest()
    assert ringing.outcomes == ["agent_declined", "reached"]
    first, second = ringing.customers_legs()
    assert first.status == "canceled"
    assert first.times["ended"] <= second.times["created"]
    assert ringing.left_over() == []


def test_a_customer_whose_agent_drops_before_the_talk_hears_an_apology_and_is_called_again(scene: Scene) -> None:
    ringing = asked(scene, takes(), takes(), customer=is_it(answer_after=2.0, press_after=9.0))
    scene.until(lambda: "announced" in ringing.kinds(CUSTOMER), step=0.2)
    legs.end(ringing.leg(AGENT), "completed", by="person")
    ringing.is_over()
    assert scene.words("dialling.sorry") in ringing.heard(CUSTOMER)
    ringing.rest()
    assert ringing.outcomes == ["agent_declined", "reached"]
    assert ringing.left_over() == []


@pytest.mark.parametrize(("key", "again"), [("1", True), ("", False)], ids=["wishes", "does not wish"])
def test_a_customer_whose_talk_was_cut_off_is_asked_whether_we_should_call_again(
    stage: Stage, key: str, again: bool
) -> None:
    scene = stage()
    ringing = asked(scene, takes(), customer=is_it(talk=None, presses=(key,)))
    scene.until(lambda: "joining" in ringing.kinds(CUSTOMER), step=0.2)
    scene.world.run_for(5)
    legs.end(ringing.leg(AGENT), "completed", by="person")
    ringing.is_over()
    assert scene.words("dialling.cut") in ringing.heard(CUSTOMER)
    assert ringing.outcomes == ["reached"]
    with scene.world.store.reading() as session:
        second = session.get(Callback, callback_id(ringing.attempts[0].id))
        assert (second is not None) is again
        assert second is None or second.since == ringing.callback.since


def test_a_callback_withdrawn_while_the_agent_is_rung_ends_the_ringing(scene: Scene) -> None:
    ringing = asked(scene, takes(9.0), customer=is_it())
    scene.world.run_for(3)
    with scene.world.store.transaction() as session:
        withdraw(session, session.get_one(Callback, ringing.id), "test", at=scene.world.now())
    scene.world.worker.ring()
    ringing.rest()
    assert ringing.outcomes == ["withdrawn"]
    assert ringing.customers_legs() == []
    assert ringing.left_over() == []


def test_a_customer_who_rings_us_while_the_agent_is_rung_is_not_rung(scene: Scene) -> None:
    ringing = asked(scene, takes(6.0), takes(), customer=is_it())
    scene.world.run_for(1)
    scene.dial(customer("1", talk=10.0))
    ringing.rest()
    assert ringing.customers_legs() == []
    assert ringing.callback.state is CallbackState.SERVED
    assert ringing.left_over() == []


def test_nobody_is_dialled_when_the_line_is_closed_and_the_first_one_is_at_its_opening(stage: Stage) -> None:
    scene = stage(start=EVENING)
    ringing = asked(scene, takes(), customer=is_it())
    with pytest.raises(Refused, match="closed"):
        ringing.dials(ringing.agents[0])
    scene.world.run_for(14 * 3600 + 29 * 60)
    assert ringing.attempts == []
    scene.world.run_for(120)
    ringing.rest()
    assert ringing.outcomes == ["reached"]


def test_a_callback_is_dialled_by_one_agent_at_a_time(scene: Scene) -> None:
    ringing = asked(scene, takes(9.0), takes(), customer=is_it())
    scene.world.run_for(1)
    with pytest.raises(Refused, match="dialling"):
        ringing.dials(ringing.agents[1])


def test_an_agent_in_a_call_cannot_dial(scene: Scene) -> None:
    (agent,) = scene.staff(takes())
    scene.dial(customer("1", talk=60.0), number="+821010000009")
    scene.until(lambda: scene.agent_state(agent) is AgentState.TALKING)
    ringing = asked(scene, customer=is_it())
    with pytest.raises(Refused, match="talking"):
        ringing.dials(agent)


def test_a_caller_who_gives_up_holding_is_called_in_turn_by_the_agent_who_becomes_free(both: Stage) -> None:
    scene = both()
    (agent,) = scene.staff(takes())
    scene.dial(customer("1", talk=90.0), number="+821010000009")
    scene.until(lambda: scene.agent_state(agent) is AgentState.TALKING)
    call = scene.dial(customer("1", linger=None))
    scene.network.handset(CALLER).plan = is_it()
    scene.wishes(call, "1")
    scene.world.run_for(300)
    with scene.world.store.reading() as session:
        callback = session.scalars(select(Callback)).one()
    ringing = Ringing(scene, callback.id, [agent])
    waited = next(fact.received_at for fact in scene.facts(call) if fact.kind == "wait")
    assert ringing.outcomes == ["reached"]
    assert callback.since == waited
    assert callback.closed_at is not None
    assert callback.closed_at < callback.first_due_at
    assert ringing.left_over() == []
