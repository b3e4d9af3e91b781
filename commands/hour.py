"""`charterline simulate hour`: one hour of callbacks in virtual time, and the ladder of each, step by step."""

import json
import logging
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, TypedDict, Unpack

import click

from commands.installation import installed_settings
from commands.opened import Opened, open_installation
from commands.shared import AS_JSON_OBJECT
from config.clock import system_clock
from config.files import HOLIDAYS, read_file
from config.logging import configure_logging
from ivr.lines.calendar import load_calendar
from ivr.lines.hours import SEOUL
from ivr.lines.model import UnknownLine
from ivr.numbers import mask_numbers

if TYPE_CHECKING:
    from commands.hour_plan import HourPlan
    from commands.ladder import Rung

MOST_CALLBACKS = 500


class HourEntry(TypedDict):
    """What is printed: each callback with its steps, the sums, and what was killed, by place."""

    date: str
    line: str
    seed: int
    begins: str
    ends: str
    callbacks: "list[Rung]"
    sums: Mapping[str, int]
    killed: Mapping[str, int]


class Asked(TypedDict):
    """The options as they were given."""

    seed: int
    line_id: str
    number: int
    kills: bool
    on: datetime | None
    as_json: bool


@click.command("hour")
@click.option("--seed", default=1, show_default=True, help="The same seed, line, date and number give the same hour.")
@click.option("--line", "line_id", default="kibo", show_default=True, help="Whose line.")
@click.option(
    "--callbacks",
    "number",
    default=12,
    show_default=True,
    type=click.IntRange(1, MOST_CALLBACKS),
    help="How many customers wish to be called back; some are answered before they can.",
)
@click.option("--kills", is_flag=True, help="Kill web, relay, workers and Redis at random, and start them again.")
@click.option("--date", "on", type=click.DateTime(["%Y-%m-%d"]), help="The day; the last working day if left out.")
@AS_JSON_OBJECT
def simulate_hour(**asked: Unpack[Asked]) -> None:
    """Live one hour of callbacks, from ten o'clock of a working day, and show the ladder of each.

    Customers leave the queue, choose a callback in the menu, or are noted down by an agent; they answer, are busy or
    away when they are rung, ring us themselves or withdraw. Agents come and go: in half of all seeds everybody is
    called away for a while, and promises slip. Time then goes on until every callback is over. It all happens in a
    database of its own: nothing is rung, written or kept in this installation.

    \b
    kept       reached, or answered in another way, by the time told first
    slipped    not kept, and the customer was told the reason and a new time before
    missed     not kept, and nobody told the customer in time
    """
    settings = installed_settings()
    configure_logging(settings.log_format, mask=mask_numbers)
    # Deaths, refusals and delays are part of such an hour.
    logging.getLogger().setLevel(logging.CRITICAL)
    opened = open_installation(settings)
    entry = _lived(_plan(opened, asked), opened, asked["kills"])
    click.echo(json.dumps(entry, ensure_ascii=False) if asked["as_json"] else "\n".join(_in_words(entry)))


def _plan(opened: Opened, asked: Asked) -> "HourPlan":
    from commands.day import last_working_day
    from commands.demo import read_demo
    from commands.hour_plan import HourPlan

    try:
        line = opened.lines.by_id(asked["line_id"])
    except UnknownLine:
        known = ", ".join(sorted(one.id for one in opened.lines))
        raise click.UsageError(f"there is no line {asked['line_id']}: there are {known}") from None
    calendar, on = load_calendar(read_file(HOLIDAYS)), asked["on"]
    today = system_clock().astimezone(SEOUL).date()
    day = on.date() if on else last_working_day(opened.lines, calendar, today)
    staff = [one for one in read_demo().agents if one.line == line.id]
    return HourPlan(line, day, asked["seed"], asked["number"], staff)


def _lived(plan: "HourPlan", opened: Opened, kills: bool) -> HourEntry:
    # Only this command needs the carrier, the webhooks and the workers in its own process.
    from commands.fate import Fate
    from commands.hour_living import live_hour
    from commands.ladder import clock, ladder_of, sums_of
    from commands.living import private_store

    with private_store(opened.store.keyring) as store:
        lived = live_hour(plan, store, fate=Fate(plan.seed) if kills else None, look=lambda _: None)
        with store.reading() as session:
            ladder = ladder_of(session)
    deaths = sorted(lived.fate.deaths.items()) if lived.fate else []
    return {
        "date": plan.on.isoformat(),
        "line": plan.line.id,
        "seed": plan.seed,
        "begins": clock(plan.start),
        "ends": clock(lived.world.now()),
        "callbacks": ladder,
        "sums": sums_of(ladder),
        "killed": {place.value: number for place, number in deaths},
    }


def _in_words(entry: HourEntry) -> Iterator[str]:
    begins, ends = _short(entry["begins"], entry), _short(entry["ends"], entry)
    yield f"{entry['line']}, {entry['date']}, {begins} to {ends} (seed {entry['seed']})"
    for rung in entry["callbacks"]:
        asked, due = _short(rung["asked"], entry), _short(rung["due"], entry)
        yield ""
        yield f"{asked}  {rung['callback']}  by {rung['origin']}, due {due}: {rung['result']}"
        yield from (f"  {_short(at, entry)}  {what}" for at, what in sorted(_steps(rung, entry)))
    yield ""
    yield ", ".join(f"{number} {what}" for what, number in entry["sums"].items())
    yield from (f"killed {number:>3} x  {place}" for place, number in entry["killed"].items())


def _steps(rung: "Rung", entry: HourEntry) -> Iterator[tuple[str, str]]:
    for reminder in rung["reminders"]:
        before = f"{reminder['minutes']} minutes before {_short(reminder['due'], entry)}"
        what = before if reminder["minutes"] else "slipped too often"
        yield reminder["at"], f"reminder, {what}: {reminder['role']} {reminder['officer']}"
    for notice in rung["notices"]:
        until, due = _short(notice["until"], entry), _short(notice["due"], entry)
        yield notice["at"], f"customer told: {until} instead of {due} ({notice['reason']})"
    for one in rung["attempts"]:
        rang = f", rang {_short(one['rang'], entry)}" if one["rang"] else ""
        yield one["at"], f"attempt of {one['agent']}{rang}: {one['outcome'] or 'under way'}"
    for text in rung["texts"]:
        yield text["at"], f"text {text['template']}: {text['state']}"
    if rung["ended"] is not None:
        yield rung["ended"], f"over: {rung['outcome']}"


def _short(moment: str, entry: HourEntry) -> str:
    """The time alone for a moment of the day itself."""
    return moment.removeprefix(f"{entry['date']} ")
