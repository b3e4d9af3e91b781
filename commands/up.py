"""`charterline up`: migrate, seed the demo, and hand everything to supervisord."""

import os
import socket
import sys
from typing import NoReturn

import click

from commands.demo import seed
from commands.installation import Installation, complete, make_folders, make_secrets
from commands.migrate import migrate
from commands.processes import control_socket, merged_log, write_configuration
from commands.valkey import NoValkey, server_program
from config.settings import BadSettings, Settings, read_settings


@click.command()
def up() -> None:
    """Start the whole hotline: database, queue, carrier, webhooks, console and workers. Ctrl-C stops it."""
    installation = complete(os.environ)
    try:
        make_folders(installation)
        make_secrets(installation)
        settings = read_settings(installation.environment)
        if installation.own_valkey:
            server_program()
    except (BadSettings, NoValkey, OSError) as error:
        raise click.ClickException(str(error)) from error
    refuse_second_start(installation)
    refuse_taken_ports(installation, settings)
    click.echo(f"Charterline: data in {installation.data_dir}")
    migrate(settings)
    if installation.own_carrier:
        seed(settings)
    _hand_over(installation, settings)


def refuse_second_start(installation: Installation) -> None:
    """Stop with a plain message where this data folder is already served."""
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(str(control_socket(installation)))
        except OSError:
            return
    raise click.ClickException(
        f"The hotline of {installation.data_dir} is already running. Stop it where it was started, "
        "or choose another CHARTERLINE_DATA_DIR and other ports for a second one."
    )


def refuse_taken_ports(installation: Installation, settings: Settings) -> None:
    """Stop with all taken ports and the settings that would change them."""
    wanted = [
        ("CHARTERLINE_WEBHOOKS_PORT", settings.bind_host, settings.webhooks_port),
        ("CHARTERLINE_CONSOLE_PORT", settings.bind_host, settings.console_port),
    ]
    if installation.own_carrier:
        wanted.append(("CHARTERLINE_CARRIER_PORT", "127.0.0.1", settings.carrier_port))
    problems = [problem for place in wanted if (problem := _why_not_free(place))]
    ports = [port for _, _, port in wanted]
    problems += [f"port {port} is asked for twice" for port in sorted({p for p in ports if ports.count(p) > 1})]
    if problems:
        raise click.ClickException("The hotline cannot start:\n" + "\n".join(f"  - {p}" for p in problems))


def _why_not_free(place: tuple[str, str, int]) -> str | None:
    setting, host, port = place
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            # As the servers do: a connection that is still fading away does not count.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        return f"port {port} on {host} cannot be used ({error.strerror}): set {setting} to another one"
    return None


def _hand_over(installation: Installation, settings: Settings) -> NoReturn:
    environment = dict(installation.environment)
    environment.setdefault("PYTHONUNBUFFERED", "1")
    # RQ and every printed time of day mean Korean time; the database and the logs keep UTC.
    environment.setdefault("TZ", "Asia/Seoul")
    if installation.own_carrier:
        environment["CARRIER_ACCOUNT_SID"] = settings.twilio_account_sid
        environment["CARRIER_AUTH_TOKEN"] = settings.auth_tokens[0]
        if settings.aggregator_key:
            secret = settings.aggregator_secret.get_secret_value()
            environment["CARRIER_AGGREGATOR_KEY"] = f"{settings.aggregator_key}:{secret}"
        if settings.softphone == "local":
            secret = settings.twilio_api_key_secret.get_secret_value()
            environment["CARRIER_API_KEY"] = f"{settings.twilio_api_key_sid}:{secret}"
    path = write_configuration(installation)
    log = merged_log(installation)
    click.echo(f"Starting; the log is {'below' if log.startswith('/dev/') else log}. Ctrl-C stops everything.")
    sys.stdout.flush()
    command = [sys.executable, "-m", "supervisor.supervisord", "--nodaemon", "--configuration", str(path)]
    os.execve(sys.executable, command, environment)  # noqa: S606 - the supervisor takes this process over
