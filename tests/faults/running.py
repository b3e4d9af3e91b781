"""One run: an installation under load, a fault that happens to it, the way back to rest, and the judgement."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TypeAlias

from carrier.numbers import normalise
from commands.campaign_people import FIRST_NUMBER, NUMBER
from config.clock import system_clock
from tests.campaigns import kills
from tests.campaigns.recovering import Recovery
from tests.campaigns.rooms import wait_for
from tests.faults.crowd import Crowd, everybody_willing, staff
from tests.faults.house import CALLS_PER_SECOND, House, Wanted, house
from tests.faults.judge import Excused, latest_kept, overdue, violations_of, wait_for_rest, waits

LINE, OTHER_LINE = "kibo", "dcgf"
RATE, OTHER_RATE = 0.35, 0.1
SECONDS_TO_REST, SECONDS_TO_CLOSE = 420.0, 400.0
LEAST_SECONDS = 5.0
# By then everything that was due while a part was away must have been given again.
SECONDS_TO_CATCH_UP = 60.0
Figures: TypeAlias = dict[str, object]


@dataclass
class Run:
    """A fault's hands: the house, callers of two lines, how long a second of the fault's plan is, and what is told."""

    house: House
    crowd: Crowd
    others: Crowd
    scale: float
    wrong: list[str] = field(default_factory=list)

    def rest(self, seconds: float) -> None:
        """Let so many seconds of the plan pass; in a shortened plan a few, so that somebody calls meanwhile."""
        time.sleep(max(seconds * self.scale, min(seconds, LEAST_SECONDS)))

    @contextmanager
    def watched(self, figures: Figures, name: str) -> Iterator[None]:
        """Note under this name how the webhooks answered while the block lasted."""
        began = system_clock()
        yield
        sorry = self.house.opened.texts.say("failure.apology").text
        asked = self.house.exchange.carrier.asked
        figures[name] = waits(asked, _between(began, system_clock()), sorry=sorry)

    def catch_up(self, figures: Figures, name: str) -> None:
        """Wait until nothing is late any more, and note how long that took; longer than a minute is wrong."""
        began = time.monotonic()
        store = self.house.opened.store
        if not wait_for(lambda: not overdue(store, system_clock()), seconds=2 * SECONDS_TO_CATCH_UP, pause=0.2):
            self.wrong.append(f"after {name}: {overdue(store, system_clock())} promises stay late")
        seconds = time.monotonic() - began
        figures[f"{name}: nothing late after"] = round(seconds, 1)
        if seconds > SECONDS_TO_CATCH_UP:
            self.wrong.append(f"after {name} it took {seconds:.0f} s until nothing was late")


Fault: TypeAlias = Callable[[Run], Figures]


@dataclass(frozen=True, slots=True)
class Trial:
    """A fault with what it stands on, how many people a campaign beside it has, and what callers may come to."""

    fault: Fault
    wanted: Wanted = Wanted()  # noqa: RUF009 - frozen
    people: int = 120
    excused: Excused = Excused()  # noqa: RUF009 - frozen


@dataclass(frozen=True, slots=True)
class Report:
    """What one run came to."""

    name: str
    calls: int
    campaign_calls: int
    figures: Figures
    violations: Sequence[str]
    seconds: float


def run(name: str, trial: Trial, place: Path, *, seed: int, scale: float) -> Report:
    """Build, let everything happen, and judge."""
    began = time.monotonic()
    with house(place, trial.wanted, seed=seed) as built:
        crowd, others = (Crowd(built, built.opened.lines.by_id(line)) for line in (LINE, OTHER_LINE))
        others.first = 500_000
        staff(built, crowd.line)
        staff(built, others.line, 20)
        people = kills.Asked(int(trial.people * scale), seed, trial.wanted.kind, CALLS_PER_SECOND, 0.0)
        campaign = _campaign(built, people)
        acting = Run(built, crowd, others, scale)
        recovery = Recovery(built.opened.store)
        with built.supervised(), recovery.watching():
            begins = system_clock()
            with crowd.ringing(RATE), others.ringing(OTHER_RATE):
                acting.rest(8)
                figures = trial.fault(acting)
                acting.rest(8)
            found = _seen_out(acting, campaign, trial.excused, begins, figures)
        figures["longest in hand, s"] = recovery.longest
        return Report(name, _callers(built), len(_ledger(built)), figures, found, time.monotonic() - began)


def _campaign(built: House, people: kills.Asked) -> int | None:
    """Start the processes, and a campaign in them."""
    if not people.people:
        built.rooms.start()
        return None
    kills.introduce(built.rooms, built.opened, people)
    campaign = kills.approved_campaign(built.rooms, people)
    built.rooms.start()
    kills.charterline(built.rooms, "campaigns", "launch", str(campaign), "--by", "second")
    return campaign


def _seen_out(acting: Run, campaign: int | None, excused: Excused, begins: datetime, figures: Figures) -> Sequence[str]:
    """Wait until everything is over, then look at all of it."""
    built, wrong = acting.house, acting.wrong
    everybody_willing(built)
    store = built.opened.store
    if campaign is not None and not wait_for(lambda: kills.is_closed(store, campaign), seconds=SECONDS_TO_CLOSE):
        wrong.append("the campaign does not come to its end")
    seconds = wait_for_rest(built, SECONDS_TO_REST)
    if seconds is None:
        wrong.append("it does not come to rest")
    figures["kills"] = sum(built.rooms.kills.values())
    # Who was killed is no news; who ended by itself is.
    figures["ended by themselves"] = dict(built.risen - built.rooms.kills)
    figures["latest promises kept, s"] = latest_kept(store, begins)
    figures["webhooks"] = waits(built.exchange.carrier.asked)
    wrong += violations_of(built, excused)
    wrong += [] if _callers(built) else ["nobody called: nothing was shown"]
    if campaign is not None:
        found = kills.found_in(store, campaign, _ledger(built), built.rooms, 0.0)
        wrong += [*found.double, *found.lost, *found.wrong_sums]
        figures["campaign"] = f"{found.people} people, {found.dials} dials, {found.carrier_calls} calls"
    return wrong


def _callers(built: House) -> int:
    with built.exchange.carrier.gate.entered() as network:
        return sum(call.route.direction == "inbound" for call in network.calls.values())


def _ledger(built: House) -> list[Mapping[str, str]]:
    """The calls that were ordered to people of the campaign, by the carrier's own memory."""
    prefix = normalise(NUMBER.format(FIRST_NUMBER))[:7]
    with built.exchange.carrier.gate.entered() as network:
        calls = list(network.calls.values())
    ordered = (call for call in calls if call.route.direction == "outbound-api")
    return [{"sid": call.sid, "to": call.route.to} for call in ordered if call.route.to.startswith(prefix)]


def _between(began: datetime, ended: datetime) -> Callable[..., bool]:
    return lambda one: began <= one.at <= ended
