"""`charterline callbacks memo`: an agent takes down who is to be called, at which number, about what (D6)."""

import json
from datetime import datetime
from typing import TypedDict, Unpack

import click
from sqlalchemy.orm import Session

from commands.callbacks_shown import WHEN, CallbackEntry, chosen_time, entry_of, row_of
from commands.installation import installed_settings
from commands.opened import Opened, open_installation
from commands.shared import AS_JSON_OBJECT
from config.bell import bell_at
from config.clock import system_clock
from ivr.base import Refused
from ivr.callbacks.by_memo import BadMemo, Noted, promise_by_memo
from ivr.callbacks.memo import Lacking, WhyNotNow
from ivr.callbacks.rows import Callback
from ivr.calls.rows import Call
from ivr.deadlines import NoDeadline
from ivr.lines.model import UnknownLine
from ivr.numbers import BadNumber, PhoneNumber


class _Given(TypedDict):
    """The options of a memo."""

    line_id: str | None
    team: str | None
    name: str | None
    number: str | None
    content: str | None
    lacking: tuple[str, ...]
    why: str | None
    begins: datetime | None
    until: datetime | None


@click.command("memo")
@click.argument("call_id", required=False)
@click.option("--line", "line_id", help="The line, where there is no call.")
@click.option("--team", help="The team that is to call; left out, that of the call, or the line's own.")
@click.option("--name", help="The customer's name.")
@click.option("--number", help="The number to call; left out, that of the call.")
@click.option("--content", help="What the customer asks.")
@click.option("--lacking", multiple=True, help=f"PART=CODE for a missing part: {', '.join(Lacking)}.")
@click.option("--why", type=click.Choice([why.value for why in WhyNotNow]), help="Why it is not answered at once.")
@click.option("--from", "begins", type=WHEN, help="Not before this time, where the customer chose one; with --until.")
@click.option("--until", type=WHEN, help="By this time, where the customer chose one (16:30 or 2026-11-24T10:00).")
@AS_JSON_OBJECT
def memo_callback(call_id: str | None, as_json: bool, **given: Unpack[_Given]) -> None:
    """Take a memo: name, number and content, or a coded reason for each missing part; a call back is promised."""
    settings = installed_settings()
    opened, at = open_installation(settings), system_clock()
    try:
        with opened.store.transaction() as session:
            entry = entry_of(_promised(session, opened, call_id, given=given, at=at), at)
    except (Refused, UnknownLine, NoDeadline, BadNumber) as refused:
        raise click.ClickException(str(refused)) from None
    bell_at(settings.redis_url)()
    _print(entry, as_json=as_json)


def _promised(session: Session, opened: Opened, call_id: str | None, *, given: _Given, at: datetime) -> Callback:
    call = session.get(Call, call_id) if call_id else None
    if call_id and call is None:
        raise click.ClickException(f"there is no call {call_id}: `charterline calls list` shows the newest")
    line_id = call.line if call else given["line_id"]
    if line_id is None:
        raise click.UsageError("give a CALL, or --line and --number")
    if given["begins"] and not given["until"]:
        raise click.UsageError("--from needs --until: say by when as well")
    noted = Noted(
        mark=at.isoformat(),
        call_id=call_id,
        team=given["team"],
        name=given["name"],
        number=PhoneNumber.parse(given["number"]) if given["number"] else None,
        content=given["content"],
        lacking=_lacking(given["lacking"]),
        why=given["why"],
        not_before=chosen_time(given["begins"], at),
        due_at=chosen_time(given["until"], at),
    )
    line = opened.lines.by_id(line_id)
    try:
        return promise_by_memo(session, noted, line=line, calendar=opened.calendar, at=at)
    except BadMemo as refused:
        raise click.UsageError(str(refused)) from None


def _lacking(pairs: tuple[str, ...]) -> dict[str, Lacking]:
    found: dict[str, Lacking] = {}
    for pair in pairs:
        part, _, code = pair.partition("=")
        if code not in set(Lacking):
            raise click.UsageError(f"--lacking {pair}: write PART=CODE with one of {', '.join(Lacking)}")
        found[part.strip()] = Lacking(code)
    return found


def _print(entry: CallbackEntry, *, as_json: bool) -> None:
    click.echo(json.dumps(entry, ensure_ascii=False) if as_json else f"promised\n{row_of(entry)}")
