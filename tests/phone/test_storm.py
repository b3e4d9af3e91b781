"""150 calls through worlds with faults, 30 in a check, and what must hold of every world; a failing seed replays it."""

import random

import pytest
from sqlalchemy import Engine

from tests.phone.storm import lived_through
from tests.phone.weather import faults_of
from tests.sizes import a_part

SEEDS = a_part(range(1, 15), every=7)


@pytest.mark.parametrize("seed", SEEDS)
def test_ten_calls_through_a_world_of_faults_leave_nothing_wrong(sqlite_engine: Engine, seed: int) -> None:
    assert lived_through(sqlite_engine, seed) == []


def test_the_same_holds_on_postgresql(postgresql_engine: Engine) -> None:
    assert lived_through(postgresql_engine, 30) == []


def test_the_worlds_know_every_fault_and_also_a_calm_network() -> None:
    drawn = [faults_of(random.Random(seed)) for seed in range(100)]
    for fault in ("callback_drop", "callback_duplicate", "callback_reorder", "callback_delay", "rest_429",
                  "rest_error_before", "rest_error_after", "webhook_duplicate_same_token",
                  "webhook_duplicate_new_token"):  # fmt: skip
        strengths = {getattr(faults, fault) > 0 for faults in drawn}
        assert strengths == {True, False}, fault
