"""Passing a caller on: what is told and texted, who is rung and freed, what is refused, and what faults do to it."""

from collections.abc import Callable

import pytest

from carrier.calls import Call as CarrierCall
from carrier.options import Faults
from commands.world_truths import longest_silence, violations_of
from ivr.agents.rows import Agent, AgentState
from ivr.calls.rows import Fact, OfferPurpose
from ivr.identifiers import call_id
from ivr.transfers.asking import NoTransfer, WhyNot, Wish, ask
from ivr.transfers.rows import Manner, TransferOutcome, TransferState
from tests.people import agent_of, agent_phone, customer, never_picks_up, picks_up, rejects
from tests.phone.conftest import Stage
from tests.phone.passing import BLIND, CONSULT, Passed, in_talk
from tests.phone.scene import Scene, said, texts_of

DIRECT = "+825110000102"


def gives_number(passed: Passed) -> None:
    """The second agent has a number for the public, besides the telephone that is rung."""
    with passed.scene.world.store.transaction() as session:
        session.get_one(Agent, passed.second).direct_number = DIRECT


def verdicts(passed: Passed, promise: str) -> list[str]:
    """What was found of a promise once all is over."""
    return [found["verdict"] for found in passed.scene.record(passed.call)["verdicts"] if found["promise"] == promise]


def ended(passed: Passed) -> None:
    """The caller talks a while and hangs up; everybody comes to rest."""
    passed.scene.world.run_for(10)
    passed.hangs_up(passed.call)
    passed.rest()
    assert passed.left_over() == []


def test_a_blind_transfer_tells_department_name_and_number_and_texts_them_before_the_other_agent_is_heard(
    both: Stage,
) -> None:
    scene = both("kotra")
    passed = in_talk(scene)
    gives_number(passed)
    passed.ask(BLIND)
    passed.meets(2)
    (told,) = [piece for piece in passed.call.heard if "공오일에 일공공공에 공일공이" in piece.text]
    assert told.complete
    assert told.until is not None
    assert told.until < passed.call.talks[-1].at
    for part in ("고객지원", "이서연"):
        assert part in told.text
    assert said(passed.call.heard)[-1] == "안녕하십니까? 코트라 고객지원 이서연입니다."
    ended(passed)
    assert "담당 고객지원 이서연\n전화 051-1000-0102" in texts_of(scene.network.handset(passed.call.party.number))[0]
    (entry,) = scene.record(passed.call)["transfers"]
    assert (entry["manner"], entry["to"], entry["outcome"], entry["complete"]) == (
        *("blind", passed.second, "completed"),
        True,
    )
    assert verdicts(passed, "T10") == ["met"]
    assert verdicts(passed, "T9") == ["missed"]


def test_nobody_is_ever_told_the_telephone_that_is_rung(scene: Scene) -> None:
    passed = in_talk(scene)
    passed.ask(BLIND)
    passed.meets(2)
    ended(passed)
    number = agent_phone(2).removeprefix("+82")
    everything = [*passed.heard(passed.call), *texts_of(scene.network.handset(passed.call.party.number))]
    assert not [text for text in everything if number in text.replace("-", "")]
    assert any("일오사사에 일일이공" in text for text in everything)


def test_a_line_that_announces_titles_tells_the_title_too(stage: Stage) -> None:
    passed = in_talk(stage("dcgf"))
    passed.ask(BLIND)
    passed.is_told()
    passed.scene.world.run_for(1)
    assert "이서연 대리가" in passed.heard(passed.call)[-1]


def test_a_caller_who_chose_english_is_told_in_english(stage: Stage) -> None:
    scene = stage("kibo")
    passed = in_talk(scene, caller=customer("9", "1", talk=None, linger=None))
    passed.ask(BLIND)
    passed.meets(2)
    assert any("connecting you to a colleague" in sentence for sentence in passed.heard(passed.call))
    ended(passed)


