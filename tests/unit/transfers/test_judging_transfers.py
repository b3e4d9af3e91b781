"""What is found of a transfer (K6, T10), of the first answerer (T9) and of a consultation's ring, case by case."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from ivr.calls.rows import OfferPurpose
from ivr.calls.steps import CALLER
from ivr.transfers.rows import Manner, Transfer, TransferOutcome
from tests.unit.charters.tales import CALL, Tale, finding, judged, line_of, talk

MET, MISSED, UNSURE, EXEMPT, MOOT = "met", "missed", "indeterminate", "exempt", "not_applicable"
ALL = "department,name,number"
TRANSFER = f"{CALL}-t1"


def passed(
    line: str,
    outcome: TransferOutcome | None,
    *,
    parts: str | None = ALL,
    heard: bool = True,
    officer: str | None = None,
) -> Tale:
    """A talk that is passed on; `officer` is the outcome of the second ringing, `parts` None says nothing was told."""
    tale = talk(line_of(line), until_talk=True)
    to_offer = tale.offer(officer, closed=50) if officer else None
    row = Transfer(id=TRANSFER, call_id=CALL, ordinal=1, manner=Manner.BLIND, from_offer="c1-1", to_offer=to_offer)
    row.outcome = outcome.value if outcome else None
    tale.transfers.append(row)
    if to_offer:
        tale.offers[1].purpose = OfferPurpose.TRANSFER
    if parts is not None:
        tale.tell("transfer-told", CALLER, 30, transfer=TRANSFER, parts=parts, out_of="c1-1", **{"from": "c1-1"})
        if heard:
            tale.tell("transfer-heard", CALLER, 38, transfer=TRANSFER, next="queue")
    return tale


def completed(line: str, *, parts: str | None = ALL) -> Tale:
    tale = passed(line, TransferOutcome.COMPLETED, parts=parts, officer="finished")
    tale.rings("c1-2", at=40).takes("c1-2", at=46).announces("c1-2", at=47).joins("c1-2", at=48)
    return tale.event(CALLER, "completed", 80).event("c1-1", "completed", 31).event("c1-2", "completed", 80)


def returned(line: str, officer: str = "rejected") -> Tale:
    tale = passed(line, TransferOutcome.RETURNED, officer=officer)
    return tale.rings("c1-2", None, at=40).event(CALLER, "completed", 80)


def gone(line: str, *, parts: str | None = ALL, heard: bool = True) -> Tale:
    return passed(line, TransferOutcome.GONE, parts=parts, heard=heard).event(CALLER, "completed", 36)


def broken(line: str) -> Tale:
    return passed(line, TransferOutcome.GONE, heard=False).event(CALLER, "failed", 36)


def cancelled(line: str) -> Tale:
    return passed(line, TransferOutcome.CANCELLED, parts=None).event(CALLER, "completed", 80)


CASES: list[tuple[str, Callable[[str], Tale], str, str]] = [
    ("all parts, and there", completed, MET, MET),
    ("no number", lambda line: completed(line, parts="department,name"), MISSED, MET),
    ("no department", lambda line: completed(line, parts="name,number"), MISSED, MET),
    ("joined without a word", lambda line: completed(line, parts=None), MISSED, MET),
    ("told, the officer rejects", returned, MET, MISSED),
    ("told, the officer's telephone fails", lambda line: returned(line, "failed"), MET, EXEMPT),
    ("told, the caller leaves the queue", gone, MET, EXEMPT),
    ("the caller leaves during the words", lambda line: gone(line, heard=False), EXEMPT, EXEMPT),
    ("the caller leaves before the words", lambda line: gone(line, parts=None), EXEMPT, EXEMPT),
    ("the line breaks during the words", broken, EXEMPT, EXEMPT),
    ("a consultation is cancelled", cancelled, MOOT, MOOT),
    ("the officer refuses to be asked", lambda line: passed(line, TransferOutcome.RETURNED, parts=None), MOOT, MISSED),
    ("never ended, never heard", lambda line: passed(line, None, heard=False), UNSURE, UNSURE),
]


@pytest.mark.parametrize(("tell", "announced", "arrived"), [row[1:] for row in CASES], ids=[row[0] for row in CASES])
def test_a_transfer_is_judged_by_what_was_told_and_where_the_caller_came(
    tell: Callable[[str], Tale], announced: str, arrived: str
) -> None:
    assert finding(tell("kotra"), "T10") == announced
    assert finding(tell("kibo"), "K6") == arrived


def test_the_reason_names_the_part_that_was_left_out() -> None:
    (one,) = judged(completed("kotra", parts="department,name"))["T10"]
    assert (one.reason.id, one.reason.values) == ("transfer.incomplete", {"parts": ("number",)})


def test_each_transfer_has_a_verdict_of_its_own() -> None:
    tale = completed("kotra")
    second = Transfer(id=f"{CALL}-t2", call_id=CALL, ordinal=2, manner=Manner.CONSULT, from_offer="c1-2")
    second.outcome = TransferOutcome.CANCELLED.value
    tale.transfers.append(second)
    assert [one.finding.value for one in judged(tale)["T10"]] == [MET, MOOT]


@pytest.mark.parametrize(
    ("tell", "expected"),
    [(completed, MISSED), (gone, MISSED), (cancelled, MET)],
    ids=["completed", "gone", "cancelled"],
)
def test_whoever_passes_the_caller_on_has_not_answered(tell: Callable[[str], Tale], expected: str) -> None:
    assert finding(tell("kotra"), "T9") == expected


def test_the_ring_of_a_consultation_is_no_customers_ring_and_that_of_a_transfer_is() -> None:
    tale = completed("kibo")
    assert [one.finding.value for one in judged(tale)["K4"]] == [MET, MET]
    tale.offers[1].purpose = OfferPurpose.CONSULT
    assert [one.finding.value for one in judged(tale)["K4"]] == [MET, MOOT]


def test_the_order_in_which_facts_came_makes_no_difference() -> None:
    tale = completed("kotra")
    turned = replace(tale, facts=list(reversed(tale.facts)))
    assert judged(tale) == judged(turned)
