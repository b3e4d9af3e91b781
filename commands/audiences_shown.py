"""How lists of people are printed: for people to read, and as JSON; numbers are masked and names starred."""

import json
from datetime import datetime
from typing import TypedDict

import click

from commands.opened import Opened
from ivr.audiences.lists import find_audience, groups_of, size_of
from ivr.audiences.rows import Audience
from ivr.audiences.tally import Report
from ivr.lines.hours import SEOUL


class AudienceEntry(TypedDict):
    """One list as printed; times in ISO 8601, local."""

    audience: int
    line: str
    name: str
    origin: str
    source: str
    state: str
    people: int
    made_by: str
    made_at: str


class ShownAudience(AudienceEntry):
    """One list with its groups and what became of the rows it was made of; without a report it was broken off."""

    groups: dict[str, int]
    report: Report | None


def entry_of(audience: Audience, size: int) -> AudienceEntry:
    """A list as it is printed."""
    return {
        "audience": audience.id,
        "line": audience.line,
        "name": audience.name,
        "origin": audience.origin.value,
        "source": audience.source,
        "state": audience.state.value,
        "people": size,
        "made_by": audience.made_by,
        "made_at": _local(audience.made_at),
    }


def row_of(entry: AudienceEntry) -> str:
    """A list in one line."""
    return (
        f"{entry['audience']:>5}  {entry['line']:<10} {entry['state']:<10} {entry['people']:>9,}  "
        f"{entry['made_at'][:16]}  {entry['name']}"
    )


def starred(name: str) -> str:
    """A name as it may be shown: `홍*동`, of two signs `홍*`."""
    return f"{name[0]}{'*' * max(1, len(name) - 2)}{name[-1] if len(name) > 2 else ''}"


def shown_audience(opened: Opened, audience_id: int) -> ShownAudience:
    """A list with everything about it; raises `UnknownAudience`."""
    with opened.store.reading() as session:
        audience = find_audience(session, audience_id)
        entry = entry_of(audience, size_of(session, audience_id))
        report: Report | None = audience.report or None  # type: ignore[assignment]  # as Tally.report wrote it
        return {**entry, "groups": groups_of(session, audience_id), "report": report}


def echo_audience(opened: Opened, audience_id: int, *, as_json: bool) -> None:
    """Print a list with its report."""
    shown = shown_audience(opened, audience_id)
    if as_json:
        click.echo(json.dumps(shown, ensure_ascii=False))
        return
    click.echo(f"List {shown['audience']} of {shown['line']}, {shown['name']}: {shown['state']}")
    _echo("people", shown["people"])
    if set(shown["groups"]) - {""}:
        for group, size in shown["groups"].items():
            _echo(f"  {group or '(no group)'}", size)
    _echo_report(shown["report"])


def _echo_report(report: Report | None) -> None:
    if report is None:
        click.echo("It was broken off, and cannot be used: make it again from the same source.")
        return
    _echo("rows", report["rows"])
    _echo("  taken", report["taken"])
    _echo("  doubled", report["doubled"])
    _echo("  refused", sum(report["refused"].values()))
    for reason, number in report["refused"].items():
        _echo(f"    {reason}", number)
    _echo("repaired", sum(report["repaired"].values()))
    for repair, number in report["repaired"].items():
        _echo(f"  {repair}", number)
    _echo("not callable", report["not_callable"])
    for what in ("people", "consents"):
        _echo(f"{what} new", report[what]["new"])
        _echo(f"{what} known", report[what]["known"])
    _echo("withdrawals", report["withdrawals"])
    for note in report["notes"]:
        click.echo(note)


def _echo(label: str, number: int) -> None:
    click.echo(f"{label:<28}{number:>12,}")


def _local(at: datetime) -> str:
    return at.astimezone(SEOUL).isoformat(timespec="seconds")