def test_a_consultation_lets_the_agents_talk_alone_and_then_brings_the_caller(both: Stage) -> None:
    scene = both()
    passed = in_talk(scene)
    passed.ask(CONSULT)
    scene.world.run_for(1)
    assert passed.call.heard[-1].kind == "play"
    passed.consults()
    scene.world.run_for(90)
    assert passed.state is TransferState.CONSULTING
    assert passed.leg(1).talks[-1].until is None
    assert passed.leg(1).talks[-1].others == (passed.leg(2).sid,)
    assert passed.call.talks[-1].until is not None
    passed.complete()
    passed.meets(2)
    scene.world.run_for(1)
    assert passed.leg(1).ended
    assert scene.agent_state(passed.first) is AgentState.WRAPPING
    assert passed.call.talks[-1].others == (passed.leg(2).sid,)
    ended(passed)
    assert verdicts(passed, "K6") == ["met"]
    assert verdicts(passed, "K3") == ["met"]
    record = scene.record(passed.call)
    assert [offer["outcome"] for offer in record["offers"]] == ["finished", "finished"]
    by_offer = {v["subject"][-2:]: v["verdict"] for v in record["verdicts"] if v["promise"] == "K4"}
    assert by_offer == {"-1": "met", "-2": "not_applicable"}


def test_after_a_cancelled_consultation_the_talk_goes_on_and_may_be_passed_on_again(scene: Scene) -> None:
    passed = in_talk(scene)
    for _ in range(2):
        passed.ask(CONSULT)
        passed.consults()
        scene.world.run_for(3)
        passed.cancel()
        scene.until(lambda: passed.together(1), step=0.2)
        scene.world.run_for(10)
        assert passed.outcome is TransferOutcome.CANCELLED
    ended(passed)
    assert [transfer.outcome for transfer in passed.transfers] == ["cancelled", "cancelled"]
    assert verdicts(passed, "K6") == ["not_applicable", "not_applicable"]
    assert [scene.record(passed.call)["ended_by"]] == ["customer"]


def test_a_caller_who_comes_back_is_given_to_the_first_agent_out_of_the_wrap_up(scene: Scene) -> None:
    passed = in_talk(scene, second=rejects(3.0))
    since = scene.waiting(passed.call)
    passed.ask(BLIND)
    passed.meets(3)
    offers = scene.offers(passed.call)
    assert [(offer.agent_id, offer.purpose) for offer in offers] == [
        (passed.first, None),
        (passed.second, OfferPurpose.TRANSFER),
        (passed.first, OfferPurpose.RETURN),
    ]
    assert offers[0].wrapped_at == offers[2].made_at
    place = scene.waiting(passed.call)
    assert place is not None
    assert since is not None
    assert place.since == since.since
    ended(passed)
    assert verdicts(passed, "K6") == ["missed"]


def test_a_caller_whom_the_first_agent_does_not_take_back_goes_to_the_team_at_the_old_place(scene: Scene) -> None:
    passed = in_talk(scene, second=rejects(3.0))
    third = scene.hire(3, picks_up(2.0, linger=None), team="guarantee", skills=["new"])
    scene.network.handset(agent_phone(1)).plan = never_picks_up()
    passed.ask(BLIND)
    passed.meets(4)
    assert [offer.agent_id for offer in scene.offers(passed.call)] == [passed.first, passed.second, passed.first, third]
    ended(passed)


def test_an_agent_who_is_taken_by_another_call_meanwhile_is_not_rung_for_this_one(scene: Scene) -> None:
    passed = in_talk(scene)
    passed.ask(BLIND)
    passed.is_told()
    other = scene.dial(customer("1", talk=60), number="+821010000009")
    with scene.world.store.transaction() as session:
        session.get_one(Agent, passed.second).state = AgentState.WRAPPING
    passed.meets(2)
    assert [offer.agent_id for offer in scene.offers(passed.call)] == [passed.first, passed.first]
    assert passed.transfers[-1].to_offer is None
    scene.network.handset(other.party.number).hang_up()


