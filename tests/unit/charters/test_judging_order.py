"""The order and repetition of facts change no judgement, and every judgement can be said in Korean."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.files import CHARTERS, read_folder
from ivr.calls.steps import CALLER
from ivr.charters.judges.judgement import Finding
from ivr.charters.judging import judge_call
from ivr.charters.reasons import load_reasons
from ivr.faults import BadData
from tests.unit.charters.tales import Tale, charters, judged, line_of, reasons, talk

LINES = ("kibo", "dcgf", "kotra", "ksure", "ascentre")


def missed_then_answered(line: str) -> Tale:
    tale = Tale(line_of(line)).tell("wait", CALLER, 8)
    first, second = tale.offer("missed", closed=19), tale.offer()
    tale.rings(first, None).event(first, "no-answer", 19)
    tale.rings(second, 6.9, at=20, late=1.5).takes(second, at=30).announces(second, at=31).joins(second, at=32)
    tale.leaves(second, second, 60, number=None).leaves(CALLER, second, 60, number=None)
    return tale.event(CALLER, "completed", 60).event(second, "failed", 60)


def left_while_it_rang(line: str) -> Tale:
    tale = Tale(line_of(line)).tell("wait", CALLER, 8)
    tale.rings(tale.offer("withdrawn"), None).event(CALLER, "completed", 16.9).tell("leaving", CALLER, 16)
    return tale


def talked_twice(line: str) -> Tale:
    tale = talk(line_of(line))
    second = tale.offer()
    return tale.rings(second, at=70).takes(second, at=78).announces(second, "잠시만요.", at=79).joins(second, at=80)


TALES: list[Callable[[str], Tale]] = [
    lambda line: talk(line_of(line)),
    missed_then_answered,
    left_while_it_rang,
    talked_twice,
]


@given(line=st.sampled_from(LINES), tell=st.sampled_from(TALES), data=st.data())
def test_facts_shuffled_doubled_or_partly_lost_are_judged_alike_in_any_order(
    line: str, tell: Callable[[str], Tale], data: st.DataObject
) -> None:
    tale = tell(line)
    tale.facts = [fact for fact in tale.facts if data.draw(st.integers(0, 9)) > 0]
    expected = judged(tale)
    repeated = data.draw(st.lists(st.sampled_from(tale.facts), max_size=5)) if tale.facts else []
    tale.facts = data.draw(st.permutations([*tale.facts, *repeated]))
    tale.offers.reverse()
    assert judged(tale) == expected


@pytest.mark.parametrize("line", LINES)
@pytest.mark.parametrize("tell", TALES, ids=range(len(TALES)))
def test_every_judgement_says_its_reason_in_a_polite_sentence(line: str, tell: Callable[[str], Tale]) -> None:
    charter = charters().of(line)
    for one in judge_call(charter, 1, tell(line).view()):
        said = reasons().say(one.judgement.reason, charter.heading.exemptions)
        assert said.endswith("니다.")
        assert "{" not in said


def test_an_exemption_is_told_in_the_words_of_the_charter() -> None:
    charter = charters().of("kotra")
    tale = Tale(line_of("kotra"))
    tale.rings(tale.offer("withdrawn"), None).event(CALLER, "completed", 12)
    (one,) = judged(tale)["T7"]
    assert one.finding is Finding.EXEMPT
    assert reasons().say(one.reason, charter.heading.exemptions).startswith(charter.heading.exemptions["caller_gone"])


def test_faults_of_the_reasons_are_named_all_at_once() -> None:
    document = dict(read_folder(CHARTERS / "reasons")["ko.toml"])
    whole = list(document["parts"])  # type: ignore[call-overload]
    document["ring"] = {**dict(document["ring"]), "met": "빨랐습니다.", "early": "너무 빨랐습니다."}  # type: ignore[call-overload]
    document["parts"] = {"greeting": "인사말", "smile": "웃음"}
    del document["exempt"]
    with pytest.raises(BadData) as caught:
        load_reasons(document)
    named = {fault.key for fault in caught.value.faults}
    wrong = {"ring.met", "ring.early", "exempt", "parts.smile"}
    left_out = {f"parts.{name}" for name in whole} - {"parts.greeting"}
    assert named == wrong | left_out
