"""Draws many strange things for one attack: the same ones each time in the suite, others by seed from the command."""

from collections.abc import Callable

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

Attack = Callable[[st.DataObject], None]


def try_often(attack: Attack, *, examples: int, by_seed: int | None = None) -> None:
    """Run the attack so often; the first that fails is raised as it was drawn. Without a seed every run draws the same.

    It is not made smaller: what was attacked has changed with each attack before it.
    """

    def attacked(data: st.DataObject) -> None:
        attack(data)

    run = settings(
        max_examples=examples,
        derandomize=by_seed is None,
        database=None,
        deadline=None,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )(given(st.data())(attacked))
    if by_seed is not None:
        run = seed(by_seed)(run)
    run()
