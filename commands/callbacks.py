"""`charterline callbacks`: who waits for a call from us, until when, and everything that was done about it."""

import csv
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, TextIO, TypedDict, Unpack

import click
from sqlalchemy import Select, case, select
from sqlalchemy.orm import Session

from commands.callbacks_acting import ACTIONS
from commands.callbacks_memo import memo_callback
from commands.callbacks_shown import CallbackEntry, entry_of, row_of, story_of
from commands.installation import installed_settings
from commands.opened import open_installation
from commands.shared import AS_JSON_LIST, AS_JSON_OBJECT, OF_LINE
from config.clock import system_clock
from ivr.callbacks.rows import Callback, CallbackState

STATES = click.Choice([state.value for state in CallbackState])
state_option = click.option("--state", "states", type=STATES, multiple=True, help="Only in this state; repeatable.")
HEAD = (
    *("receipt_number", "team", "origin", "asked_at", "first_due_at", "call", "reason", "closed_by"),
    *("customer", "content"),
)


class _Wanted(TypedDict):
    """Which callbacks are listed."""

    line_id: str | None
    states: tuple[str, ...]
    only_open: bool
    slipped: bool
    officer_id: str | None


@click.group()
def callbacks() -> None:
    """See who waits for a call from us and until when; take memos, dial, move, withdraw.

    \b
    What is due next:        charterline callbacks list --open
    Everything about one:    charterline callbacks show ID
    An agent's memo:         charterline callbacks memo CALL --name NAME --content TEXT
    Ring the customer:       charterline callbacks dial ID --agent AGENT
    It will be later:        charterline callbacks late ID --reason preparing --until 16:30
    """


for action in (memo_callback, *ACTIONS):
    callbacks.add_command(action)


@callbacks.command("list")
@OF_LINE
@state_option
@click.option("--open", "only_open", is_flag=True, help="Only those that are not over.")
@click.option("--slipped", is_flag=True, help="Only those whose customers have been put off.")
@click.option("--officer", "officer_id", help="Only those of this officer (its id).")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 1000), help="How many.")
@AS_JSON_LIST
def list_callbacks(limit: int, as_json: bool, **wanted: Unpack[_Wanted]) -> None:
    """List callbacks: open ones first, by the time told to the customer."""
    query = _query(wanted["line_id"], wanted["states"]).limit(limit)
    if wanted["only_open"]:
        query = query.where(Callback.closed_at.is_(None))
    if wanted["slipped"]:
        query = query.where(Callback.slips > 0)
    if wanted["officer_id"] is not None:
        query = query.where(Callback.officer_id == wanted["officer_id"])
    with _reading() as (session, at):
        entries = [entry_of(callback, at) for callback in session.scalars(query)]
    if as_json:
        click.echo(json.dumps(entries, ensure_ascii=False))
        return
    if not entries:
        click.echo("Nobody waits for a call. Take a memo: ./bin/charterline callbacks memo --help")
    for entry in entries:
        click.echo(row_of(entry))


@callbacks.command("show")
@click.argument("callback_id")
@AS_JSON_OBJECT
def show_callback(callback_id: str, as_json: bool) -> None:
    """Show one callback with its whole story."""
    with _reading() as (session, at):
        callback = session.get(Callback, callback_id)
        if callback is None:
            raise click.ClickException(f"there is no callback {callback_id}: `charterline callbacks list` shows them")
        entry, story = entry_of(callback, at), story_of(session, callback)
    if as_json:
        click.echo(json.dumps({**entry, **story}, ensure_ascii=False))
        return
    for told in (row_of(entry), *_lines({**entry, **story})):
        click.echo(told)


@callbacks.command("export")
@OF_LINE
@state_option
@click.option("--output", type=click.File("w", encoding="utf-8-sig"), default="-", help="A file; left out, the screen.")
def export_callbacks(line_id: str | None, states: tuple[str, ...], output: TextIO) -> None:
    """Write all callbacks as CSV, numbers masked."""
    writer = csv.DictWriter(output, list(CallbackEntry.__annotations__), lineterminator="\n")
    writer.writeheader()
    with _reading() as (session, at):
        for callback in session.scalars(_query(line_id, states)):
            writer.writerow(entry_of(callback, at))


def _query(line_id: str | None, states: tuple[str, ...]) -> Select[Callback]:
    is_over = case((Callback.closed_at.is_(None), 0), else_=1)
    query = select(Callback).order_by(is_over, Callback.due_at, Callback.id)
    if line_id is not None:
        query = query.where(Callback.line == line_id)
    if states:
        query = query.where(Callback.state.in_([CallbackState(state) for state in states]))
    return query


@contextmanager
def _reading() -> Iterator[tuple[Session, datetime]]:
    opened = open_installation(installed_settings())
    with opened.store.reading() as session:
        yield session, system_clock()


def _words(detail: dict[str, object]) -> str:
    return ", ".join(f"{name} {value}" for name, value in detail.items() if value)


def _lines(shown: dict[str, Any]) -> Iterator[str]:  # Any: JSON of several kinds
    for name in HEAD:
        yield f"  {name:<15} {shown[name] or '-'}"
    for fact in shown["timeline"]:
        yield f"  {fact['at'][:19]}  {fact['kind']:<20} {_words(fact['detail'])}"
    for attempt in shown["attempts"]:
        yield f"  attempt {attempt['attempt']} by {attempt['agent']}: {attempt['outcome'] or attempt['state']}"
    for message in shown["messages"]:
        yield f"  text to {message['to']}, {message['state']}: {message['text']}"
    for verdict in shown["verdicts"]:
        yield f"  {verdict['promise']} {verdict['verdict']}: {verdict['reason']}"
