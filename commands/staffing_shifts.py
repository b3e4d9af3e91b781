"""`charterline staffing shifts`: who is planned when, and which shifts would cover what is missing."""

from datetime import datetime, timedelta

import click

from commands.shared import AS_JSON, ToldInWords, by_option, print_json
from commands.staffing_asked import DAY, Asked, Minute, about_a_line, about_needs, next_monday
from config.clock import system_clock
from ivr.staffing.covering import Lengths, Proposal, by_weekday, hours_of
from ivr.staffing.history import TooLittleHistory
from ivr.staffing.reading import missing_by_weekday, plans_of
from ivr.staffing.rows import Shift
from ivr.staffing.shifts import MOST_AGENTS, BadShift, Wanted, add_shift, end_shift, remove_shift, shifts_page
from ivr.staffing.slots import written_minute

NAMES = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
REFUSED = ToldInWords(BadShift, TooLittleHistory)
WORKWEEK = "01234"


@click.group()
def shifts() -> None:
    """See and change who is planned when."""


@shifts.command("list")
@about_a_line
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 1000), help="How many.")
@AS_JSON
def list_shifts(asked: Asked, limit: int, as_json: bool) -> None:
    """List the shifts of a line, the newest first."""
    with asked.opened.store.reading() as session:
        found = shifts_page(session, asked.line, team=asked.team, after=None, limit=limit)
    if as_json:
        print_json([_as_json(one) for one in found])
        return
    if not found:
        click.echo(f"{asked.line.id} has no shifts: `charterline staffing shifts add --help`")
    for one in found:
        click.echo(_told(one))


@shifts.command("add")
@about_a_line
@click.option("--begin", "begins", type=Minute(), required=True, help="On a full or a half hour.")
@click.option("--end", "ends", type=Minute(), required=True, help="On a full or a half hour; 24:00 at the latest.")
@click.option("--agents", "count", type=click.IntRange(1, MOST_AGENTS), required=True, help="How many of them.")
@click.option("--weekdays", default=WORKWEEK, show_default=True, help="On these: 0 is Monday, 6 is Sunday.")
@click.option("--from", "first", type=DAY, help="The first local day; tomorrow without it.")
@click.option("--to", "last", type=DAY, help="The last local day, included; without end where it is left out.")
@click.option("--why", default="", help="What it is for, such as the peak.")
@by_option("--by", text="Who plans it")
@AS_JSON
@REFUSED
def add(asked: Asked, begins: int, ends: int, count: int, **more: object) -> None:
    """Plan so many agents from one time of the day to another."""
    first, last = more["first"], more["last"]
    wanted = Wanted(
        team=asked.team,
        weekdays=str(more["weekdays"]),
        begins=begins,
        ends=ends,
        agents=count,
        first_day=first.date() if isinstance(first, datetime) else asked.today + timedelta(days=1),
        last_day=last.date() if isinstance(last, datetime) else None,
        why=str(more["why"]),
    )
    with asked.opened.store.transaction() as session:
        shift = add_shift(session, asked.line, wanted, by=str(more["by"]), at=system_clock())
        entry, told = _as_json(shift), _told(shift)
    if more["as_json"]:
        print_json(entry)
    else:
        click.echo(told)


@shifts.command("end")
@about_a_line
@click.argument("shift_id", type=int)
@click.option("--on", "last", type=DAY, help="The last local day on which it holds; today without it.")
@REFUSED
def end(asked: Asked, shift_id: int, last: datetime | None) -> None:
    """Let a shift hold for the last time on a day."""
    with asked.opened.store.transaction() as session:
        shift = _own(session.get(Shift, shift_id), asked, shift_id)
        end_shift(shift, last.date() if last else asked.today)
        told = _told(shift)
    click.echo(told)


@shifts.command("remove")
@about_a_line
@click.argument("shift_id", type=int)
@REFUSED
def remove(asked: Asked, shift_id: int) -> None:
    """Take back a shift that has not begun."""
    with asked.opened.store.transaction() as session:
        remove_shift(session, _own(session.get(Shift, shift_id), asked, shift_id), today=asked.today)
    click.echo(f"shift {shift_id} is removed")


@shifts.command("propose")
@about_needs
@click.option("--from", "first", type=DAY, help="The first local day of the week; next Monday without it.")
@click.option("--least", type=click.IntRange(30, 1440), default=120, show_default=True, help="Minutes of the shortest.")
@click.option("--most", type=click.IntRange(30, 1440), default=540, show_default=True, help="Minutes of the longest.")
@AS_JSON
@REFUSED
def propose(asked: Asked, first: datetime | None, least: int, most: int, as_json: bool) -> None:
    """Say which shifts cover what is missing in a week with the fewest hours of agents."""
    if least > most:
        raise click.UsageError("--most must not be shorter than --least")
    begins = first.date() if first else next_monday(asked.today)
    with asked.opened.store.reading() as session:
        planning = asked.planning(session, begins)
        plans = plans_of(session, planning, team=asked.team, first=begins, last=begins + timedelta(days=6))
    found = by_weekday(missing_by_weekday(plans), Lengths(least, most))
    lacks = sum(plan.hours_missing for plan in plans)
    if as_json:
        entries = [_as_json_proposal(one) for one in found]
        print_json({"hours_missing": lacks, "hours_proposed": hours_of(found), "shifts": entries})
        return
    for one in found:
        click.echo(f"{_on(one.weekdays)}  {_span(one.begins, one.ends)}  {one.agents} agents")
    click.echo(f"{lacks:.1f} agent hours are missing; these shifts have {hours_of(found):.1f}, and fewer would not do")


def _own(shift: Shift | None, asked: Asked, shift_id: int) -> Shift:
    if shift is None or shift.line != asked.line.id:
        raise click.ClickException(
            f"{asked.line.id} has no shift {shift_id}: `charterline staffing shifts list` shows them"
        )
    return shift


def _as_json(shift: Shift) -> dict[str, object]:
    return {
        "shift": shift.id,
        "line": shift.line,
        "team": shift.team or None,
        "weekdays": shift.weekdays,
        "begin": written_minute(shift.begins),
        "end": written_minute(shift.ends),
        "agents": shift.agents,
        "first": f"{shift.first_day}",
        "last": f"{shift.last_day}" if shift.last_day else None,
        "why": shift.why or None,
    }


def _as_json_proposal(one: Proposal) -> dict[str, object]:
    span = {"begin": written_minute(one.begins), "end": written_minute(one.ends)}
    return {"weekdays": one.weekdays, **span, "agents": one.agents}


def _told(shift: Shift) -> str:
    until = f" to {shift.last_day}" if shift.last_day else ""
    span = f"{_span(shift.begins, shift.ends)}  {shift.agents} agents  from {shift.first_day}{until}"
    return f"{shift.id:>4}  {shift.team or 'line':<12} {_on(shift.weekdays)}  {span}  {shift.why}".rstrip()


def _span(begins: int, ends: int) -> str:
    return f"{written_minute(begins)}-{written_minute(ends)}"


def _on(weekdays: str) -> str:
    return ",".join(NAMES[int(day)] for day in weekdays)
