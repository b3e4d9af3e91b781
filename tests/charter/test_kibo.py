"""The promises of KIBO (기술보증기금) about answering the telephone."""

import pytest

from tests.charter.answering import LITERAL_SECONDS, announced, answered_after, reading
from tests.charter.owing import called_back, findings, let_slip, told
from tests.phone.conftest import Stage
from tests.phone.ringing import takes

LINE = "kibo"


@pytest.mark.parametrize("seconds", [0.5, 2.4, LITERAL_SECONDS - 0.5])
def test_k4_a_call_answered_before_the_third_ring_has_passed_is_in_time(stage: Stage, seconds: float) -> None:
    assert reading(answered_after(stage, LINE, seconds)) == "met"


@pytest.mark.parametrize("seconds", [LITERAL_SECONDS + 0.5, 8.5])
def test_k4_a_call_answered_after_the_third_ring_is_late_though_answered(stage: Stage, seconds: float) -> None:
    record = answered_after(stage, LINE, seconds)
    assert (record["outcome"], reading(record)) == ("answered", "missed")


def test_k4_an_answer_on_the_very_limit_is_neither_in_time_nor_late(stage: Stage) -> None:
    assert reading(answered_after(stage, LINE, LITERAL_SECONDS)) == "indeterminate"


def test_k5_the_caller_is_told_who_answers_in_the_institutions_own_form(stage: Stage) -> None:
    said = announced(answered_after(stage, LINE, 2.4))
    assert said == "감사합니다. 기술보증기금 고객센터 김민수입니다."
    for part in ("기술보증기금", "고객센터", "김민수"):
        assert part in said


def test_k7_an_answer_by_the_time_told_keeps_the_promise(stage: Stage) -> None:
    found = findings(called_back(stage, LINE))
    assert (found["K7"], found["K20.callback"]) == ("met", "not_applicable")


def test_k20_a_customer_who_is_told_before_the_time_slips_was_told_in_time(stage: Stage) -> None:
    ringing = let_slip(stage, LINE)
    notices = [fact.received_at for fact in told(ringing) if fact.kind == "callback-late"]
    assert notices[0] < ringing.callback.first_due_at
    assert findings(ringing)["K7"] == "missed"
    # The last of the new times lies ahead.
    assert findings(ringing)["K20.callback"] == "indeterminate"
    (agent,) = ringing.scene.staff(takes())
    ringing.dials(agent)
    ringing.rest()
    assert findings(ringing)["K20.callback"] == "met"
