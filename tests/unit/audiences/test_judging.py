"""What a row says: numbers mended and lost, consents and their days, and why a row is refused."""

from datetime import UTC, datetime

import pytest

from ivr.audiences.cleaning import DigitsLost, Repair, cleaned
from ivr.audiences.columns import Given, columns_of
from ivr.audiences.judging import Entry, Judge, Reason, RowRefused
from ivr.audiences.words import moment_of
from ivr.numbers import BadNumber
from ivr.sealing import Keyring

AT = datetime(2026, 11, 22, 3, tzinfo=UTC)
HEADER = ("number", "name", "group", "purpose", "consented_on", "hours", "how", "evidence", "source", "wording")
ROW = {
    "number": "010-1100-0001",
    "name": "김민수",
    "group": "신규",
    "purpose": "해피콜",
    "consented_on": "2026-11-01",
    "hours": "",
    "how": "서면",
    "evidence": "신청서 1",
    "source": "상담 신청서",
    "wording": "v1",
}


def judged(keyring: Keyring, **cells: str) -> list[Entry]:
    """The entries of a row, with these cells instead of the usual ones; more columns where they are new."""
    return judged_given(keyring, Given(), **cells)


def judged_given(keyring: Keyring, given: Given, **cells: str) -> list[Entry]:
    """The same with something given for all rows."""
    row = ROW | cells
    judge = Judge(columns_of(list(row), given), given, keyring=keyring, at=AT)
    return judge.entries(2, list(row.values()))[0]


@pytest.mark.parametrize(
    ("text", "number", "repairs"),
    [
        ("01011000001", "+821011000001", set()),
        ("010-1100-0001", "+821011000001", set()),
        ("1011000001", "+821011000001", {Repair.LEADING_ZERO}),
        ("1011000001.0", "+821011000001", {Repair.DECIMAL, Repair.LEADING_ZERO}),
        ("+82 10-1100-0001", "+821011000001", {Repair.COUNTRY_CODE, Repair.SPACES}),
        ("82-10-1100-0001", "+821011000001", {Repair.COUNTRY_CODE}),
        ("０１０－１１００－０００１", "+821011000001", {Repair.FULL_WIDTH}),
        ("010\u00a01100\u200b0001", "+821011000001", {Repair.SPACES}),
        ("'01011000001", "+821011000001", {Repair.QUOTES}),
        ('="01011000001"', "+821011000001", {Repair.QUOTES}),
        ("042-1000-0101", "+824210000101", set()),
        ("1533-0099", "+8215330099", set()),
    ],
)
def test_a_number_is_mended_where_nothing_is_lost(text: str, number: str, repairs: set[Repair]) -> None:
    read, mended = cleaned(text)
    assert (read.e164, set(mended)) == (number, repairs)


def test_a_number_that_a_spreadsheet_rounded_is_lost() -> None:
    for text in ("1.01E+09", "1.01235E+9", "'1E+10"):
        with pytest.raises(DigitsLost):
            cleaned(text)
    with pytest.raises(BadNumber):
        cleaned("=cmd|' /C calc'!A0")


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({"number": ""}, Reason.NO_NUMBER),
        ({"number": "010-1234"}, Reason.NOT_A_NUMBER),
        ({"number": "1.01E+09"}, Reason.DIGITS_LOST),
        ({"purpose": "아무거나"}, Reason.PURPOSE),
        ({"consented_on": "어제"}, Reason.DAY),
        ({"consented_on": "2026-02-30"}, Reason.DAY),
        ({"consented_on": ""}, Reason.INCOMPLETE),
        ({"evidence": " "}, Reason.INCOMPLETE),
        ({"source": ""}, Reason.INCOMPLETE),
        ({"wording": ""}, Reason.INCOMPLETE),
        ({"how": "텔레파시"}, Reason.WORD),
        ({"hours": "아침"}, Reason.WORD),
        ({"consented_on": "2026-11-23"}, Reason.FUTURE),
        ({"consented_on": "2024-11-22"}, Reason.EXPIRED),
        ({"withdrawn_on": "2026-10-31"}, Reason.WITHDRAWN_FIRST),
        ({"withdrawn_on": "2026-11-20", "purpose": ""}, Reason.INCOMPLETE),
        ({"evidence": "x" * 121}, Reason.TOO_LONG),
        ({"group": "x" * 41}, Reason.TOO_LONG),
        ({"wording": "x" * 41}, Reason.TOO_LONG),
    ],
)
def test_a_row_is_refused_with_its_reason(keyring: Keyring, cells: dict[str, str], reason: Reason) -> None:
    with pytest.raises(RowRefused) as refused:
        judged(keyring, **cells)
    assert refused.value.reason is reason


