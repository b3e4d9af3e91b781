"""Commands about many cases: figures for departments (S8), exports, ratings, repeats, dates counted again."""

import csv
import io
import json
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import get_args

import click

from commands.case_desk import Desk, desk, entry_of, local, moment, refusals
from commands.shared import AS_JSON, LINE, OF_LINE
from ivr.cases.institution import Work
from ivr.cases.rating import accounts
from ivr.cases.reading import By, Figures, Wanted, cases_of, figures
from ivr.cases.recounting import recount
from ivr.cases.repeats import employees_complained_about

DAY = click.DateTime(["%Y-%m-%d"])
MOST_EXPORTED = 100_000


@click.command("figures")
@OF_LINE
@click.option("--from", "first", required=True, type=DAY, help="First day of arrival.")
@click.option("--to", "last", required=True, type=DAY, help="Last day of arrival.")
@click.option("--by", "by", type=click.Choice(get_args(By)), default="department", show_default=True)
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV, to share with the departments.")
@AS_JSON
def show_figures(line_id: str | None, first: datetime, last: datetime, by: By, **shape: bool) -> None:
    """Count cases by department, kind, channel, topic or officer; JSON names the cases behind each number."""
    here = desk()
    span = (moment(first), moment(last) + timedelta(days=1))
    with refusals(), here.opened.store.reading() as session:
        groups = figures(session, _lines(here, line_id), span=span, by=by, at=here.at)
    entries = [_figures(group) for group in groups]
    if shape["as_json"]:
        behind = {group.group: group.cases for group in groups}
        click.echo(json.dumps({"by": by, "groups": entries, "cases": behind}, ensure_ascii=False))
        return
    if shape["as_csv"]:
        _write_csv(entries)
        return
    for entry in entries:
        counts = [f"{name} {'-' if value is None else value}" for name, value in entry.items() if name != "group"]
        click.echo(f"{entry['group']:<24} {'  '.join(counts)}")


@click.command("export")
@OF_LINE
@click.option("--open", "only_open", is_flag=True, help="Only those that are not answered.")
def export(line_id: str | None, only_open: bool) -> None:
    """Print cases as CSV, without what customers wrote; numbers and names masked."""
    here = desk()
    with refusals(), here.opened.store.reading() as session:
        wanted = Wanted(lines=_lines(here, line_id), with_closed=not only_open)
        entries = [entry_of(case, here.at) for case in cases_of(session, wanted, limit=MOST_EXPORTED)]
    _write_csv([dict(entry) for entry in entries])


@click.command("ledger")
@OF_LINE
@AS_JSON
def show_ledger(line_id: str | None, as_json: bool) -> None:
    """Points that departments and employees have from customers' ratings (K17, T17)."""
    here = desk()
    with here.opened.store.reading() as session:
        found = [
            {**asdict(account), "holder": account.holder.value, "mean": account.mean and round(account.mean, 2)}
            for account in accounts(session, line_id)
        ]
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
        return
    for entry in found:
        click.echo(f"{entry['line']:<9} {entry['holder']:<11} {entry['name']:<24} {entry['points']:>6} {entry['mean']}")


@click.command("repeats")
@LINE
@AS_JSON
def show_repeats(line_id: str, as_json: bool) -> None:
    """Employees about whom complaints were confirmed again and again (S12)."""
    here = desk()
    with refusals(), here.opened.store.reading() as session:
        line = here.institution(line_id).line
        found = [asdict(one) for one in employees_complained_about(session, line, at=here.at)]
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
        return
    if not found:
        days = line.cases.repeat_days
        click.echo(f"Nobody has {line.cases.repeat_complaints} confirmed complaints or more in {days} days.")
    for one in found:
        click.echo(f"{one['officer_id']:<20} {len(one['cases'])}  {' '.join(one['cases'])}")


@click.command("recount")
@OF_LINE
@AS_JSON
def recount_cases(line_id: str | None, as_json: bool) -> None:
    """Count due dates again after config/holidays.toml has changed: kept, or moved and told by the line's rule."""
    here = desk()
    found = []
    with refusals(), here.opened.store.transaction() as session:
        for line in _lines(here, line_id):
            found += recount(Work(session, here.institution(line), here.at))
    here.ring()
    entries = [
        {"case": one.case_id, "stood": local(one.stood), "counted": local(one.counted), "outcome": one.outcome}
        for one in found
    ]
    if as_json:
        click.echo(json.dumps(entries))
        return
    if not entries:
        click.echo("Every open case has the date that the calendar gives.")
    for entry in entries:
        click.echo(f"{entry['case']}  {entry['stood']} -> {entry['counted']}  {entry['outcome']}")


# What only serves the means, and what JSON gives beside the counts.
HIDDEN = frozenset({"hours", "rating_points", "cases"})
FIGURES = (show_figures, export, show_ledger, show_repeats, recount_cases)


def _lines(here: Desk, line_id: str | None) -> list[str]:
    return [here.opened.lines.by_id(line_id).id] if line_id else [line.id for line in here.opened.lines]


def _figures(group: Figures) -> dict[str, object]:
    entry = {name: value for name, value in asdict(group).items() if name not in HIDDEN}
    return {**entry, "mean_hours": group.mean_hours, "mean_rating": group.mean_rating}


def _write_csv(entries: list[dict[str, object]]) -> None:
    if not entries:
        return
    written = io.StringIO()
    writer = csv.DictWriter(written, fieldnames=list(entries[0]))
    writer.writeheader()
    writer.writerows(entries)
    click.echo(written.getvalue(), nl=False)
