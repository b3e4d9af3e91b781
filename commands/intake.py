"""`charterline intake`: how calls were taken in: drawn by a seed, marked, and counted (A2)."""

import secrets
from datetime import date, datetime

import click

from commands.centre import LINE, centre_of
from commands.shared import AS_JSON, ToldInWords, by_option, local_time, opened, print_json
from config.clock import system_clock
from ivr.base import Refused
from ivr.calls.rows import Call
from ivr.intake.accuracy import Tally, accuracy
from ivr.intake.marking import Finding, mark_intake
from ivr.intake.rows import IntakeMark
from ivr.intake.sampling import MOST, Draw, sample
from ivr.lines.hours import SEOUL
from ivr.lines.model import UnknownLine

IN_WORDS = ToldInWords(Refused, UnknownLine)
DAY = click.DateTime(["%Y-%m-%d"])
FIRST = click.option("--from", "first", type=DAY, help="The first local day; that of this month if left out.")
LAST = click.option("--to", "last", type=DAY, help="The last local day; today if left out.")
FIRM = click.option("--firm", help="Only calls of this firm.")
Entry = dict[str, object]


@click.group()
def intake() -> None:
    """Whether matters were taken in rightly: calls are drawn, marked by people, and the share is counted.

    \b
    Draw calls to mark:  charterline intake sample --size 20 --seed 7
    Mark one:            charterline intake mark CALL --as wrong-group --note "..."
    The accuracy:        charterline intake accuracy --from 2026-11-01
    """


@intake.command("mark")
@click.argument("call_id", metavar="CALL")
@click.option(
    "--as", "mark", required=True, type=click.Choice([mark.value for mark in IntakeMark]), help="What it was."
)
@click.option("--note", default="", help="What was wrong; needed unless it was right.")
@by_option("--by", text="Who marks it")
@LINE
@AS_JSON
@IN_WORDS
def mark_call(call_id: str, mark: str, note: str, as_json: bool, **given: str) -> None:
    """Mark the intake of a call; the newest mark counts, earlier ones stay on record."""
    here = opened()
    line = centre_of(here, given["line_id"])
    with here.store.transaction() as session:
        call = session.get(Call, call_id)
        if call is None or call.line != line.id:
            raise Refused(f"{line.id} has no call {call_id}: `charterline calls list` shows them")
        found = Finding(IntakeMark(mark), note)
        review = mark_intake(session, call, found, by=given["by"], at=system_clock())
        entry: Entry = {"call": call_id, "mark": mark, "note": note, "firm": review.firm, "agent": review.agent_id}
    if as_json:
        print_json(entry)
    else:
        click.echo(f"{call_id}  {mark}  {review.firm or '-'}  {review.agent_id or '-'}  {note}")


@intake.command("sample")
@FIRST
@LAST
@FIRM
@click.option("--size", default=20, show_default=True, type=click.IntRange(1, MOST), help="How many.")
@click.option("--seed", type=int, help="The same seed draws the same calls; any if left out.")
@LINE
@AS_JSON
@IN_WORDS
def draw_calls(size: int, seed: int | None, as_json: bool, firm: str | None, **given: datetime | str | None) -> None:
    """Draw answered calls that nobody has marked."""
    here = opened()
    line, (first, last) = centre_of(here, _text(given["line_id"])), _days(given)
    drawn_by = secrets.randbelow(1_000_000) if seed is None else seed
    with here.store.reading() as session:
        found = sample(session, line.id, Draw(first, last, drawn_by, size, firm))
        entries = [{"call": one.id, "arrived_at": local_time(one.arrived_at), "firm": one.firm} for one in found]
    if as_json:
        print_json({"seed": drawn_by, "calls": entries})
        return
    click.echo(f"{len(entries)} calls of {first} to {last}, seed {drawn_by}")
    for entry in entries:
        click.echo(f"{entry['call']}  {entry['arrived_at']}  {entry['firm'] or '-'}")


@intake.command("accuracy")
@FIRST
@LAST
@FIRM
@LINE
@AS_JSON
@IN_WORDS
def show_accuracy(as_json: bool, firm: str | None, **given: datetime | str | None) -> None:
    """Count the marks of a period: the share of right ones with its 95 % interval, by firm and by agent."""
    here = opened()
    line, (first, last) = centre_of(here, _text(given["line_id"])), _days(given)
    with here.store.reading() as session:
        found = accuracy(session, line.id, first=first, last=last, firm=firm)
    parts = {"by_firm": found.by_firm, "by_agent": found.by_agent}
    if as_json:
        told = {name: {id: _tally(one) for id, one in part.items()} for name, part in parts.items()}
        print_json({"answered": found.answered, **_tally(found.total), **told})
        return
    click.echo(f"{first} to {last}: {found.answered} answered calls; {_words(found.total)}")
    for name, part in parts.items():
        for id, one in part.items():
            click.echo(f"  {name.replace('_', ' ')}  {id or '-':<16} {_words(one)}")


def _days(given: dict[str, datetime | str | None]) -> tuple[date, date]:
    today = system_clock().astimezone(SEOUL).date()
    first, last = given["first"], given["last"]
    until = last.date() if isinstance(last, datetime) else today
    since = first.date() if isinstance(first, datetime) else until.replace(day=1)
    if since > until:
        raise click.UsageError(f"--from {since} is after --to {until}")
    return since, until


def _text(value: datetime | str | None) -> str | None:
    return value if isinstance(value, str) else None


def _tally(tally: Tally) -> Entry:
    interval = tally.interval
    return {
        "marked": tally.marked,
        "right": tally.right,
        "share": tally.share,
        "interval": [interval.low, interval.high] if interval else None,
        "marks": {mark.value: count for mark, count in tally.marks.items()},
    }


def _words(tally: Tally) -> str:
    interval, share = tally.interval, tally.share
    if share is None or interval is None:
        return "nothing marked"
    return f"{tally.right} of {tally.marked} right, {share:.1%} (95 %: {interval.low:.1%} to {interval.high:.1%})"