def test_a_refused_row_shows_nobody(keyring: Keyring) -> None:
    with pytest.raises(RowRefused) as refused:
        judged(keyring, number="010-1234-56789")
    assert "5678" not in str(refused.value)
    with pytest.raises(RowRefused) as refused:
        judged(keyring, number="홍길동")
    assert "홍" not in str(refused.value)


def test_a_consent_of_two_years_less_a_day_ago_still_holds(keyring: Keyring) -> None:
    (entry,) = judged(keyring, consented_on="2024-11-23")
    assert entry.expires_at == "2026-11-22 15:00:00.000000"


def test_a_row_is_a_person_with_each_consent(keyring: Keyring) -> None:
    entries = judged(keyring, purpose="해피콜; 의견조사", hours="주야간", withdrawn_on="2026-11-05")
    assert [(entry.part, entry.purpose, entry.hours) for entry in entries] == [
        (0, "happy_call", "day"),
        (1, "happy_call", "night"),
        (2, "opinion_survey", "day"),
        (3, "opinion_survey", "night"),
    ]
    first = entries[0]
    assert keyring.open(first.number, place="person.number") == "+821011000001"
    assert first.name is not None
    assert keyring.open(first.name, place="person.name") == "김민수"
    assert (first.is_callable, first.takes_texts, first.group, first.how) == (True, True, "신규", "paper")
    assert first.given_at == "2026-10-31 15:00:00.000000"
    assert first.withdrawn_at == "2026-11-05 14:59:59.999999"
    assert first.notice_due_at == "2026-11-14 15:00:00.000000"
    assert judged(keyring, notified="2026-11-02")[0].notice_due_at is None


def test_without_a_purpose_there_is_a_person_alone(keyring: Keyring) -> None:
    (entry,) = judged(keyring, purpose="", consented_on="", evidence="")
    assert (entry.purpose, entry.given_at, entry.evidence) == (None, None, None)


def test_a_cell_goes_before_what_is_given_for_all(keyring: Keyring) -> None:
    given = Given(evidence="문서 7", hours="night")
    (entry,) = judged_given(keyring, given, evidence="", hours="day")
    assert (entry.evidence, entry.hours) == ("문서 7", "day")


def test_a_row_may_end_early_but_not_late(keyring: Keyring) -> None:
    judge = Judge(columns_of(["number", "name"], Given()), Given(), keyring=keyring, at=AT)
    assert judge.entries(2, ["01011000001"])[0][0].name is None
    assert len(judge.entries(2, ["01011000001", "김", "", " "])[0]) == 1
    with pytest.raises(RowRefused) as refused:
        judge.entries(2, ["01011000001", "김", "more"])
    assert refused.value.reason is Reason.TOO_MANY_CELLS


@pytest.mark.parametrize(
    "text", ["2026-11-01", "2026.11.1", "2026. 11. 1.", "2026/11/01", "20261101", "2026년 11월 1일", "2026-11-01 00:00"]
)
def test_days_are_read_as_people_write_them(text: str) -> None:
    assert moment_of(text)[0] == datetime(2026, 10, 31, 15, tzinfo=UTC)
