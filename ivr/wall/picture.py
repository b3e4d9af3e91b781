"""What a wall shows: the queue, the agents, the day so far, what is due, and the campaigns that run."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from ivr.agents.rows import AgentState
from ivr.figures.sums import Figures


@dataclass(frozen=True, slots=True)
class Queue:
    """Callers who hold for a person: how many, in all and by team, and since when the first of them does."""

    count: int = 0
    since: datetime | None = None
    by_team: Mapping[str, int] = field(default_factory=dict)

    def longest(self, at: datetime) -> timedelta:
        """How long the first of them has held at this moment; nothing where nobody does."""
        return max(at - self.since, timedelta()) if self.since else timedelta()


@dataclass(frozen=True, slots=True)
class Staff:
    """How many agents stand in each state, and those away by the word that they gave ("" where none was given)."""

    by_state: Mapping[AgentState, int]
    away: Mapping[str, int]

    @property
    def total(self) -> int:
        """All agents of the line."""
        return sum(self.by_state.values())


@dataclass(frozen=True, slots=True)
class Due:
    """What is owed to customers: over its time, and over it soon (`within`)."""

    late: int
    soon: int
    within: timedelta


@dataclass(frozen=True, slots=True)
class Running:
    """A campaign that dials. `done` of `targets` are through; both None where they are too many to be counted here.

    `answers` of `wanted` completed answers are taken, where the campaign has a limit; `ringing` are open dials.
    """

    id: int
    name: str
    done: int | None
    targets: int | None
    answers: int | None
    wanted: int | None
    ringing: int


@dataclass(frozen=True, slots=True)
class AgentNow:
    """One agent at this moment, with the day's talks and rings; `since` is when the state began."""

    id: str
    name: str
    department: str
    title: str
    state: AgentState
    reason: str
    since: datetime
    talks: int
    rings_met: int
    rings_judged: int


@dataclass(frozen=True, slots=True)
class Wall:
    """One line at the moment `at`. `arrived` are the calls of the local `day`, `figures` those of them that ended.

    The day's sums follow the calls with up to half a minute.
    """

    line: str
    at: datetime
    day: date
    queue: Queue
    talking: int
    staff: Staff
    arrived: int
    figures: Figures
    callbacks: Due
    cases: Due
    campaigns: tuple[Running, ...]
