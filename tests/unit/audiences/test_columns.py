"""Which columns a file has, by the first row, and what is said where they do not fit."""

import pytest

from ivr.audiences.columns import Columns, Field, Given, WrongColumns, columns_of, known_in

CONSENT = ("동의목적", "동의일", "증빙", "수집출처", "동의문구")


@pytest.mark.parametrize("name", ["전화번호", "휴대폰", " Phone Number ", "연락처", "MOBILE", "휴대 전화"])
def test_the_number_is_found_under_its_names(name: str) -> None:
    assert columns_of(["이름", name], Given()).place(Field.NUMBER) == 1


def test_columns_that_are_not_known_are_not_read() -> None:
    found = columns_of(["number", "주소", "", "group"], Given())
    assert found == Columns({Field.NUMBER: 0, Field.GROUP: 3}, 4, ("주소",))


@pytest.mark.parametrize(
    ("header", "said"),
    [
        (["이름", "주소"], "no column holds telephone numbers: found 이름, 주소; wanted 전화번호"),
        (["전화번호", "휴대폰"], "전화번호 and 휴대폰 both hold the number"),
        (["number", "purpose", "evidence"], r"동의일 \(consented_on\), 수집출처 \(source\), 동의문구 \(wording\)"),
        (["010-1100-0001", "김민수"], r"found 010-\*\*\*\*-0001, 김민수"),
        ([], "no column holds telephone numbers"),
    ],
)
def test_wrong_columns_are_named_with_those_wanted(header: list[str], said: str) -> None:
    with pytest.raises(WrongColumns, match=said):
        columns_of(header, Given())


def test_what_is_given_for_all_rows_needs_no_column() -> None:
    given = Given(purpose="happy_call", consented_on="2026-11-01", evidence="p", source="s", wording="w")
    assert columns_of(["number"], given).width == 1
    with pytest.raises(WrongColumns, match="--consented-on"):
        columns_of(["number"], Given(purpose="happy_call", evidence="p"))
    with pytest.raises(WrongColumns, match="수집출처"):
        columns_of(["number", *CONSENT[:3], CONSENT[4]], Given())


def test_known_columns_tell_the_delimiter() -> None:
    assert known_in(["전화번호", "이름", "주소"]) == 2
