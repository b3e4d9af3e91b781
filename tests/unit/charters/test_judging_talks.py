"""Who was announced, who hung up first, who answered (K3, K5, D5, D8, T8, T9, A1, A3), each case by hand."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from ivr.calls.rows import OfferPurpose
from ivr.calls.steps import CALLER
from ivr.charters.view import LaterCall, Skill
from tests.http.board import MORNING
from tests.unit.charters.tales import KIM, Tale, finding, judged, line_of, talk

MET, MISSED, UNSURE = "met", "missed", "indeterminate"
EXEMPT, MOOT = "exempt", "not_applicable"
Told = Callable[[str], Tale]
IDENTITY = {"kibo": "K5", "dcgf": "D5", "kotra": "T8"}
SKILL = {"kibo": "K3", "ascentre": "A3"}


def told(line: str) -> Tale:
    """A talk as it should be."""
    return talk(line_of(line))


def announced(line: str, text: str | None = None, /, *, version: int = 1, clip_url: str = "") -> Tale:
    """A talk whose announcement is this."""
    tale = told(line)
    tale.facts = [fact for fact in tale.facts if fact.kind != "announced"]
    return tale.announces("c1-1", text, version=version, clip_url=clip_url)


def unanswered(line: str) -> Tale:
    return Tale(line_of(line)).tell("wait", CALLER, 8).event(CALLER, "completed", 30)


def cut_off(line: str) -> Tale:
    tale = Tale(line_of(line))
    offer = tale.offer("gone")
    tale.rings(offer).takes(offer).announces(offer)
    return tale.event(CALLER, "completed", 20).event(offer, "completed", 22)


def without_any_announcement(line: str) -> Tale:
    tale = told(line)
    tale.facts = [fact for fact in tale.facts if fact.kind != "announced"]
    return tale


def promoted_since(line: str) -> Tale:
    tale = told(line)
    tale.agents["a1"] = replace(KIM, name="김민정", title="과장", department="다른 부서")
    return tale


ANNOUNCEMENTS: list[tuple[str, Told, str]] = [
    *((line, told, MET) for line in IDENTITY),
    *((line, unanswered, MOOT) for line in IDENTITY),
    *((line, cut_off, EXEMPT) for line in IDENTITY),
    *((line, without_any_announcement, MISSED) for line in IDENTITY),
    *((line, promoted_since, MET) for line in IDENTITY),
    *((line, lambda line: announced(line, clip_url="https://x/clip"), MET) for line in IDENTITY),
    *((line, lambda line: announced(line, version=7), MET) for line in IDENTITY),
    *((line, lambda line: announced(line, "잠시만 기다려 주십시오."), MISSED) for line in IDENTITY),
    *((line, lambda line: announced(line, ""), MISSED) for line in IDENTITY),
    *((line, lambda line: announced(line, "김민수입니다.", version=7), UNSURE) for line in IDENTITY),
    ("kibo", lambda line: announced(line, "기술보증기금 고객센터 김민수입니다."), MISSED),
    ("kibo", lambda line: announced(line, "감사합니다. 고객센터 김민수입니다."), MISSED),
    ("kibo", lambda line: announced(line, "감사합니다. 기술보증기금 고객센터입니다."), MISSED),
    ("kibo", lambda line: announced(line, "감사합니다. 기술보증기금 김민수입니다."), MISSED),
    ("dcgf", lambda line: announced(line, "감사합니다. 대전신용보증재단 고객센터 김민수입니다."), MISSED),
    ("dcgf", lambda line: announced(line, "대전신용보증재단 고객센터 김민수 대리입니다."), MISSED),
    ("kotra", lambda line: announced(line, "고객센터 김민수입니다."), MISSED),
    ("kotra", lambda line: announced(line, "안녕하십니까? 김민수 고객센터입니다."), MET),
    ("kotra", lambda line: announced(line, "안녕하십니까? 코트라 고객센터입니다."), MISSED),
]


@pytest.mark.parametrize(("line", "tell", "expected"), ANNOUNCEMENTS, ids=range(len(ANNOUNCEMENTS)))
def test_the_caller_is_told_every_part_that_the_charter_names(line: str, tell: Told, expected: str) -> None:
    assert finding(tell(line), IDENTITY[line]) == expected


def test_the_reason_names_what_was_missing_and_how_the_rest_was_said() -> None:
    (missed,) = judged(announced("dcgf", "감사합니다. 대전신용보증재단 고객센터 김민수입니다."))["D5"]
    assert missed.reason.values == {"parts": ("title",)}
    (clip,) = judged(announced("dcgf", clip_url="https://x/clip"))["D5"]
    assert clip.reason.id == "identity.clip"


def leaving(*order: tuple[str, float, int | None], ends: tuple[float | None, float | None] = (60, 60)) -> Tale:
    """A talk at dcgf whose room told these leavings, and whose legs ended then (caller, agent)."""
    tale = talk(line_of("dcgf"), until_talk=True)
    for leg, at, number in order:
        tale.leaves(leg, "c1-1", at, number=number)
    for leg, end in zip((CALLER, "c1-1"), ends, strict=True):
        if end is not None:
            tale.event(leg, "completed", end)
    return tale


def agent_first(reason: str = "participant_hung_up", status: str = "completed") -> Tale:
    tale = talk(line_of("dcgf"), until_talk=True)
    tale.leaves("c1-1", "c1-1", 58, number=4, reason=reason).leaves(CALLER, "c1-1", 60, number=5)
    return tale.event("c1-1", status, 58).event(CALLER, "completed", 60)


def caller_lost_by_the_network() -> Tale:
    tale = (
        talk(line_of("dcgf"), until_talk=True).leaves(CALLER, "c1-1", 58, number=4).leaves("c1-1", "c1-1", 60, number=5)
    )
    return tale.event(CALLER, "failed", 58).event("c1-1", "completed", 60)


def end_learnt_by_asking() -> Tale:
    return leaving(ends=(None, 60)).event(CALLER, "completed", 104, said=False, asked=True)


def dropped_and_connected_again(line: str = "dcgf", *, by: str = "completed") -> Tale:
    tale = talk(line_of(line), until_talk=True)
    tale.leaves("c1-1", "c1-1", 30, number=4).event("c1-1", by, 30).leaves(CALLER, "c1-1", 31, number=5)
    second = tale.offer()
    tale.rings(second, at=40).takes(second, at=46).announces(second, at=47).joins(second, at=48)
    tale.leaves(CALLER, second, 80, number=4).leaves(second, second, 80, number=5)
    return tale.event(CALLER, "completed", 80).event(second, "completed", 80)


HANGING_UP: list[tuple[str, Callable[[], Tale], str]] = [
    ("customer first by the room's count", lambda: leaving((CALLER, 60, 4), ("c1-1", 60, 5)), MET),
    ("told in the other order", lambda: leaving(("c1-1", 60, 5), (CALLER, 60, 4)), MET),
    ("agent first by the room's count", agent_first, MISSED),
    ("agent first within the same second", lambda: leaving(("c1-1", 60.1, 4), (CALLER, 60.4, 5)), MISSED),
    ("both left in one second, uncounted", lambda: leaving(("c1-1", 60.1, None), (CALLER, 60.4, None)), UNSURE),
    ("uncounted, three seconds apart", lambda: leaving((CALLER, 60, None), ("c1-1", 63, None)), MET),
    ("uncounted, the agent three seconds earlier", lambda: leaving(("c1-1", 60, None), (CALLER, 63, None)), MISSED),
    ("one leaving was lost, the legs ended together", lambda: leaving(("c1-1", 60, 5)), UNSURE),
    ("one leaving was lost, the customer's leg ended first", lambda: leaving(("c1-1", 63, 5), ends=(60, 63)), MET),
    ("no leaving told, the customer's leg ended first", lambda: leaving(ends=(60, 63)), MET),
    ("no leaving told, the agent's leg ended first", lambda: leaving(ends=(60, 57)), MISSED),
    ("no leaving told, stamps one second apart", lambda: leaving(ends=(60, 59)), UNSURE),
    ("the customer's end was never told", lambda: leaving(ends=(None, 60)), UNSURE),
    ("the agent's end was never told", lambda: leaving(ends=(60, None)), UNSURE),
    ("neither end was told", lambda: leaving(ends=(None, None)), UNSURE),
    ("an agent hangs up on a call that was dead already", end_learnt_by_asking, UNSURE),
    ("the agent's leg failed", lambda: agent_first(status="failed"), EXEMPT),
    ("an order of ours took the agent out", lambda: agent_first("participant_updated_via_api"), EXEMPT),
    ("the room was ended by order", lambda: agent_first("conference_ended_via_api"), EXEMPT),
    ("the customer was lost by the network", caller_lost_by_the_network, EXEMPT),
    ("an agent dropped the call, another went on", dropped_and_connected_again, MISSED),
    ("the network dropped the agent, another went on", lambda: dropped_and_connected_again(by="failed"), EXEMPT),
    ("nobody answered", lambda: unanswered("dcgf"), MOOT),
    ("the caller left during the announcement", lambda: cut_off("dcgf"), MOOT),
]


@pytest.mark.parametrize(("tell", "expected"), [row[1:] for row in HANGING_UP], ids=[row[0] for row in HANGING_UP])
def test_the_agent_is_blamed_only_where_it_is_sure_who_hung_up_first(tell: Callable[[], Tale], expected: str) -> None:
    assert finding(tell(), "D8") == expected


def again(after: timedelta, team: str | None = "guide") -> Tale:
    """A talk at kotra, and a later call of the same number."""
    tale = told("kotra")
    tale.later.append(LaterCall("c2", MORNING + after, team))
    return tale


def passed_on() -> Tale:
    tale = told("kotra")
    second = tale.offer()
    return tale.rings(second, at=70).takes(second, at=78).announces(second, at=79).joins(second, at=80)


def met_again() -> Tale:
    tale = passed_on()
    tale.offers[1].agent_id = tale.offers[0].agent_id
    return tale


def withheld() -> Tale:
    tale = told("kotra")
    tale.caller_known = False
    return tale


WEEK = timedelta(days=7)
FIRST: list[tuple[str, Callable[[], Tale], str]] = [
    ("settled at once", lambda: told("kotra"), MET),
    ("called again the same hour", lambda: again(timedelta(hours=1)), MISSED),
    ("called again after six days", lambda: again(timedelta(days=6)), MISSED),
    ("called again exactly a week later", lambda: again(WEEK), MISSED),
    ("called again a second after the week", lambda: again(WEEK + timedelta(seconds=1)), MET),
    ("a call before this one", lambda: again(-timedelta(hours=1)), MET),
    ("called about something else", lambda: again(timedelta(hours=1), "recovery"), MET),
    ("called again and never chose", lambda: again(timedelta(hours=1), None), UNSURE),
    ("the number was withheld", withheld, UNSURE),
    ("another agent took over", passed_on, MISSED),
    ("the same agent took the caller back", met_again, MET),
    ("wished to be called back", lambda: told("kotra").tell("callback-wished", CALLER, 55), MISSED),
    ("nobody answered", lambda: unanswered("kotra"), MOOT),
]


@pytest.mark.parametrize(("tell", "expected"), [row[1:] for row in FIRST], ids=[row[0] for row in FIRST])
def test_the_first_agent_settles_it_or_the_call_counts_as_passed_on(tell: Callable[[], Tale], expected: str) -> None:
    assert finding(tell(), "T9") == expected


def asked_for(line: str, team: str, skill: str, *, matched: Skill | None = ("guide", "")) -> Tale:
    """A talk of a caller who wanted this, with an agent whom the router matched for that."""
    tale = talk(line_of(line), asked=matched)
    tale.wanted = (team, skill)
    return tale


def unlearnt_since(line: str) -> Tale:
    tale = told(line)
    tale.agents["a1"] = replace(KIM, skills=frozenset())
    return tale


def passed_on_to_another_team(line: str) -> Tale:
    tale = dropped_and_connected_again(line)
    tale.offers[1].purpose, tale.offers[1].team = OfferPurpose.TRANSFER, "technology"
    return tale


def not_asked(line: str) -> Tale:
    tale = told(line)
    tale.wanted = None
    return tale


SKILLED: list[tuple[Told, str]] = [
    (lambda line: asked_for(line, "guide", ""), MET),
    (lambda line: asked_for(line, "guide", "english", matched=("guide", "english")), MET),
    (lambda line: asked_for(line, "guide", "", matched=None), UNSURE),
    (unlearnt_since, MET),
    (passed_on_to_another_team, MET),
    (lambda line: asked_for(line, "guide", "french"), MISSED),
    (lambda line: asked_for(line, "technology", ""), MISSED),
    (lambda line: asked_for(line, "technology", "english"), MISSED),
    (not_asked, UNSURE),
    (unanswered, MOOT),
    (cut_off, MOOT),
]


@pytest.mark.parametrize("line", SKILL)
@pytest.mark.parametrize(("tell", "expected"), SKILLED, ids=range(len(SKILLED)))
def test_the_agent_who_answers_has_the_skill_that_was_asked_for(line: str, tell: Told, expected: str) -> None:
    assert finding(tell(line), SKILL[line]) == expected


@pytest.mark.parametrize(
    ("tell", "expected", "reason"),
    [
        (lambda line: asked_for(line, "appliances", "repair"), MET, "kind.met"),
        (lambda line: asked_for(line, "digital", "purchase"), MET, "kind.met"),
        (lambda line: asked_for(line, "living", ""), UNSURE, "kind.not_chosen"),
        (not_asked, UNSURE, "kind.not_chosen"),
        (unanswered, MOOT, "call.not_answered"),
        (cut_off, MOOT, "call.not_answered"),
    ],
)
def test_the_key_says_of_what_kind_a_call_is_and_without_one_nothing_is_guessed(
    tell: Told, expected: str, reason: str
) -> None:
    (one,) = judged(tell("ascentre"))["A1"]
    assert (one.finding.value, one.reason.id) == (expected, reason)


def test_promises_about_calls_that_we_make_are_not_held_against_calls_that_come_in() -> None:
    assert {"D9", "D9.verified"}.isdisjoint(judged(told("dcgf")))


def test_an_institution_without_a_promise_about_calls_has_no_verdict_of_one() -> None:
    assert judged(told("ksure")) == {}


def test_every_verdict_has_its_evidence_among_the_facts_offers_and_calls() -> None:
    for line in ("kibo", "dcgf", "kotra", "ascentre"):
        tale = told(line)
        known = {fact.key for fact in tale.facts} | {"c1-1"}
        for promise, found in judged(tale).items():
            for one in found:
                assert set(one.evidence) <= known, promise
                assert one.evidence or one.reason.id == "call.not_kept", promise


def test_the_evidence_of_a_repetition_is_the_first_call_so_that_later_ones_change_nothing() -> None:
    tale = again(timedelta(hours=1))
    (once,) = judged(tale)["T9"]
    tale.later.append(LaterCall("c3", MORNING + timedelta(hours=2), "guide"))
    (twice,) = judged(tale)["T9"]
    assert "c2" in once.evidence
    assert twice == once
