"""The one command line of Charterline."""

import logging
import sys

import click

from commands.agents import agents
from commands.call import call
from commands.calls import calls
from commands.charter import charter
from commands.conduct import incidents
from commands.courtesy import courtesy
from commands.docs import docs
from commands.figures import figures
from commands.judge import judge
from commands.line import line
from commands.migrate import migrate_command
from commands.openings import openings
from commands.report import report
from commands.simulate import simulate
from commands.started import run_introduction, run_valkey
from commands.up import up
from config.logging import configure_logging
from config.settings import BadSettings, read_settings
from ivr.numbers import mask_numbers
from workers.kinds import QUEUES


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
def cli() -> None:
    """The telephone hotline that keeps its service charter and can prove it.

    \b
    Start everything here:            charterline up
    Ring a line with scripted people: charterline call 1544-1120 --press 1 --talk 8
    See what was recorded:            charterline calls list, charterline calls show ID
    Who takes calls, and where:       charterline agents list
    Check and play the lines:         charterline line check, charterline line walk 1544-1120
    What was promised to customers:   charterline charter show --institution kibo
    What was heard of a greeting:     charterline openings list --needs-review
    Publish how a charter was kept:   charterline report charter --institution kibo --quarter 2026Q4 --output kibo.html
    Judge stored calls again:         charterline judge --all --json
    Figures, and calls behind them:   charterline figures show --line kibo --from 2026-11-01 --to 2026-11-30
    Survey telephone courtesy:        charterline courtesy --help
    A day of calls in virtual time:   charterline simulate day --seed 1 --calls 1000

    Settings are CHARTERLINE_* variables (docs/settings.md). Commands that read take --json.
    """
    # What is logged must not stand among what a command prints. Processes set their own logging as they start.
    configure_logging("text", mask=mask_numbers)
    logging.getLogger().setLevel(logging.WARNING)


@cli.group()
def run() -> None:
    """Run one process of the installation (the Procfile lists them)."""


@run.command("relay")
def run_relay() -> None:
    """Hand out promises that are due, until stopped."""
    from workers.main import relay

    settings = read_settings()
    configure_logging(settings.log_format, mask=mask_numbers)
    relay(settings)


@run.command("worker")
@click.argument("queue", type=click.Choice(QUEUES))
def run_worker(queue: str) -> None:
    """Keep the promises of one QUEUE, until stopped."""
    from workers.main import work

    settings = read_settings()
    configure_logging(settings.log_format, mask=mask_numbers)
    work(queue, settings.redis_url)


for command in (
    *(up, call, calls, incidents, agents, line, charter),
    *(courtesy, figures, judge, openings, report, simulate, migrate_command, docs),
):
    cli.add_command(command)
for process in (run_valkey, run_introduction):
    run.add_command(process)


def main() -> None:
    """Run the command line; wrong settings are told in words, with exit status 1."""
    try:
        cli(prog_name="charterline")
    except BadSettings as error:
        click.echo(str(error), err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
