"""`charterline consents register`: the do-not-call register, read from a file of any length."""

import json
from pathlib import Path

import click

from commands.consents_changing import BY, local, moment_of
from commands.installation import installed_settings
from commands.opened import open_installation
from commands.shared import AS_JSON_OBJECT
from config.clock import system_clock
from ivr.consents.register import REGISTER_LASTS, BadRegister, newest_reading, take_register
from ivr.consents.register_file import UNREADABLE, RegisterFile


@click.group("register")
def register() -> None:
    """The do-not-call register of telephone sales (Door-to-door Sales Act, article 42), checked every month."""


@register.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--checked-on", help='When the register was asked, "YYYY-MM-DD HH:MM" in Seoul; now if left out.')
@BY
def import_register(file: Path, checked_on: str | None, by: str) -> None:
    """Read a list of numbers, one a line (CSV: the first column that is a number), in the place of the last one.

    UTF-8 and CP949 are read. All of it is taken or nothing: until it is read to its end, the last reading counts.
    """
    opened, at = open_installation(installed_settings()), system_clock()
    checked_at = moment_of(checked_on, at)
    try:
        with file.open("rb") as read, opened.store.transaction() as session:
            found = RegisterFile(read, opened.store.keyring)
            taken = take_register(session, found.indexes(), checked_at=checked_at, by=by, at=at)
            found.check()
    except (BadRegister, *UNREADABLE) as error:
        raise click.ClickException(f"{file.name}: {error}") from None
    click.echo(f"{taken.entries} numbers of {local(checked_at)} are not rung for telephone sales")
    if found.strange:
        click.echo(f"{found.strange} lines are no telephone numbers: {found.examples()}", err=True)


@register.command("show")
@AS_JSON_OBJECT
def show_register(as_json: bool) -> None:
    """Of when the newest reading is, how many numbers it has, and until when telephone sales may rely on it."""
    opened, at = open_installation(installed_settings()), system_clock()
    with opened.store.reading() as session:
        newest = newest_reading(session)
    if newest is None:
        raise click.ClickException("the register was never read: charterline consents register import FILE --by NAME")
    lasts = newest.checked_at + REGISTER_LASTS
    shown = {
        "checked": local(newest.checked_at),
        "imported": local(newest.imported_at),
        "by": newest.imported_by,
        "numbers": newest.entries,
        "lasts_until": local(lasts),
        "is_stale": at > lasts,
    }
    if as_json:
        click.echo(json.dumps(shown, ensure_ascii=False))
        return
    state = "too old: telephone sales are refused" if at > lasts else f"good until {shown['lasts_until']}"
    click.echo(f"{newest.entries} numbers, asked {shown['checked']} by {newest.imported_by}; {state}")
