"""`charterline figures`: call-centre figures with their definitions, the calls behind each number, and rebuilding."""

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any, cast

import click

from commands.figures_callbacks import figure_callbacks
from commands.figures_rebuilding import forget, plan, rebuild
from commands.figures_shown import Shown, as_table, percentiles_of, shown_definitions, shown_times
from commands.installation import installed_settings
from commands.judge import DAY
from commands.judge_owed import Period as Days
from commands.opened import Opened, open_installation
from commands.shared import AS_JSON, LINE, OF_LINE
from config.files import FIGURES, UnreadableFiles, read_folder
from ivr.faults import BadData
from ivr.figures.asking import (
    Behind,
    By,
    Part,
    Period,
    Question,
    calls_behind,
    days_by_other_rules,
    figures_by,
    has_figure,
    times_by,
)
from ivr.figures.definitions import Definition, Definitions, load_definitions
from ivr.figures.formulas import FORMULAS
from ivr.figures.sums import Figures
from ivr.lines.hours import SEOUL
from ivr.lines.model import Line, UnknownLine
from ivr.store import Store

PAGE = 500
KO = "ko.toml"


def _period_options(command: Callable[..., None]) -> Callable[..., None]:
    for option in (
        click.option("--to", "last", type=DAY, required=True, help="The last local day; it is included."),
        click.option("--from", "first", type=DAY, required=True, help="The first local day, like 2026-11-01."),
        LINE,
    ):
        command = option(command)
    return command


BY = click.option("--by", type=click.Choice([by.value for by in By]), help="By what; the whole line without it.")
FIGURE = click.Choice(list(FORMULAS))


@click.group()
def figures() -> None:
    """See call-centre figures, what they mean, and the calls behind them."""


@figures.command()
@_period_options
@BY
@click.option(
    "--figure", "wanted", multiple=True, type=FIGURE, metavar="ID", help="Only this one; may be given several times."
)
@AS_JSON
def show(wanted: tuple[str, ...], by: str | None, as_json: bool, **asked: Any) -> None:  # Any: click's own
    """Show figures of a line's days, with the definition of each beneath."""
    opened, line, period = _asked(**asked)
    words = _definitions()
    definitions = [words.of(figure, line) for figure in wanted or FORMULAS]
    kind = By(by or By.LINE)
    with opened.store.reading() as session:
        found = figures_by(session, [line.id], period=period, by=kind)
        times = {} if wanted else times_by(session, [line.id], period=period, by=kind)
        others = days_by_other_rules(session, line, period)
    shown = [Shown(value, figures, times.get(value)) for value, figures in found]
    if as_json:
        table = [_as_value(each, definitions, kind) for each in shown]
        answer = {
            "definitions": _as_json(definitions),
            "values": table,
            "other_rules": [day.isoformat() for day in others],
        }
        click.echo(json.dumps(answer, ensure_ascii=False))
        return
    if not found:
        click.echo(f"no calls of {line.id} from {period.first} to {period.last}")
    if others:
        click.echo(_warning(line, others), err=True)
    lines = [*as_table(shown, definitions, words=words, by=kind), *shown_definitions(definitions, words)]
    click.echo("\n".join([*lines, *(() if wanted else shown_times(words))]))


@figures.command("calls")
@_period_options
@click.option("--figure", required=True, type=FIGURE, metavar="ID", help="The figure to be opened.")
@click.option("--part", default="counted", type=click.Choice(["counted", "base", "apart"]), help="Which side of it.")
@BY
@click.option("--value", default="", help="The value of --by: an id, an hour 09, a day, a month; empty for unknown.")
@AS_JSON
def list_calls(figure: str, part: str, by: str | None, as_json: bool, **asked: Any) -> None:  # Any: click's own
    """List the calls (or single offers of calls) that a number counts."""
    value = asked.pop("value")
    if value and by in {None, By.LINE.value}:
        raise click.UsageError("--value needs --by hour, team, agent, product, firm, day or month")
    opened, line, period = _asked(**asked)
    question = Question(line.id, period, figure, cast(Part, part), By(by) if by else None, value)
    try:
        behind = _all_behind(opened.store, question)
        if as_json:
            click.echo(json.dumps([_as_entry(each) for each in behind]))
            return
        count = 0
        for each in behind:
            count += 1
            beside = "" if each.milliseconds is None else f"  {each.milliseconds / 1000:.3f} s"
            click.echo(f"{each.arrived_at.astimezone(SEOUL):%Y-%m-%d %H:%M:%S}  {each.subject:<26}{beside}")
        click.echo(f"{count} in all; `charterline calls show CALL` shows what was told of one")
    except (ValueError, OverflowError) as error:
        raise click.UsageError(f"--value {value!r} does not fit --by {by}: {error}") from None


