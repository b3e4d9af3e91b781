"""Who of the three hangs up when, for both manners: what is heard, who is freed, and that nothing is left over.

The same table stands in docs/transfers.md.
"""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from carrier import legs
from carrier.persons import PersonPlan
from commands.world_truths import violations_of
from ivr.agents.rows import AgentState
from ivr.transfers.rows import TransferOutcome, TransferState
from tests.people import never_picks_up, picks_up, rejects
from tests.phone.conftest import Stage
from tests.phone.passing import BLIND, CONSULT, Passed, in_talk
from tests.phone.scene import Scene

COMPLETED, RETURNED = TransferOutcome.COMPLETED, TransferOutcome.RETURNED
CANCELLED, GONE = TransferOutcome.CANCELLED, TransferOutcome.GONE
READY, AWAY, WRAPPING = AgentState.READY, AgentState.AWAY, AgentState.WRAPPING
OFFERED, TALKING = AgentState.OFFERED, AgentState.TALKING
SLOW = picks_up(8.0, linger=None)
Act = Callable[[Passed], None]


@dataclass(frozen=True)
class Case:
    """What happens in a talk, and what must have come of it: the transfer's end, and both agents just then.

    `caller` is what the caller must have heard (an id of the catalogue), `second` the second agent likewise.
    """

    act: Act
    outcome: TransferOutcome
    agents: tuple[AgentState, AgentState]
    ended_by: str = "customer"
    plan: PersonPlan | None = None
    caller: str = ""
    second: str = ""


def told(passed: Passed) -> None:
    passed.ask(BLIND)
    passed.is_told()
    passed.scene.world.run_for(2)


def rung_blind(passed: Passed) -> None:
    passed.ask(BLIND)
    rings(passed)


def rings(passed: Passed) -> None:
    passed.scene.until(lambda: passed.scene.kinds(passed.call).count("leg-ringing") == 2, step=0.1)
    passed.scene.world.run_for(1)


def announced(passed: Passed) -> None:
    passed.scene.until(lambda: passed.scene.kinds(passed.call).count("announced") == 2, step=0.1)
    passed.scene.world.run_for(1)


def rung_for_advice(passed: Passed) -> None:
    passed.ask(CONSULT)
    rings(passed)


def consulting(passed: Passed) -> None:
    passed.ask(CONSULT)
    passed.consults()
    passed.scene.world.run_for(4)


def completing(passed: Passed) -> None:
    consulting(passed)
    passed.complete()
    passed.is_told()
    passed.scene.world.run_for(2)


def introduced_after_advice(passed: Passed) -> None:
    completing(passed)
    announced(passed)


def introduced(passed: Passed) -> None:
    passed.ask(BLIND)
    announced(passed)


def passed_blind(passed: Passed) -> None:
    passed.ask(BLIND)
    passed.meets(2)
    passed.scene.world.run_for(0.2)


def passed_after_advice(passed: Passed) -> None:
    completing(passed)
    passed.meets(2)
    passed.scene.world.run_for(0.2)


def cancelled(passed: Passed) -> None:
    consulting(passed)
    passed.cancel()


def caller(before: Act) -> Act:
    return lambda passed: (before(passed), passed.hangs_up(passed.call))[0]  # type: ignore[func-returns-value]


def first(before: Act) -> Act:
    return lambda passed: (before(passed), passed.hangs_up(passed.leg(1)))[0]  # type: ignore[func-returns-value]


def second(before: Act) -> Act:
    return lambda passed: (before(passed), passed.hangs_up(passed.leg(2)))[0]  # type: ignore[func-returns-value]


def fails(before: Act) -> Act:
    def act(passed: Passed) -> None:
        before(passed)
        legs.end(passed.leg(2), "failed", by="network")

    return act


def then(before: Act, *, until: TransferState = TransferState.OVER) -> Act:
    """The act, and time until the transfer is so far."""
    return lambda passed: (before(passed), passed.reaches(until))[0]  # type: ignore[func-returns-value]


