"""Bring the database to the newest revision."""

import click
from alembic import command
from alembic.config import Config

from commands.installation import ROOT, installed_settings
from config.settings import Settings
from ivr.sealing import Keyring
from ivr.store import make_engine


def migrate(settings: Settings, revision: str = "head") -> None:
    """Upgrade the database of `settings` to `revision`; safe to run from several hosts at once."""
    engine = make_engine(settings.database_url, keyring=Keyring.from_secrets(settings.secret_keys.get_secret_value()))
    try:
        config = Config(toml_file=str(ROOT / "pyproject.toml"))
        config.attributes["engine"] = engine
        command.upgrade(config, revision)
    finally:
        engine.dispose()


@click.command("migrate")
@click.argument("revision", default="head")
def migrate_command(revision: str) -> None:
    """Bring the database to the newest REVISION."""
    migrate(installed_settings(), revision)
    click.echo(f"The database is at {revision}.")
