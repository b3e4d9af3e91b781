"""`charterline consents notices`: who is still to be told what was recorded, and who cannot be told by text."""

import json
from datetime import datetime

import click

from commands.consents_changing import line_of, local
from commands.installation import installed_settings
from commands.opened import open_installation
from commands.shared import AS_JSON_LIST, OF_LINE
from config.bell import bell_at
from config.clock import system_clock
from ivr.consents.owed import Owed, owed_notices
from ivr.consents.working_through import promise_working_through


@click.group("notices")
def notices() -> None:
    """Notices of consents within 14 days (Network Act, article 50, paragraph 7), and before a consent ends."""


@notices.command("due")
@OF_LINE
@AS_JSON_LIST
def due_notices(line_id: str | None, as_json: bool) -> None:
    """Consents whose giver was not told yet, or whose text could not be sent: these are to be told on paper.

    The earliest due first, at most 1000.
    """
    opened, at = open_installation(installed_settings()), system_clock()
    line = line_of(opened, line_id).id if line_id is not None else None
    with opened.store.reading() as session:
        rows = owed_notices(session, line=line)
    entries = [_entry(row, at) for row in rows]
    if as_json:
        click.echo(json.dumps(entries, ensure_ascii=False))
        return
    for entry in entries:
        text = f"text {entry['text']}: {entry['error']}" if entry["text"] else "not written yet"
        late = "LATE  " if entry["is_late"] else ""
        click.echo(f"{late}due {entry['due']}  {entry['line']:<10} {entry['number']}  {entry['purpose']}, {text}")


@notices.command("start")
def start_notices() -> None:
    """Work through everybody who is to be told, from now by day, and every day at 10:00 from then on.

    An import starts it by itself; starting it twice on one day changes nothing.
    """
    opened, at = open_installation(installed_settings()), system_clock()
    with opened.store.transaction() as session:
        promise_working_through(session, at=at)
    bell_at(opened.settings.redis_url)()
    click.echo("started: texts are written by day, 200 people at a time")


def _entry(row: Owed, at: datetime) -> dict[str, object]:
    return {
        "consent": row.consent_id,
        "line": row.line,
        "number": row.number.masked,
        "purpose": row.purpose.value,
        "given": local(row.given_at),
        "due": local(row.due_at),
        "is_late": at > row.due_at,
        "text": row.state.value if row.state else None,
        "error": row.error,
    }
