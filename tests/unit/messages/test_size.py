"""Sizes of text messages in Korean bytes and carrier segments, and the signs that cannot be sent."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.messages.size import GSM_BASIC, REPLACEMENTS, clean, measure


@pytest.mark.parametrize(
    ("text", "size", "kind"),
    [
        ("가" * 45, 90, "SMS"),
        ("가" * 45 + "a", 91, "LMS"),
        ("가" * 1000, 2000, "LMS"),
        ("가" * 1001, 2002, "too long"),
    ],
)
def test_forty_five_syllables_fit_an_sms_and_a_thousand_an_lms(text: str, size: int, kind: str) -> None:
    measured = measure(text)
    assert (measured.cp949_bytes, measured.kind) == (size, kind)


def test_rare_syllables_count_two_bytes() -> None:
    assert measure("뷁똠펲갂").cp949_bytes == 8


@pytest.mark.parametrize(
    ("text", "segments"),
    [
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("가" * 70, 1),
        ("가" * 73, 2),
        ("😀" * 35, 1),
        # 33 pairs fill 66 of 67 units: a pair is not cut, so 67 pairs need three segments.
        ("😀" * 67, 3),
    ],
)
def test_segments_are_counted_as_the_carrier_bills_them(text: str, segments: int) -> None:
    assert measure(text).segments == segments


def test_signs_that_korean_carriers_drop_are_named_once() -> None:
    assert measure("😀 안녕 é 😀").unencodable == ("😀", "é")


def test_common_signs_are_replaced_by_ones_that_arrive() -> None:
    before = "“보증” — 10–12시\u00a0₩5,000 • 신청・접수 〜 안내\u200b"
    after = clean(before)
    assert after == '"보증" - 10-12시 ￦5,000 · 신청·접수 ~ 안내'
    assert measure(after).unencodable == ()


def test_decomposed_hangul_is_composed() -> None:
    decomposed = unicodedata.normalize("NFD", "접수번호")
    assert clean(decomposed) == "접수번호"


@given(st.text())
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@given(st.text())
def test_nothing_that_has_a_replacement_is_left(text: str) -> None:
    assert not {chr(code) for code in REPLACEMENTS} & set(clean(text))


@given(st.text())
def test_cleaning_never_makes_a_sign_unencodable(text: str) -> None:
    composed = unicodedata.normalize("NFC", text)
    assert set(measure(clean(text)).unencodable) <= set(measure(composed).unencodable)


@given(st.text(alphabet=st.characters(codec="cp949")))
def test_bytes_are_those_of_the_korean_encoding(text: str) -> None:
    measured = measure(text)
    assert measured.cp949_bytes == len(text.encode("cp949"))
    assert measured.unencodable == ()


@given(st.text(alphabet=sorted(GSM_BASIC), min_size=1), st.text(min_size=1))
def test_a_longer_text_never_needs_fewer_segments(first: str, second: str) -> None:
    assert measure(first + second).segments >= measure(first).segments
