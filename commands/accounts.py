"""`charterline accounts`: who may sign in at the console, with which roles, and whether the log of access is whole."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import click

from commands.accounts_acting import ACTS
from commands.accounts_shown import account_entry, session_entry, told
from commands.installation import installed_settings
from commands.opened import open_installation
from commands.shared import AS_JSON_LIST, LINE
from config.clock import system_clock
from config.files import COMMON_PASSWORDS, read_words
from ivr.accounts.access_log import first_broken
from ivr.accounts.keeping import BadAccount, Hand, LastAdministrator, NewAccount, grant, known_account, make_account
from ivr.accounts.keeping import revoke as take_away
from ivr.accounts.keeping import set_password as keep_password
from ivr.accounts.listing import Wanted, listed
from ivr.accounts.passwords import Passwords, temporary_password
from ivr.accounts.rows import Role
from ivr.accounts.sessions import sessions_of
from ivr.lines.model import Line, UnknownLine

ROLES = click.Choice([role.value for role in Role])
BY = "command"
GOOD = "take ten signs or more, without your name, that nobody would guess"


@click.group()
def accounts() -> None:
    """Keep the accounts of people who work at the console (docs/accounts.md)."""


@accounts.command("make")
@click.argument("account_id")
@click.option("--name", help="The person's name; without it the log-in name.")
@click.option("--role", required=True, type=ROLES, help="What the person may do on the lines.")
@click.option("--line", "line_ids", multiple=True, required=True, help="A line (its id, like kibo); once for each.")
@click.option("--firm", default="", help="The client firm (its id) of somebody in the role firm, on a centre's line.")
@click.option("--officer", help="The id of this person in the directory; agents need one.")
@click.option("--provider", is_flag=True, help="Signs in by single sign-on only, without a password here.")
@click.option("--ask", is_flag=True, help="Ask for the password here, without showing it, instead of making one up.")
def make_one(account_id: str, role: str, line_ids: Sequence[str], **given: str | bool | None) -> None:
    """Make an account with a role on one or more lines, and print its temporary password."""
    opened, name = open_installation(installed_settings()), str(given["name"] or account_id)
    password, is_told = ("", False) if given["provider"] else _password(account_id, name, asks=bool(given["ask"]))
    officer = str(given["officer"]) if given["officer"] else None
    hashed = Passwords().hashed(password) if password else None
    hand = Hand(BY, system_clock())
    with _refusals(), opened.store.transaction() as session:
        lines = [opened.lines.by_id(line) for line in line_ids]
        new = NewAccount(account_id, name, hashed, officer, is_temporary=is_told)
        account = make_account(session, new, hand)
        for line in lines:
            grant(session, account, (line.id, Role(role)), hand=hand, firm=_firm(line, str(given["firm"])))
    click.echo(f"{account_id} is {role} on {', '.join(line_ids)}")
    if is_told:
        _tell(password)


@accounts.command("list")
@click.option("--line", "line_ids", multiple=True, help="Only accounts with a role on this line; once for each.")
@AS_JSON_LIST
def list_accounts(line_ids: Sequence[str], as_json: bool) -> None:
    """List accounts: roles, how each stands, and when it was used last."""
    opened, at = open_installation(installed_settings()), system_clock()
    with opened.store.reading() as session:
        entries = [account_entry(one) for one in listed(session, Wanted(line_ids or None), at=at)]
    _show(entries, as_json)


@accounts.command("grant")
@click.argument("account_id")
@click.option("--role", required=True, type=ROLES)
@LINE
@click.option("--firm", default="", help="The client firm (its id) that the role firm is of.")
def give(account_id: str, role: str, line_id: str, firm: str) -> None:
    """Give an account a role on a line."""
    opened, hand = open_installation(installed_settings()), Hand(BY, system_clock())
    with _refusals(), opened.store.transaction() as session:
        line = opened.lines.by_id(line_id)
        account = known_account(session, account_id)
        is_new = grant(session, account, (line.id, Role(role)), hand=hand, firm=_firm(line, firm))
    click.echo(f"{account_id} {'is now' if is_new else 'was already'} {role} on {line_id}")


@accounts.command("revoke")
@click.argument("account_id")
@click.option("--role", required=True, type=ROLES)
@LINE
def revoke(account_id: str, role: str, line_id: str) -> None:
    """Take a role on a line away; the last administrator of a line keeps it."""
    opened, hand = open_installation(installed_settings()), Hand(BY, system_clock())
    with _refusals(), opened.store.transaction() as session:
        was_held = take_away(session, known_account(session, account_id), (line_id, Role(role)), hand=hand)
    click.echo(f"{account_id} {'is no longer' if was_held else 'was not'} {role} on {line_id}")


@accounts.command("password")
@click.argument("account_id")
@click.option("--ask", is_flag=True, help="Ask for the password here, without showing it, instead of making one up.")
def password(account_id: str, ask: bool) -> None:
    """Give an account a temporary password, print it, and end its sessions."""
    opened, hand = open_installation(installed_settings()), Hand(BY, system_clock())
    chosen, is_told = _password(account_id, account_id, asks=ask)
    hashed = Passwords().hashed(chosen)
    with _refusals(), opened.store.transaction() as session:
        keep_password(session, known_account(session, account_id), hashed, hand=hand)
    click.echo(f"{account_id} has a new password, to be changed at the next sign-in")
    if is_told:
        _tell(chosen)


@accounts.command("sessions")
@click.argument("account_id")
@AS_JSON_LIST
def list_sessions(account_id: str, as_json: bool) -> None:
    """List where an account is signed in."""
    opened, at = open_installation(installed_settings()), system_clock()
    with _refusals(), opened.store.reading() as session:
        known_account(session, account_id)
        entries = [session_entry(one) for one in sessions_of(session, account_id, at=at)]
    _show(entries, as_json)


@accounts.command("check-log")
@click.option("--line", "line_ids", multiple=True, help="Only the log of this line; once for each.")
@AS_JSON_LIST
def check_log(line_ids: Sequence[str], as_json: bool) -> None:
    """Go through the log of who saw personal data: is every entry there, as it was written?"""
    opened = open_installation(installed_settings())
    with _refusals(), opened.store.reading() as session:
        lines = [opened.lines.by_id(line).id for line in line_ids] or [line.id for line in opened.lines]
        broken = {line: first_broken(session, line) for line in lines}
    if as_json:
        click.echo(json.dumps([{"line": line, "broken_at": place} for line, place in broken.items()]))
    for line, place in broken.items() if not as_json else ():
        click.echo(f"{line:<12} {'whole' if place is None else f'broken from entry {place} on'}")
    if any(place is not None for place in broken.values()):
        raise click.ClickException("an entry is missing or was changed: compare with a backup of the database")


for act in ACTS:
    accounts.add_command(act)


def _firm(line: Line, firm: str) -> str:
    """The firm as it is given; raises `BadAccount` for one that the line has not."""
    if firm and firm not in line.firms:
        known = ", ".join(line.firms) or "none"
        raise BadAccount("firm", f"{line.id} has no client firm {firm!r}: known are {known}")
    return firm


@contextmanager
def _refusals() -> Iterator[None]:
    try:
        yield
    except (BadAccount, LastAdministrator, UnknownLine) as error:
        raise click.ClickException(str(error)) from None


def _password(account_id: str, name: str, *, asks: bool) -> tuple[str, bool]:
    """A password, and whether it must be told: one that was typed is known."""
    if not asks:
        return temporary_password(), True
    typed = str(click.prompt("Password", hide_input=True, confirmation_prompt=True))
    weak = Passwords(common=read_words(COMMON_PASSWORDS)).weakness(typed, account_id=account_id, name=name)
    if weak is not None:
        raise click.ClickException(f"this password will not do ({weak.value}): {GOOD}")
    return typed, False


def _tell(password: str) -> None:
    click.echo(password)
    click.echo("This is the temporary password: hand it over now, it is not shown again.", err=True)


def _show(entries: Sequence[dict[str, object]], as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(entries, ensure_ascii=False))
        return
    for entry in entries:
        click.echo(told(entry))
