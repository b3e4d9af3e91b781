"""`charterline line hours`: when a line is open, day by day, with holidays, special days and hours that begin later."""

from datetime import date, timedelta
from typing import TypedDict

import click

from commands.shared import AS_JSON, opened, print_json
from config.clock import system_clock
from ivr.lines.hours import SEOUL, open_spans
from ivr.lines.model import UnknownLine
from ivr.lines.spans import written


class DayEntry(TypedDict):
    """One local day: its open spans as in the files, and the name of the holiday or the reason of a special day."""

    day: str
    weekday: str
    hours: list[str]
    holiday: str
    special: str


@click.command("hours")
@click.argument("line_id")
@click.option("--from", "first", type=click.DateTime(["%Y-%m-%d"]), help="The first day; today without it.")
@click.option("--days", type=click.IntRange(1, 400), default=14, show_default=True, help="How many days.")
@AS_JSON
def hours(line_id: str, first: date | None, days: int, as_json: bool) -> None:
    """Print when the line LINE_ID (like kibo) is open, editions included."""
    here = opened()
    try:
        line = here.lines.by_id(line_id)
    except UnknownLine as error:
        raise click.UsageError(str(error)) from None
    begin = date(first.year, first.month, first.day) if first else system_clock().astimezone(SEOUL).date()
    entries: list[DayEntry] = []
    for day in (begin + timedelta(days=ahead) for ahead in range(days)):
        rule = here.calendar.rule(day, line_id)
        entries.append(
            {
                "day": day.isoformat(),
                "weekday": f"{day:%a}",
                "hours": [written(span) for span in open_spans(line, here.calendar, day)],
                "holiday": here.calendar.holiday(day, line_id),
                "special": rule.reason if rule is not None else "",
            }
        )
    if as_json:
        print_json(entries)
        return
    for entry in entries:
        why = entry["holiday"] or entry["special"]
        click.echo(f"{entry['day']} {entry['weekday']}  {', '.join(entry['hours']) or 'closed':<26}  {why}".rstrip())
