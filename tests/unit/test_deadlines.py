"""Deadlines against a table worked out by hand with a paper calendar: holidays, closing times, month ends."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.files import HOLIDAYS, LINES, MESSAGES, read_file, read_folder
from ivr.charters.limits import Limit, read_limit
from ivr.charters.terms import Basis
from ivr.deadlines import NoDeadline, WorkingTime
from ivr.lines.calendar import load_calendar
from ivr.lines.hours import SEOUL
from ivr.lines.model import Hours
from ivr.lines.reading import load_lines
from ivr.messages.reading import load_texts

LINES_BY_ID = {line.id: line for line in load_lines(read_folder(LINES), load_texts(read_folder(MESSAGES)))}
CALENDAR = load_calendar(read_file(HOLIDAYS))

# line, limit, from, due (local). 2026-11-23 is a Monday. Lines are open 9 to 18, ascentre on Saturdays 9 to 13 too.
OPENING_HOURS = """
kibo      1 hour      2026-11-23 09:00     2026-11-23 10:00
kibo      1 hour      2026-11-23 10:30     2026-11-23 11:30
kibo      1 hour      2026-11-23 12:10     2026-11-23 13:10
kibo      1 hour      2026-11-23 17:00     2026-11-23 18:00
kibo      1 hour      2026-11-23 17:30     2026-11-24 09:30
kibo      1 hour      2026-11-23 17:59     2026-11-24 09:59
kibo      1 hour      2026-11-23 17:59:30  2026-11-24 09:59:30
kibo      1 hour      2026-11-23 18:00     2026-11-24 10:00
kibo      1 hour      2026-11-23 20:00     2026-11-24 10:00
kibo      1 hour      2026-11-23 08:00     2026-11-23 10:00
kibo      1 hour      2026-11-23 00:00     2026-11-23 10:00
kibo      1 hour      2026-11-20 17:30     2026-11-23 09:30
kibo      1 hour      2026-11-21 11:00     2026-11-23 10:00
kibo      1 hour      2026-11-22 23:59     2026-11-23 10:00
kibo      1 hour      2026-02-13 17:30     2026-02-19 09:30
kibo      1 hour      2026-02-17 10:00     2026-02-19 10:00
kibo      1 hour      2026-09-23 17:45     2026-09-28 09:45
kibo      1 hour      2026-09-26 12:00     2026-09-28 10:00
kibo      1 hour      2026-02-27 17:30     2026-03-03 09:30
kibo      1 hour      2026-03-02 10:00     2026-03-03 10:00
kibo      1 hour      2026-08-17 09:00     2026-08-18 10:00
kibo      1 hour      2026-08-14 17:10     2026-08-18 09:10
kibo      1 hour      2026-04-30 17:50     2026-05-04 09:50
kibo      1 hour      2026-06-02 17:40     2026-06-04 09:40
kibo      1 hour      2026-07-16 17:20     2026-07-20 09:20
kibo      1 hour      2026-12-31 15:30     2027-01-04 09:30
kotra     1 hour      2026-12-31 15:30     2026-12-31 16:30
dcgf      1 hour      2026-12-23 17:30     2026-12-28 09:30
kibo      1 hour      2026-12-23 17:30     2026-12-24 09:30
kibo      1 hour      2025-01-24 17:30     2025-01-31 09:30
ascentre  1 hour      2026-11-21 12:30     2026-11-23 09:30
ascentre  1 hour      2026-11-21 09:30     2026-11-21 10:30
ascentre  1 hour      2026-11-20 17:30     2026-11-21 09:30
ascentre  1 hour      2026-08-14 17:30     2026-08-18 09:30
kibo      30 minutes  2026-11-23 17:45     2026-11-24 09:15
kibo      90 minutes  2026-11-23 17:00     2026-11-24 09:30
kibo      10 hours    2026-11-23 09:00     2026-11-24 10:00
kibo      9 hours     2026-11-23 09:00     2026-11-23 18:00
kibo      18 hours    2026-11-23 09:00     2026-11-24 18:00
kibo      immediate   2026-11-23 10:00     2026-11-23 13:00
kibo      immediate   2026-11-23 16:00     2026-11-24 10:00
kibo      immediate   2026-11-20 17:00     2026-11-23 11:00
"""
# Whole days are eight office hours: 9 to 12 and 13 to 18, Monday to Friday.
OFFICE_DAYS = """
kibo      1 day       2026-11-23 09:00     2026-11-23 18:00
kibo      1 day       2026-11-23 10:00     2026-11-24 10:00
kibo      1 day       2026-11-23 12:30     2026-11-24 12:00
kibo      1 day       2026-11-23 13:00     2026-11-24 12:00
kibo      1 day       2026-11-23 14:00     2026-11-24 14:00
kibo      1 day       2026-11-23 18:00     2026-11-24 18:00
kibo      1 day       2026-11-23 20:00     2026-11-24 18:00
kibo      1 day       2026-11-20 15:00     2026-11-23 15:00
kibo      1 day       2026-11-21 11:00     2026-11-23 18:00
kibo      3 days      2026-11-23 10:00     2026-11-26 10:00
kibo      3 days      2026-11-19 10:00     2026-11-24 10:00
kibo      5 days      2026-11-23 09:00     2026-11-27 18:00
kibo      5 days      2026-11-23 11:00     2026-11-30 11:00
kibo      3 days      2026-02-13 10:00     2026-02-23 10:00
kibo      5 days      2026-09-21 10:00     2026-09-30 10:00
kibo      1 day       2026-04-30 16:00     2026-05-04 16:00
kibo      2 days      2026-05-04 10:00     2026-05-07 10:00
kibo      1 day       2026-05-22 11:00     2026-05-26 11:00
ascentre  1 day       2026-11-20 15:00     2026-11-23 15:00
kibo      1 day       2026-12-31 10:00     2027-01-04 12:00
dcgf      1 day       2026-12-23 10:00     2026-12-28 10:00
kibo      1 day       2027-06-29 10:00     2027-06-30 10:00
kibo      1 day       2028-02-28 10:00     2028-02-29 10:00
kibo      2 days      2028-02-28 10:00     2028-03-02 10:00
"""
CALENDAR_HOURS = """
kotra     48 hours    2026-11-23 10:00     2026-11-25 10:00
kotra     48 hours    2026-11-20 17:00     2026-11-22 17:00
kotra     48 hours    2026-02-16 10:00     2026-02-18 10:00
kotra     48 hours    2028-02-28 12:00     2028-03-01 12:00
kotra     48 hours    2026-12-31 23:30     2027-01-02 23:30
kotra     48 hours    2026-03-28 12:00     2026-03-30 12:00
kotra     48 hours    2026-10-24 12:00     2026-10-26 12:00
kotra     30 minutes  2026-11-23 23:50     2026-11-24 00:20
"""
# Until the end of the last day: due is the midnight after it.
BUSINESS_DAYS = """
dcgf      7 days      2026-11-23 10:00     2026-12-02 00:00
dcgf      7 days      2026-11-23 23:59     2026-12-02 00:00
dcgf      7 days      2026-11-21 10:00     2026-12-02 00:00
kibo      10 days     2026-11-23 10:00     2026-12-05 00:00
kotra     7 days      2026-02-12 10:00     2026-02-26 00:00
kotra     7 days      2026-09-21 10:00     2026-10-02 00:00
kibo      10 days     2026-09-30 10:00     2026-10-16 00:00
dcgf      7 days      2026-12-21 10:00     2027-01-01 00:00
kotra     7 days      2026-12-21 10:00     2026-12-31 00:00
kibo      1 day       2026-11-20 17:00     2026-11-21 00:00
kibo      7 days      2026-12-29 10:00     2027-01-08 00:00
kotra     7 days      2025-01-23 10:00     2025-02-07 00:00
"""
CALENDAR_DAYS = """
kibo      7 days      2026-11-23 10:00     2026-12-01 00:00
kibo      7 days      2026-11-21 10:00     2026-12-01 00:00
kibo      7 days      2026-11-22 10:00     2026-12-01 00:00
kibo      10 days     2026-09-16 10:00     2026-09-29 00:00
kibo      7 days      2026-02-10 10:00     2026-02-20 00:00
kibo      7 days      2026-12-18 10:00     2026-12-29 00:00
kibo      10 days     2026-12-22 10:00     2027-01-05 00:00
kibo      3 days      2026-04-30 10:00     2026-05-05 00:00
"""
TABLES: dict[Basis, tuple[str, ...]] = {
    "working_hours_8": (OPENING_HOURS, OFFICE_DAYS),
    "calendar_hours": (CALENDAR_HOURS,),
    "business_days": (BUSINESS_DAYS,),
    "calendar_days": (CALENDAR_DAYS,),
}
CASES = [
    (basis, *row.split()) for basis, tables in TABLES.items() for table in tables for row in table.strip().splitlines()
]


def limit_of(*words: str) -> Limit:
    limit = read_limit(" ".join(words))
    assert isinstance(limit, Limit)
    return limit


def seoul(day: str, clock: str) -> datetime:
    return datetime.fromisoformat(f"{day} {clock}").replace(tzinfo=SEOUL)


@pytest.mark.parametrize("case", CASES, ids=" ".join)
def test_a_limit_is_over_when_the_paper_calendar_says(case: tuple[str, ...]) -> None:
    basis, line, *limit, since_day, since_clock, due_day, due_clock = case
    working = WorkingTime(LINES_BY_ID[line], CALENDAR)
    due = working.due(seoul(since_day, since_clock), limit_of(*limit), basis)  # type: ignore[arg-type]
    assert due == seoul(due_day, due_clock)
    assert due.tzinfo is UTC


def test_the_table_is_not_thinned_out() -> None:
    assert len(set(CASES)) >= 90


@given(
    minutes=st.integers(min_value=0, max_value=700 * 24 * 60),
    later=st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=10)),
    written=st.sampled_from(["1 hour", "immediate", "3 days", "5 days"]),
)
def test_who_asks_later_is_never_answered_earlier(minutes: int, later: timedelta, written: str) -> None:
    since = seoul("2026-01-01", "00:00") + timedelta(minutes=minutes)
    working = WorkingTime(LINES_BY_ID["kibo"], CALENDAR)
    limit = limit_of(written)
    due = working.due(since, limit, "working_hours_8")
    assert since < due <= working.due(since + later, limit, "working_hours_8")


def test_a_line_that_never_works_has_no_deadline() -> None:
    line = LINES_BY_ID["kotra"].model_copy(update={"hours": Hours(weekdays=())})
    with pytest.raises(NoDeadline, match="look at its hours"):
        WorkingTime(line, CALENDAR).due(seoul("2026-11-23", "10:00"), limit_of("1 hour"), "working_hours_8")
