"""`charterline accounts`: acts on a whole account, each one word and a name."""

from collections.abc import Callable
from typing import Final

import click
from sqlalchemy.orm import Session

from commands.installation import installed_settings
from commands.opened import open_installation
from config.clock import system_clock
from ivr.accounts.keeping import (
    BadAccount,
    Hand,
    LastAdministrator,
    disable,
    enable,
    end_sessions,
    known_account,
    link_officer,
    take_factor,
    unlock,
)
from ivr.accounts.rows import Account

Act = Callable[[Session, Account, Hand], object]
BY: Final = "command"


@click.command("disable")
@click.argument("account_id")
def disable_one(account_id: str) -> None:
    """Let nobody in under an account, and end its sessions."""
    _act(account_id, disable, "is disabled")


@click.command("enable")
@click.argument("account_id")
def enable_one(account_id: str) -> None:
    """Let a disabled account in again."""
    _act(account_id, enable, "may sign in again")


@click.command("unlock")
@click.argument("account_id")
def unlock_one(account_id: str) -> None:
    """Let somebody try at once who failed too often."""
    _act(account_id, unlock, "may try at once")


@click.command("end")
@click.argument("account_id")
def end(account_id: str) -> None:
    """End every session of an account."""
    _act(account_id, end_sessions, "is signed out everywhere")


@click.command("reset-factor")
@click.argument("account_id")
def reset_factor(account_id: str) -> None:
    """Take a second factor away, as after a lost telephone."""
    _act(account_id, take_factor, "has no second factor")


@click.command("link")
@click.argument("account_id")
@click.argument("officer_id", required=False)
def link(account_id: str, officer_id: str | None) -> None:
    """Say who of the directory an account belongs to (OFFICER_ID); nobody without one."""

    def linking(session: Session, account: Account, hand: Hand) -> None:
        link_officer(session, account, officer_id, hand=hand)

    _act(account_id, linking, f"belongs to {officer_id or 'nobody of the directory'}")


ACTS: Final = (disable_one, enable_one, unlock_one, end, reset_factor, link)


def _act(account_id: str, act: Act, said: str) -> None:
    opened = open_installation(installed_settings())
    try:
        with opened.store.transaction() as session:
            act(session, known_account(session, account_id), Hand(BY, system_clock()))
    except (BadAccount, LastAdministrator) as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"{account_id} {said}")
