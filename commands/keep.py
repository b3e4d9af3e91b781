"""`charterline keep`: how long data is kept, what is over, what is held back, and what was erased."""

import json
from dataclasses import dataclass

import click

from commands.installation import installed_settings
from commands.keep_holds import hold_command, list_holds, release_command
from commands.opened import Opened, open_installation
from commands.shared import AS_JSON_LIST
from config.clock import system_clock
from config.files import RETENTION, read_file
from ivr.keeping.erasing import Standing, erase_piece, standings
from ivr.keeping.record import entries, first_broken_entry
from ivr.keeping.rules import BadRetention, Retention, load_retention, unknown_places
from ivr.keeping.tables import all_tables
from ivr.lines.hours import SEOUL


@dataclass(frozen=True, slots=True)
class Kept:
    """An open installation, and its table of retention."""

    opened: Opened
    retention: Retention


def opened_table() -> Kept:
    """Open the installation and read its table; a table that does not fit is told in words."""
    try:
        retention = load_retention(read_file(RETENTION))
    except BadRetention as error:
        raise click.ClickException(str(error)) from None
    if unknown := unknown_places(retention, all_tables()):
        raise click.ClickException(f"{RETENTION.name} names what does not exist: {', '.join(unknown)}")
    return Kept(open_installation(installed_settings()), retention)


@click.group()
def keep() -> None:
    """Erase what was kept long enough, hold back what must stay, and show what was done (docs/keeping.md)."""


keep.add_command(hold_command)
keep.add_command(release_command)
keep.add_command(list_holds)


@keep.command("show")
@AS_JSON_LIST
def show(as_json: bool) -> None:
    """Show every class of data: how long it is kept and why, and how many rows a run would erase now."""
    kept = opened_table()
    due = {one.rule.name: one.rows for one in _standings(kept)}
    if as_json:
        rows = [{**rule.model_dump(exclude_defaults=True), "due": due.get(rule.name)} for rule in kept.retention.rules]
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    for rule in kept.retention.rules:
        how = {
            "keep": "kept",
            "elsewhere": rule.by,
            "months": f"{rule.days} days, then deleted by whole months",
        }.get(rule.deed, f"{rule.days} days, then {rule.deed}d")
        over = f"; {due[rule.name]} due now" if rule.name in due else ""
        click.echo(f"{rule.name:<18} {rule.what}: {how}{over}")
        click.echo(f"{'':<18}   {rule.why}")


@keep.command("run")
@click.option("--dry-run", is_flag=True, help="Say what would be erased, and erase nothing.")
@click.option("--by", default="", help="Who asks for it; needed unless it is a dry run. It stands in the purge log.")
@AS_JSON_LIST
def run(dry_run: bool, by: str, as_json: bool) -> None:
    """Erase what was kept long enough. It happens every night by itself; a second run finds nothing."""
    if not (dry_run or by):
        raise click.UsageError("say who asks for it: --by NAME (or --dry-run)")
    kept, at = opened_table(), system_clock()
    found = _standings(kept) if dry_run else [_run(kept, one, by) for one in _standings(kept)]
    if as_json:
        rows = [{"class": one.rule.name, "rows": one.rows, "until": one.until.isoformat()} for one in found]
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    for one in found:
        if one.rows:
            click.echo(f"{one.rule.name:<18} {one.rows} rows up to {one.until.astimezone(SEOUL):%Y-%m-%d %H:%M}")
    verb = "would be" if dry_run else "were"
    click.echo(f"{sum(one.rows for one in found)} rows {verb} erased at {at.astimezone(SEOUL):%Y-%m-%d %H:%M}.")


@keep.command("log")
@AS_JSON_LIST
def log(as_json: bool) -> None:
    """Show the purge log, and whether it is whole."""
    opened = open_installation(installed_settings())
    with opened.store.reading() as session:
        written, broken = entries(session), first_broken_entry(session)
    if as_json:
        names = ("id", "name", "deed", "rows", "by")
        rows = [{name: getattr(one, name) for name in names} | _moments(one.until, one.at) for one in written]
        click.echo(json.dumps(rows, ensure_ascii=False))
    else:
        for one in written:
            click.echo(
                f"{one.at.astimezone(SEOUL):%Y-%m-%d %H:%M}  {one.deed:<8} {one.name:<18} {one.rows:>6}  {one.by}"
            )
    if broken is not None:
        raise click.ClickException(f"entry {broken} was changed, or one before it is missing")
    click.echo(f"{len(written)} entries, none changed.", err=True)


def _standings(kept: Kept) -> list[Standing]:
    with kept.opened.store.reading() as session:
        return standings(session, kept.retention, all_tables(), at=system_clock())


def _run(kept: Kept, found: Standing, by: str) -> Standing:
    done, at = 0, found.at
    while True:
        with kept.opened.store.transaction() as session:
            piece = erase_piece(session, found.rule, all_tables(), at=at, by=by)
        if not piece:
            return Standing(found.rule, done, found.until, at)
        done += piece


def _moments(until: object, at: object) -> dict[str, str]:
    return {"until": str(until), "at": str(at)}
