"""What the commands about campaigns share: the installation, who acts, errors in words, and JSON."""

import functools
import json
from collections.abc import Callable
from datetime import datetime
from typing import ParamSpec, TypeVar

import click

from commands.courtesy_opened import by_option
from commands.installation import installed_settings
from commands.opened import Opened, open_installation
from config.clock import system_clock
from config.files import SURVEYS, UnreadableFiles, read_folder
from ivr.base import Refused
from ivr.campaigns.checking import Installed, Unfit
from ivr.campaigns.lifecycle import Deed, UnknownCampaign
from ivr.faults import BadData
from ivr.lines.hours import SEOUL
from ivr.lines.model import UnknownLine
from ivr.surveys.kinds import UnknownKind
from ivr.surveys.model import UnknownQuestionnaire

P = ParamSpec("P")
R = TypeVar("R")
REFUSALS = (
    Refused,
    Unfit,
    UnknownCampaign,
    UnknownLine,
    UnknownKind,
    UnknownQuestionnaire,
    BadData,
    UnreadableFiles,
)
Entry = dict[str, object]
LONGEST_BY = 60

AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
BY = by_option("--by", text="Who acts")
CAMPAIGN = click.argument("campaign_id", metavar="CAMPAIGN", type=click.IntRange(1))


def in_words(command: Callable[P, R]) -> Callable[P, R]:
    """Tell what was refused in words, with exit status 1."""

    @functools.wraps(command)
    def told(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except REFUSALS as error:
            raise click.ClickException(str(error)) from None

    return told


def opened() -> Opened:
    """The installation; its database is closed when the command is over."""
    return open_installation(installed_settings())


def installed(ours: Opened) -> Installed:
    """What campaigns are checked against."""
    return Installed(ours.lines, ours.surveys, read_folder(SURVEYS), ours.calendar)


def deed(by: str) -> Deed:
    """What is done now, and by whom; an empty name is no name."""
    if not by.strip():
        raise click.UsageError("--by is empty: say who acts")
    if len(by.strip()) > LONGEST_BY:
        raise click.UsageError(f"--by has more than {LONGEST_BY} characters: a name or an officer's id suffices")
    return Deed(by.strip(), system_clock())


def print_json(entry: object) -> None:
    """Print JSON, Hangul as it is."""
    click.echo(json.dumps(entry, ensure_ascii=False))


def local(at: datetime | None) -> str:
    """A moment in Seoul, to the minute; a dash where there is none."""
    return "-" if at is None else f"{at.astimezone(SEOUL):%Y-%m-%d %H:%M}"


def iso(at: datetime | None) -> str | None:
    """A moment as JSON has it."""
    return None if at is None else at.isoformat()
