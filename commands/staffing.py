"""`charterline staffing`: how many calls will come, how many agents are enough, who is planned, what more would do."""

from datetime import date, datetime, timedelta

import click

from commands.shared import AS_JSON, ToldInWords, by_option, print_json
from commands.staffing_asked import (
    DAY,
    Asked,
    Minute,
    about_needs,
    as_json_error,
    as_json_expected,
    as_json_outlook,
    as_json_plan,
    as_json_slot,
    from_to,
    next_monday,
    percent,
    seconds,
)
from commands.staffing_calculator import agents
from commands.staffing_shifts import shifts
from commands.staffing_tested import backtest_command, compare_command
from config.clock import system_clock
from ivr.staffing.history import TooLittleHistory
from ivr.staffing.keeping import NothingToKeep, keep_forecast
from ivr.staffing.needing import TooMuchWork
from ivr.staffing.planning import DayPlan, Outlook, Planning, what_if
from ivr.staffing.reading import plans_of
from ivr.staffing.rows import Forecast

REFUSED = ToldInWords(TooLittleHistory, TooMuchWork, NothingToKeep)
FROM = click.option("--from", "first", type=DAY, help="The first local day; next Monday without it.")
FOR_DAYS = click.option("--days", "count", type=click.IntRange(1, 84), default=7, show_default=True, help="How many.")


@click.group()
def staffing() -> None:
    """Enough agents: forecasts by half hour, Erlang C and A, shifts at the peak, and what came afterwards.

    \b
    Calls that will come:            charterline staffing forecast --line ascentre --days 7
    How good such a forecast is:     charterline staffing backtest --line ascentre
    Agents for so many calls:        charterline staffing agents --calls 100 --work 180
    Who is needed and who is there:  charterline staffing plan --line ascentre --team digital
    A second agent from 11 to 14:    charterline staffing what-if --day 2026-11-30 --begin 11:00 --end 14:00
    Shifts, and those that lack:     charterline staffing shifts propose --line ascentre
    What came of a kept forecast:    charterline staffing compare --line ascentre
    """


for other in (agents, backtest_command, compare_command, shifts):
    staffing.add_command(other)


@staffing.command()
@about_needs
@FROM
@FOR_DAYS
@click.option("--keep", is_flag=True, help="Keep it, so that it can be held against what came.")
@by_option("--by", text="Who keeps it")
@AS_JSON
@REFUSED
def forecast(asked: Asked, first: datetime | None, count: int, **more: object) -> None:
    """Say how many calls will come in each half hour, and how far such forecasts lay off in past weeks."""
    span = _span(asked, first, count)
    with asked.opened.store.reading() as session:
        planning = asked.planning(session, span[0])
        plans = plans_of(session, planning, team=asked.team, first=span[0], last=span[1])
    tested = planning.lesson.tested
    kept = _keep(asked, planning, plans, str(more["by"])) if more["keep"] else None
    if more["as_json"]:
        error = None if tested is None else as_json_error(tested.ours)
        before = None if tested is None else as_json_error(tested.week_before)
        found = as_json_plan(asked, planning, plans)
        print_json({**found, "error": error, "error_of_week_before": before, "kept": kept})
        return
    for plan in plans:
        click.echo(f"{plan.day:%Y-%m-%d %a}  {_told_day(plan)}")
        if plan.slots:
            click.echo("    " + "  ".join(f"{from_to(one.slot)[:5]} {one.calls:.1f}" for one in plan.slots))
    rests = f"{planning.history.first} to {planning.history.last}"
    click.echo(f"from calls of {rests}; one takes {planning.history.work:.0f} s of an agent")
    if tested is not None:
        ours, before_them = percent(tested.ours.wape), percent(tested.week_before.wape)
        click.echo(
            f"{len(tested.weeks)} past weeks: {ours} off by half hour; the week before would be {before_them} off"
        )
    if kept is not None:
        click.echo(f"kept as {kept}: `charterline staffing compare --forecast {kept}` when the days are over")


