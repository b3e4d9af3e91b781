"""The closing words (D7), case by case: what is ticked, heard, spoken, reviewed, and what is on no record."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from ivr.calls.steps import CALLER
from ivr.charters.view import CallView
from tests.unit.charters.tales import TALK_ENDS_AT, Tale, judged, line_of, talk
from tests.unit.conduct.endings import ended_for_abuse, ended_for_time

MET, MISSED, UNSURE, EXEMPT, MOOT = "met", "missed", "indeterminate", "exempt", "not_applicable"
OFFER = "c1-1"
BOTH = "further_questions,thanks"
Told = Callable[[], Tale | CallView]


def told() -> Tale:
    return talk(line_of("dcgf"))


def ticked(*words: tuple[str, bool], tale: Tale | None = None, offer: str = OFFER) -> Tale:
    """A talk with these ticks (parts, and whether they were said), one after another."""
    tale = tale or told()
    for parts, said in words:
        tale.tell("ticked", offer, 50, parts=parts, said=said, by="a1")
    return tale


def reviewed(parts: str, tale: Tale, *, said: bool) -> Tale:
    return tale.tell("closing-reviewed", OFFER, 4000, parts=parts, said=said, by="a9")


def heard(parts: set[str], tale: Tale | None = None) -> CallView:
    """The talk, of whose end there is a transcript with these parts."""
    view = (tale or told()).view()
    first, *others = view.offers
    return replace(view, offers=(replace(first, closing_heard=frozenset(parts)), *others))


def thanked_by_the_system() -> Tale:
    return ticked(("further_questions", True)).tell("thanked", CALLER, 62, ends=True)


def passed_on() -> CallView:
    view = told().view()
    return replace(view, offers=tuple(replace(offer, transferred=True) for offer in view.offers))


def on_hold(*, resumed: bool = False) -> Tale:
    tale = told().tell("held", CALLER, 40, offer=OFFER)
    tale.facts[-1] = replace(tale.facts[-1], sequence=None)
    if resumed:
        tale.tell("resumed", CALLER, 45, offer=OFFER)
        tale.facts[-1] = replace(tale.facts[-1], sequence=None)
    return tale


def failed(leg: str) -> Tale:
    other = OFFER if leg == CALLER else CALLER
    tale = talk(line_of("dcgf"), until_talk=True)
    tale.leaves(leg, OFFER, TALK_ENDS_AT, number=4).leaves(other, OFFER, TALK_ENDS_AT, number=5)
    return tale.event(leg, "failed", TALK_ENDS_AT).event(other, "completed", TALK_ENDS_AT)


def two_talks(*, ticked_of: str) -> Tale:
    tale = talk(line_of("dcgf"), until_talk=True)
    tale.leaves(OFFER, OFFER, 30, number=4).event(OFFER, "completed", 30).leaves(CALLER, OFFER, 31, number=5)
    second = tale.offer()
    tale.rings(second, at=40).takes(second, at=46).announces(second, at=47).joins(second, at=48)
    tale.leaves(CALLER, second, 80, number=4).leaves(second, second, 80, number=5)
    tale.event(CALLER, "completed", 80).event(second, "completed", 80)
    return ticked((BOTH, True), tale=tale, offer=ticked_of)


CASES: list[tuple[str, Told, str, str]] = [
    ("nothing is on record", told, UNSURE, "closing.not_on_record"),
    ("both ticked", lambda: ticked((BOTH, True)), MET, "closing.met"),
    ("ticked one after the other", lambda: ticked(("thanks", True), ("further_questions", True)), MET, "closing.met"),
    ("one ticked", lambda: ticked(("thanks", True)), UNSURE, "closing.not_on_record"),
    ("a tick taken back", lambda: ticked((BOTH, True), ("thanks", False)), UNSURE, "closing.not_on_record"),
    ("taken back and ticked again", lambda: ticked((BOTH, True), (BOTH, False), (BOTH, True)), MET, "closing.met"),
    ("only other parts ticked", lambda: ticked(("greeting,name", True)), UNSURE, "closing.not_on_record"),
    ("both heard", lambda: heard({"further_questions", "thanks"}), MET, "closing.met"),
    ("one heard", lambda: heard({"thanks"}), UNSURE, "closing.unheard"),
    ("nothing heard in a transcript of the whole end", lambda: heard(set()), UNSURE, "closing.unheard"),
    ("one heard, the other ticked", lambda: heard({"thanks"}, ticked(("further_questions", True))), MET, "closing.met"),
    ("ticked, though not heard", lambda: heard(set(), ticked((BOTH, True))), MET, "closing.met"),
    (
        "not heard, and a reviewer says so too",
        lambda: heard(set(), reviewed(BOTH, told(), said=False)),
        MISSED,
        "closing.missed",
    ),
    (
        "ticked, and a reviewer finds it missing",
        lambda: reviewed("thanks", ticked((BOTH, True)), said=False),
        MISSED,
        "closing.missed",
    ),
    ("a reviewer finds it said", lambda: reviewed(BOTH, told(), said=True), MET, "closing.met"),
    (
        "a reviewer is corrected",
        lambda: reviewed(BOTH, reviewed(BOTH, told(), said=False), said=True),
        MET,
        "closing.met",
    ),
    ("asked by the agent, thanked by the system", thanked_by_the_system, MET, "closing.met"),
    (
        "thanked by the system only",
        lambda: told().tell("thanked", CALLER, 62, ends=True),
        UNSURE,
        "closing.not_on_record",
    ),
    ("ended for abuse after warnings", lambda: ended_for_abuse(warnings=3), EXEMPT, "exempt"),
    ("ended for abuse without warnings", lambda: ended_for_abuse(warnings=1), UNSURE, "closing.not_on_record"),
    ("ended as the time was over", ended_for_time, EXEMPT, "exempt"),
    ("the caller hung up on hold", on_hold, EXEMPT, "exempt"),
    ("the caller was back from hold", lambda: on_hold(resumed=True), UNSURE, "closing.not_on_record"),
    ("the caller's leg failed", lambda: failed(CALLER), EXEMPT, "exempt"),
    ("the agent's leg failed", lambda: failed(OFFER), EXEMPT, "exempt"),
    ("the talk was passed on", passed_on, MOOT, "closing.passed_on"),
    ("the last of two talks was ticked", lambda: two_talks(ticked_of="c1-2"), MET, "closing.met"),
    ("only the first of two talks was ticked", lambda: two_talks(ticked_of=OFFER), UNSURE, "closing.not_on_record"),
    ("nobody answered", lambda: Tale(line_of("dcgf")).event(CALLER, "completed", 30), MOOT, "call.not_answered"),
]


@pytest.mark.parametrize(("tell", "expected", "reason"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_the_closing_is_missed_only_where_a_person_found_it_so(tell: Told, expected: str, reason: str) -> None:
    (one,) = judged(tell())["D7"]
    assert (one.finding.value, one.reason.id) == (expected, reason)


def test_the_reason_names_each_kind_of_evidence_once_and_in_one_order() -> None:
    view = heard({"thanks"}, ticked((BOTH, True)).tell("thanked", CALLER, 62, ends=True))
    (one,) = judged(view)["D7"]
    assert one.reason.values == {"parts": ("further_questions", "thanks"), "kinds": ("ticked", "heard", "spoken")}


def test_the_evidence_of_the_closing_is_among_the_facts() -> None:
    for _, tell, _, _ in CASES:
        told_ = tell()
        view = told_.view() if isinstance(told_, Tale) else told_
        known = {fact.key for fact in view.facts} | {offer.id for offer in view.offers}
        (one,) = judged(view)["D7"]
        assert set(one.evidence) <= known
