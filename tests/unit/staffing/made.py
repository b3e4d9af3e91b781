"""Calls by a pattern that is known (weekdays, the shape of a day, noise), as a history and as rows of a database."""

import math
import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import insert

from ivr.calls.record import Outcome
from ivr.figures.rows import CallFigure, OfferFigure
from ivr.lines.hours import SEOUL
from ivr.lines.model import Line
from ivr.staffing.history import History
from ivr.staffing.slots import Days
from ivr.store import Store
from tests.http.board import words
from tests.unit.figures.rows_by_hand import Row, call, offer

# Monday to Sunday, as parts of a usual day.
WEEKDAYS = (1.3, 1.05, 0.95, 0.9, 1.0, 0.45, 0.2)
WORK = 180.0


def days_of(line: str = "ascentre") -> Days:
    """The days of an installed line."""
    _, lines, calendar = words()
    return Days(lines.by_id(line), calendar)


@dataclass(frozen=True)
class Pattern:
    """So many calls on a usual weekday; `noise` is by how much whole days differ (standard deviation of the log)."""

    level: float
    noise: float = 0.08

    def expected(self, days: Days, day: date) -> dict[int, float]:
        """The truth: two peaks, at half past ten and half past two."""
        shape = {slot: _bump(slot, 21, 3.0) + 0.8 * _bump(slot, 29, 3.5) + 0.1 for slot in range(48)}
        whole = sum(shape[slot] for slot in range(18, 36))
        calls = self.level * WEEKDAYS[days.kind(day)]
        return {slot: calls * shape[slot] / whole * share for slot, share in days.open_shares(day).items()}

    def history(self, days: Days, first: date, *, weeks: int, seed: int) -> History:
        """What came in so many weeks."""
        source = random.Random(seed)
        calls: dict[date, dict[int, int]] = {}
        for day in (first + timedelta(days=number) for number in range(weeks * 7)):
            differs = math.exp(source.gauss(0, self.noise))
            came = {slot: _poisson(source, mean * differs) for slot, mean in self.expected(days, day).items()}
            if came:
                calls[day] = came
        return History(min(calls), first + timedelta(days=weeks * 7 - 1), calls, WORK, 1000)


def write(store: Store, line: Line, calls: Mapping[date, Mapping[int, int]], *, team: str | None = None) -> None:
    """Write the calls as rows of figures: all of one team, each tenth given up, the others answered in time."""
    rows: list[Row] = []
    offers: list[Row] = []
    for day, slots in calls.items():
        for slot, count in slots.items():
            begins = datetime.combine(day, time(slot // 2, slot % 2 * 30), tzinfo=SEOUL).astimezone(UTC)
            for number in range(count):
                given_up = number % 10 == 9
                one = call(
                    len(rows),
                    call_id=f"{line.id}-{len(rows)}",
                    line=line.id,
                    day=day,
                    hour=slot // 2,
                    arrived_at=begins + timedelta(seconds=1800 * number // count),
                    team=team or line.team,
                    outcome=Outcome.ABANDONED if given_up else Outcome.ANSWERED,
                    in_time=not given_up,
                )
                rows.append(one)
                if not given_up:
                    offers.append(offer(one, talk_ms=150_000, hold_ms=10_000, wrap_ms=20_000))
    with store.transaction() as session:
        session.execute(insert(CallFigure), rows)
        session.execute(insert(OfferFigure), offers)


def _bump(slot: int, middle: float, width: float) -> float:
    return math.exp(-(((slot - middle) / width) ** 2))


def _poisson(source: random.Random, mean: float) -> int:
    bound, product, count = math.exp(-mean), source.random(), 0
    while product > bound:
        product *= source.random()
        count += 1
    return count
