"""What the supervisor starts besides the rooms: the embedded Valkey, and the introduction once all answer."""

import os
import time
from pathlib import Path
from urllib.parse import unquote, urlsplit

import click
import httpx

from commands.demo import introduce
from commands.demo_centre import live_month
from commands.installation import Installation, complete
from commands.opened import open_installation
from commands.valkey import NoValkey, kept_server
from config.clock import system_clock
from config.settings import Settings, read_settings

PATIENCE_SECONDS = 60
PAUSE_SECONDS = 0.25


@click.command("valkey")
def run_valkey() -> None:
    """Run the embedded Valkey on its unix socket, keeping its data in DATA_DIR."""
    settings = read_settings(complete(os.environ).environment)
    parts = urlsplit(settings.redis_url)
    if parts.scheme != "unix":
        raise click.ClickException("CHARTERLINE_REDIS_URL names a server of its own: there is none to start.")
    folder = settings.data_dir / "valkey"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        command = kept_server(Path(unquote(parts.path)), folder)
    except NoValkey as error:
        raise click.ClickException(str(error)) from error
    os.execv(command[0], command)  # noqa: S606 - the server takes this process over


@click.command("introduction")
def run_introduction() -> None:
    """Wait until every room answers, introduce the demo to the carrier, and print where to look."""
    installation = complete(os.environ)
    settings = read_settings(installation.environment)
    addresses = _addresses(installation, settings)
    silent = _still_silent(addresses)
    if silent:
        raise click.ClickException(
            f"After {PATIENCE_SECONDS} s these do not answer: {', '.join(silent)}. The log above says why."
        )
    lines = ["", "The hotline is up.", *(f"  {name:<9} {address}" for name, address in addresses.items())]
    if installation.own_carrier:
        lines += ["", introduce(settings)]
    click.echo("\n".join([*lines, ""]))
    if installation.own_carrier and (written := live_month(open_installation(settings), at=system_clock())):
        click.echo(f"The shared centre has its calls of last month and of this one: {written}.")


def _addresses(installation: Installation, settings: Settings) -> dict[str, str]:
    host = "127.0.0.1" if settings.bind_host == "0.0.0.0" else settings.bind_host  # noqa: S104 - compared
    addresses = {
        "webhooks": f"http://{host}:{settings.webhooks_port}",
        "console": f"http://{host}:{settings.console_port}",
    }
    if installation.own_carrier:
        addresses["carrier"] = f"http://127.0.0.1:{settings.carrier_port}"
    return addresses


def _still_silent(addresses: dict[str, str]) -> list[str]:
    silent = list(addresses)
    with httpx.Client(timeout=2, trust_env=False) as client:
        for _ in range(int(PATIENCE_SECONDS / PAUSE_SECONDS)):
            silent = [name for name in silent if not _answers(client, addresses[name])]
            if not silent:
                break
            time.sleep(PAUSE_SECONDS)
    return silent


def _answers(client: httpx.Client, address: str) -> bool:
    try:
        return client.get(f"{address}/healthz").is_success
    except httpx.HTTPError:
        return False
