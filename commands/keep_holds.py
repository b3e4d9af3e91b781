"""`charterline keep hold`, `release` and `holds`: what must not be erased, by whom and why."""

import json

import click
from sqlalchemy.orm import Session

from commands.installation import installed_settings
from commands.opened import Opened, open_installation
from commands.shared import AS_JSON_LIST
from config.clock import system_clock
from ivr.base import Refused
from ivr.calls.rows import Call
from ivr.cases.rows import Case
from ivr.keeping.holds import HoldKind, hold, holds, release
from ivr.lines.hours import SEOUL
from ivr.lines.model import UnknownLine
from ivr.numbers import BadNumber, PhoneNumber
from ivr.sealing import index_of


@click.command("hold")
@click.argument("kind", type=click.Choice([kind.value for kind in HoldKind]))
@click.argument("subject")
@click.option("--why", required=True, help="The reason, such as the number of the file at court.")
@click.option("--by", required=True, help="Who sets it.")
def hold_command(kind: str, subject: str, why: str, by: str) -> None:
    """Erase nothing of SUBJECT (a line, a call, a case or a telephone number) until the hold is released."""
    opened, wanted = open_installation(installed_settings()), HoldKind(kind)
    try:
        with opened.store.transaction() as session:
            row = hold(session, wanted, _found(opened, session, wanted, subject), why=(why, by), at=system_clock())
    except (Refused, UnknownLine, BadNumber) as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"Hold {row.id} stands: {kind}, set by {row.set_by}.")


@click.command("release")
@click.argument("hold_id", type=int)
@click.option("--by", required=True, help="Who releases it.")
def release_command(hold_id: int, by: str) -> None:
    """Release the hold HOLD_ID; what is over is erased in the night that follows."""
    opened = open_installation(installed_settings())
    try:
        with opened.store.transaction() as session:
            release(session, hold_id, by=by, at=system_clock())
    except Refused as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"Hold {hold_id} is released.")


@click.command("holds")
@AS_JSON_LIST
def list_holds(as_json: bool) -> None:
    """List every hold, standing or released; of a number only the end of its blind index is shown."""
    opened = open_installation(installed_settings())
    with opened.store.reading() as session:
        rows = [
            {
                "hold": row.id,
                "kind": row.kind,
                "subject": f"…{row.subject[-8:]}" if row.kind == HoldKind.NUMBER else row.subject,
                "reason": row.reason,
                "set": f"{row.set_at.astimezone(SEOUL):%Y-%m-%d %H:%M} {row.set_by}",
                "released": f"{row.released_at.astimezone(SEOUL):%Y-%m-%d %H:%M} {row.released_by}"
                if row.released_at
                else None,
            }
            for row in holds(session)
        ]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    for one in rows:
        state = f"released {one['released']}" if one["released"] else "stands"
        click.echo(f"{one['hold']:>4}  {one['kind']} {one['subject']}: {one['reason']} (set {one['set']}); {state}")


def _found(opened: Opened, session: Session, kind: HoldKind, subject: str) -> str:
    """The subject as rows name it; raises where there is none."""
    match kind:
        case HoldKind.LINE:
            return opened.lines.by_id(subject).id
        case HoldKind.NUMBER:
            return index_of(session, PhoneNumber.parse(subject))
        case HoldKind.CALL | HoldKind.CASE:
            if session.get(Call if kind is HoldKind.CALL else Case, subject) is None:
                raise Refused(f"there is no {kind.value} {subject}: give its id")
            return subject
