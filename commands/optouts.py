"""`charterline optouts`: who has refused text messages of which line, and doing or undoing it for a customer."""

import json
from datetime import datetime
from typing import TypedDict

import click
from sqlalchemy import select

from commands.installation import installed_settings
from commands.opened import Opened, open_installation
from commands.shared import AS_JSON_LIST, OF_LINE
from config.bell import bell_at
from config.clock import system_clock
from ivr.lines.hours import SEOUL
from ivr.lines.model import Line, UnknownLine
from ivr.numbers import BadNumber, PhoneNumber
from ivr.optouts.refusing import Refusal, refuse, withdraw
from ivr.optouts.rows import OptOut, Scope, Way


class OptOutEntry(TypedDict):
    """One refusal as printed; times are local."""

    line: str
    number: str
    scope: str
    way: str
    asked_at: str
    withdrawn_at: str | None


@click.group()
def optouts() -> None:
    """See and change who gets no text messages."""


@optouts.command("list")
@OF_LINE
@click.option("--all", "with_withdrawn", is_flag=True, help="Those taken back too.")
@AS_JSON_LIST
def list_optouts(line_id: str | None, with_withdrawn: bool, as_json: bool) -> None:
    """List refusals, the latest first."""
    opened = open_installation(installed_settings())
    query = select(OptOut).order_by(OptOut.asked_at.desc(), OptOut.id)
    if line_id is not None:
        query = query.where(OptOut.line == _line(opened, line_id).id)
    if not with_withdrawn:
        query = query.where(OptOut.withdrawn_at.is_(None))
    with opened.store.reading() as session:
        entries = [_entry(row) for row in session.scalars(query)]
    if as_json:
        click.echo(json.dumps(entries, ensure_ascii=False))
        return
    for entry in entries:
        undone = f"  withdrawn {entry['withdrawn_at']}" if entry["withdrawn_at"] else ""
        asked = f"{entry['asked_at']}  {entry['line']:<10} {entry['number']:<16} {entry['scope']:<12}"
        click.echo(f"{asked} by {entry['way']}{undone}")


@optouts.command("add")
@click.argument("number")
@click.option("--line", "line_id", required=True, help="The line whose texts are refused (its id, like kibo).")
@click.option(
    "--scope",
    type=click.Choice([scope.value for scope in Scope]),
    default=Scope.INFORMATION.value,
    show_default=True,
    help="Information and advertisements, or every text.",
)
def add_optout(number: str, line_id: str, scope: str) -> None:
    """Refuse texts for a customer who asks an agent to; effective at once, and confirmed by one text."""
    opened, at = open_installation(installed_settings()), system_clock()
    person, line = _number(number), _line(opened, line_id)
    asked = Refusal(line.id, person, Scope(scope), Way.AGENT, f"{opened.store.keyring.index(person)}:{at.isoformat()}")
    with opened.store.transaction() as session:
        refuse(session, asked, at=at)
    bell_at(opened.settings.redis_url)()
    click.echo(f"{person.masked} gets no texts of {line.id} any more ({scope})")


@optouts.command("withdraw")
@click.argument("number")
@click.option("--line", "line_id", required=True, help="The line whose texts are wanted again (its id, like kibo).")
def withdraw_optout(number: str, line_id: str) -> None:
    """Take every refusal of a customer back; confirmed by one text."""
    opened, at = open_installation(installed_settings()), system_clock()
    person, line = _number(number), _line(opened, line_id)
    with opened.store.transaction() as session:
        undone = withdraw(session, line.id, person, at=at)
    if not undone:
        raise click.ClickException(f"{person.masked} has refused nothing of {line.id}: see charterline optouts list")
    bell_at(opened.settings.redis_url)()
    click.echo(f"{person.masked} gets texts of {line.id} again")


def _line(opened: Opened, line_id: str) -> Line:
    try:
        return opened.lines.by_id(line_id)
    except UnknownLine as error:
        raise click.UsageError(str(error)) from None


def _number(text: str) -> PhoneNumber:
    try:
        return PhoneNumber.parse(text)
    except BadNumber as error:
        raise click.UsageError(str(error)) from None


def _entry(row: OptOut) -> OptOutEntry:
    return {
        "line": row.line,
        "number": row.number.masked,
        "scope": row.scope.value,
        "way": row.way.value,
        "asked_at": _local(row.asked_at),
        "withdrawn_at": _local(row.withdrawn_at) if row.withdrawn_at else None,
    }


def _local(at: datetime) -> str:
    return f"{at.astimezone(SEOUL):%Y-%m-%d %H:%M:%S}"
