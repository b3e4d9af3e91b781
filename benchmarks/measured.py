"""One measured figure, printed as one JSON line."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from statistics import median


@dataclass(frozen=True, slots=True)
class Goal:
    """A limit for a figure, and whether the figure should lie above or below it."""

    limit: float
    above: bool

    def met(self, figure: float) -> bool:
        """Whether the figure reaches the goal."""
        return figure >= self.limit if self.above else figure <= self.limit

    def __str__(self) -> str:
        return f"{'>=' if self.above else '<='} {self.limit:g}"


def at_least(limit: float) -> Goal:
    """A goal that is reached from `limit` upwards."""
    return Goal(limit, above=True)


def at_most(limit: float) -> Goal:
    """A goal that is reached from `limit` downwards."""
    return Goal(limit, above=False)


@dataclass(frozen=True, slots=True)
class Measured:
    """`value` in `unit`; `floor` is the least possible, measured in the same run.

    With a floor `ratio`, `min` and `max` are same-round shares of the floor (1 is as good as the floor), and
    the goal is for the ratio; without one `min` and `max` are of the value, and so is the goal.
    """

    metric: str
    database: str
    value: float
    unit: str
    floor: float | None = None
    ratio: float | None = None
    rounds: int = 1
    min: float | None = None
    max: float | None = None
    goal: Goal | None = None

    def line(self) -> str:
        """The figure as one line of JSON."""
        judged = self.value if self.ratio is None else self.ratio
        entry = {name: _short(value) for name, value in asdict(self).items()}
        entry["goal"] = str(self.goal) if self.goal else None
        entry["met"] = self.goal.met(judged) if self.goal else None
        return json.dumps(entry, ensure_ascii=False)


def show(measured: Measured) -> None:
    """Print a figure at once, so that a long run can be watched."""
    print(measured.line(), flush=True)


def compared(name: tuple[str, str], unit: str, *, ours: Sequence[float], floors: Sequence[float]) -> Measured:
    """Rounds of ours beside rounds of the floor, for (metric, database) and figures where more is better."""
    ratios = [own / floor for own, floor in zip(ours, floors, strict=True)]
    return Measured(
        *name,
        value=median(ours),
        unit=unit,
        floor=median(floors),
        ratio=median(ratios),
        rounds=len(ratios),
        min=min(ratios),
        max=max(ratios),
    )


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which `share` (0 to 1) of all values lie, the nearest one that occurred."""
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]


def _short(value: object) -> object:
    return float(f"{value:.4g}") if isinstance(value, float) else value
