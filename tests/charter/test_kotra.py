"""The promises of KOTRA about answering the telephone."""

import pytest

from tests.charter.answering import LITERAL_SECONDS, announced, answered_after, reading
from tests.charter.owing import called_back, findings, let_slip
from tests.phone.conftest import Stage

LINE = "kotra"


@pytest.mark.parametrize("seconds", [0.5, 2.4, LITERAL_SECONDS - 0.5])
def test_t7_a_call_answered_before_the_third_ring_has_passed_is_in_time(stage: Stage, seconds: float) -> None:
    assert reading(answered_after(stage, LINE, seconds)) == "met"


@pytest.mark.parametrize("seconds", [LITERAL_SECONDS + 0.5, 8.5])
def test_t7_a_call_answered_after_the_third_ring_is_late_though_answered(stage: Stage, seconds: float) -> None:
    record = answered_after(stage, LINE, seconds)
    assert (record["outcome"], reading(record)) == ("answered", "missed")


def test_t7_an_answer_on_the_very_limit_is_neither_in_time_nor_late(stage: Stage) -> None:
    assert reading(answered_after(stage, LINE, LITERAL_SECONDS)) == "indeterminate"


def test_t8_the_caller_is_told_who_answers_in_the_institutions_own_form(stage: Stage) -> None:
    said = announced(answered_after(stage, LINE, 2.4))
    assert said == "안녕하십니까? 코트라 고객지원 김민수입니다."
    for part in ("고객지원", "김민수"):
        assert part in said


def test_t2_an_answer_by_the_time_told_keeps_the_promise(stage: Stage) -> None:
    assert findings(called_back(stage, LINE))["T2"] == "met"


def test_t2_to_be_told_of_a_later_time_is_not_to_be_answered_in_time(stage: Stage) -> None:
    assert findings(let_slip(stage, LINE))["T2"] == "missed"
