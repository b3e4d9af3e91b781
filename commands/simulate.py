"""`charterline simulate`: a day of calls in virtual time, put into the database; an hour or a campaign to see."""

import json
import logging
import sys
from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, TypedDict

import click

from commands.hour import simulate_hour
from commands.installation import installed_settings
from commands.opened import Opened, open_installation
from commands.simulate_campaign import simulate_campaign
from commands.simulate_world import simulate_soak, simulate_world
from config.clock import system_clock
from config.files import HOLIDAYS, read_file
from config.logging import configure_logging
from ivr.calls.record import Outcome
from ivr.lines.calendar import load_calendar
from ivr.lines.hours import SEOUL
from ivr.numbers import mask_numbers

if TYPE_CHECKING:
    from commands.day import Day
    from commands.happened import Happened

# In an hour of so many calls, invented telephone numbers begin to run out.
MOST_CALLS = 20_000


class DayEntry(TypedDict):
    """What is printed: calls of the day, those of each line by outcome, its virtual seconds, calls newly stored.

    `happened` counts what agents did and what was found about it, `refused` what they wished in vain.
    """

    date: str
    seed: int
    calls: int
    lines: Mapping[str, Mapping[str, int]]
    happened: "Happened"
    refused: Mapping[str, int]
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
    configure_logging(settings.log_format, mask=mask_numbers)
    # Refusals and delays are part of such a day.
    logging.getLogger().setLevel(logging.ERROR)
    opened = open_installation(settings)
    entry = _live_and_store(opened, _plan(opened, seed, calls, on=on.date() if on else None))
    click.echo(json.dumps(entry, ensure_ascii=False) if as_json else _in_words(entry))


simulate.add_command(simulate_hour)
simulate.add_command(simulate_campaign)
simulate.add_command(simulate_world)
simulate.add_command(simulate_soak)


def _plan(opened: Opened, seed: int, calls: int, *, on: date | None) -> "Day":
    from commands.day import Day, last_working_day, staff_of
    from commands.demo import read_demo

    calendar = load_calendar(read_file(HOLIDAYS))
    day = on or last_working_day(opened.lines, calendar, system_clock().astimezone(SEOUL).date())
    return Day(opened.lines, calendar, day, seed, calls, staff_of(read_demo().agents, opened.lines, calls))


def _live_and_store(opened: Opened, day: "Day") -> DayEntry:
    # Only this command needs the carrier, the webhooks and the workers in its own process.
    from commands.happened import what_happened
    from commands.living import figures, live, private_store
    from commands.transplant import transplant

    with private_store(opened.store.keyring) as lived:
        with click.progressbar(length=day.calls, label="Calls", file=sys.stderr) as bar:
            day_lived = live(day, lived, arrived=bar.update)
        lines, happened = figures(lived, opened.lines), what_happened(lived)
        calls = sum(of_line["calls"] for of_line in lines.values())
        with click.progressbar(length=calls, label="Stored", file=sys.stderr) as bar:
            copied = transplant(lived, opened.store, moved=bar.update)
    return {
        "date": day.on.isoformat(),
        "seed": day.seed,
        "calls": calls,
        "lines": lines,
        "happened": happened,
        "refused": day_lived.refused,
        "seconds": round(day_lived.seconds, 3),
        "copied": copied,
    }


def _in_words(entry: DayEntry) -> str:
    outcomes = [outcome.value for outcome in Outcome]
    rows = [f"{'':<10}{'calls':>10}" + "".join(f"{outcome:>10}" for outcome in outcomes)]
    for line, counts in entry["lines"].items():
        rows.append(f"{line:<10}{counts['calls']:>10}" + "".join(f"{counts[outcome]:>10}" for outcome in outcomes))
    for name, counts in _happened(entry).items():
        rows.append(f"{name:<20}" + ", ".join(f"{number} {what}" for what, number in counts.items()))
    hours = entry["seconds"] / 3600
    rows.append(f"{entry['date']}: {entry['calls']} calls in {hours:.1f} hours; {entry['copied']} are new here.")
    return "\n".join(rows)


def _happened(entry: DayEntry) -> dict[str, Mapping[str, int]]:
    happened = entry["happened"]
    found = {"talks": happened["talks"], **{f"transfers, {how}": ends for how, ends in happened["transfers"].items()}}
    found |= {"callbacks": happened["callbacks"], "attempts": happened["attempts"]}
    found |= {"openings": happened["openings"], "verdicts": happened["verdicts"], "refused wishes": entry["refused"]}
    return {name: counts for name, counts in found.items() if counts}
