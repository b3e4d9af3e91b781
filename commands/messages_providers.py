"""`charterline messages providers`: who carries the texts, how well, and which part each is given."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta

import click
from sqlalchemy.orm import Session

from commands.installation import installed_settings
from commands.messages_shown import Entry
from commands.opened import open_installation
from commands.shared import AS_JSON_LIST
from config.clock import system_clock
from ivr.messages.providers import Providers
from ivr.messages.shares import Seen, trouble
from ivr.messages.weighing import free_share, median_seconds, seen_of, set_share
from workers.providers.access import providers_of


@click.group("providers", invoke_without_command=True)
@AS_JSON_LIST
@click.pass_context
def providers(context: click.Context, *, as_json: bool) -> None:
    """Show who carries the texts: share, failures, lateness and median delivery time."""
    if context.invoked_subcommand is None:
        _show(as_json=as_json)


@providers.command("set")
@click.argument("name")
@click.option("--share", required=True, type=click.IntRange(0, 100), help="Its part of a hundred; 0 takes it out.")
def set_provider(name: str, share: int) -> None:
    """Give a provider this part, whatever is seen of it, until `free`."""
    _change(name, lambda session, known, at: set_share(session, known, name, share=share, at=at))


@providers.command("free")
@click.argument("name")
def free_provider(name: str) -> None:
    """Let a provider's part move by what is seen of it again."""
    _change(name, lambda session, known, at: free_share(session, known, name, at=at))


def _change(name: str, act: Callable[[Session, Providers, datetime], None]) -> None:
    settings = installed_settings()
    known = providers_of(settings)
    if name not in known.providers:
        raise click.ClickException(f"no provider is called {name}: in use are {', '.join(known.providers)}")
    with open_installation(settings).store.transaction() as session:
        act(session, known, system_clock())
    _show(as_json=False)


def _show(*, as_json: bool) -> None:
    settings = installed_settings()
    known, at = providers_of(settings), system_clock()
    with open_installation(settings).store.transaction() as session:
        entries = [_entry(session, known, seen, at) for seen in seen_of(session, known, at=at)]
    click.echo(json.dumps(entries) if as_json else "\n".join(_row(entry) for entry in entries))


def _entry(session: Session, known: Providers, seen: Seen, at: datetime) -> Entry:
    window = timedelta(minutes=known.rules.window_minutes)
    return {
        "provider": seen.name,
        "share": seen.share,
        "usual": seen.usual,
        "fixed": seen.fixed,
        "trouble": trouble(seen, known.rules),
        "carries": known[seen.name].carries,
        "orders": seen.orders,
        "failed_percent": round(100 * seen.failures / seen.orders, 1) if seen.orders else None,
        "slow_percent": round(100 * seen.slow / seen.timed, 1) if seen.timed else None,
        "median_seconds": median_seconds(session, seen.name, since=at - window),
        "window_minutes": known.rules.window_minutes,
    }


def _row(entry: Entry) -> str:
    part = f"{entry['share']:>3} of 100" + (", fixed" if entry["fixed"] else f", usually {entry['usual']}")
    if not entry["orders"]:
        return f"{entry['provider']:<8} {part}; no orders in {entry['window_minutes']} min"
    median = f"{entry['median_seconds']} s" if entry["median_seconds"] is not None else "-"
    slow = f", {entry['slow_percent']} % late" if entry["slow_percent"] is not None else ""
    return (
        f"{entry['provider']:<8} {part}; {entry['orders']} orders in {entry['window_minutes']} min, "
        f"{entry['failed_percent']} % failed{slow}, median delivery {median}"
    )
