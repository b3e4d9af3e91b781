"""How numbers, hours, dates and particles are said in Korean."""

from datetime import date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr import korean


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("1544-1120", "일오사사에 일일이공"),
        ("010-0000-0012", "공일공에 공공공공에 공공일이"),
        ("+8215441120", "팔이일오사사일일이공"),
        ("A7-30", "에이칠에 삼공"),
    ],
)
def test_numbers_are_read_digit_by_digit(written: str, said: str) -> None:
    assert korean.digits(written) == said


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (0, "영"),
        (10, "십"),
        (15, "십오"),
        (110, "백십"),
        (1_000, "천"),
        (10_000, "만"),
        (11_200, "만천이백"),
        (20_305, "이만삼백오"),
        (100_000_000, "일억"),
        (13_500_000, "천삼백오십만"),
    ],
)
def test_amounts_are_read_the_sino_korean_way(number: int, said: str) -> None:
    assert korean.sino(number) == said


def test_an_amount_beyond_reading_is_refused() -> None:
    with pytest.raises(ValueError, match="whole number from 0"):
        korean.sino(-1)


@given(st.sets(st.integers(0, 10**16 - 1), min_size=2, max_size=2))
def test_two_amounts_never_sound_the_same(pair: set[int]) -> None:
    assert len({korean.sino(number) for number in pair}) == 2


@pytest.mark.parametrize(
    ("place", "said"),
    [
        (1, "첫 번째"),
        (3, "세 번째"),
        (10, "열 번째"),
        (20, "스무 번째"),
        (21, "스물한 번째"),
        (100, "백 번째"),
    ],
)
def test_places_in_a_row_use_native_counters(place: int, said: str) -> None:
    assert korean.ordinal(place) == said


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        (time(9, 0), "오전 아홉 시"),
        (time(14, 30), "오후 두 시 삼십 분"),
        (time(0, 5), "오전 열두 시 오 분"),
        (time(12, 0), "오후 열두 시"),
    ],
)
def test_hours_are_native_and_minutes_are_sino_korean(moment: time, said: str) -> None:
    assert korean.clock_time(moment) == said


def test_june_and_october_lose_their_final_consonant() -> None:
    assert korean.calendar_day(date(2026, 6, 3)) == "유월 삼일 수요일"
    assert korean.calendar_day(date(2026, 10, 5)) == "시월 오일 월요일"


def test_a_near_moment_is_said_by_today_and_tomorrow() -> None:
    opening = datetime(2026, 11, 24, 9, 0)  # noqa: DTZ001 - a local time, as the function takes it
    assert korean.moment(opening, date(2026, 11, 24)) == "오늘 오전 아홉 시"
    assert korean.moment(opening, date(2026, 11, 23)) == "내일 오전 아홉 시"
    assert korean.moment(opening, date(2026, 11, 20)) == "십일월 이십사일 화요일 오전 아홉 시"


@pytest.mark.parametrize(
    ("word", "pair", "written"),
    [
        ("보증 상담", "은/는", "보증 상담은"),
        ("서류", "은/는", "서류는"),
        ("보증상담팀", "으로/로", "보증상담팀으로"),
        ("고객센터", "으로/로", "고객센터로"),
        ("서울", "으로/로", "서울로"),
        ("1544-1120", "을/를", "1544-1120을"),
        ("2", "이/가", "2가"),
        ("7", "으로/로", "7로"),
        ("3", "으로/로", "3으로"),
        ("KOTRA", "은/는", "KOTRA는"),
        ("SMTM", "은/는", "SMTM은"),
        ("고객(콜)센터", "과/와", "고객(콜)센터와"),
        ("「기금」", "을/를", "「기금」을"),
        ("", "은/는", "는"),
    ],
)
def test_the_particle_fits_the_sound_before_it(word: str, pair: str, written: str) -> None:
    assert korean.with_particle(word, pair) == written


@given(st.text(), st.sampled_from(sorted(korean.PARTICLES)))
def test_a_particle_only_adds_one_of_its_two_forms(word: str, pair: str) -> None:
    assert korean.with_particle(word, pair).removeprefix(word) in pair.split("/")


def test_longer_texts_take_longer_and_numbers_count_as_they_are_said() -> None:
    assert korean.spoken_seconds("") == 0
    assert korean.spoken_seconds("보증 상담은 1번입니다.") < korean.spoken_seconds("보증 상담은 11111번입니다.")
    # Six syllables a second: a notice of 48 syllables takes the 8 seconds that are allowed.
    assert korean.spoken_seconds("가" * 48) == 8.0


@given(st.text(max_size=200), st.text(max_size=200))
def test_estimated_seconds_never_shrink_when_words_are_added(first: str, second: str) -> None:
    assert korean.spoken_seconds(f"{first} {second}") >= korean.spoken_seconds(first)
