"""What the commands about campaigns share: the installation, who acts, errors in words, and JSON."""

from datetime import datetime

import click

from commands.opened import Opened
from commands.shared import ToldInWords, by_option, local_time
from config.clock import system_clock
from config.files import SURVEYS, UnreadableFiles, read_folder
from ivr.base import Refused
from ivr.campaigns.checking import Installed, Unfit
from ivr.campaigns.lifecycle import Deed, UnknownCampaign
from ivr.faults import BadData
from ivr.lines.model import UnknownLine
from ivr.surveys.kinds import UnknownKind
from ivr.surveys.model import UnknownQuestionnaire

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

in_words = ToldInWords(*REFUSALS)
BY = by_option("--by", text="Who acts")
CAMPAIGN = click.argument("campaign_id", metavar="CAMPAIGN", type=click.IntRange(1))


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


def local(at: datetime | None) -> str:
    """A moment in Seoul, to the minute; a dash where there is none."""
    return "-" if at is None else local_time(at)


def iso(at: datetime | None) -> str | None:
    """A moment as JSON has it."""
    return None if at is None else at.isoformat()
