"""`charterline figures callbacks`: how callbacks were kept, day by day, opened down to the callbacks."""

import json
from collections.abc import Sequence
from datetime import datetime
from fractions import Fraction

import click

from commands.installation import installed_settings
from commands.opened import open_installation
from commands.shared import AS_JSON_LIST, OF_LINE
from ivr.deadlines import WorkingTime
from ivr.figures.asking import Period
from ivr.figures.callbacks import CallbackDay, CallbackPart, callbacks_by_day
from ivr.lines.model import UnknownLine
from ivr.rounding import percent

DAY = click.DateTime(["%Y-%m-%d"])
# What each count is told as, beside those asked for.
COLUMNS = (
    (CallbackPart.COMPLETED, "kept"),
    (CallbackPart.FIRST_IN_TIME, "first rung in time"),
    (CallbackPart.REACHED_IN_TIME, "reached in time"),
    (CallbackPart.WITHDRAWN, "withdrawn"),
    (CallbackPart.OPEN, "open"),
)


@click.command("callbacks")
@OF_LINE
@click.option("--from", "first", type=DAY, required=True, help="The first local day, like 2026-11-01.")
@click.option("--to", "last", type=DAY, required=True, help="The last local day; it is included.")
@click.option(
    "--part",
    type=click.Choice([part.value for part in CallbackPart]),
    help="List the callbacks behind this count instead.",
)
@AS_JSON_LIST
def figure_callbacks(line_id: str | None, first: datetime, last: datetime, part: str | None, as_json: bool) -> None:
    """Show how many callbacks were kept, and within the time told: by the first ring, and by the talk."""
    if first > last:
        raise click.UsageError(f"--from {first.date()} lies after --to {last.date()}")
    opened = open_installation(installed_settings())
    try:
        lines = [opened.lines.by_id(line_id)] if line_id else list(opened.lines)
    except UnknownLine as error:
        raise click.ClickException(str(error)) from None
    period = Period(first.date(), last.date())
    with opened.store.reading() as session:
        found = {line.id: callbacks_by_day(session, WorkingTime(line, opened.calendar), period) for line in lines}
    if part is not None:
        _print_ids([id for days in found.values() for day in days for id in day.ids[CallbackPart(part)]], as_json)
    elif as_json:
        click.echo(json.dumps([_entry(line, day) for line, days in found.items() for day in days]))
    else:
        click.echo("\n".join(_rows(found)) or f"no callbacks from {period.first} to {period.last}")


def _entry(line: str, day: CallbackDay) -> dict[str, str | int]:
    return {"line": line, "day": day.day.isoformat(), **{part.value: day.count(part) for part in CallbackPart}}


def _rows(found: dict[str, list[CallbackDay]]) -> list[str]:
    return [
        f"{day.day}  {line:<10} {day.count(CallbackPart.REQUESTED):>5} asked for  "
        + ", ".join(f"{words} {_share(day, part)}" for part, words in COLUMNS)
        for line, days in found.items()
        for day in days
    ]


def _share(day: CallbackDay, part: CallbackPart) -> str:
    """A count with its share in percent."""
    number, base = day.count(part), day.count(CallbackPart.REQUESTED)
    return f"{number} ({percent(Fraction(number, base))} %)"


def _print_ids(ids: Sequence[str], as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(ids))
        return
    for id in ids:
        click.echo(id)
    click.echo(f"{len(ids)} in all; `charterline callbacks show ID` shows what was told of one")
