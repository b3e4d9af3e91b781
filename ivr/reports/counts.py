"""How many verdicts were met, missed, exempt, indeterminate or not applicable, and what share that makes."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from ivr.charters.judges.judgement import Finding

WHOLE = 100


class Reached(StrEnum):
    """Whether the target was reached: by the rate alone; `unsure` where the undecided ones could turn it."""

    YES = "yes"
    NO = "no"
    UNSURE = "unsure"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Counts:
    """Verdicts by finding. Only met and missed are counted towards the rate, all others stand beside it."""

    met: int = 0
    missed: int = 0
    exempt: int = 0
    indeterminate: int = 0
    not_applicable: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        """Both together."""
        return Counts(*(self.of(finding) + other.of(finding) for finding in Finding))

    def of(self, finding: Finding) -> int:
        """How many have this finding."""
        return int(getattr(self, finding.value))

    @property
    def judged(self) -> int:
        """The denominator of the rate: met and missed."""
        return self.met + self.missed

    @property
    def all(self) -> int:
        """Every verdict."""
        return sum(self.of(finding) for finding in Finding)

    @property
    def rate(self) -> Fraction | None:
        """Met of judged; None where nothing was judged."""
        return Fraction(self.met, self.judged) if self.judged else None

    @property
    def lowest(self) -> Fraction | None:
        """The rate if every undecided one had been missed; None where there is neither."""
        return Fraction(self.met, self._decidable) if self._decidable else None

    @property
    def highest(self) -> Fraction | None:
        """The rate if every undecided one had been met; None where there is neither."""
        return Fraction(self.met + self.indeterminate, self._decidable) if self._decidable else None

    def reached(self, target: float) -> Reached:
        """Was `target` percent reached, whichever way the undecided ones had turned out?"""
        wanted = Fraction(str(target)) / WHOLE
        if self.lowest is None or self.highest is None:
            return Reached.NONE
        if self.lowest >= wanted:
            return Reached.YES
        return Reached.NO if self.highest < wanted else Reached.UNSURE

    @property
    def _decidable(self) -> int:
        return self.judged + self.indeterminate


def counts_of(numbers: Mapping[Finding, int]) -> Counts:
    """Counts from a number for each finding; those left out are 0."""
    return Counts(*(numbers.get(finding, 0) for finding in Finding))
