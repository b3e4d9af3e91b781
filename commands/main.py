"""The one command line of Charterline."""

import importlib
import logging
import sys
from collections.abc import Mapping
from typing import cast

import click

from config.logging import configure_logging
from config.settings import BadSettings
from ivr.numbers import mask_numbers

# Where each command stands: it is imported when it is named, so that none waits for what the others need.
COMMANDS: Mapping[str, str] = {
    "access": "commands.access:access",
    "accounts": "commands.accounts:accounts",
    "agents": "commands.agents:agents",
    "audiences": "commands.audiences:audiences",
    "backup": "commands.backup:backup",
    "bills": "commands.bills:bills",
    "bookings": "commands.bookings:bookings",
    "call": "commands.call:call",
    "callbacks": "commands.callbacks:callbacks",
    "calls": "commands.calls:calls",
    "campaigns": "commands.campaigns:campaigns",
    "cases": "commands.cases:cases",
    "charter": "commands.charter:charter",
    "consents": "commands.consents:consents",
    "courtesy": "commands.courtesy:courtesy",
    "directory": "commands.directory:directory",
    "docs": "commands.docs:docs",
    "doctor": "commands.doctor:doctor",
    "documents": "commands.documents:documents",
    "editions": "commands.editions:editions",
    "figures": "commands.figures:figures",
    "firms": "commands.firms:firms",
    "incidents": "commands.conduct:incidents",
    "intake": "commands.intake:intake",
    "judge": "commands.judge:judge",
    "keep": "commands.keep:keep",
    "keys": "commands.keys:keys",
    "knowledge": "commands.knowledge:knowledge",
    "line": "commands.line:line",
    "messages": "commands.messages:messages",
    "migrate": "commands.migrate:migrate_command",
    "openings": "commands.openings:openings",
    "optouts": "commands.optouts:optouts",
    "repairs": "commands.repairs:repairs",
    "report": "commands.report:report",
    "restore": "commands.restore:restore",
    "run": "commands.run:run",
    "simulate": "commands.simulate:simulate",
    "staffing": "commands.staffing:staffing",
    "statement": "commands.statement:statement",
    "survey": "commands.survey:survey",
    "tokens": "commands.tokens:tokens",
    "up": "commands.up:up",
}


class Commands(click.Group):
    """The commands by name; only the help of all of them imports all of them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every name, in the order of the alphabet."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, None where there is none."""
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name].partition(":")
        return cast(click.Command, getattr(importlib.import_module(module), name))


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
def cli() -> None:
    """The telephone hotline that keeps its service charter and can prove it.

    \b
    Start everything here:            charterline up
    Ring a line with scripted people: charterline call 1544-1120 --press 1 --talk 8
    See what was recorded:            charterline calls list, charterline calls show ID
    Who waits for a call from us:     charterline callbacks list --open
    Papers, and who is told of them:  charterline documents list --owed
    Who takes calls, and where:       charterline agents list
    Who is in charge of what:         charterline directory search 보증
    Check and play the lines:         charterline line check, charterline line walk 1544-1120
    What was promised to customers:   charterline charter show --institution kibo
    What became of text messages:     charterline messages list --state failed
    What was heard of a greeting:     charterline openings list --needs-review
    Publish how a charter was kept:   charterline report charter --institution kibo --quarter 2026Q4 --output kibo.html
    Opinions and complaints, by date: charterline cases list, charterline cases --help
    Judge stored calls again:         charterline judge --all --json
    Figures, and calls behind them:   charterline figures show --line kibo --from 2026-11-01 --to 2026-11-30
    Survey telephone courtesy:        charterline courtesy --help
    Happy calls and surveys:          charterline campaigns --help, charterline survey walk happy-kibo
    A day of calls in virtual time:   charterline simulate day --seed 1 --calls 1000
    Consultations that were booked:   charterline bookings list
    Lists of people for campaigns:    charterline audiences --help
    Who agreed to what, and refused:  charterline consents show 010-1000-0001, charterline optouts list
    Who signs in, and saw whose data: charterline accounts list, charterline access review --line kibo
    Let other systems use the API:    charterline tokens add NAME --line kibo --scope documents:write
    An hour of callbacks, every step: charterline simulate hour --seed 1
    Worlds in which all goes wrong:   charterline simulate world --seed 1 --count 10
    Change words, days and hours:     charterline editions --help
    How long data is kept, and holds: charterline keep --help
    Change the sealing key:           charterline keys --help
    A copy of everything, and back:   charterline backup FILE, charterline restore FILE
    What a client firm owes:          charterline statement --firm hanbit --month 2026-10
    What is wrong here, and the cure: charterline doctor
    Enough agents at the peak:        charterline staffing --help

    Settings are CHARTERLINE_* variables (docs/settings.md). Commands that read take --json.
    """
    _log_little()


def _log_little() -> None:
    # What is logged must not stand among what a command prints. Processes set their own logging as they start.
    configure_logging("text", mask=mask_numbers)
    logging.getLogger().setLevel(logging.WARNING)


def main() -> None:
    """Run the command line; wrong settings are told in words, with exit status 1."""
    try:
        cli(prog_name="charterline")
    except BadSettings as error:
        click.echo(str(error), err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
