"""Searches an installation for what leaked: `python -m tests.fuzz.installed LOG...` (docs/security.md)."""

import base64
import sys
from collections.abc import Iterator
from pathlib import Path

import click
from pydantic import SecretStr

from commands.installation import installed_settings
from config.settings import Settings
from ivr.sealing import Keyring
from ivr.store import make_engine
from tests.fuzz.leaks import Piece, Sought, in_database, in_files, in_redis, seek_what_is_sealed

# Where what is sought may lie: closed to others, and deleted when it was read.
MEANT_TO_HOLD = ("secrets", "uploads")


@click.command()
@click.argument("logs", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--secrets", type=click.File(), help="A line for each: cookies, tokens, codes that were used meanwhile.")
@click.option("--number", "numbers", multiple=True, help="One that was used and is kept nowhere, in E.164.")
def search(logs: tuple[Path, ...], secrets: Iterator[str] | None, numbers: tuple[str, ...]) -> None:
    """Search the LOGs, the data folder, Redis and the database of the installation that the environment names.

    Sought are all its secrets and all numbers and longer texts that its database holds sealed. Ends with 1 where
    anything is found, and names what and where, never the thing itself.
    """
    settings, sought = installed_settings(), Sought()
    keyring = Keyring.from_secrets(settings.secret_keys.get_secret_value())
    engine = make_engine(settings.database_url, keyring=keyring)
    _seek_settings(sought, settings)
    for number in numbers:
        sought.number(number)
    for line in secrets or ():
        if line.strip():
            sought.secret(line.strip(), "a secret that was given")
    seek_what_is_sealed(sought, engine)
    sizes: dict[str, int] = {}
    leaks = sought.found_in(_counted(_everywhere(settings, logs), sizes))
    click.echo(f"sought {sought.count} in " + ", ".join(f"{size:,} bytes of {where}" for where, size in sizes.items()))
    for leak in leaks:
        click.echo(f"LEAK  {leak.what}  in  {leak.where}")
    sys.exit(1 if leaks else 0)


def _seek_settings(sought: Sought, settings: Settings) -> None:
    for name in Settings.model_fields:
        value = getattr(settings, name)
        if isinstance(value, SecretStr) and name != "secret_keys":
            for part in filter(None, value.get_secret_value().split(",")):
                sought.secret(part.strip(), name)
    for entry in settings.secret_keys.get_secret_value().split(","):
        _, _, key = entry.strip().partition(":")
        sought.secret(key, "a key as it is set")
        sought.secret(base64.b64decode(key.replace("-", "+").replace("_", "/")), "a key")
    for path in sorted((settings.data_dir / MEANT_TO_HOLD[0]).glob("*_password")):
        sought.secret(path.read_text(encoding="ascii").strip(), path.name)


def _everywhere(settings: Settings, logs: tuple[Path, ...]) -> Iterator[tuple[str, Piece]]:
    for log in logs:
        yield "logs", (str(log), log.read_bytes())
    but = [settings.data_dir / name for name in MEANT_TO_HOLD]
    yield from (("files", piece) for piece in in_files(settings.data_dir, but=but))
    yield from (("Redis", piece) for piece in in_redis(settings.redis_url))
    yield from (("columns", piece) for piece in in_database(make_engine(settings.database_url, keyring=None)))


def _counted(pieces: Iterator[tuple[str, Piece]], sizes: dict[str, int]) -> Iterator[Piece]:
    for kind, piece in pieces:
        sizes[kind] = sizes.get(kind, 0) + len(piece[1])
        yield piece


if __name__ == "__main__":
    search()
