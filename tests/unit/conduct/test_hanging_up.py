"""Who hung up first (D8) where an agent may: each exemption only with the facts that prove it, nobody else's fault."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from ivr.calls.record import Party, ended_by
from ivr.calls.steps import CALLER
from ivr.charters.view import CallView
from tests.unit.charters.tales import TALKS_AT, Tale, judged, line_of, talk
from tests.unit.conduct.endings import (
    OFFER,
    asked_to_end,
    ended_for_abuse,
    ended_for_time,
    left_by_the_agent,
    taken_out,
    warned,
)

MET, MISSED, UNSURE, EXEMPT, MOOT = "met", "missed", "indeterminate", "exempt", "not_applicable"
Told = Callable[[], Tale | CallView]


def going_on() -> Tale:
    return talk(line_of("dcgf"), until_talk=True)


def asked_and_left(*, warnings: int, left: float) -> Tale:
    """The agent asks for the ending 50 s into the talk, and hangs up by hand then."""
    tale = going_on()
    for turn in range(1, warnings + 1):
        warned(tale, turn, TALKS_AT + 10 * turn)
    asked_to_end(tale, TALKS_AT + 50)
    return left_by_the_agent(tale, TALKS_AT + left)


def one_warning_told_twice() -> Tale:
    tale = going_on()
    for after in (10, 20, 30):
        warned(tale, 1, TALKS_AT + after)
    return taken_out(asked_to_end(tale, TALKS_AT + 50), TALKS_AT + 51)


def warned_after_it_was_asked() -> Tale:
    tale = going_on()
    asked_to_end(tale, TALKS_AT + 5, cause="harassment", needed=1)
    warned(tale, 1, TALKS_AT + 20, cause="harassment")
    return taken_out(tale, TALKS_AT + 30, cause="harassment")


def handed_to_a_survey(*, at: float, left: float = 40) -> Tale:
    tale = going_on()
    tale.tell("survey-hand-off", OFFER, TALKS_AT + at, survey="satisfaction")
    return left_by_the_agent(tale, TALKS_AT + left)


def through_the_relay_service() -> Tale:
    tale = going_on()
    tale.facts = [replace(f, detail={**f.detail, "relay": True}) if f.kind == "arrived" else f for f in tale.facts]
    return left_by_the_agent(tale, TALKS_AT + 40)


def caller_dead_before(seconds: float) -> Tale:
    """The room saw the agent leave first, but the carrier says that the caller's leg had ended before."""
    tale = going_on()
    tale.leaves(OFFER, OFFER, 60, number=6).leaves(CALLER, OFFER, 61, number=7)
    return tale.event(OFFER, "completed", 60).event(CALLER, "completed", 60 - seconds)


def caller_failed() -> Tale:
    tale = going_on()
    tale.leaves(OFFER, OFFER, 60, number=6).leaves(CALLER, OFFER, 61, number=7)
    return tale.event(OFFER, "completed", 60).event(CALLER, "failed", 61)


def transferred(tale: Tale, *talks: int) -> CallView:
    """The view of a call of which these talks (counted from 1) were passed on."""
    view = tale.view()
    return replace(
        view,
        offers=tuple(replace(offer, transferred=number in talks) for number, offer in enumerate(view.offers, start=1)),
    )


def passed_on_then(*, who_first: str) -> Tale:
    """The first talk ends as our order takes the caller out; in the second one this party leaves first."""
    tale = going_on()
    tale.leaves(CALLER, OFFER, 30, number=4).leaves(OFFER, OFFER, 30, number=5).event(OFFER, "completed", 30)
    second = tale.offer()
    tale.rings(second, at=40).takes(second, at=46).announces(second, at=47).joins(second, at=48)
    legs = [CALLER, second] if who_first == "customer" else [second, CALLER]
    tale.leaves(legs[0], second, 80, number=4).leaves(legs[1], second, 83, number=5)
    return tale.event(legs[0], "completed", 80).event(legs[1], "completed", 83)


def back_from_asking_a_colleague() -> Tale:
    """The agent left the room by order, came back, and the customer hung up first in the end."""
    tale = going_on()
    tale.leaves(OFFER, OFFER, 30, number=4, reason="participant_updated_via_api")
    tale.leaves(OFFER, OFFER, 50, number=5)
    tale.facts[-1] = replace(tale.facts[-1], detail={"event": "participant-join", "offer": OFFER})
    tale.leaves(CALLER, OFFER, 60, number=6).leaves(OFFER, OFFER, 60, number=7)
    return tale.event(CALLER, "completed", 60).event(OFFER, "completed", 60)


