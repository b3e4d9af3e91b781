"""The pages of docs/ that are written from the code, so that they cannot grow old."""

import typing

import click
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from commands.case_table import write_case_table
from commands.installation import ROOT
from commands.licences import write_licences
from commands.states import write_states
from config.settings import PREFIX, Settings

SETTINGS_PAGE = ROOT / "docs" / "settings.md"
HEAD = """\
# Settings

Written by `charterline docs settings` from `config/settings.py`; do not edit by hand.

Every setting is an environment variable. Each may also be given as a file: `NAME_FILE` holds the path.
All problems are named at once when a process starts. `./bin/up` fills in what the embedded demo needs:
a SQLite file, a Valkey on a unix socket, the local carrier and made-up secrets, all in `DATA_DIR`. Secrets
are made up only while neither `CHARTERLINE_TWILIO_API_URL` nor `CHARTERLINE_TWILIO_ACCOUNT_SID` is set.

| Variable | Default | Meaning |
|---|---|---|
"""
TAIL = """
Gunicorn's own variables hold as well: `WEB_CONCURRENCY` (processes) and `GUNICORN_CMD_ARGS` (anything else).
"""


def settings_page() -> str:
    """Return the page about every setting, in the order of `Settings`."""
    rows = (_row(name, field) for name, field in Settings.model_fields.items())
    return HEAD + "".join(rows) + TAIL


@click.group()
def docs() -> None:
    """Write the pages of docs/ that come from the code."""


@docs.command("settings")
def write_settings() -> None:
    """Write docs/settings.md."""
    SETTINGS_PAGE.write_text(settings_page(), encoding="utf-8")
    click.echo(f"Wrote {SETTINGS_PAGE.relative_to(ROOT)}.")


docs.add_command(write_states)
docs.add_command(write_case_table)
docs.add_command(write_licences)


def _row(name: str, field: FieldInfo) -> str:
    default = "(required)" if field.default is PydanticUndefined else f"`{_plain(field.default)}`"
    choices = typing.get_args(field.annotation) if typing.get_origin(field.annotation) is typing.Literal else ()
    meaning = (field.description or "") + (f" ({' or '.join(map(str, choices))})" if choices else "")
    return f"| `{PREFIX}{name.upper()}` | {default} | {meaning.replace('|', '/')} |\n"


def _plain(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
