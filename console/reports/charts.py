"""Charts as data: rows of bars between 0 and 1, with a mark for the target; drawn as SVG and in the PDF."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

Tone = Literal["met", "missed", "indeterminate", "exempt", "plain", "range"]


@dataclass(frozen=True, slots=True)
class Bar:
    """From `start` to `end`, shares of the whole width."""

    tone: Tone
    start: Fraction
    end: Fraction


@dataclass(frozen=True, slots=True)
class Row:
    """One row: what it is about, what it says in words, its bars, and where the target lies."""

    label: str
    says: str
    bars: tuple[Bar, ...] = ()
    mark: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Chart:
    """`title` and `told` say in words what is drawn; `legend` names the tones."""

    id: str
    title: str
    told: str
    rows: tuple[Row, ...]
    legend: tuple[tuple[Tone, str], ...] = ()


def stacked(parts: tuple[tuple[Tone, int], ...]) -> tuple[Bar, ...]:
    """Bars end to end in proportion to their numbers; none where all are 0."""
    whole = sum(number for _, number in parts)
    bars: list[Bar] = []
    done = 0
    for tone, number in parts:
        if number:
            bars.append(Bar(tone, Fraction(done, whole), Fraction(done + number, whole)))
            done += number
    return tuple(bars)
