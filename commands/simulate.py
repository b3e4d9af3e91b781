"""`charterline simulate`: a whole working day of calls in virtual time, put into the running database."""

import json
import time
from collections.abc import Mapping
from contextlib import AbstractContextManager
from datetime import date, datetime
from typing import TYPE_CHECKING, TypedDict

import click

from commands.installation import installed_settings
from commands.opened import Opened, open_installation
from config.clock import system_clock
from config.files import HOLIDAYS, read_file
from config.logging import configure_logging
from ivr.lines.calendar import load_calendar
from ivr.lines.hours import SEOUL
from ivr.numbers import mask_numbers

if TYPE_CHECKING:
    from commands.day import Day

# In an hour of so many calls, invented telephone numbers begin to run out.
MOST_CALLS = 20_000


class DayEntry(TypedDict):
    """What is printed: calls of the day, those of each line by outcome, its virtual seconds, calls newly stored."""

    date: str
    seed: int
    calls: int
    lines: Mapping[str, Mapping[str, int]]
    seconds: float
    copied: int


@click.group()
def simulate() -> None:
    """Let the whole product live through virtual time."""


@simulate.command("day")
@click.option("--seed", default=1, show_default=True, help="The same seed, date and number give the same calls.")
@click.option("--calls", default=1000, show_default=True, type=click.IntRange(1, MOST_CALLS), help="How many calls.")
@click.option("--date", "on", type=click.DateTime(["%Y-%m-%d"]), help="The day; the last working day if left out.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def simulate_day(seed: int, calls: int, on: datetime | None, as_json: bool) -> None:
    """Live a working day of calls to all lines, and store them beside the real ones.

    Carrier, webhooks, relay and workers run as they are, in virtual time and on a database of their own; callers and
    agents of many tempers are drawn from the seed. Then the finished calls are copied into this installation, where
    nothing is rung, sent or promised for them. Once more with the same seed adds nothing.
    """
    settings = installed_settings()
    # What a fault of the simulated carrier causes is nothing to be told about; what it must not cause is.
    configure_logging(settings.log_format, mask=mask_numbers, level="ERROR")
    opened = open_installation(settings)
    entry = _live_and_store(opened, _plan(opened, seed, calls, on=on.date() if on else None))
    click.echo(json.dumps(entry, ensure_ascii=False) if as_json else _in_words(entry))


def _plan(opened: Opened, seed: int, calls: int, *, on: date | None) -> "Day":
    from commands.day import Day, last_working_day, staff_of
    from commands.demo import read_demo

    calendar = load_calendar(read_file(HOLIDAYS))
    day = on or last_working_day(opened.lines, calendar, system_clock().astimezone(SEOUL).date())
    return Day(opened.lines, calendar, day, seed, calls, staff_of(read_demo().agents, opened.lines, calls))


def _live_and_store(opened: Opened, day: "Day") -> DayEntry:
    # Only this command needs the carrier, the webhooks and the workers in its own process.
    from commands.living import figures, lived
    from commands.transplant import transplant

    with _bar("Calls", day.calls) as bar, lived(day, opened.store.keyring, arrived=bar.update) as done:
        lines = figures(done.store)
        total = sum(of_line["calls"] for of_line in lines.values())
        with _bar("Storing", total) as storing:
            copied = transplant(done.store, opened.store, moved=storing.update)
    return {
        "date": day.on.isoformat(),
        "seed": day.seed,
        "calls": total,
        "lines": lines,
        "seconds": round(done.seconds, 3),
        "copied": copied,
    }
