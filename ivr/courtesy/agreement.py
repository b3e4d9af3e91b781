"""How far two raters agree on the same calls, in exact fractions."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

Pair = tuple[int, int]
"""The points of the first and of the second rater for one item of one call."""

Undefined = Literal["", "no_pairs", "one_score"]
"""Why there is no kappa: nothing was scored twice, or both raters gave one and the same score throughout."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """`n` pairs of scores. `exact` and `within_one` are shares, `mean_difference` is second minus first in points.

    `kappa` is Cohen's with quadratic weights (Cohen 1968, Fleiss and Cohen 1973): 1 is full agreement, 0 what
    chance would give. `unlike` counts the times that only one of the two held the item not applicable.
    """

    n: int
    exact: Fraction | None
    within_one: Fraction | None
    kappa: Fraction | None
    mean_difference: Fraction | None
    undefined: Undefined
    unlike: int = 0


def agreement(pairs: Sequence[Pair], *, unlike: int = 0) -> Agreement:
    """Compare the two scores of every pair."""
    n = len(pairs)
    if not n:
        return Agreement(0, None, None, None, None, "no_pairs", unlike)
    apart = [abs(first - second) for first, second in pairs]
    kappa = quadratic_kappa(pairs)
    return Agreement(
        n=n,
        exact=Fraction(apart.count(0), n),
        within_one=Fraction(sum(distance <= 1 for distance in apart), n),
        kappa=kappa,
        mean_difference=Fraction(sum(second - first for first, second in pairs), n),
        undefined="" if kappa is not None else "one_score",
        unlike=unlike,
    )


def quadratic_kappa(pairs: Sequence[Pair]) -> Fraction | None:
    """1 minus observed over expected squared distance; None where chance alone would agree always.

    The sum of (i - j)^2 over all pairs that chance would make of the two raters' scores needs no table: it is
    the sum of squares of both, less twice the product of the sums by n.
    """
    observed = sum((first - second) ** 2 for first, second in pairs)
    squares = sum(first**2 + second**2 for first, second in pairs)
    products = 2 * sum(first for first, _ in pairs) * sum(second for _, second in pairs)
    expected = squares - Fraction(products, max(len(pairs), 1))
    return 1 - observed / expected if expected else None
