"""The ladder of a due date: when its officer is reminded, when the customer is told of a slip, when it is over."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from ivr.cases.institution import Institution
from ivr.cases.rows import Case
from ivr.charters.limits import Limit
from ivr.lines.daytime import daytime, daytime_before
from ivr.lines.hours import SEOUL, moment_of, open_spans
from ivr.promises import Promise

HALF_TIME = "half-time"
# What is left for reading a text before the date passes, where the notice falls into the night before.
LEAST_TIME_TO_READ = timedelta(minutes=30)
# Whoever is reminded still has some of the day to do it.
BEFORE_CLOSING = timedelta(hours=1)
FURTHEST_DAYS = 60


@dataclass(frozen=True, slots=True)
class Rung:
    """One reminder of the ladder: the officer is told at `at` (UTC) that so much of the time is left."""

    step: str
    at: datetime


def rungs(institution: Institution, *, since: datetime, due: datetime) -> tuple[Rung, ...]:
    """The reminders after `since`, in the line's opening hours, each moment once, the earliest first."""
    rule = institution.line.cases
    wished = [(HALF_TIME, since + (due - since) / 2)]
    wished += [(str(limit), due - length_of(limit)) for limit in rule.remind_before]
    found: dict[datetime, str] = {}
    for step, at in wished:
        moment = _at_work(institution, at)
        if since < moment < due:
            found[moment] = step
    return tuple(Rung(step, at) for at, step in sorted(found.items()))


def notice_at(institution: Institution, *, since: datetime, due: datetime) -> datetime:
    """When the customer is told that the answer slips: by day, before it is due.

    Where that is nearer than the line's time for notices, half of what is left is still for answering; by night the
    notice is for `since`.
    """
    wished = due - length_of(institution.line.cases.notice_before)
    morning = daytime(wished)
    at = morning if morning <= due - LEAST_TIME_TO_READ else daytime_before(wished)
    if at > since:
        return at
    half = since + (due - since) / 2
    return half if since < half == daytime(half) else since


def length_of(limit: Limit) -> timedelta:
    """A limit as time of the clock."""
    return timedelta(**{limit.unit: limit.amount})


def ladder(institution: Institution, case: Case, *, since: datetime) -> Iterator[Promise]:
    """Every promise of the present due date; those of a date that has moved keep themselves by doing nothing.

    A date that holds a second time is reminded and noticed anew: hence `since` in the keys.
    """
    due = case.due_at
    args = {"case": case.id, "due": due.isoformat()}
    stamp = f"{case.id}:{due.isoformat()}:{since.isoformat()}"
    for rung in rungs(institution, since=since, due=due):
        key = f"case-remind:{stamp}:{rung.step}"
        yield Promise("case-remind", key, rung.at, {**args, "step": rung.step})
    at = notice_at(institution, since=since, due=due)
    yield Promise("case-notice", f"case-notice:{stamp}", at, args)
    yield Promise("case-due", f"case-due:{case.id}:{due.isoformat()}", max(due, since), args)


def _at_work(institution: Institution, at: datetime) -> datetime:
    """This moment where the line is open, else the last hour of work before it."""
    today = at.astimezone(SEOUL).date()
    for day in (today - timedelta(days=back) for back in range(FURTHEST_DAYS)):
        for span in reversed(open_spans(institution.line, institution.calendar, day)):
            opens, closes = moment_of(day, span.opens), moment_of(day, span.closes)
            if opens <= at:
                return at if at < closes else max(opens, closes - BEFORE_CLOSING)
    return at
