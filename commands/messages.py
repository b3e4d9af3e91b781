"""`charterline messages`: text messages as they were written and sent, and sending again what did not arrive."""

import json
from datetime import UTC, datetime

import click
from sqlalchemy import Select, select

from commands.installation import installed_settings
from commands.messages_check import check_text
from commands.messages_providers import providers
from commands.messages_shown import attempt_entry, in_words, message_entry, row_of
from commands.opened import open_installation
from commands.shared import AS_JSON, OF_LINE
from config.bell import bell_at
from config.clock import system_clock
from ivr.lines.hours import SEOUL
from ivr.messages.attempts import attempts_of
from ivr.messages.missing import NotProven, retry
from ivr.messages.rows import Message
from ivr.messages.states import MessageState


@click.group()
def messages() -> None:
    """See and send again text messages; look after the providers that carry them."""


def _moment(_context: click.Context, _parameter: click.Parameter, text: str | None) -> datetime | None:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=SEOUL).astimezone(UTC) if text else None
    except ValueError:
        raise click.BadParameter(f'{text!r} is no time: write it like 2026-11-23 or "2026-11-23 09:00"') from None


@messages.command("list")
@OF_LINE
@click.option(
    "--state",
    "states",
    multiple=True,
    type=click.Choice([state.value for state in MessageState]),
    help="Only messages in this state; may be given several times.",
)
@click.option(
    "--since", callback=_moment, help='Only what was written since then, in Korean time ("2026-11-23 09:00").'
)
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 10_000), help="How many, newest first.")
@AS_JSON
def list_messages(
    line_id: str | None, states: tuple[str, ...], since: datetime | None, limit: int, *, as_json: bool
) -> None:
    """List the newest messages, with what kept each from arriving."""
    opened = open_installation(installed_settings())
    query = _narrowed(select(Message), line_id, states, since=since).order_by(Message.written_at.desc(), Message.id)
    with opened.store.reading() as session:
        entries = [message_entry(message) for message in session.scalars(query.limit(limit))]
    if as_json:
        click.echo(json.dumps(entries, ensure_ascii=False))
        return
    if not entries:
        click.echo("No such messages. An answered call writes one: ./bin/charterline call 1544-1120 --press 1 --talk 8")
    for entry in entries:
        click.echo(row_of(entry))


def _narrowed(
    query: Select[Message], line_id: str | None, states: tuple[str, ...], *, since: datetime | None
) -> Select[Message]:
    if line_id is not None:
        query = query.where(Message.line == line_id)
    if states:
        query = query.where(Message.state.in_([MessageState(state) for state in states]))
    return query.where(Message.written_at >= since) if since is not None else query


@messages.command("show")
@click.argument("message_id")
@AS_JSON
def show_message(message_id: str, *, as_json: bool) -> None:
    """Show one message: its text, and every order that was given for it."""
    opened = open_installation(installed_settings())
    with opened.store.reading() as session:
        message = session.get(Message, message_id)
        if message is None:
            raise _unknown(message_id)
        orders = [attempt_entry(attempt) for attempt in attempts_of(session, message)]
        entry = {**message_entry(message), "text": message.body, "orders": orders}
    click.echo(json.dumps(entry, ensure_ascii=False) if as_json else in_words(entry))


@messages.command("retry")
@click.argument("message_id")
@AS_JSON
def retry_message(message_id: str, *, as_json: bool) -> None:
    """Write a message anew that proved not delivered; one that may have arrived is refused."""
    settings = installed_settings()
    opened, at = open_installation(settings), system_clock()
    with opened.store.transaction() as session:
        message = session.get(Message, message_id)
        if message is None:
            raise _unknown(message_id)
        try:
            again = retry(session, opened.texts, message, at=at)
        except NotProven as error:
            raise click.ClickException(str(error)) from None
        entry = message_entry(again)
    bell_at(settings.redis_url)()
    click.echo(json.dumps(entry, ensure_ascii=False) if as_json else row_of(entry))


def _unknown(message_id: str) -> click.ClickException:
    return click.ClickException(f"there is no message {message_id}: `charterline messages list` shows the newest")


for command in (providers, check_text):
    messages.add_command(command)
