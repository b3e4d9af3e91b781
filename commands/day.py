"""The plan of one simulated working day: who rings which line when, and who is there to answer. All of it by seed."""

import hashlib
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from random import Random

from carrier.options import Faults
from carrier.persons import PersonPlan
from commands.demo import DemoAgent
from commands.speech import Speaker, speaking
from commands.tempers import (
    YES,
    Wish,
    agent,
    caller_while_closed,
    caller_while_open,
    customer_called_back,
    ways_from,
)
from ivr.lines.calendar import Calendar
from ivr.lines.firm_hours import is_firm_open
from ivr.lines.hours import SEOUL, Open, is_open, open_spans
from ivr.lines.model import Line, Lines
from ivr.numbers import PhoneNumber

# Shares of a call centre's day by local hour: most ring from ten to eleven and from two to three.
HOURS: Mapping[int, int] = {
    7: 1,
    8: 2,
    9: 10,
    10: 17,
    11: 12,
    12: 7,
    13: 10,
    14: 16,
    15: 11,
    16: 9,
    17: 6,
    18: 2,
    19: 1,
}
FIRST_HOUR = min(HOURS)
# What one call takes of an agent, with ringing and wrap-up.
SECONDS_OF_A_CALL = 210.0
MOST_OF_A_LINE = 1000
# Nobody rings twice within this time: the carrier's telephones take one call at a time.
PAUSE_OF_A_CALLER = timedelta(hours=1)
FAULTS = Faults(
    callback_delay=0.05, callback_reorder=0.03, callback_duplicate=0.03, callback_drop=0.01, delay_seconds=(0.5, 8.0)
)
# Where a line answers for client firms, this share of its callers dials a firm's own number.
SHARE_OF_FIRMS = 0.4
WITHHELD = ("anonymous", "+266696687")
SHARES_OF_NUMBERS: Mapping[str, int] = {"mobile": 78, "again": 5, "landline": 8, "withheld": 5, "foreign": 4}
# Ranges set aside for invented numbers: 010-1 and 02-1 are not assigned; Ofcom's and NANP's are for drama.
FOREIGN = ("+4420794600{:02d}", "+120255501{:02d}")


@dataclass(frozen=True, slots=True)
class Arrival:
    """One call to come.

    `at_home` is how the caller answers when we call back, `moods` how agents take calls from now on, by where they
    are rung.
    """

    at: datetime
    number: str
    caller: str
    withheld: str
    person: PersonPlan
    at_home: PersonPlan
    moods: Mapping[str, PersonPlan]


@dataclass(frozen=True)
class Day:
    """A day to be lived: `staff` are all who answer, those of the demo first."""

    lines: Lines
    calendar: Calendar
    on: date
    seed: int
    calls: int
    staff: Sequence[DemoAgent]

    @cached_property
    def carrier_seed(self) -> int:
        """The seed of the carrier's ids: another day or another count gives other calls, never half the same."""
        return int.from_bytes(hashlib.sha256(f"{self.seed} {self.on} {self.calls}".encode()).digest()[:6])

    @property
    def start(self) -> datetime:
        """The first moment of the day (aware)."""
        return datetime.combine(self.on, time(FIRST_HOUR), tzinfo=SEOUL)

    def arrivals(self) -> Iterator[Arrival]:
        """Every call in the order of the day."""
        dice = Random(f"day {self.carrier_seed}")  # noqa: S311 - a day can be repeated
        lines = list(self.lines)
        callers = _Callers(dice)
        for at in self._moments(dice):
            yield self._arrival(dice, callers, dice.choice(lines), at)

    def _moments(self, dice: Random) -> list[datetime]:
        hours = dice.choices(list(HOURS), list(HOURS.values()), k=self.calls)
        seconds = sorted(hour * 3600 + dice.uniform(0, 3600) for hour in hours)
        midnight = datetime.combine(self.on, time(), tzinfo=SEOUL)
        return [midnight + timedelta(seconds=second) for second in seconds]

    def _arrival(self, dice: Random, callers: "_Callers", line: Line, at: datetime) -> Arrival:
        caller, withheld = callers.next(at)
        number = _to_leave_a_number(dice, caller, withheld)
        dialled = _dialled(dice, line)
        firm = line.firm_of(dialled)
        state = is_firm_open(line, firm, self.calendar, at=at) if firm else is_open(line, self.calendar, at)
        top = line.centre.menu if firm and line.centre else line.start
        if isinstance(state, Open):
            person = caller_while_open(dice, Wish(ways_from(line, top, firm=firm), number))
        else:
            person = caller_while_closed(dice, Wish(ways_from(line, line.closed, firm=firm), number))
        at_home = customer_called_back(dice)
        return Arrival(at, dialled, caller, withheld, person, at_home, self._moods(dice, line))

    def _moods(self, dice: Random, line: Line) -> dict[str, PersonPlan]:
        staff = [one for one in self.staff if one.line == line.id]
        names = [one.name for one in staff]
        return {
            destination_of(one): speaking(
                dice, agent(dice), Speaker(one, line.spoken_institution, _another(dice, names, one.name))
            )
            for one in staff
        }


