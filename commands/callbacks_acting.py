"""What agents do about callbacks: memo, dial, assign, late, withdraw, done."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

import click
from sqlalchemy.orm import Session

from commands.callbacks_shown import WHEN, chosen_time, entry_of, row_of
from commands.installation import installed_settings
from commands.opened import open_installation
from config.bell import bell_at
from config.clock import system_clock
from ivr.agents.rows import Agent
from ivr.base import ROW_LOCK, Refused
from ivr.callbacks.assigning import give_to
from ivr.callbacks.closing import kept_otherwise, withdraw
from ivr.callbacks.rows import Callback
from ivr.callbacks.slipping import LateReason, Slip, slip
from ivr.calls.rows import Call
from ivr.deadlines import NoDeadline, WorkingTime
from ivr.dialling.starting import start_attempt
from ivr.lines.model import UnknownLine
from ivr.numbers import mask_numbers


@dataclass(frozen=True, slots=True)
class Taken:
    """A callback in hand: its row, locked, in a transaction, and when its institution works."""

    session: Session
    callback: Callback
    working: WorkingTime
    at: datetime


@click.command("dial")
@click.argument("callback_id")
@click.option("--agent", "agent_id", required=True, help="Who dials (`charterline agents list`).")
def dial_callback(callback_id: str, agent_id: str) -> None:
    """Ring the agent, then the customer."""
    with _taken(callback_id) as taken:
        agent = taken.session.get(Agent, agent_id, with_for_update=ROW_LOCK)
        if agent is None:
            raise click.ClickException(f"there is no agent {agent_id}: `charterline agents list` shows them")
        attempt = start_attempt(taken.session, taken.callback, agent, working=taken.working, at=taken.at)
        made = attempt.id
    click.echo(f"attempt {made}: the telephone of {agent_id} rings")


@click.command("assign")
@click.argument("callback_id")
@click.argument("officer_id")
@click.option("--why", default="by hand", show_default=True, help="A word for the record.")
def assign_callback(callback_id: str, officer_id: str, why: str) -> None:
    """Give a callback to an officer (`charterline directory list`)."""
    with _taken(callback_id) as taken:
        give_to(taken.session, taken.callback, officer_id, why=why, at=taken.at)
    click.echo(f"assigned to {officer_id}")


@click.command("late")
@click.argument("callback_id")
@click.option("--reason", required=True, type=click.Choice([reason.value for reason in LateReason]))
@click.option("--until", type=WHEN, help="The new time, local (16:30 or 2026-11-24T10:00); left out, the line's rule.")
@click.option("--by", default="agent", show_default=True, help="Who says so.")
def late_callback(callback_id: str, reason: str, until: datetime | None, by: str) -> None:
    """Tell the customer before the time is over that it will be later, why, and until when."""
    with _taken(callback_id) as taken:
        given = Slip(LateReason(reason), by, chosen_time(until, taken.at))
        slip(taken.session, taken.callback, given, working_time=taken.working, at=taken.at)
        shown = row_of(entry_of(taken.callback, taken.at))
    click.echo(f"the customer is told\n{shown}")


@click.command("withdraw")
@click.argument("callback_id")
@click.option("--by", default="customer", show_default=True, help="Who withdrew it.")
def withdraw_callback(callback_id: str, by: str) -> None:
    """The customer does not wish to be called any more."""
    with _taken(callback_id) as taken:
        withdraw(taken.session, taken.callback, by, at=taken.at)
    click.echo("withdrawn")


@click.command("done")
@click.argument("callback_id")
@click.option("--by", "call_id", help="The call in which the customer had the answer (`charterline calls list`).")
@click.option("--note", help="How else the customer had the answer, like 'e-mail of 14:20'.")
def finish_callback(callback_id: str, call_id: str | None, note: str | None) -> None:
    """The customer had the answer in another way: in another call, by e-mail (K7)."""
    if (call_id is None) == (not (note or "").strip()):
        raise click.UsageError("give either --by CALL or --note TEXT")
    with _taken(callback_id) as taken:
        if call_id is not None and taken.session.get(Call, call_id) is None:
            raise click.ClickException(f"there is no call {call_id}: `charterline calls list` shows the newest")
        by = f"call:{call_id}" if call_id else mask_numbers(str(note).strip())
        kept_otherwise(taken.session, taken.callback, by, at=taken.at)
    click.echo("kept")


@contextmanager
def _taken(callback_id: str) -> Iterator[Taken]:
    """A locked callback in a transaction, after which the relay is woken; what cannot be done is told in words."""
    settings = installed_settings()
    opened, at = open_installation(settings), system_clock()
    try:
        with opened.store.transaction() as session:
            callback = session.get(Callback, callback_id, with_for_update=ROW_LOCK)
            if callback is None:
                raise click.ClickException(
                    f"there is no callback {callback_id}: `charterline callbacks list` shows them"
                )
            yield Taken(session, callback, WorkingTime(opened.lines.by_id(callback.line), opened.calendar), at)
    except (Refused, UnknownLine, NoDeadline) as refused:
        raise click.ClickException(f"callback {callback_id}: {refused}") from None
    bell_at(settings.redis_url)()


ACTIONS: tuple[click.Command, ...] = (
    dial_callback,
    assign_callback,
    late_callback,
    withdraw_callback,
    finish_callback,
)
