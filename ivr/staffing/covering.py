"""Which shifts cover what is missing with the fewest hours of agents, and of those in the fewest shifts; exact, pure.

With as many shifts of each length as wished this is a flow through the half hours: the answer is whole by itself.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from ivr.staffing.slots import SLOT_MINUTES, minute_of

# An hour of an agent weighs more than any number of shifts.
OF_A_SLOT, OF_A_SHIFT = 100_000, 1
NOWHERE: Final = -1


@dataclass(frozen=True, slots=True)
class Lengths:
    """The shortest and the longest shift that is worth coming for, in minutes; whole half hours."""

    least: int = 120
    most: int = 540


@dataclass(frozen=True, slots=True, order=True)
class Proposal:
    """So many agents from one minute of the day to another, on the weekdays (0 Monday) on which they are missing."""

    begins: int
    ends: int
    agents: int
    weekdays: str = ""


@dataclass(slots=True)
class _Arc:
    """A way from one boundary of half hours to another; `room` is None where it has no bound."""

    to: int
    cost: int
    room: int | None
    back: int


def cover(missing: Mapping[int, int], lengths: Lengths) -> list[Proposal]:
    """Shifts that put at least so many agents into each half hour, inside the hours that `missing` names."""
    slots = sorted(missing)
    if not slots or not any(missing.values()):
        return []
    first, last = slots[0], slots[-1] + 1
    needs = [missing.get(slot, 0) for slot in range(first, last)]
    network = _Network(len(needs), _usable(lengths, len(needs)))
    network.satisfy(_steps(needs))
    return sorted(
        Proposal(minute_of(first + begins), minute_of(first + ends), agents)
        for (begins, ends), agents in network.used().items()
    )


def by_weekday(missing: Mapping[int, Mapping[int, int]], lengths: Lengths) -> list[Proposal]:
    """Shifts for each weekday, those that are alike on several of them as one."""
    alike: dict[Proposal, str] = {}
    for weekday in sorted(missing):
        for shift in cover(missing[weekday], lengths):
            alike[shift] = alike.get(shift, "") + str(weekday)
    return sorted(Proposal(one.begins, one.ends, one.agents, days) for one, days in alike.items())


def hours_of(proposals: Iterable[Proposal]) -> float:
    """The hours of agents in a week."""
    return sum((one.ends - one.begins) * one.agents * max(len(one.weekdays), 1) for one in proposals) / 60


def _usable(lengths: Lengths, slots: int) -> range:
    """Lengths in half hours; of a day that is shorter than the shortest shift, the whole day."""
    least = min(max(lengths.least // SLOT_MINUTES, 1), slots)
    return range(least, max(min(lengths.most // SLOT_MINUTES, slots), least) + 1)


def _steps(needs: Sequence[int]) -> list[int]:
    """By how many agents each boundary needs more (or, below 0, fewer) than the half hour before it."""
    return [after - before for before, after in zip([0, *needs], [*needs, 0], strict=True)]


class _Network:
    """Boundaries of half hours; a shift leads forward at its cost, agents who are too many lead back for nothing."""

    def __init__(self, slots: int, lengths: range) -> None:
        self._nodes = slots + 1
        self._arcs: list[_Arc] = []
        self._from: list[list[int]] = [[] for _ in range(self._nodes)]
        self._shifts: dict[int, tuple[int, int]] = {}
        for begins in range(slots):
            self._add(begins + 1, begins, 0)
            for length in lengths:
                if begins + length <= slots:
                    number = self._add(begins, begins + length, length * OF_A_SLOT + OF_A_SHIFT)
                    self._shifts[number] = (begins, begins + length)

    def satisfy(self, steps: Sequence[int]) -> None:
        """Send what the boundaries with more agents have to those with fewer, each time by the cheapest way."""
        more = {node: step for node, step in enumerate(steps) if step > 0}
        fewer = {node: -step for node, step in enumerate(steps) if step < 0}
        while more:
            costs, way = self._cheapest(more)
            end = min(fewer, key=lambda node: costs[node])
            path = self._path(way, end)
            begin = self._arcs[self._arcs[path[0]].back].to
            bounds = [room for number in path if (room := self._arcs[number].room) is not None]
            sent = min(more[begin], fewer[end], *bounds)
            self._send(path, sent)
            for ends, node in ((more, begin), (fewer, end)):
                ends[node] -= sent
                if not ends[node]:
                    del ends[node]

    def used(self) -> dict[tuple[int, int], int]:
        """The shifts that are used, as boundaries, with how many agents each."""
        flows = {shift: self._arcs[self._arcs[number].back].room or 0 for number, shift in self._shifts.items()}
        return {shift: agents for shift, agents in flows.items() if agents}

    def _add(self, begin: int, end: int, cost: int) -> int:
        number = len(self._arcs)
        self._arcs += [_Arc(end, cost, None, number + 1), _Arc(begin, -cost, 0, number)]
        self._from[begin].append(number)
        self._from[end].append(number + 1)
        return number

    def _cheapest(self, begins: Iterable[int]) -> tuple[list[float], list[int]]:
        """The cost of every boundary from the nearest beginning, and the last arc of the way to it (Bellman-Ford)."""
        costs = [float("inf")] * self._nodes
        way = [NOWHERE] * self._nodes
        waiting = list(begins)
        for node in waiting:
            costs[node] = 0
        while waiting:
            node = waiting.pop(0)
            for number in self._from[node]:
                arc = self._arcs[number]
                if arc.room != 0 and costs[node] + arc.cost < costs[arc.to]:
                    costs[arc.to], way[arc.to] = costs[node] + arc.cost, number
                    waiting.append(arc.to)
        return costs, way

    def _path(self, way: Sequence[int], end: int) -> list[int]:
        path = []
        while way[end] != NOWHERE:
            path.append(way[end])
            end = self._arcs[self._arcs[way[end]].back].to
        return path[::-1]

    def _send(self, path: Iterable[int], sent: int) -> None:
        for number in path:
            arc = self._arcs[number]
            back = self._arcs[arc.back]
            if arc.room is not None:
                arc.room -= sent
            if back.room is not None:
                back.room += sent