def after_hanging_up(passed: Passed, leg: CarrierCall) -> None:
    passed.hangs_up(leg)
    passed.scene.world.run_for(0.5)
    passed.ask(BLIND)


REFUSALS: dict[WhyNot, Callable[[Passed], None]] = {
    WhyNot.UNKNOWN_AGENT: lambda passed: passed.ask(BLIND, to="nobody"),
    WhyNot.ONESELF: lambda passed: passed.ask(CONSULT, to=passed.first),
    WhyNot.OTHER_LINE: lambda passed: passed.ask(BLIND, to="kotra-9"),
    WhyNot.AWAY: lambda passed: passed.ask(BLIND, to="kibo-8"),
    WhyNot.BUSY: lambda passed: passed.ask(CONSULT, to="kibo-7"),
    WhyNot.UNDER_WAY: lambda passed: (passed.ask(CONSULT), passed.ask(BLIND))[1],  # type: ignore[func-returns-value]
    WhyNot.NOT_CONSULTING: lambda passed: passed.complete(),
    WhyNot.NOTHING_TO_CANCEL: lambda passed: passed.cancel(),
    WhyNot.CALL_OVER: lambda passed: after_hanging_up(passed, passed.call),
    WhyNot.NO_TALK: lambda passed: after_hanging_up(passed, passed.leg(1)),
}


@pytest.mark.parametrize("why", REFUSALS)
def test_what_cannot_be_done_is_refused_with_the_reason_and_changes_nothing(stage: Stage, why: WhyNot) -> None:
    scene = stage()
    passed = in_talk(scene)
    at = scene.world.now()
    with scene.world.store.transaction() as session:
        session.add(agent_of(scene.world.lines.by_id("kotra"), at, number=9))
        for number, state in ((8, AgentState.AWAY), (7, AgentState.TALKING)):
            agent = agent_of(scene.line, at, number=number)
            agent.state = state
            session.add(agent)
    before = len(passed.transfers)
    with pytest.raises(NoTransfer) as refused:
        REFUSALS[why](passed)
    assert refused.value.why is why
    assert len(passed.transfers) == before + (1 if why is WhyNot.UNDER_WAY else 0)


def test_a_call_that_is_not_there_cannot_be_transferred(scene: Scene) -> None:
    with scene.world.store.transaction() as session, pytest.raises(NoTransfer, match="no such call"):
        ask(session, call_id("CA-no"), Wish("kibo-1", BLIND), line=scene.line, at=scene.world.now())


@pytest.mark.parametrize("back", [False, True], ids=["both leave", "while brought back"])
def test_an_agent_who_hangs_up_on_a_caller_on_hold_after_a_consultation_has_hung_up_first(
    stage: Stage, back: bool
) -> None:
    scene = stage("dcgf")
    passed = in_talk(scene)
    passed.ask(CONSULT)
    passed.consults()
    scene.world.run_for(4)
    passed.hangs_up(passed.leg(2))
    if back:
        scene.world.run_for(0.3)
    passed.hangs_up(passed.leg(1))
    scene.world.run_for(60)
    passed.rest()
    assert scene.record(passed.call)["ended_by"] == "agent"
    assert verdicts(passed, "D8") == ["missed"]


def test_a_caller_who_cannot_be_put_on_hold_keeps_the_agent_and_the_colleague_is_let_go(scene: Scene) -> None:
    passed = in_talk(scene)
    with scene.world.store.transaction() as session:
        for room in (fact for fact in scene.facts(passed.call) if fact.kind == "room"):
            row = session.get_one(Fact, (room.subject, room.key))
            row.detail = {**row.detail, "room_sid": "CF" + "0" * 32}
    passed.ask(CONSULT)
    scene.world.run_for(60)
    assert passed.outcome is TransferOutcome.RETURNED
    assert passed.together(1)
    assert longest_silence(passed.call) < 3
    assert passed.leg(2).ended
    ended(passed)
    assert scene.words("whisper.released") in said(passed.leg(2).heard)


