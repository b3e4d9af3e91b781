"""`charterline judge`: judge stored calls and what is owed again from their facts, and say how many verdicts changed.

The figures of these calls are brought into line with them; the sums of changed days are promised to the workers.
"""

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, cast

import click
from sqlalchemy import func, select

from commands.installation import installed_settings
from commands.judge_owed import Judging, Period, judge_one, judge_period
from commands.opened import open_installation
from commands.shared import AS_JSON_OBJECT
from config.clock import system_clock
from config.files import UnreadableFiles
from ivr.billing.noting import note_calls
from ivr.calls.rows import Call
from ivr.charters.model import UnknownCharter
from ivr.charters.owing import OwedScope
from ivr.charters.verdicts import Rules, Tally, judge_calls
from ivr.faults import BadData
from ivr.figures.keeping import keep_figures, promise_tallies
from ivr.lines.model import Line
from ivr.store import Store
from workers.verdicts import installed_rules

# Small enough that no webhook waits long for the database while a batch is written.
CALLS_IN_A_BATCH = 50
DAY = click.DateTime(["%Y-%m-%d"])


@click.command()
@click.option("--from", "first", type=DAY, help="The first local day, like 2026-11-01.")
@click.option("--to", "last", type=DAY, help="The last local day; it is included.")
@click.option("--all", "everything", is_flag=True, help="Everything there is, instead of --from and --to.")
@click.option("--callback", help="Only this callback, with its attempts.")
@click.option("--document", help="Only these papers.")
@click.option("--case", help="Only this case.")
@click.option("--survey", help="Only this dial of a campaign (the id of its interview).")
@click.option("--institution", help="Only what came to this institution (the id of its line, like kibo).")
@click.option("--version", type=int, help="By this version of the charter of --institution, not by the one in force.")
@AS_JSON_OBJECT
def judge(institution: str | None, version: int | None, as_json: bool, **given: Any) -> None:  # Any: click's own
    """Judge again by the service charter; the same facts always give the same verdicts.

    Calls, what is owed after them (callbacks, outgoing calls, papers and cases), and the dials of campaigns.
    """
    named = {scope: id for scope in ("callback", "document", "case", "survey") if (id := given.pop(scope))}
    period = None if named else _period(**given)
    _refuse_mixed(named, institution, version, **given)
    opened = open_installation(installed_settings())
    judging = Judging(opened, _rules(institution, version), version)
    if period is None:
        tally = sum((judge_one(judging, cast(OwedScope, scope), id) for scope, id in named.items()), Tally())
    else:
        lines = [line for line in opened.lines if institution in {None, line.id}]
        tally = _judge_lines(opened.store, lines, period, rules=judging.rules, version=version)
        tally += judge_period(judging, lines, period)
    counts = {"judged": tally.judged, "changed": tally.changed, "calls": tally.calls, "owed": tally.owed}
    if as_json:
        click.echo(json.dumps(counts))
    else:
        owed = f", {tally.owed} other matters" if tally.owed else ""
        click.echo(f"{tally.calls} calls{owed}, {tally.judged} verdicts, {tally.changed} changed")


def _refuse_mixed(named: Mapping[str, str], institution: str | None, version: int | None, **period: Any) -> None:
    if named and any((institution, version, *period.values())):
        raise click.UsageError(
            f"--{next(iter(named))} names one thing: leave out days, --all, --institution, --version"
        )
    if version is not None and institution is None:
        raise click.UsageError("--version counts the versions of one charter: name it with --institution")


def _period(*, first: datetime | None, last: datetime | None, everything: bool) -> Period:
    bounds = [day for day in (first, last) if day is not None]
    if len(bounds) != (0 if everything else 2):
        raise click.UsageError("give either --all, or both --from DATE and --to DATE")
    if bounds and bounds[0] > bounds[1]:
        raise click.UsageError(f"--from {bounds[0].date()} lies after --to {bounds[1].date()}")
    return Period(first.date() if first else None, last.date() if last else None)


def _rules(institution: str | None, version: int | None) -> Rules:
    try:
        rules = installed_rules()
        if institution is not None:
            charter = rules.charters.of(institution)
            charter.version(version if version is not None else charter.versions[-1].version)
    except (UnreadableFiles, BadData, UnknownCharter) as error:
        raise click.ClickException(str(error)) from None
    return rules


def _judge_lines(store: Store, lines: Sequence[Line], period: Period, *, rules: Rules, version: int | None) -> Tally:
    with store.reading() as session:
        counts = [session.scalar(select(func.count(Call.id)).where(*period.of(line))) or 0 for line in lines]
    tally = Tally()
    with click.progressbar(length=sum(counts), label="Judging", file=sys.stderr) as progress:
        for line in lines:
            for batch in batches(store, line, period):
                with store.transaction() as session:
                    tally += judge_calls(session, batch, line=line, rules=rules, version=version)
                    promise_tallies(session, keep_figures(session, batch, line=line).days, system_clock())
                    note_calls(session, batch, line=line, at=system_clock())
                progress.update(len(batch))
    return tally


def batches(store: Store, line: Line, period: Period) -> Iterator[list[str]]:
    """The ids of a line's calls, a batch at a time in order of arrival, however many there are."""
    query = select(Call.id, Call.arrived_at).where(*period.of(line)).order_by(Call.arrived_at, Call.id)
    page = query.limit(CALLS_IN_A_BATCH)
    while True:
        with store.reading() as session:
            rows = session.execute(page).all()
        if not rows:
            return
        yield [row.id for row in rows]
        at, id = rows[-1].arrived_at, rows[-1].id
        further = (Call.arrived_at > at) | ((Call.arrived_at == at) & (Call.id > id))
        page = query.where(further).limit(CALLS_IN_A_BATCH)
