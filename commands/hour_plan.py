"""The plan of one simulated hour: who wants to be called back and how, who is there to dial. All of it by seed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from functools import cached_property
from random import Random

from carrier.persons import PersonPlan
from commands.demo import DemoAgent
from commands.tempers import customer_called_back
from ivr.lines.hours import SEOUL
from ivr.lines.model import Line

BEGINS = time(10, 0)
MINUTE, HOUR = 60.0, 3600.0
LONGEST_CALL = 300.0
# A mobile number that is not assigned, one for each wish.
CUSTOMER = "+82101{:07d}"
# Somebody whose telephone is not answered at first may be there when it rings again.
MINUTES_OF_A_MOOD = 12
# In this share of the hours everybody is called away for a while: then promises slip.
SHARE_CALLED_AWAY = 0.5


class Way(StrEnum):
    """How somebody asks to be called back."""

    QUEUE = "queue"
    MENU = "menu"
    MEMO = "memo"


class Change(StrEnum):
    """What a customer does who does not only wait for our call."""

    RINGS_US = "rings-us"
    WITHDRAWS = "withdraws"


@dataclass(frozen=True, slots=True)
class Asking:
    """One wish. Times are seconds of the hour; `moods` say how the customer's telephone is answered from when on."""

    number: str
    at: float
    way: Way
    moods: Sequence[tuple[float, PersonPlan]]
    change: tuple[float, Change] | None = None


@dataclass(frozen=True, slots=True)
class Absence:
    """An agent is away from `leaves` to `comes`, in seconds of the hour."""

    agent: str
    leaves: float
    comes: float


@dataclass(frozen=True)
class HourPlan:
    """One hour of a line, from ten o'clock of a working day on; `staff` are all who answer."""

    line: Line
    on: date
    seed: int
    callbacks: int
    staff: Sequence[DemoAgent]

    @property
    def start(self) -> datetime:
        """The first moment of the hour (aware)."""
        return datetime.combine(self.on, BEGINS, tzinfo=SEOUL)

    @cached_property
    def askings(self) -> Sequence[Asking]:
        """Every wish of the hour, the first one first."""
        dice = self._dice("askings")
        times = sorted(dice.uniform(0, HOUR - MINUTE) for _ in range(self.callbacks))
        return [_asking(dice, number, at) for number, at in enumerate(times)]

    @cached_property
    def absences(self) -> Sequence[Absence]:
        """When agents leave and come back."""
        dice = self._dice("absences")
        if dice.random() < SHARE_CALLED_AWAY:
            leaves = dice.uniform(5, 20) * MINUTE
            comes = leaves + dice.uniform(50, 150) * MINUTE
            return [Absence(one.id, leaves + dice.uniform(0, 30), comes + dice.uniform(0, 60)) for one in self.staff]
        return [_pause(dice, one) for one in self.staff if dice.random() < 0.6]

    @cached_property
    def lasts(self) -> float:
        """Seconds until the last customer has done what is planned."""
        changes = [asking.change[0] for asking in self.askings if asking.change]
        return max([HOUR, *changes]) + LONGEST_CALL

    def moods(self) -> Sequence[tuple[DemoAgent, PersonPlan]]:
        """How each agent takes the telephone."""
        dice = self._dice("agents")
        return [(one, _agent(dice)) for one in self.staff]

    def _dice(self, what: str) -> Random:
        # Everything is drawn for itself: one wish more leaves the agents as they were.
        return Random(f"hour {what} {self.seed} {self.on} {self.line.id}")  # noqa: S311 - an hour can be repeated


def _asking(dice: Random, number: int, at: float) -> Asking:
    way = dice.choices(list(Way), [3, 2, 2])[0]
    moods = [(0.0, customer_called_back(dice))]
    moods.append((at + dice.uniform(1, 6) * MINUTES_OF_A_MOOD * MINUTE, customer_called_back(dice)))
    change = dice.choices([None, *Change], [8, 1, 1])[0]
    later = at + dice.uniform(2, 70) * MINUTE
    return Asking(CUSTOMER.format(1_000_000 + number), at, way, moods, (later, change) if change else None)


def _pause(dice: Random, one: DemoAgent) -> Absence:
    leaves = dice.uniform(0, 50) * MINUTE
    return Absence(one.id, leaves, leaves + dice.uniform(5, 30) * MINUTE)


def _agent(dice: Random) -> PersonPlan:
    after = dice.uniform(1.0, 5.0)
    return PersonPlan(answer_after=after, press_on_answer="1", presses=("1",), talk_seconds=600.0, linger=4.0)
