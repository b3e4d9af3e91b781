"""`charterline keys`: change the key that seals personal data, while everything runs."""

import json
from collections import Counter

import click

from commands.installation import installed_settings
from commands.opened import Opened, open_installation
from config.recordings import Recordings
from config.settings import PREFIX
from ivr.keeping.resealing import UNKNOWN, reseal_piece, reseal_sounds, sealed_columns, sounds_by_key, values_by_key
from ivr.keeping.tables import all_tables
from ivr.sealing import CannotOpen

FILES = "recordings"


@click.group()
def keys() -> None:
    """Change the key that seals personal data, and see what is sealed with which (docs/security.md).

    The key `index` cannot be changed: numbers are found by it, links that we gave out are signed with it, and the logs
    of access and of erasure are chained with it. Sealed values do not depend on it.
    """


@keys.command("status")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object: values by place and key.")
def status(as_json: bool) -> None:
    """Show how many sealed values there are under each key."""
    opened = open_installation(installed_settings())
    found = _counted(opened)
    if as_json:
        click.echo(json.dumps({place: +one for place, one in found.items()}, ensure_ascii=False))
        return
    for place, one in found.items():
        if one.total():
            click.echo(f"{place:<28} " + "  ".join(f"{key} {number}" for key, number in one.items() if number))
    _tell(opened, found)


@keys.command("rotate")
def rotate() -> None:
    """Seal everything anew that is not under the current key; a run that was cut off is simply run again.

    Before it, give every process the new key: first as the last entry of SECRET_KEYS, so that all can open with it,
    and, when all have restarted, as the first, so that it seals.
    """
    opened = open_installation(installed_settings())
    keyring, done = opened.store.keyring, 0
    try:
        for sealed in sealed_columns(all_tables()):
            piece, here = 1, 0
            while piece:
                with opened.store.transaction() as session:
                    piece = reseal_piece(session, sealed, keyring)
                here += piece
            done += here
            if here:
                click.echo(f"{sealed.place:<28} {here} sealed anew", err=True)
        with opened.store.reading() as session:
            sounds = sum(1 for _ in reseal_sounds(session, Recordings(opened.settings.data_dir), keyring))
    except CannotOpen as error:
        raise click.ClickException(f"{error}. {done} values were sealed anew before it.") from None
    click.echo(f"{done} values and {sounds} {FILES} were sealed anew with {keyring.current}.")
    _tell(opened, _counted(opened))


def _counted(opened: Opened) -> dict[str, Counter[str]]:
    keyring = opened.store.keyring
    with opened.store.reading() as session:
        found = {one.place: values_by_key(session, one, keyring) for one in sealed_columns(all_tables())}
        return found | {FILES: sounds_by_key(session, Recordings(opened.settings.data_dir), keyring)}


def _tell(opened: Opened, found: dict[str, Counter[str]]) -> None:
    keyring, whole = opened.store.keyring, sum(found.values(), Counter[str]())
    if whole[UNKNOWN]:
        raise click.ClickException(
            f"{whole[UNKNOWN]} values are sealed with a key that is not in {PREFIX}SECRET_KEYS: put it back, at the end"
        )
    idle = [key_id for key_id in keyring.key_ids if key_id != keyring.current and not whole[key_id]]
    waiting = [key_id for key_id in keyring.key_ids if key_id != keyring.current and whole[key_id]]
    if waiting:
        click.echo(f"{keyring.current} seals. Still needed: {', '.join(waiting)}; `charterline keys rotate` ends that.")
    if idle:
        click.echo(
            f"No longer needed here: {', '.join(idle)}. Take it out of {PREFIX}SECRET_KEYS once no backup needs it."
        )
    if not (idle or waiting):
        click.echo(f"Everything is sealed with {keyring.current}, the only key.")