@figures.command()
@click.option("--line", "line_id", help="As this line counts; the first line without it.")
@AS_JSON
def definitions(line_id: str | None, as_json: bool) -> None:
    """Say what every figure counts, by which source, and what it is held against."""
    opened = _open()
    line = _line(opened, line_id) if line_id else next(iter(opened.lines))
    words = _definitions()
    if as_json:
        click.echo(json.dumps(_as_json(words.all(line)), ensure_ascii=False))
    else:
        click.echo("\n".join(shown_definitions(words.all(line), words)))


@figures.command("rebuild")
@click.option("--from", "first", type=DAY, help="The first local day; from the first call without it.")
@click.option("--to", "last", type=DAY, help="The last local day, included; to the last call without it.")
@OF_LINE
@click.option("--afresh", is_flag=True, help="Start over, also where an earlier one was stopped.")
@AS_JSON
def rebuild_figures(line_id: str | None, afresh: bool, as_json: bool, **days: datetime | None) -> None:
    """Make rows and sums of figures again from the facts; when stopped, the same command goes on from there."""
    opened = _open()
    lines = [_line(opened, line_id)] if line_id else list(opened.lines)
    period = Days(*(day.date() if day else None for day in (days["first"], days["last"])))
    for line in lines if afresh else []:
        forget(opened.store, line, period)
    plans = [plan(opened.store, line, period) for line in lines]
    for resumed in (todo for todo in plans if todo.is_resumed):
        click.echo(f"{resumed.line.id}: going on with {len(resumed.days)} days that are left", err=True)
    changed = 0
    with click.progressbar(length=sum(len(todo.days) for todo in plans), label="Rebuilding", file=sys.stderr) as shown:
        for todo in plans:
            for done in rebuild(opened.store, todo):
                changed += done.changed
                shown.update(1)
    count = sum(len(todo.days) for todo in plans)
    click.echo(json.dumps({"days": count, "changed": changed}) if as_json else f"{count} days, {changed} rows changed")


def _open() -> Opened:
    return open_installation(installed_settings())


def _line(opened: Opened, line_id: str) -> Line:
    try:
        return opened.lines.by_id(line_id)
    except UnknownLine as error:
        raise click.ClickException(str(error)) from None


def _asked(*, line_id: str, first: datetime, last: datetime) -> tuple[Opened, Line, Period]:
    if first > last:
        raise click.UsageError(f"--from {first.date()} lies after --to {last.date()}")
    opened = _open()
    return opened, _line(opened, line_id), Period(first.date(), last.date())


def _definitions() -> Definitions:
    try:
        return load_definitions(read_folder(FIGURES)[KO])
    except (UnreadableFiles, BadData) as error:
        raise click.ClickException(str(error)) from None


def _all_behind(store: Store, question: Question) -> Iterator[Behind]:
    """Every one, a page at a time."""
    after: Behind | None = None
    while True:
        with store.reading() as session:
            page = calls_behind(session, question, after=after, limit=PAGE)
        yield from page
        if len(page) < PAGE:
            return
        after = page[-1]


def _as_entry(behind: Behind) -> dict[str, object]:
    return asdict(behind) | {"arrived_at": behind.arrived_at.isoformat()}


def _as_json(definitions: Sequence[Definition]) -> dict[str, object]:
    return {each.id: {name: part for name, part in asdict(each).items() if name != "id"} for each in definitions}


def _as_value(shown: Shown, definitions: Sequence[Definition], by: By) -> dict[str, object]:
    """One value: null for a figure that a value of this kind does not have."""
    numbers = {each.id: _number(shown.figures, each) if has_figure(each.id, by) else None for each in definitions}
    value: dict[str, object] = {"value": shown.value, "figures": numbers}
    return value | {"times": percentiles_of(shown)} if shown.times else value


def _warning(line: Line, days: Sequence[date]) -> str:
    """That numbers rest on other rules than those that are printed with them."""
    again = f"charterline figures rebuild --line {line.id} --from {days[0]} --to {days[-1]}"
    return (
        f"{len(days)} days from {days[0]} on rest on other rules than the present ones of {line.id}, "
        f"which the definitions tell: `{again}`"
    )


def _number(found: Figures, definition: Definition) -> dict[str, object]:
    """The number in its unit (shares 0 to 1), with both sides of which it is made."""
    sides: dict[str, object] = {"counted": found.counted(definition.id), "base": found.base(definition.id)}
    match definition.unit:
        case "count":
            return {"value": found.base(definition.id)}
        case "share":
            share = found.share(definition.id)
            return {"value": None if share is None else float(share), **sides, "apart": found.apart(definition.id)}
        case "seconds":
            seconds = found.seconds(definition.id)
            return {"value": None if seconds is None else float(seconds), **sides}


figures.add_command(figure_callbacks)
