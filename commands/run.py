"""The processes of an installation, each started by the Procfile."""

import click

from commands.started import run_introduction, run_valkey
from config.logging import configure_logging
from config.settings import read_settings
from ivr.numbers import mask_numbers
from workers.kinds import QUEUES


@click.group()
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


@run.command("dialler")
def run_dialler() -> None:
    """Ring the people of running campaigns at the carrier's pace, until stopped; several share one pace."""
    from workers.dialler_process import dial

    settings = read_settings()
    configure_logging(settings.log_format, mask=mask_numbers)
    dial(settings)


for process in (run_valkey, run_introduction):
    run.add_command(process)
