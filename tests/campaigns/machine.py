"""Any order of consent, withdrawal, launch, dialling, answers, deaths and clocks: no order to ring that may not be."""

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, time, timedelta
from typing import TypeAlias

from hypothesis import strategies as some
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import Engine

from ivr.base import Refused
from ivr.campaigns.moves import CampaignEvent
from ivr.campaigns.plan import Plan, read_plan
from ivr.consents.recording import BadConsent
from ivr.consents.rows import Hours, Purpose
from ivr.surveys.rows import Disposition
from tests.campaigns.judge import SEOUL, Rules
from tests.campaigns.life import Answer, Life, to_local

NewEngine: TypeAlias = Callable[[], Engine]

NUMBERS = tuple(f"+8210100000{number:02d}" for number in range(1, 8))
FREE, PAID = "dcgf", "ascentre"
PURPOSES = {
    FREE: (Purpose.HAPPY_CALL,),
    PAID: (Purpose.OPINION_SURVEY, Purpose.MARKETING_SURVEY),
}
GROUPS = ("a", "b")
MOST_CAMPAIGNS = 3
HOUR = 3600
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
# The edges of the law's hours and of the plans', and a second before each.
EDGES = tuple(
    time(*clock)
    for clock in (
        (7, 59, 59),
        (8, 0, 0),
        (9, 59, 59),
        (10, 0, 0),
        (19, 59, 59),
        (20, 0, 0),
        (20, 59, 59),
        (21, 0, 0),
        (23, 59, 59),
        (0, 0, 0),
    )
)
ENDS = (
    ("busy", None),
    ("no-answer", None),
    ("failed", None),
    ("completed", Disposition.CONTACTED),
    ("completed", Disposition.STARTED),
    ("completed", Disposition.PARTIAL),
    ("completed", Disposition.COMPLETED),
    ("completed", Disposition.COMPLETED),
)

EVENTS = (*(CampaignEvent.PAUSE, CampaignEvent.RESUME) * 3, CampaignEvent.CLOSE)

lines = some.sampled_from((FREE, PAID))
numbers = some.sampled_from(NUMBERS)