@staffing.command()
@about_needs
@FROM
@FOR_DAYS
@AS_JSON
@REFUSED
def plan(asked: Asked, first: datetime | None, count: int, as_json: bool) -> None:
    """Say who is needed in each half hour, and how many are planned by the shifts."""
    span = _span(asked, first, count)
    with asked.opened.store.reading() as session:
        planning = asked.planning(session, span[0])
        plans = plans_of(session, planning, team=asked.team, first=span[0], last=span[1])
    if as_json:
        print_json(as_json_plan(asked, planning, plans))
        return
    target = asked.target
    click.echo(
        f"{target.percent}% within {target.seconds} s, patience {target.patience} s, away {target.away}%; "
        f"one call takes {planning.history.work:.0f} s"
    )
    for one_day in plans:
        click.echo(f"{one_day.day:%Y-%m-%d %a}  {_told_day(one_day)}")
        for one in one_day.slots:
            lacks = f"  {one.missing} missing" if one.missing else ""
            needed = f"A {one.needed.agents:>3}  C {one.needed.patient:>3}  to plan {one.needed.planned:>3}"
            click.echo(f"    {from_to(one.slot)}  {one.calls:>6.1f} calls  {needed}  planned {one.planned:>3}{lacks}")


@staffing.command("what-if")
@about_needs
@click.option("--day", "day", type=DAY, required=True, help="The local day.")
@click.option("--begin", "begins", type=Minute(), default="11:00", show_default=True, help="From when on.")
@click.option("--end", "ends", type=Minute(), default="14:00", show_default=True, help="Until when.")
@click.option(
    "--more", type=click.IntRange(-500, 500), default=1, show_default=True, help="Agents more; below 0 fewer."
)
@AS_JSON
@REFUSED
def what_if_command(asked: Asked, day: datetime, begins: int, ends: int, **given: int) -> None:
    """Say what more agents would do for callers: answered in time, the wait, how many give up."""
    if begins >= ends:
        raise click.UsageError("--end must be later than --begin")
    with asked.opened.store.reading() as session:
        planning = asked.planning(session, day.date())
        (found,) = plans_of(session, planning, team=asked.team, first=day.date(), last=day.date())
    told = what_if(found, asked.target, begins=begins, ends=ends, more=given["more"])
    if given["as_json"]:
        slots = [
            {**as_json_slot(one), "before": as_json_expected(before), "after": as_json_expected(after)}
            for one, before, after in told.slots
        ]
        outlooks = {"before": as_json_outlook(told.before), "after": as_json_outlook(told.after)}
        print_json({"day": f"{found.day}", "more": given["more"], **outlooks, "slots": slots})
        return
    if not told.slots:
        click.echo(f"{asked.line.id} is closed then")
        return
    click.echo(f"as planned: {_told_outlook(told.before, asked)}")
    click.echo(f"with {given['more']:+}: {_told_outlook(told.after, asked)}")
    for one, before, after in told.slots:
        shares = f"{percent(before.within):>6} -> {percent(after.within):>6}"
        click.echo(f"    {from_to(one.slot)}  {one.calls:>6.1f} calls  planned {one.planned:>3}  in time {shares}")


def _span(asked: Asked, first: datetime | None, count: int) -> tuple[date, date]:
    begins = first.date() if first else next_monday(asked.today)
    return begins, begins + timedelta(days=count - 1)


def _keep(asked: Asked, planning: Planning, plans: list[DayPlan], by: str) -> int:
    row = Forecast(
        line=asked.line.id,
        team=asked.team,
        first_day=plans[0].day,
        last_day=plans[-1].day,
        history_from=planning.history.first,
        made_by=by,
    )
    with asked.opened.store.transaction() as session:
        return keep_forecast(session, plans, row, at=system_clock()).id


def _told_day(one: DayPlan) -> str:
    if one.is_open and not one.slots:
        return "no calls are expected"
    if not one.slots:
        return f"closed{f' ({one.holiday})' if one.holiday else ''}"
    hours = f"{one.hours_needed:.1f} agent hours needed, {one.hours_planned:.1f} planned"
    return f"{one.calls:.0f} calls, {hours}; by the rule of thumb {one.by_rule:.2f} agents"


def _told_outlook(outlook: Outlook, asked: Asked) -> str:
    in_time = f"{percent(outlook.within)} within {asked.target.seconds} s"
    return f"{in_time}, wait {seconds(outlook.wait)}, {percent(outlook.abandoned)} give up"
