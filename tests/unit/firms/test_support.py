"""Business registration numbers, and the years of support, by the calendar."""

from datetime import date

import pytest

from ivr.firms.registration import hyphenated, registration_number
from ivr.firms.support import last_day_of, months_after, support_of
from ivr.firms.working import rule_of
from tests.http.board import words
from tests.unit.firms.register import number_of, rule_broken


@pytest.mark.parametrize("written", ["124-81-00998", "220 81 62517", "1018116293", " 120-81-47521 "])
def test_a_number_whose_check_digit_fits_is_taken(written: str) -> None:
    assert registration_number(hyphenated(registration_number(written))).isdigit()


@pytest.mark.parametrize(
    "written", ["", "124-81-00997", "12-481-00998", "124810099", "12481009980", "１２４8100998", "a"]
)
def test_a_number_that_cannot_be_is_refused(written: str) -> None:
    assert rule_broken(registration_number, written) == "registration"


def test_every_digit_counts() -> None:
    digits = registration_number(number_of(1))
    others = [f"{digits[:place]}{(int(digits[place]) + 1) % 10}{digits[place + 1 :]}" for place in range(10)]
    assert [rule_broken(registration_number, other) for other in others] == ["registration"] * 10


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (date(2028, 2, 29), date(2029, 2, 28)),
        (date(2027, 3, 1), date(2028, 2, 29)),
        (date(2027, 2, 28), date(2028, 2, 27)),
        (date(2026, 12, 31), date(2027, 12, 30)),
    ],
)
def test_a_year_ends_the_day_before_it_comes_round_or_where_it_does_not_with_its_month(first: date, last: date) -> None:
    rule = rule_of(words()[1].by_id("ascentre"))
    assert last_day_of(rule, support_of(rule, date(2026, 1, 5), date(2026, 2, 1)), first) == last


def test_support_is_three_years_and_two_more_after_a_review() -> None:
    rule = rule_of(words()[1].by_id("ascentre"))
    support = support_of(rule, date(2024, 2, 29), None)
    assert (support.last_day, support.longest_last_day) == (date(2027, 2, 28), date(2029, 2, 28))
    assert support_of(rule, date(2024, 2, 29), date(2026, 12, 1)).last_day == date(2029, 2, 28)
    days = [
        date(2024, 2, 28),
        date(2024, 2, 29),
        date(2025, 2, 28),
        date(2025, 3, 1),
        date(2029, 2, 28),
        date(2040, 1, 1),
    ]
    assert [support.year_on(day) for day in days] == [0, 1, 1, 2, 5, 5]
    assert months_after(date(2026, 3, 31), -1) == date(2026, 2, 28)