class Campaigns(RuleBasedStateMachine):
    """The machine. `new_engine` gives an engine on an empty database with all tables."""

    new_engine: NewEngine
    counts: Counter[str] = Counter()

    @initialize(wide=some.booleans(), seed=some.integers(0, 2**16))
    def begin(self, wide: bool, seed: int) -> None:
        """Most of the people have agreed to something."""
        self.engine = type(self).new_engine()
        self.life = Life(self.engine)
        self.campaigns: list[int] = []
        for place, number in enumerate(NUMBERS):
            for line in (FREE, PAID):
                for purpose in PURPOSES[line]:
                    if (seed >> place) & 1 or line == FREE:
                        self.life.agree(line, number, purpose)
                    if wide and (seed >> (place + 7)) & 1:
                        self.life.agree(line, number, purpose, hours=Hours.NIGHT)
        self.launch(FREE, "all day" if wide else "plain", 1, {})

    def teardown(self) -> None:
        """Let the database go, and count what was lived through."""
        if hasattr(self, "life"):
            judge = self.life.judge
            lived = {"lives": 1, "campaigns": len(self.campaigns), "orders": judge.orders, "rings": len(judge.rings)}
            completed = sum(ring.completed for ring in judge.rings)
            self.counts.update({**lived, "deaths": self.life.deaths, "completed": completed})
            self.engine.dispose()

    @precondition(lambda self: len(self.campaigns) < MOST_CAMPAIGNS)
    @rule(line=lines, name=some.sampled_from(("plain", "all day", "few")), calls=some.integers(1, 3), cut=some.none())
    def launch_another(self, line: str, name: str, calls: int, cut: None) -> None:
        """Another campaign runs."""
        self.launch(line, name, calls, {"a": 1, "b": 1} if name == "few" else {})

    def launch(self, line: str, name: str, calls: int, groups: dict[str, int]) -> None:
        """A campaign of a line by one of the plans; one that is paid for has so many calls a month."""
        rules, plan = plan_of(line, name, calls, groups)
        people = {number: GROUPS[place % 2] for place, number in enumerate(NUMBERS)}
        self.campaigns.append(self.life.campaign(rules, plan, people))

    @rule(seconds=some.sampled_from((0.5, 3.0, 10.0)))
    def dial(self, seconds: float) -> None:
        """The dialler works for a while."""
        self.life.dial(seconds)

    @rule(hour=some.sampled_from((10, 11, 15)), end=some.sampled_from(ENDS))
    def dial_on_the_next_day(self, hour: int, end: tuple[str, Disposition | None]) -> None:
        """Whatever rings ends, and the dialler works in the middle of the next day."""
        for leg in self.life.port.ringing():
            self.life.leg_ends(leg, *end)
        self.life.keep_promises()
        self.life.clock.at = to_local(self.life.clock.at, time(hour))
        self.life.dial(3.0)

    @rule()
    def keep_promises(self) -> None:
        """Relay and worker keep what is due."""
        self.life.keep_promises()

    @rule(seconds=some.sampled_from((1, 31, 95, HOUR, 5 * HOUR, 24 * HOUR + 60)))
    def pass_time(self, seconds: int) -> None:
        """Time passes, in which nobody of ours is awake."""
        self.life.clock.at += timedelta(seconds=seconds)
        self.life.dial(1.0)

    @rule(edge=some.sampled_from(EDGES))
    def come_to_an_edge(self, edge: time) -> None:
        """It is a second before, or exactly, one of the hours that matter."""
        self.life.clock.at = to_local(self.life.clock.at, edge)
        self.life.dial(0.0)

    @rule(seconds=some.sampled_from((1, 120, 2 * HOUR)))
    def set_the_clock_back(self, seconds: int) -> None:
        """The clock of the machine is set back."""
        self.life.clock.at -= timedelta(seconds=seconds)

    @rule()
    def a_month_begins(self) -> None:
        """It is ten o'clock on the first of a month, and the dialler works."""
        day = (self.life.clock.at.astimezone(SEOUL).date().replace(day=1) + timedelta(days=32)).replace(day=1)
        self.life.clock.at = datetime.combine(day, time(10), tzinfo=SEOUL).astimezone(UTC)
        self.life.dial(1.0)

    @rule(answers=some.lists(some.sampled_from(list(Answer)), max_size=4))
    def the_carrier_answers(self, answers: list[Answer]) -> None:
        """The next orders are answered like this."""
        self.life.port.answers = answers

    @precondition(lambda self: self.life.port.ringing())
    @rule(place=some.integers(0, 9), end=some.sampled_from(ENDS))
    def a_leg_ends(self, place: int, end: tuple[str, Disposition | None]) -> None:
        """Somebody hangs up, or nobody answered."""
        ringing = self.life.port.ringing()
        status, disposition = end
        self.life.leg_ends(ringing[place % len(ringing)], status, disposition)

    @rule(end=some.sampled_from(ENDS), times=some.integers(1, 3))
    def calls_end_and_it_goes_on(self, end: tuple[str, Disposition | None], times: int) -> None:
        """Whatever rings ends in one way, and a minute later the dialler works again; several times over."""
        for _ in range(times):
            for leg in self.life.port.ringing():
                self.life.leg_ends(leg, *end)
            self.life.keep_promises()
            self.life.clock.at += timedelta(seconds=61)
            self.life.dial(2.0)

    @rule(line=lines, number=numbers, hours=some.sampled_from(list(Hours)), ago=some.sampled_from((0, 1, 700, 729)))
    def agree(self, line: str, number: str, hours: Hours, ago: int) -> None:
        """Somebody agrees, or it is entered that somebody did."""
        for purpose in PURPOSES[line]:
            with suppress(BadConsent):
                self.life.agree(line, number, purpose, hours=hours, ago=ago)

    @rule(line=lines, place=some.integers(0, 9), everything=some.booleans())
    def withdraw(self, line: str, place: int, everything: bool) -> None:
        """Somebody takes consents back who waits to be rung, and the dialler works."""
        self.life.withdraw(line, self._waiting(place), None if everything else PURPOSES[line][-1:])
        self.life.dial(2.0)

    def _waiting(self, place: int) -> str:
        """Somebody who was not rung yet, as long as there is anybody."""
        rung = {ring.number for ring in self.life.judge.rings}
        waiting = [number for number in NUMBERS if number not in rung] or NUMBERS
        return waiting[place % len(waiting)]

    @precondition(lambda self: len(self.campaigns) > 1)
    @rule(line=some.sampled_from((FREE, PAID, "")), place=some.integers(0, 9))
    def suppress(self, line: str, place: int) -> None:
        """A number is suppressed that waits to be rung, and the dialler works."""
        self.life.suppress(line, self._waiting(place))
        self.life.dial(2.0)

    @precondition(lambda self: len(self.campaigns) > 1)
    @rule(line=lines, number=numbers)
    def erase(self, line: str, number: str) -> None:
        """Somebody is forgotten."""
        self.life.erase(line, number)

    @rule(
        place=some.integers(0, 9),
        event=some.sampled_from((CampaignEvent.PAUSE, CampaignEvent.RESUME) * 3 + (CampaignEvent.CLOSE,)),
    )
    def move(self, place: int, event: CampaignEvent) -> None:
        """A campaign is paused, goes on, or is closed."""
        with suppress(Refused):
            self.life.move(self.campaigns[place % len(self.campaigns)], event)

    @invariant()
    def nobody_was_rung_who_may_not_be(self) -> None:
        """The judge found nothing wrong with any order."""
        if hasattr(self, "life"):
            assert not self.life.judge.wrong, "; ".join(self.life.judge.wrong)


def plan_of(line: str, name: str, calls: int, groups: dict[str, int]) -> tuple[Rules, Plan]:
    """One of the plans, as the judge knows it and as the house does."""
    spans = {"plain": (10, 20), "all day": (0, 24), "few": (8, 21)}[name]
    is_wide = name == "all day"
    cut_off, concurrency = (3 if name == "plain" else None), (1 if name == "few" else 3)
    limits = {"per_day": 2 if is_wide else 1, "rolling_day": 2, "life": 3, "across": 4, "across_days": 30}
    days = [day for day in DAYS if is_wide or day != "sunday"]
    again = {"tries": 3, "gap_minutes": 1}
    document = {
        "hours": {day: [f"{spans[0]:02}:00-{spans[1]:02}:00"] for day in days} | ({} if is_wide else {"sunday": []}),
        "cps": 5.0,
        "concurrency": concurrency,
        "limits": limits,
        "retries": {"busy": again, "no_answer": again, "machine": again, "failed": again},
        "groups": groups,
        "cut_off": cut_off,
    }
    week = [[(spans[0] * HOUR, spans[1] * HOUR)] if day in days else [] for day in DAYS]
    rules = Rules(
        line=line,
        purposes=PURPOSES[line],
        week=week,
        **limits,
        groups=groups,
        cut_off=cut_off,
        monthly_calls=calls if line == PAID else None,
        concurrency=concurrency,
    )
    return rules, read_plan({key: value for key, value in document.items() if value is not None})