CASES: list[tuple[str, Told, str, str]] = [
    ("three warnings, then the ending", lambda: ended_for_abuse(warnings=3), EXEMPT, "exempt"),
    ("two warnings of three", lambda: ended_for_abuse(warnings=2), MISSED, "last.unwarned"),
    ("no warning", lambda: ended_for_abuse(warnings=0), MISSED, "last.unwarned"),
    ("a line that needs one warning", lambda: ended_for_abuse(warnings=1, needed=1), EXEMPT, "exempt"),
    ("no number is on record, no warning", lambda: ended_for_abuse(warnings=0, needed=0), MISSED, "last.unwarned"),
    ("one warning, told three times", one_warning_told_twice, MISSED, "last.unwarned"),
    (
        "harassment after one warning",
        lambda: ended_for_abuse(warnings=1, needed=1, cause="harassment"),
        EXEMPT,
        "exempt",
    ),
    (
        "harassment, but warned of abuse",
        lambda: ended_for_abuse(warnings=1, needed=1, cause="harassment", heard_as="abuse"),
        MISSED,
        "last.unwarned",
    ),
    ("warned only after the ending was asked for", warned_after_it_was_asked, MISSED, "last.unwarned"),
    ("asked for, warned, and left by hand", lambda: asked_and_left(warnings=3, left=51), EXEMPT, "exempt"),
    ("left by hand, warned too little", lambda: asked_and_left(warnings=2, left=51), MISSED, "last.agent"),
    ("left by hand before it was asked for", lambda: asked_and_left(warnings=3, left=45), MISSED, "last.agent"),
    ("the time was over", ended_for_time, EXEMPT, "exempt"),
    ("the time was over to the second", lambda: ended_for_time(after=1200), EXEMPT, "exempt"),
    ("a second before the time was over", lambda: ended_for_time(after=1199), MISSED, "last.unwarned"),
    ("over, but without the notice", lambda: ended_for_time(notice=None), MISSED, "last.unwarned"),
    ("handed to a survey", lambda: handed_to_a_survey(at=39), EXEMPT, "exempt"),
    ("handed to a survey after the agent had left", lambda: handed_to_a_survey(at=45), MISSED, "last.agent"),
    ("an interpreter of the relay service", through_the_relay_service, EXEMPT, "exempt"),
    ("the agent left first, nothing excuses it", lambda: left_by_the_agent(going_on(), 60), MISSED, "last.agent"),
    ("the caller's leg was dead three seconds before", lambda: caller_dead_before(3), UNSURE, "last.dead"),
    ("the caller's leg ended in the same second", lambda: caller_dead_before(0.5), MISSED, "last.agent"),
    ("the caller's leg was lost by the network", caller_failed, EXEMPT, "exempt"),
    (
        "passed on, customer first in the end",
        lambda: transferred(passed_on_then(who_first="customer"), 1),
        MET,
        "last.customer",
    ),
    (
        "passed on, agent first in the end",
        lambda: transferred(passed_on_then(who_first="agent"), 1),
        MISSED,
        "last.agent",
    ),
    (
        "passed on and lost on the way",
        lambda: transferred(left_by_the_agent(going_on(), 60), 1),
        MOOT,
        "last.passed_on",
    ),
    ("the agent came back into the room", back_from_asking_a_colleague, MET, "last.customer"),
]


@pytest.mark.parametrize(("tell", "expected", "reason"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_an_agent_may_leave_first_only_where_facts_prove_why(tell: Told, expected: str, reason: str) -> None:
    told = tell()
    (one,) = judged(told)["D8"]
    assert (one.finding.value, one.reason.id) == (expected, reason)
    view = told.view() if isinstance(told, Tale) else told
    assert set(one.evidence) <= {fact.key for fact in view.facts} | {offer.id for offer in view.offers}


ENDED_BY: list[tuple[str, Callable[[], Tale], Party]] = [
    ("ended for abuse", lambda: ended_for_abuse(warnings=3), Party.SYSTEM),
    ("ended for time", ended_for_time, Party.SYSTEM),
    ("ended by us without warnings", lambda: ended_for_abuse(warnings=0), Party.SYSTEM),
    ("the agent's own hand", lambda: left_by_the_agent(going_on(), 60), Party.AGENT),
    ("the agent's own hand after asking", lambda: asked_and_left(warnings=3, left=51), Party.AGENT),
    ("the agent came back into the room", back_from_asking_a_colleague, Party.CUSTOMER),
]


@pytest.mark.parametrize(("tell", "party"), [case[1:] for case in ENDED_BY], ids=[case[0] for case in ENDED_BY])
def test_a_caller_whom_we_took_out_of_the_room_has_not_hung_up(tell: Callable[[], Tale], party: Party) -> None:
    tale = tell()
    assert ended_by(tale.offers, tale.facts) is party
    assert ended_by(tale.offers, tale.facts[::-1]) is party


def test_a_caller_taken_out_of_the_room_by_us_who_hangs_up_elsewhere_has_ended_the_call() -> None:
    tale = going_on()
    tale.leaves(CALLER, OFFER, 40, number=4).leaves(OFFER, OFFER, 40, number=5).event(OFFER, "completed", 40)
    tale.tell("on-the-way", CALLER, 40, out_of=OFFER).event(CALLER, "completed", 55)
    assert ended_by(tale.offers, tale.facts) is Party.CUSTOMER


def test_without_the_room_s_own_events_a_call_that_we_ended_is_still_ours() -> None:
    tale = ended_for_abuse(warnings=3)
    tale.facts = [fact for fact in tale.facts if fact.kind != "room"]
    assert ended_by(tale.offers, tale.facts) is Party.SYSTEM
    (one,) = judged(tale)["D8"]
    assert one.finding.value == EXEMPT