FAILED, ASKED_AGAIN, GONE_WORDS = "transfer.failed", "reconnect.offer", "whisper.gone"
CASES = {
    "blind, told: caller": Case(caller(told), GONE, (WRAPPING, READY)),
    "blind, ringing: caller": Case(caller(rung_blind), GONE, (WRAPPING, READY), plan=SLOW),
    "blind, ringing: B rejects": Case(then(rung_blind), RETURNED, (OFFERED, AWAY), plan=rejects(3.0), caller=FAILED),
    "blind, ringing: B lets it ring": Case(
        then(rung_blind), RETURNED, (OFFERED, AWAY), plan=never_picks_up(), caller=FAILED
    ),
    "blind, ringing: B is busy": Case(
        then(rung_blind), RETURNED, (OFFERED, AWAY), plan=PersonPlan(answer_after=None, reject_after=2.0), caller=FAILED
    ),
    "blind, ringing: B's telephone fails": Case(
        then(fails(rung_blind)), RETURNED, (OFFERED, AWAY), plan=SLOW, caller=FAILED
    ),
    "blind, introduced: caller": Case(caller(introduced), GONE, (WRAPPING, TALKING), second=GONE_WORDS),
    "blind, introduced: B": Case(then(second(introduced)), RETURNED, (OFFERED, AWAY), caller="reconnect.queued"),
    "blind, just met: caller": Case(caller(passed_blind), COMPLETED, (WRAPPING, WRAPPING)),
    "blind, just met: B": Case(
        second(passed_blind), COMPLETED, (WRAPPING, WRAPPING), ended_by="agent", caller=ASKED_AGAIN
    ),
    "consult, ringing: caller": Case(caller(rung_for_advice), GONE, (WRAPPING, READY), plan=SLOW),
    "consult, ringing: A, then B answers": Case(
        then(first(rung_for_advice)), COMPLETED, (WRAPPING, TALKING), plan=SLOW, caller="transfer.told"
    ),
    "consult, ringing: A, then B rejects": Case(
        then(first(rung_for_advice)), RETURNED, (OFFERED, AWAY), plan=rejects(8.0), caller=FAILED
    ),
    "consult, ringing: A, then B lets it ring": Case(
        then(first(rung_for_advice)), RETURNED, (OFFERED, AWAY), plan=never_picks_up(), caller=FAILED
    ),
    "consult, ringing: B rejects": Case(then(rung_for_advice), RETURNED, (TALKING, AWAY), plan=rejects(3.0)),
    "consult, ringing: B lets it ring": Case(then(rung_for_advice), RETURNED, (TALKING, AWAY), plan=never_picks_up()),
    "consult, consulting: caller": Case(caller(consulting), GONE, (TALKING, TALKING), second=GONE_WORDS),
    "consult, consulting: A": Case(then(first(consulting)), COMPLETED, (WRAPPING, TALKING), caller="transfer.told"),
    "consult, consulting: B": Case(then(second(consulting)), RETURNED, (TALKING, READY)),
    "consult, consulting: A, then B": Case(then(second(first(consulting))), RETURNED, (OFFERED, AWAY), caller=FAILED),
    "consult, told: caller": Case(caller(completing), GONE, (WRAPPING, TALKING), second=GONE_WORDS),
    "consult, told: B": Case(then(second(completing)), RETURNED, (OFFERED, AWAY), caller=FAILED),
    "consult, introduced: caller": Case(caller(introduced_after_advice), GONE, (WRAPPING, TALKING), second=GONE_WORDS),
    "consult, introduced: B": Case(
        then(second(introduced_after_advice)), RETURNED, (OFFERED, AWAY), caller="reconnect.queued"
    ),
    "consult, just met: caller": Case(caller(passed_after_advice), COMPLETED, (WRAPPING, WRAPPING)),
    "consult, just met: B": Case(
        second(passed_after_advice), COMPLETED, (WRAPPING, WRAPPING), ended_by="agent", caller=ASKED_AGAIN
    ),
    "consult, cancelled: nobody": Case(then(cancelled), CANCELLED, (TALKING, TALKING), second="whisper.released"),
    "consult, cancelled: caller": Case(caller(cancelled), CANCELLED, (TALKING, TALKING)),
    "consult, cancelled: A": Case(
        then(first(cancelled)), CANCELLED, (WRAPPING, TALKING), ended_by="agent", caller=ASKED_AGAIN
    ),
    "consult, cancelled: B": Case(then(second(cancelled)), CANCELLED, (TALKING, READY)),
}


def heard(scene: Scene, passed: Passed, text_id: str) -> bool:
    """Whether the caller heard what the catalogue says, as far as it is the same for everybody."""
    if not text_id:
        return True
    fields = {"department": "*", "name": "*", "number": "*"} if text_id == "transfer.told" else {}
    begins = scene.words(text_id, **fields).split("*", maxsplit=1)[0]
    return any(sentence.startswith(begins) for sentence in passed.heard(passed.call))


@pytest.mark.parametrize("name", CASES)
def test_whoever_hangs_up_at_whatever_moment_nobody_is_left_over(stage: Stage, name: str) -> None:
    case, scene = CASES[name], stage()
    passed = in_talk(scene, second=case.plan)
    case.act(passed)
    scene.world.run_for(0.5)
    assert (passed.outcome, passed.state) == (case.outcome, TransferState.OVER)
    assert tuple(scene.agent_state(agent) for agent in (passed.first, passed.second)) == case.agents
    scene.world.run_for(15)
    if case.ended_by == "customer" and not passed.call.ended:
        passed.hangs_up(passed.call)
    passed.rest()
    record = scene.record(passed.call)
    assert (record["outcome"], record["ended_by"]) == ("answered", case.ended_by)
    assert heard(scene, passed, case.caller)
    assert not case.second or scene.words(case.second) in passed.heard(passed.leg(2))
    assert passed.left_over() == []
    scene.world.run_for(600)
    assert violations_of(scene.world, 1) == []
