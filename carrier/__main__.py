"""Starts the carrier as a process: python -m carrier --port 8082 --account-sid AC... --auth-token ..."""

from __future__ import annotations

import logging
import os
import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import click

from carrier.app import create_app
from carrier.options import Account, Options
from carrier.realtime import RealtimeCarrier
from carrier.serving import Serving

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication


@dataclass(frozen=True)
class Arguments:
    """What the process is started with."""

    host: str
    port: int
    account_sid: str
    auth_token: str = field(repr=False)
    api_key: str = field(repr=False)
    aggregator_key: str = field(repr=False)
    seed: int | None
    cps: float
    rest_rate: float
    syllables_per_second: float


@click.command(context_settings={"auto_envvar_prefix": "CARRIER"})
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8082, show_default=True, help="Port to listen on.")
@click.option("--account-sid", required=True, help="The account's sid, AC and 32 hexadecimal digits.")
@click.option("--auth-token", required=True, help="The account's auth token; better given as CARRIER_AUTH_TOKEN.")
@click.option("--api-key", default="", help="SK...:SECRET, a key that may be used instead of the token.")
@click.option("--aggregator-key", default="", help="KEY:SECRET of the aggregator of texts; it lets nobody in without.")
@click.option("--seed", type=int, help="Seed of ids, delays and faults; a random one by default.")
@click.option("--cps", default=30.0, show_default=True, help="Calls per second that leave the queue.")
@click.option("--rest-rate", default=0.0, help="REST requests per second before 429; 0 means no limit.")
@click.option("--syllables-per-second", default=7.0, show_default=True, help="How fast texts are spoken.")
def main(**given: Any) -> None:  # Any: click hands over each option in its own type
    """A local carrier that speaks Twilio's protocol. Every option can be set as CARRIER_NAME."""
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    run(Arguments(**given))


def run(arguments: Arguments) -> None:
    """Serve until the process is told to end."""
    address = f"{arguments.host}:{arguments.port}"
    key_sid, _, key_secret = arguments.api_key.partition(":")
    aggregator_key, _, aggregator_secret = arguments.aggregator_key.partition(":")
    account = Account(
        arguments.account_sid, arguments.auth_token, key_sid, key_secret, aggregator_key, aggregator_secret
    )
    options = Options(
        syllables_per_second=arguments.syllables_per_second,
        cps=arguments.cps,
        rest_rate=arguments.rest_rate,
        public_url=f"http://{address}",
    )
    seed = secrets.randbits(64) if arguments.seed is None else arguments.seed

    def make() -> WSGIApplication:
        carrier = RealtimeCarrier(account=account, seed=seed, options=options)
        carrier.start()
        return create_app(carrier.gate)

    click.echo(f"carrier on http://{address} (process {os.getpid()})", err=True)
    Serving(address, make).run()


if __name__ == "__main__":
    main()
