"""Answering at the shared A/S call centre (중소기업 공동 A/S센터).

Its charter names no ring, so the common rule is only measured.
"""

import pytest

from tests.charter.answering import LITERAL_SECONDS, announced, answered_after, reading
from tests.phone.conftest import Stage

LINE = "ascentre"


@pytest.mark.parametrize("seconds", [0.5, 2.4, LITERAL_SECONDS - 0.5])
def test_a_call_answered_before_the_third_ring_has_passed_is_in_time(stage: Stage, seconds: float) -> None:
    assert reading(answered_after(stage, LINE, seconds)) == "met"


@pytest.mark.parametrize("seconds", [LITERAL_SECONDS + 0.5, 8.5])
def test_a_call_answered_after_the_third_ring_is_late_though_answered(stage: Stage, seconds: float) -> None:
    record = answered_after(stage, LINE, seconds)
    assert (record["outcome"], reading(record)) == ("answered", "missed")


def test_an_answer_on_the_very_limit_is_neither_in_time_nor_late(stage: Stage) -> None:
    assert reading(answered_after(stage, LINE, LITERAL_SECONDS)) == "indeterminate"


def test_the_caller_is_told_who_answers_in_the_institutions_own_form(stage: Stage) -> None:
    said = announced(answered_after(stage, LINE, 2.4))
    assert said == "감사합니다. 중소기업 공동 에이에스센터 생활주방가전 상담그룹 김민수입니다."
    for part in ("중소기업 공동 에이에스센터", "김민수"):
        assert part in said
