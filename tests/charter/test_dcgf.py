"""The promises of the Daejeon Credit Guarantee Foundation (대전신용보증재단) about answering the telephone."""

import pytest

from tests.charter.answering import LITERAL_SECONDS, announced, answered_after, reading
from tests.charter.owing import called_back, findings, let_slip, reason, unreached
from tests.phone.conftest import Stage

LINE = "dcgf"


@pytest.mark.parametrize("seconds", [0.5, 2.4, LITERAL_SECONDS - 0.5])
def test_d4_a_call_answered_before_the_third_ring_has_passed_is_in_time(stage: Stage, seconds: float) -> None:
    assert reading(answered_after(stage, LINE, seconds)) == "met"


@pytest.mark.parametrize("seconds", [LITERAL_SECONDS + 0.5, 8.5])
def test_d4_a_call_answered_after_the_third_ring_is_late_though_answered(stage: Stage, seconds: float) -> None:
    record = answered_after(stage, LINE, seconds)
    assert (record["outcome"], reading(record)) == ("answered", "missed")


def test_d4_an_answer_on_the_very_limit_is_neither_in_time_nor_late(stage: Stage) -> None:
    assert reading(answered_after(stage, LINE, LITERAL_SECONDS)) == "indeterminate"


def test_d5_the_caller_is_told_who_answers_in_the_institutions_own_form(stage: Stage) -> None:
    said = announced(answered_after(stage, LINE, 2.4))
    assert said == "감사합니다. 대전신용보증재단 보증사업부 김민수 대리입니다."
    for part in ("대전신용보증재단", "보증사업부", "김민수", "대리"):
        assert part in said


def test_d6_a_customer_reached_within_the_hour_was_answered_in_time(stage: Stage) -> None:
    ringing = called_back(stage, LINE)
    assert ringing.outcomes == ["reached"]
    assert findings(ringing)["D6"] == "met"
    assert findings(ringing)["D1"] == "met"


def test_d6_letting_it_slip_is_missed_with_the_reason_though_the_customer_was_told(stage: Stage) -> None:
    ringing = let_slip(stage, LINE)
    assert findings(ringing)["D6"] == "missed"
    assert "상담원이 모두 통화 중" in reason(ringing, "D6")


def test_d6_a_customer_who_never_picks_up_is_no_broken_promise(stage: Stage) -> None:
    assert findings(unreached(stage, LINE))["D6"] == "exempt"


def test_d9_the_customer_is_greeted_and_asked_for_before_the_matter(stage: Stage) -> None:
    ringing = called_back(stage, LINE)
    assert findings(ringing, ringing.attempts[0].id) == {"D9": "met", "D9.verified": "met"}
