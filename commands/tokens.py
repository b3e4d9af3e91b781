"""`charterline tokens`: who may use the REST API, for which line, for what and until when."""

import json
from datetime import datetime
from typing import TypedDict

import click
from sqlalchemy import select

from commands.installation import installed_settings
from commands.opened import open_installation
from commands.shared import AS_JSON_LIST
from config.clock import system_clock
from ivr.access.rows import ApiToken
from ivr.access.scopes import SCOPES
from ivr.access.tokens import LONGEST_DAYS, BadGrant, Grant, make_token, revoke
from ivr.lines.hours import SEOUL
from ivr.lines.model import UnknownLine


class TokenEntry(TypedDict):
    """One token as printed, without its secret; times in ISO 8601."""

    token: str
    name: str
    line: str | None
    scopes: list[str]
    state: str
    made_at: str
    expires_at: str
    last_used_on: str | None


@click.group()
def tokens() -> None:
    """Give tokens of the REST API to other systems, and take them back (docs/api.md)."""


@tokens.command("add")
@click.argument("name")
@click.option("--line", "line_id", help="Only for this line (its id, like kibo); without it for every line.")
@click.option("--scope", "scopes", multiple=True, required=True, type=click.Choice(SCOPES), help="What it allows.")
@click.option("--days", default=365, show_default=True, type=click.IntRange(1, LONGEST_DAYS), help="How long it holds.")
def add_token(name: str, line_id: str | None, scopes: tuple[str, ...], days: int) -> None:
    """Make a token for the system NAME and print it; it is shown this once and nowhere kept."""
    opened = open_installation(installed_settings())
    try:
        line = opened.lines.by_id(line_id).id if line_id else None
        with opened.store.transaction() as session:
            _, text = make_token(session, Grant(name, line, scopes, days), at=system_clock())
    except (UnknownLine, BadGrant) as error:
        raise click.ClickException(str(error)) from None
    click.echo(text)
    click.echo("Keep it now: it is not shown again.", err=True)


@tokens.command("list")
@AS_JSON_LIST
def list_tokens(as_json: bool) -> None:
    """List tokens: for what, until when, and when each was last used."""
    opened, at = open_installation(installed_settings()), system_clock()
    with opened.store.reading() as session:
        entries = [_entry(token, at) for token in session.scalars(select(ApiToken).order_by(ApiToken.made_at))]
    if as_json:
        click.echo(json.dumps(entries, ensure_ascii=False))
        return
    for entry in entries:
        used = entry["last_used_on"] or "never used"
        lines = entry["line"] or "every line"
        click.echo(f"{entry['token']}  {entry['state']:<8} {lines:<12} until {entry['expires_at'][:10]}  {used}")
        click.echo(f"    {entry['name']}: {', '.join(entry['scopes'])}")


@tokens.command("revoke")
@click.argument("token_id")
def revoke_token(token_id: str) -> None:
    """Let a token end at once; TOKEN_ID is the first part of what `tokens list` shows, never the token itself."""
    opened = open_installation(installed_settings())
    with opened.store.transaction() as session:
        known = revoke(session, token_id, at=system_clock())
    if not known:
        raise click.ClickException("there is no token with this id: `charterline tokens list` shows them")
    click.echo(f"{token_id} is revoked")


def _entry(token: ApiToken, at: datetime) -> TokenEntry:
    state = "revoked" if token.revoked_at else "expired" if at >= token.expires_at else "valid"
    return {
        "token": token.id,
        "name": token.name,
        "line": token.line,
        "scopes": token.scopes,
        "state": state,
        "made_at": token.made_at.astimezone(SEOUL).isoformat(),
        "expires_at": token.expires_at.astimezone(SEOUL).isoformat(),
        "last_used_on": token.last_used_on.isoformat() if token.last_used_on else None,
    }
