"""Passwords are refused when easily guessed, and hashed anew at a higher cost."""

import pytest
from argon2 import PasswordHasher

from config.files import COMMON_PASSWORDS, read_words
from ivr.accounts.passwords import Passwords, Weakness, temporary_password

CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
PASSWORDS = Passwords(CHEAP, read_words(COMMON_PASSWORDS))


@pytest.mark.parametrize(
    ("typed", "weakness"),
    [
        ("단풍나무아래서", Weakness.SHORT),
        ("단풍나무 아래 벤치", None),
        ("maple-bench-7", None),
        ("xHanJiWonx99", Weakness.NAME),
        ("나는한지원입니다하하", Weakness.NAME),
        ("Qwerty12345", Weakness.COMMON),
        ("aaaaaaaaaaaa", Weakness.COMMON),
        ("x" * 100 + "y" * 101, Weakness.LONG),
    ],
)
def test_what_everybody_would_guess_is_refused_and_signs_of_every_kind_are_not_asked_for(
    typed: str, weakness: Weakness | None
) -> None:
    assert PASSWORDS.weakness(typed, account_id="hanjiwon", name="한지원") is weakness


def test_a_password_fits_its_own_hash_only_and_nobodys_fits_none() -> None:
    kept = PASSWORDS.hashed("maple-bench-7")
    assert PASSWORDS.fits(kept, "maple-bench-7")
    assert not PASSWORDS.fits(kept, "maple-bench-8")
    assert not PASSWORDS.fits(None, "maple-bench-7")
    assert not PASSWORDS.fits("no hash at all", "maple-bench-7")


def test_a_hash_of_a_lower_cost_is_told() -> None:
    dearer = Passwords(PasswordHasher(time_cost=2, memory_cost=16, parallelism=1))
    kept = PASSWORDS.hashed("maple-bench-7")
    assert dearer.is_outdated(kept)
    assert not PASSWORDS.is_outdated(kept)


def test_temporary_passwords_are_all_different_and_good_enough() -> None:
    made = {temporary_password() for _ in range(200)}
    assert len(made) == 200
    assert not any(PASSWORDS.weakness(one, account_id="hanjiwon", name="한지원") for one in made)