class _Callers:
    """Numbers of callers: most ring once, some again later in the day, some show no number or one abroad."""

    def __init__(self, dice: Random) -> None:
        self._dice = dice
        self._last: dict[str, datetime] = {}

    def next(self, at: datetime) -> tuple[str, str]:
        """A telephone that is free at this hour, and the word it shows in place of its number, if any."""
        kind = self._dice.choices(list(SHARES_OF_NUMBERS), list(SHARES_OF_NUMBERS.values()))[0]
        number = self._number(kind)
        while at - self._last.get(number, at - PAUSE_OF_A_CALLER) < PAUSE_OF_A_CALLER:
            number = self._number("mobile")
        self._last[number] = at
        return number, self._dice.choice(WITHHELD) if kind == "withheld" else ""

    def _number(self, kind: str) -> str:
        dice = self._dice
        if kind == "again" and self._last:
            return dice.choice(list(self._last))
        if kind == "landline":
            return f"+8221{dice.randint(0, 9_999_999):07d}"
        if kind == "foreign":
            return dice.choice(FOREIGN).format(dice.randint(0, 99))
        return f"+82101{dice.randint(1_000_000, 8_999_999)}"


def _dialled(dice: Random, line: Line) -> str:
    """The public number, or one of those that client firms have of their own."""
    firms = [number for firm in line.firms.values() for number in firm.numbers]
    return dice.choice(firms) if firms and dice.random() < SHARE_OF_FIRMS else line.number


def _another(dice: Random, names: Sequence[str], own: str) -> str:
    return dice.choice([name for name in names if name != own] or [own])


def _to_leave_a_number(dice: Random, caller: str, withheld: str) -> tuple[str, ...]:
    """What to press so that a number is taken down: it is read back, or has to be typed first."""
    if withheld or not PhoneNumber.parse(caller).may_be_called:
        return (f"0101{dice.randint(1_000_000, 8_999_999)}#", YES)
    return (YES,)


def destination_of(one: DemoAgent) -> str:
    """Where the carrier rings an agent of the demo: client:NAME or an E.164 number."""
    return f"client:{one.softphone}" if one.softphone else PhoneNumber.parse(one.phone or "").e164


def staff_of(demo: Sequence[DemoAgent], lines: Lines, calls: int) -> list[DemoAgent]:
    """The demo's agents, and as many colleagues more on each line as its busiest hour takes."""
    busiest = max(HOURS.values()) / sum(HOURS.values()) * calls / len(lines)
    wanted = 1 + math.ceil(busiest * SECONDS_OF_A_CALL / 3600)
    staff: list[DemoAgent] = []
    for place, line in enumerate(lines):
        own = [one for one in demo if one.line == line.id]
        staff += own
        for number in range(len(own), wanted):
            staff.append(_colleague((own or demo)[number % len(own or demo)], line, place * MOST_OF_A_LINE + number))
    return staff


def _colleague(like: DemoAgent, line: Line, number: int) -> DemoAgent:
    given = {"id": f"{line.id}-day-{number % MOST_OF_A_LINE}", "line": line.id, "softphone": None}
    return like.model_copy(update={**given, "phone": f"070-11{number // 10000:02d}-{number % 10000:04d}"})


def last_working_day(lines: Lines, calendar: Calendar, today: date) -> date:
    """The last day before today on which every line was open; yesterday where there is none within two months."""
    days = [today - timedelta(days=ago) for ago in range(1, 61)]
    return next((day for day in days if all(open_spans(line, calendar, day) for line in lines)), days[0])
