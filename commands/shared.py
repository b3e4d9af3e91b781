"""What commands of several subjects share: the installation, common options, JSON, and refusals in words."""

import functools
import getpass
import json
from collections.abc import Callable
from datetime import datetime
from typing import ParamSpec, TypeVar

import click

from commands.installation import installed_settings
from commands.opened import Opened, open_installation
from ivr.lines.hours import SEOUL

P = ParamSpec("P")
R = TypeVar("R")

AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
AS_JSON_LIST = click.option("--json", "as_json", is_flag=True, help="Print one JSON list.")
AS_JSON_OBJECT = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
LINE = click.option("--line", "line_id", required=True, help="The line (its id, like kibo).")
OF_LINE = click.option("--line", "line_id", help="Only of this line (its id, like kibo).")


class ToldInWords:
    """Decorates a command: these refusals are told in words, with exit status 1."""

    def __init__(self, *refusals: type[Exception]) -> None:
        self._refusals = refusals

    def __call__(self, command: Callable[P, R]) -> Callable[P, R]:
        """The command that tells them so."""

        @functools.wraps(command)
        def told(*args: P.args, **kwargs: P.kwargs) -> R:
            try:
                return command(*args, **kwargs)
            except self._refusals as error:
                raise click.ClickException(str(error)) from None

        return told


def by_option(*names: str, text: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """The option that says who acts: the account of the operating system where none is given."""
    return click.option(*names, default=getpass.getuser, help=f"{text}; your own account name else.")


def opened() -> Opened:
    """The installation; its database is closed when the command is over."""
    return open_installation(installed_settings())


def local_time(at: datetime) -> str:
    """A moment (aware) by the clock in Seoul, to the minute."""
    return f"{at.astimezone(SEOUL):%Y-%m-%d %H:%M}"


def print_json(entry: object) -> None:
    """Print one JSON value, Korean as it is written."""
    click.echo(json.dumps(entry, ensure_ascii=False))
