"""The shared centre that a command is about: the option that names it, and the only one without it."""

import click

from commands.opened import Opened
from ivr.firms.working import rule_of
from ivr.lines.model import Line

LINE = click.option("--line", "line_id", help="The centre (its id, like ascentre); the only one without it.")


def centre_of(here: Opened, line_id: str | None) -> Line:
    """The centre that is meant; raises `UnknownLine`, `FirmRefused`, or a `UsageError` where several could be."""
    if line_id is not None:
        rule_of(line := here.lines.by_id(line_id))
        return line
    centres = [line for line in here.lines if line.centre is not None]
    if len(centres) != 1:
        names = ", ".join(line.id for line in centres) or "none"
        raise click.UsageError(f"name the centre with --line: lines whose file has [centre] are {names}")
    return centres[0]
