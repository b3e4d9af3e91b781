"""`charterline audiences`: lists of people whom a campaign may choose from, imported or made of those served."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

import click

from commands.audiences_making import choose, import_file
from commands.audiences_shown import echo_audience, entry_of, row_of, starred
from commands.installation import installed_settings
from commands.opened import Opened, open_installation
from commands.shared import AS_JSON, OF_LINE
from config.clock import system_clock
from ivr.audiences.lists import (
    UnknownAudience,
    abandon_silent,
    audiences_of,
    find_audience,
    members_of,
    remove,
)
from ivr.base import Refused


@click.group()
def audiences() -> None:
    """Lists of people: import one from a file, choose those whom a line served, look into it.

    \b
    Import customers:          charterline audiences import customers.csv --line dcgf --by 김감독
    Everybody answered by a line yesterday:
                               charterline audiences choose --line kibo --from calls --on yesterday --by 김감독
    What became of the rows:   charterline audiences show 1
    """


@audiences.command("list")
@OF_LINE
@AS_JSON
def list_audiences(line_id: str | None, as_json: bool) -> None:
    """List all lists, the newest first."""
    opened = _opened()
    with opened.store.reading() as session:
        entries = [entry_of(audience, size) for audience, size in audiences_of(session, line_id)]
    if as_json:
        click.echo(json.dumps(entries, ensure_ascii=False))
        return
    if not entries:
        click.echo("There is no list. `charterline audiences import FILE` makes one.")
    for entry in entries:
        click.echo(row_of(entry))


@audiences.command("show")
@click.argument("audience_id", metavar="LIST", type=int)
@AS_JSON
def show_audience(audience_id: int, as_json: bool) -> None:
    """Show one list: how many people, in which groups, and what became of the rows it was made of."""
    opened = _opened()
    with _in_words():
        echo_audience(opened, audience_id, as_json=as_json)


@audiences.command("members")
@click.argument("audience_id", metavar="LIST", type=int)
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 10_000))
@click.option("--after", default=0, type=int, help="Go on after this person (the id in the first column).")
@AS_JSON
def show_members(audience_id: int, limit: int, after: int, as_json: bool) -> None:
    """Show who is on a list: numbers masked, names starred."""
    opened = _opened()
    with _in_words(), opened.store.reading() as session:
        find_audience(session, audience_id)
        entries = [
            {
                "person": person.id,
                "number": person.number.masked if person.number else None,
                "name": starred(person.name) if person.name else None,
                "group": group,
                "callable": person.is_callable,
            }
            for person, group in members_of(session, audience_id, limit=limit, after=after)
        ]
    if as_json:
        click.echo(json.dumps(entries, ensure_ascii=False))
        return
    for entry in entries:
        reach = "" if entry["callable"] else "  not callable"
        number, name = entry["number"] or "(forgotten)", entry["name"] or ""
        click.echo(f"{entry['person']:>9}  {number:<16} {entry['group']:<12} {name}{reach}")


@audiences.command("remove")
@click.argument("audience_id", metavar="LIST", type=int)
def remove_audience(audience_id: int) -> None:
    """Remove a list that no campaign uses; its people and their consents stay."""
    opened = _opened()
    with _in_words():
        size = remove(opened.store, audience_id)
    click.echo(f"list {audience_id} is removed; {size:,} people were on it")


def _opened() -> Opened:
    """The installation; lists whose maker was killed are abandoned by now."""
    opened = open_installation(installed_settings())
    with opened.store.transaction() as session:
        abandon_silent(session, at=system_clock())
    return opened


@contextmanager
def _in_words() -> Iterator[None]:
    try:
        yield
    except (UnknownAudience, Refused) as error:
        raise click.ClickException(str(error)) from None


for command in (import_file, choose):
    audiences.add_command(command)
