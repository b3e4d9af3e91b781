"""The processes of an installation, each started by the Procfile."""

import click

from commands.installation import installed_settings
from commands.started import run_introduction, run_valkey
from config.logging import configure_logging
from config.metrics import process_name, share_figures
from config.settings import read_settings
from config.tracing import begin_tracing
from ivr.numbers import mask_numbers
from workers.kinds import QUEUES


@click.group()
def run() -> None:
    """Run one process of the installation (the Procfile lists them)."""


@run.command("relay")
def run_relay() -> None:
    """Hand out promises that are due, until stopped."""
    settings = read_settings()
    share_figures(settings.data_dir, "relay")
    from workers.main import relay

    configure_logging(settings.log_format, mask=mask_numbers)
    begin_tracing(settings.otlp_endpoint)
    relay(settings)


@run.command("worker")
@click.argument("queue", type=click.Choice(QUEUES))
def run_worker(queue: str) -> None:
    """Keep the promises of one QUEUE, until stopped."""
    settings = read_settings()
    share_figures(settings.data_dir, f"worker-{queue}")
    from workers.main import work

    configure_logging(settings.log_format, mask=mask_numbers)
    begin_tracing(settings.otlp_endpoint)
    work(queue, settings.redis_url)


@run.command("dialler")
def run_dialler() -> None:
    """Ring the people of running campaigns at the carrier's pace, until stopped; several share one pace."""
    settings = read_settings()
    share_figures(settings.data_dir, "dialler")
    from workers.dialler_process import dial

    configure_logging(settings.log_format, mask=mask_numbers)
    begin_tracing(settings.otlp_endpoint)
    dial(settings)


@run.command("alive")
@click.argument("process", required=False)
def is_alive(process: str | None) -> None:
    """Whether PROCESS (relay, dialler, worker-calls ...; the one of this container else) gave a sign of life on this
    host within 30 s: status 1 where it did not. For health checks."""
    from redis.exceptions import RedisError

    from commands.doctor_redis import lives_here

    name = process or process_name()
    try:
        alive = lives_here(installed_settings(), name)
    except RedisError as error:
        raise click.ClickException(f"Redis does not answer ({type(error).__name__}): nothing is known") from None
    if not alive:
        raise click.ClickException(f"no {name} on this host gave a sign of life within 30 s")
    click.echo(f"{name} is alive")


for process in (run_valkey, run_introduction):
    run.add_command(process)
