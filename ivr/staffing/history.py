"""What came: calls of open hours that asked for an agent, by local day and half hour, and how long one took."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from sqlalchemy import ColumnElement, case, extract, func, select
from sqlalchemy.orm import Session

from ivr.figures.rows import CallFigure, OfferFigure
from ivr.lines.model import Line
from ivr.staffing.slots import SLOT_MINUTES

# The slow change of a year is in its last weeks; what is older says little about the next one.
MOST_DAYS: Final = 371
WORK_DAYS: Final = 56
# With fewer talks than these the mean is that of the line's file.
FEWEST_TALKS: Final = 20

Calls = Mapping[date, Mapping[int, int]]


@dataclass(frozen=True, slots=True)
class History:
    """Calls by local day and half hour, from the first day that has one to the last day asked for, both included.

    `work` is how many seconds of an agent one call takes in the mean: talk, hold and wrap-up; `talks` of how many.
    """

    first: date
    last: date
    calls: Calls
    work: float
    talks: int

    @property
    def days(self) -> int:
        """How many days there are, those without a call among them."""
        return (self.last - self.first).days + 1

    def until(self, last: date) -> "History":
        """As it was known on the evening of `last`."""
        return History(self.first, last, self.calls, self.work, self.talks)


class TooLittleHistory(ValueError):
    """A forecast needs more days than there are; the message says how many."""


def read_history(session: Session, line: Line, *, team: str = "", last: date) -> History:
    """The history of a line, or of one of its teams, up to and including the local day `last`.

    Raises `TooLittleHistory` where nobody asked for an agent yet.
    """
    first = last - timedelta(days=MOST_DAYS - 1)
    calls = calls_by_slot(session, line, team=team, first=first, last=last)
    if not calls:
        raise TooLittleHistory(
            f"nobody asked for an agent of {line.id}{'/' if team else ''}{team} from {first} to {last}: "
            "a forecast needs at least 2 weeks of calls (`charterline figures rebuild` makes figures of stored calls)"
        )
    work, talks = work_of(session, line, team=team, last=last)
    return History(min(calls), last, calls, work, talks)


def calls_by_slot(session: Session, line: Line, *, team: str, first: date, last: date) -> dict[date, dict[int, int]]:
    """How many calls came in each half hour of those days; days and half hours without one are left out."""
    found: dict[date, dict[int, int]] = {}
    half = half_hour()
    query = (
        select(CallFigure.day, CallFigure.hour, half, func.count())
        .where(*demand(line, team=team, first=first, last=last))
        .group_by(CallFigure.day, CallFigure.hour, half)
    )
    for day, hour, later, count in session.execute(query):
        found.setdefault(day, {})[hour * 2 + later] = count
    return found


def demand(line: Line, *, team: str, first: date, last: date) -> list[ColumnElement[bool]]:
    """The calls that agents are needed for: in open hours, and into the queue; `team` empty is the whole line."""
    of_team = [CallFigure.team == team] if team else []
    return [
        CallFigure.line == line.id,
        CallFigure.day.between(first, last),
        CallFigure.is_open.is_(True),
        CallFigure.asked_for_agent.is_(True),
        *of_team,
    ]


def half_hour() -> ColumnElement[int]:
    """0 for the first half of an hour, 1 for the second; Korea is whole hours away from UTC."""
    return case((extract("minute", CallFigure.arrived_at) >= SLOT_MINUTES, 1), else_=0)


def work_of(session: Session, line: Line, *, team: str, last: date) -> tuple[float, int]:
    """Seconds of an agent for one call, over the last 8 weeks, and of how many talks; of few, what the file says."""
    length = OfferFigure.talk_ms + func.coalesce(OfferFigure.hold_ms, 0) + OfferFigure.wrap_ms
    query = select(func.sum(length), func.count()).where(
        OfferFigure.line == line.id,
        OfferFigure.day.between(last - timedelta(days=WORK_DAYS - 1), last),
        OfferFigure.is_talk.is_(True),
        OfferFigure.talk_ms.is_not(None),
        OfferFigure.wrap_ms.is_not(None),
        *([OfferFigure.team == team] if team else []),
    )
    total, talks = session.execute(query).one()
    if total is None or talks < FEWEST_TALKS:
        return float(line.waiting.average_talk_seconds + line.wrap_up_seconds), talks
    return max(float(total) / talks / 1000, 1.0), talks