def test_a_caller_whose_room_was_never_told_is_not_left_in_silence_for_a_consultation(scene: Scene) -> None:
    scene.network.faults = Faults(callback_drop=1.0)
    passed = in_talk(scene)
    passed.ask(CONSULT)
    scene.world.run_for(60)
    assert passed.outcome is TransferOutcome.RETURNED
    assert passed.together(1)
    assert longest_silence(passed.call) < 3


@pytest.mark.parametrize("manner", [BLIND, CONSULT])
@pytest.mark.parametrize(
    "faults",
    [
        Faults(webhook_duplicate_same_token=1.0, webhook_duplicate_new_token=1.0, callback_duplicate=1.0),
        Faults(callback_drop=1.0),
        Faults(callback_delay=0.5, callback_reorder=0.5),
        Faults(rest_429=0.4),
        Faults(rest_error_after=0.3),
    ],
    ids=["doubled", "events lost", "events late", "too many", "answers lost"],
)
def test_faults_of_the_network_leave_nobody_behind(stage: Stage, manner: Manner, faults: Faults) -> None:
    scene = stage()
    passed = in_talk(scene)
    scene.network.faults = faults
    passed.ask(manner)
    scene.world.run_for(20)
    if manner is CONSULT and passed.state is TransferState.CONSULTING:
        passed.complete()
    scene.world.run_for(60)
    if not passed.call.ended:
        passed.hangs_up(passed.call)
    scene.world.run_until_quiet()
    scene.world.run_for(1500)
    assert violations_of(scene.world, 1) == []
    rung = [leg.route.to for leg in scene.agent_legs()]
    assert rung.count(agent_phone(2)) == 1


@pytest.mark.parametrize("manner", [BLIND, CONSULT])
def test_a_transfer_that_is_asked_for_in_the_moment_the_caller_hangs_up_ends_with_the_call(
    stage: Stage, manner: Manner
) -> None:
    scene = stage()
    passed = in_talk(scene)
    passed.hangs_up(passed.call)
    passed.ask(manner)
    passed.rest()
    assert passed.outcome is TransferOutcome.GONE
    assert passed.left_over() == []
    assert scene.record(passed.call)["ended_by"] == "customer"


def test_a_transfer_that_is_asked_for_in_the_moment_the_agent_hangs_up_brings_the_caller_on(scene: Scene) -> None:
    passed = in_talk(scene)
    passed.hangs_up(passed.leg(1))
    passed.ask(BLIND)
    passed.meets(2)
    ended(passed)
    assert passed.outcome is TransferOutcome.COMPLETED


def test_an_agent_without_a_department_is_texted_by_name_alone(stage: Stage) -> None:
    scene = stage("kotra")
    passed = in_talk(scene)
    with scene.world.store.transaction() as session:
        session.get_one(Agent, passed.second).department = ""
    passed.ask(BLIND)
    passed.meets(2)
    ended(passed)
    officer, receipt = texts_of(scene.network.handset(passed.call.party.number))
    assert "담당 이서연\n전화" in officer
    assert "담당 이서연 대리\n문의" in receipt
    for kind in ("tell-officer", "receipt"):
        assert [promise.done_at is None for promise in scene.promises(kind)] == [False]


def test_a_direct_number_that_is_none_costs_no_call_the_lines_own_is_told(stage: Stage) -> None:
    scene = stage()
    passed = in_talk(scene)
    with scene.world.store.transaction() as session:
        session.get_one(Agent, passed.second).direct_number = "12"
    passed.ask(BLIND)
    passed.meets(2)
    ended(passed)
    assert passed.outcome is TransferOutcome.COMPLETED
    assert any("일오사사에 일일이공" in text for text in passed.heard(passed.call))
