"""`charterline staffing backtest` and `compare`: how far forecasts lay from what came."""

import click

from commands.shared import AS_JSON, ToldInWords, print_json
from commands.staffing_asked import Asked, about_a_line, as_json_error, from_to, percent
from ivr.staffing.errors import Error, backtest
from ivr.staffing.history import TooLittleHistory
from ivr.staffing.keeping import Compared, compare, forecasts_of
from ivr.staffing.rows import Forecast


@click.command("backtest")
@about_a_line
@click.option("--weeks", type=click.IntRange(1, 50), default=8, show_default=True, help="At most so many past weeks.")
@AS_JSON
@ToldInWords(TooLittleHistory)
def backtest_command(asked: Asked, weeks: int, as_json: bool) -> None:
    """Forecast past weeks from what stood before them, beside the same half hour of the week before."""
    with asked.opened.store.reading() as session:
        history = asked.planning(session).history
    tested = backtest(history, asked.days, most_weeks=weeks)
    if as_json:
        each = [
            {"first": f"{one.first}", "ours": as_json_error(one.ours), "week_before": as_json_error(one.week_before)}
            for one in tested.weeks
        ]
        sums = {"ours": as_json_error(tested.ours), "week_before": as_json_error(tested.week_before)}
        print_json({"line": asked.line.id, "team": asked.team or None, **sums, "weeks": each})
        return
    for one in tested.weeks:
        click.echo(f"week from {one.first}  {_told(one.ours)}; the week before: {percent(one.week_before.wape)} off")
    click.echo(f"all together         {_told(tested.ours)}; the week before: {percent(tested.week_before.wape)} off")


@click.command("compare")
@about_a_line
@click.option("--forecast", "forecast_id", type=int, help="A kept forecast; the last one without it.")
@AS_JSON
def compare_command(asked: Asked, forecast_id: int | None, as_json: bool) -> None:
    """Hold a kept forecast against what came: error by half hour, and how many were answered in time."""
    with asked.opened.store.reading() as session:
        last = next(iter(forecasts_of(session, asked.line, limit=1)), None)
        kept = last if forecast_id is None else session.get(Forecast, forecast_id)
        if kept is None or kept.line != asked.line.id:
            raise click.ClickException(
                f"{asked.line.id} has no such forecast: "
                f"`charterline staffing forecast --line {asked.line.id} --keep` keeps one"
            )
        found = compare(session, asked.line, kept, today=asked.today)
    if as_json:
        print_json(_as_json(found))
        return
    click.echo(f"forecast {kept.id} of {kept.first_day} to {kept.last_day}, made by {kept.made_by}")
    if found.until is None:
        click.echo("none of its days is over yet")
        return
    for day, error, in_time in found.by_day():
        answered = percent(in_time / error.calls if error.calls else None)
        click.echo(f"{day:%Y-%m-%d %a}  {_told(error)}; {answered} answered in time")
    click.echo(f"up to {found.until}  {_told(found.error)}; {percent(found.in_time)} answered in time")


def _as_json(found: Compared) -> dict[str, object]:
    kept = found.forecast
    span = {"first": f"{kept.first_day}", "last": f"{kept.last_day}"}
    over = {"until": None if found.until is None else f"{found.until}", "error": as_json_error(found.error)}
    slots = [
        {
            "day": f"{one.day}",
            "at": from_to(one.slot)[:5],
            "expected": one.expected,
            "came": one.came.calls,
            "answered": one.came.answered,
            "in_time": one.came.in_time,
        }
        for one in found.slots
    ]
    return {
        "forecast": kept.id,
        "line": kept.line,
        "team": kept.team or None,
        **span,
        **over,
        "in_time": found.in_time,
        "slots": slots,
    }


def _told(error: Error) -> str:
    bias = "-" if error.bias is None else f"{error.bias:+.1%}"
    return f"{error.expected:.0f} expected, {error.calls} came: {percent(error.wape)} off by half hour, {bias} in all"
