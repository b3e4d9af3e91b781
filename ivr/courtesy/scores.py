"""The 100 points: what a sheet is worth as a whole, in a stage and on an item, in exact fractions."""

from collections.abc import Iterable, Sequence
from fractions import Fraction

from ivr.courtesy.form import Item
from ivr.courtesy.ledger import Scores

HUNDRED = 100


def hundred(items: Iterable[Item], scores: Scores) -> Fraction | None:
    """The weighted share of the scale over the items that were scored, of 100; None where none was.

    An item that is not applicable counts neither in the sum nor in the weights, so it costs nothing and helps nothing.
    """
    scored = [(item, points) for item in items if (points := scores.get(item.id)) is not None]
    weight = sum(item.weight for item, _ in scored)
    if not weight:
        return None
    return HUNDRED * sum((item.weight * item.share(points) for item, points in scored), Fraction(0)) / weight


def mean(values: Sequence[Fraction]) -> Fraction | None:
    """The mean; None of nothing."""
    return sum(values, Fraction(0)) / len(values) if values else None
