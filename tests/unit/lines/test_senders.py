"""The sender of texts: registered to its line, with a proof, for a time; else no text leaves."""

from datetime import date
from typing import Any

import pytest

from ivr.faults import Fault
from ivr.lines.check import faults_of_day
from ivr.lines.model import Line
from ivr.lines.reading import check_lines
from ivr.lines.senders import RegisteredSender, runs_out, unfit
from ivr.messages.texts import Texts

NUMBER = "+8215441120"
SENDERS = (
    RegisteredSender(
        number="1544-1120",
        proof="통신서비스 이용증명원",
        registered_on=date(2026, 3, 2),
        expires_on=date(2027, 3, 1),
    ),
)


@pytest.mark.parametrize(
    ("sender", "today", "why"),
    [
        (NUMBER, date(2026, 11, 23), None),
        (NUMBER, date(2027, 3, 1), None),
        (NUMBER, date(2027, 3, 2), "sender registration expired"),
        (NUMBER, date(2026, 3, 1), "sender not yet registered"),
        ("+8215330001", date(2026, 11, 23), "sender not registered"),
    ],
)
def test_a_sender_is_fit_while_it_is_registered(sender: str, today: date, why: str | None) -> None:
    assert unfit(sender, SENDERS, today=today) == why


def test_a_sender_is_not_fit_between_two_registrations() -> None:
    renewed = SENDERS[0].model_copy(update={"registered_on": date(2027, 4, 1), "expires_on": date(2028, 3, 31)})
    for today, why in ((date(2027, 3, 15), "sender registration expired"), (date(2027, 4, 1), None)):
        assert unfit(NUMBER, (*SENDERS, renewed), today=today) == why


@pytest.mark.parametrize(
    ("today", "last"),
    [
        (date(2027, 1, 29), None),
        (date(2027, 1, 30), date(2027, 3, 1)),
        (date(2027, 3, 1), date(2027, 3, 1)),
        (date(2027, 3, 2), None),
    ],
)
def test_a_registration_that_ends_within_thirty_days_is_told(today: date, last: date | None) -> None:
    assert runs_out(NUMBER, SENDERS, today=today) == last


def faults(documents: dict[str, Any], texts: Texts) -> dict[str, str]:
    return {fault.key: fault.message for fault in check_lines({"kibo.toml": documents["kibo.toml"]}, texts)}


def test_a_sender_of_another_line_is_refused_at_load(documents: dict[str, Any], texts: Texts) -> None:
    documents["kibo.toml"]["texts"]["sender"] = "1533-0001"
    assert "not registered to this line" in faults(documents, texts)["texts.sender"]


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"proof": ""}, "texts.senders.0.proof"),
        ({"expires_on": date(2020, 1, 1)}, "texts.senders.0"),
        ({"expires_on": "soon"}, "texts.senders.0.expires_on"),
    ],
)
def test_a_registration_without_proof_or_in_the_wrong_order_is_refused_at_load(
    documents: dict[str, Any], texts: Texts, change: dict[str, object], place: str
) -> None:
    documents["kibo.toml"]["texts"]["senders"][0] |= change
    assert place in faults(documents, texts)


def test_the_check_of_the_day_is_an_error_after_the_end_and_a_warning_before(kibo: Line) -> None:
    last = kibo.texts.senders[0].expires_on
    found = [
        faults_of_day(kibo, "kibo.toml", today=day) for day in (date(2026, 11, 23), last, date(last.year + 1, 1, 1))
    ]
    assert [[fault.severity for fault in told] for told in found] == [[], ["warning"], ["error"]]
    assert all(isinstance(fault, Fault) for told in found for fault in told)
