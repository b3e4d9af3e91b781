"""No order of events makes the dialler ring somebody who may not be rung."""

from collections import Counter

from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.campaigns.seeds import fresh_sqlite, machine_on
from tests.hour.seeds import quiet
from tests.sizes import examples

FEW = settings(max_examples=examples(8), stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck))


def test_nobody_is_rung_who_may_not_be() -> None:
    counts = Counter[str]()
    with quiet(), fresh_sqlite() as new_engine:
        run_state_machine_as_test(machine_on(new_engine, counts), settings=FEW)
    assert counts["orders"] > 0
