"""Figures as numbers that can be added: counters and sums of times, and what the formulas make of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import reduce

from ivr.figures.formulas import FORMULAS, Count, Formula, Mean, Share

MILLISECONDS = 1000


@dataclass(frozen=True, slots=True)
class Figures:
    """The counters of `ivr/figures/counters.py` by name."""

    counts: Mapping[str, int] = field(default_factory=dict)

    def __add__(self, other: "Figures") -> "Figures":
        """Both together."""
        names = {**self.counts, **other.counts}
        return Figures({name: self.count(name) + other.count(name) for name in names})

    def count(self, *counters: str) -> int:
        """The sum of these counters."""
        return sum(self.counts.get(counter, 0) for counter in counters)

    def counted(self, figure: str) -> int:
        """How many the figure counts; of a mean, the milliseconds."""
        match formula_of(figure):
            case Mean(total=total):
                return self.count(total)
            case Count(counted=counted) | Share(counted=counted):
                return self.count(*counted)

    def base(self, figure: str) -> int:
        """Of how many; of a mere count, the count itself."""
        match formula_of(figure):
            case Count(counted=counted):
                return self.count(*counted)
            case Share(base=base) | Mean(base=base):
                return self.count(*base)

    def apart(self, figure: str) -> int:
        """How many the record cannot tell of; they stand beside a share, in neither of its sides."""
        formula = formula_of(figure)
        return self.count(*formula.apart) if isinstance(formula, Share) else 0

    def share(self, figure: str) -> Fraction | None:
        """The share of a figure, 0 to 1; None where there is nothing to divide by. Raises ValueError for others."""
        if not isinstance(formula_of(figure), Share):
            raise ValueError(f"{figure} is no share: ask for its count or its seconds")
        return Fraction(self.counted(figure), self.base(figure)) if self.base(figure) else None

    def seconds(self, figure: str) -> Fraction | None:
        """The mean of a figure in seconds; None where there is nothing to divide by. Raises ValueError for others."""
        if not isinstance(formula_of(figure), Mean):
            raise ValueError(f"{figure} is no mean time: ask for its count or its share")
        if not self.base(figure):
            return None
        return Fraction(self.counted(figure), self.base(figure) * MILLISECONDS)


def formula_of(figure: str) -> Formula:
    """The formula of a figure; raises KeyError in words for an unknown id."""
    if figure not in FORMULAS:
        raise KeyError(f"there is no figure {figure!r}: known are {', '.join(FORMULAS)}")
    return FORMULAS[figure]


def total(several: list[Figures]) -> Figures:
    """All of them together."""
    return reduce(Figures.__add__, several, Figures())
