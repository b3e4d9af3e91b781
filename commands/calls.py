"""`charterline calls`: what the service recorded of its calls; hold, resume and transfers for a call in progress."""

import json
from datetime import datetime

import click
from sqlalchemy import select

from commands.installation import installed_settings
from commands.opened import open_installation
from commands.record import CallEntry, record_of, timeline
from commands.shared import AS_JSON_LIST, AS_JSON_OBJECT, OF_LINE
from commands.transfers import cancel_transfer, complete_transfer, transfer_call
from config.bell import bell_at
from config.clock import system_clock
from ivr.calls.facts import facts_of
from ivr.calls.holding import HOLD, RESUME, hold_promise
from ivr.calls.rows import Call
from ivr.lines.hours import SEOUL
from ivr.promises import promise_all

SHOWN_FACTS = "  {at}  {leg:<24} {kind}"


@click.group()
def calls() -> None:
    """See the calls that were recorded."""


@calls.command("list")
@OF_LINE
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 1000), help="How many, newest first.")
@AS_JSON_LIST
def list_calls(line_id: str | None, limit: int, as_json: bool) -> None:
    """List the newest calls."""
    opened = open_installation(installed_settings())
    query = select(Call.id).order_by(Call.arrived_at.desc()).limit(limit)
    if line_id is not None:
        query = query.where(Call.line == line_id)
    with opened.store.reading() as session:
        records = [record for call_id in session.scalars(query) if (record := record_of(session, opened, call_id))]
    if as_json:
        click.echo(json.dumps(records, ensure_ascii=False))
        return
    if not records:
        click.echo("No calls yet. Ring a line: ./bin/charterline call 1544-1120 --press 1 --talk 8")
    for record in records:
        click.echo(_row(record))


@calls.command("show")
@click.argument("call_id")
@AS_JSON_OBJECT
def show_call(call_id: str, as_json: bool) -> None:
    """Show one call with everything that was told about it."""
    opened = open_installation(installed_settings())
    with opened.store.reading() as session:
        record = record_of(session, opened, call_id)
        facts = timeline(facts_of(session, call_id))
    if record is None:
        raise click.ClickException(f"there is no call {call_id}: `charterline calls list` shows the newest")
    if as_json:
        click.echo(json.dumps({**record, "timeline": facts}, ensure_ascii=False))
        return
    click.echo(in_words(record))
    for fact in facts:
        click.echo(SHOWN_FACTS.format(**fact))


@calls.command("hold")
@click.argument("call_id")
def hold_call(call_id: str) -> None:
    """Let the caller of a talk hear music until `resume`."""
    _order_hold(call_id, HOLD)


@calls.command("resume")
@click.argument("call_id")
def resume_call(call_id: str) -> None:
    """Bring the caller back from hold."""
    _order_hold(call_id, RESUME)


for command in (transfer_call, complete_transfer, cancel_transfer):
    calls.add_command(command)


def _order_hold(call_id: str, kind: str) -> None:
    settings = installed_settings()
    opened, at = open_installation(settings), system_clock()
    with opened.store.transaction() as session:
        call = session.get(Call, call_id)
        if call is None or call.ended_at is not None:
            raise click.ClickException(f"{call_id} is no call in progress: `charterline calls list` shows the newest")
        promise_all(session, [hold_promise(kind, call_id, at)])
    bell_at(settings.redis_url)()
    click.echo("ordered")


def in_words(record: CallEntry) -> str:
    """The record as a few lines for people."""
    lines = [
        f"call {record['call']} on {record['line']}: {record['outcome'] or 'going on'}, ended by {record['ended_by']}"
    ]
    for offer in record["offers"]:
        ring = f"{offer['ring_seconds']:.2f} s" if offer["ring_seconds"] is not None else "-"
        took = "answered" if offer["answered"] else (offer["outcome"] or "open")
        readings = ", ".join(f"{name} {reading}" for name, reading in offer["readings"].items())
        lines.append(f"  rang {offer['agent']}: {took}, ring to answer {ring} ({readings})")
    if record["announcement"]:
        heard = "heard to its end" if record["announcement"]["complete"] else "not heard to its end"
        lines.append(f"  announced: {record['announcement']['text']} ({heard})")
    for transfer in record["transfers"]:
        heard = "heard to its end" if transfer["complete"] else "not heard to its end"
        told = f": {transfer['told']} ({heard})" if transfer["told"] else ""
        lines.append(f"  {transfer['manner']} transfer to {transfer['to']}, {transfer['outcome'] or 'going on'}{told}")
    for message in record["messages"]:
        lines.append(f"  text to {message['to']}, {message['state']}: {message['text']}")
    lines += [f"  {found['promise']} {found['verdict']}: {found['reason']}" for found in record["verdicts"]]
    return "\n".join(lines)


def _row(record: CallEntry) -> str:
    arrived = f"{datetime.fromisoformat(record['arrived_at']).astimezone(SEOUL):%m-%d %H:%M:%S}"
    ring = f"{record['ring']['seconds']:.1f} s" if record["ring"] else "-"
    ended = f"{record['outcome'] or 'going on':<10} ring {ring:<7} {record['ended_by']}"
    return f"{record['call']}  {arrived}  {record['line']:<12} {ended}"
