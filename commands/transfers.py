"""`charterline calls transfer`, `complete`, `cancel`: an agent in a talk passes the caller on."""

import json
from collections.abc import Callable
from datetime import datetime

import click
from sqlalchemy.orm import Session

from commands.installation import installed_settings
from commands.opened import open_installation
from commands.shared import AS_JSON_OBJECT
from config.bell import bell_at
from config.clock import system_clock
from ivr.calls.rows import Call
from ivr.lines.model import Line, UnknownLine
from ivr.transfers.asking import NoTransfer, WhyNot, Wish, ask, cancel, complete
from ivr.transfers.rows import Manner, Transfer

Act = Callable[[Session, Line, datetime], Transfer]


@click.command("transfer")
@click.argument("call_id")
@click.option("--to", "agent", required=True, help="The agent who takes over (`charterline agents list`).")
@click.option(
    "--manner",
    type=click.Choice([manner.value for manner in Manner]),
    default=Manner.BLIND.value,
    show_default=True,
    help="consult: the agents talk first, the caller hears music until `complete` or `cancel`.",
)
@AS_JSON_OBJECT
def transfer_call(call_id: str, agent: str, manner: str, as_json: bool) -> None:
    """Pass the caller of a talk on: department, name and number are told before the connection."""
    wish = Wish(agent, Manner(manner))
    _do(call_id, lambda session, line, at: ask(session, call_id, wish, line=line, at=at), as_json=as_json)


@click.command("complete")
@click.argument("call_id")
@AS_JSON_OBJECT
def complete_transfer(call_id: str, as_json: bool) -> None:
    """The agents have talked: bring the caller to the other one."""
    _do(call_id, lambda session, line, at: complete(session, call_id, line=line, at=at), as_json=as_json)


@click.command("cancel")
@click.argument("call_id")
@AS_JSON_OBJECT
def cancel_transfer(call_id: str, as_json: bool) -> None:
    """Let the other agent go: the first one talks on with the caller."""
    _do(call_id, lambda session, line, at: cancel(session, call_id, line=line, at=at), as_json=as_json)


def _do(call_id: str, act: Act, *, as_json: bool) -> None:
    settings = installed_settings()
    opened, at = open_installation(settings), system_clock()
    try:
        with opened.store.transaction() as session:
            call = session.get(Call, call_id)
            if call is None:
                raise NoTransfer(WhyNot.NO_CALL)
            made = act(session, opened.lines.by_id(call.line), at)
    except (NoTransfer, UnknownLine) as refused:
        raise click.ClickException(f"call {call_id}: {refused}") from None
    bell_at(settings.redis_url)()
    shown = {"transfer": made.id, "manner": made.manner.value, "to": made.to_agent, "state": made.state.value}
    click.echo(json.dumps(shown) if as_json else f"ordered: {made.manner} transfer {made.id} to {made.to_agent}")
