"""`charterline directory`: officers with their duties and public numbers, their absences and deputies (K2, D1)."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, TypedDict

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from commands.installation import installed_settings
from commands.opened import open_installation
from commands.shared import AS_JSON_LIST, AS_JSON_OBJECT, OF_LINE
from config.clock import system_clock
from ivr.callbacks.assigning import hand_over
from ivr.directory.asking import absence_of, deputy_of, search
from ivr.directory.changing import OfficerChange, write_officer
from ivr.directory.planning import BadPlan, appoint_deputy, come_back, plan_absence
from ivr.directory.rows import Absence, AbsenceReason, Officer, OfficerRole
from ivr.lines.hours import SEOUL
from ivr.lines.model import Lines, UnknownLine
from ivr.numbers import BadNumber, PhoneNumber

MOMENT = click.DateTime(["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%d"])
REASONS = click.Choice([reason.value for reason in AbsenceReason])
ROLES = click.Choice([role.value for role in OfficerRole])


class OfficerEntry(TypedDict):
    """One officer as printed; `absent` is the reason of an absence that runs now, `stands_in` who is there instead."""

    officer: str
    line: str
    name: str
    department: str
    title: str
    duties: list[str]
    number: str | None
    role: str
    agent: str | None
    deputy: str | None
    reminders: str | None
    absent: str | None
    absent_until: str | None
    stands_in: str | None


class AbsenceEntry(TypedDict):
    """One absence as printed; times in ISO 8601, local."""

    starts_at: str
    ends_at: str
    reason: str


@click.group()
def directory() -> None:
    """Find officers by duty, and plan who is absent and who stands in."""


@directory.command("list")
@OF_LINE
@AS_JSON_LIST
def list_officers(line_id: str | None, as_json: bool) -> None:
    """List officers with their duties."""
    _print_found("", line_id, as_json)


@directory.command("search")
@click.argument("text")
@OF_LINE
@AS_JSON_LIST
def search_officers(text: str, line_id: str | None, as_json: bool) -> None:
    """Find officers by words of duty, department, name or title."""
    _print_found(text, line_id, as_json)


@directory.command("show")
@click.argument("officer_id")
@AS_JSON_OBJECT
def show_officer(officer_id: str, as_json: bool) -> None:
    """Show one officer with absences from today on."""
    with _opened() as (session, _, at):
        officer = _officer(session, officer_id)
        entry = _entry(session, officer, at)
        absences = [_absence(absence) for absence in _coming(session, officer_id, at)]
    if as_json:
        click.echo(json.dumps({**entry, "absences": absences}, ensure_ascii=False))
        return
    _print([entry])
    for absence in absences:
        click.echo(f"  absent {absence['starts_at']} to {absence['ends_at']}: {absence['reason']}")


@directory.command("add")
@click.argument("officer_id")
@click.option("--line", "line_id", required=True, help="The line of the officer (its id, like kibo).")
@click.option("--name", required=True)
@click.option("--department", required=True)
@click.option("--title", required=True)
@click.option("--duties", help="Duties with commas; a team or department by its name.")
@click.option("--number", help="The public direct number.")
@click.option("--agent", "agent_id", help="The agent as whom the officer takes calls.")
@click.option("--role", type=ROLES, help="Officer, if left out.")
@click.option("--reminders", help="The mobile number for reminders; kept sealed and never shown.")
def add_officer(officer_id: str, line_id: str, **given: Any) -> None:  # Any: click's own
    """Add an officer, or change the one with this id: what is left out stays as it stands."""
    role = given.pop("role")
    change = OfficerChange(role=OfficerRole(role) if role else None, reminder_number=given.pop("reminders"), **given)
    with _opened() as (session, lines, _):
        line = lines.by_id(line_id)
        write_officer(session, officer_id, line=line.id, change=change)
    click.echo(f"{officer_id} is in the directory of {line.id}")


@directory.command("absent")
@click.argument("officer_id")
@click.option("--from", "first", type=MOMENT, help="Local time, like 2026-11-23T13:00; now if left out.")
@click.option("--to", "last", type=MOMENT, required=True, help="Local time at which the officer is there again.")
@click.option("--reason", type=REASONS, required=True, help="Why, as customers are told.")
def plan_absent(officer_id: str, first: datetime | None, last: datetime, reason: str) -> None:
    """Plan an absence; callbacks of one that begins now go to whoever stands in."""
    with _opened() as (session, lines, at):
        starts_at = first.replace(tzinfo=SEOUL) if first else at
        ends_at = last.replace(tzinfo=SEOUL)
        officer = _officer(session, officer_id)
        plan_absence(session, officer, AbsenceReason(reason), starts_at=starts_at, ends_at=ends_at)
        session.flush()
        # Callbacks of a later absence are handed over by their reminders.
        is_now = starts_at <= at < ends_at
        moved = hand_over(session, officer, line=lines.by_id(officer.line), at=at) if is_now else 0
    handed = f"; {moved} callbacks go to who stands in" if moved else ""
    click.echo(f"{officer_id} is absent {_local(starts_at)} to {_local(ends_at)}: {reason}{handed}")


@directory.command("back")
@click.argument("officer_id")
def come_back_now(officer_id: str) -> None:
    """End an absence that runs now."""
    with _opened() as (session, _, at):
        come_back(session, _officer(session, officer_id), at=at)
    click.echo(f"{officer_id} is back")


@directory.command("deputy")
@click.argument("officer_id")
@click.argument("deputy_id", required=False)
def name_deputy(officer_id: str, deputy_id: str | None) -> None:
    """Name who stands in for an officer; nobody where DEPUTY_ID is left out."""
    with _opened() as (session, *_):
        appoint_deputy(session, _officer(session, officer_id), deputy_id)
    click.echo(f"{deputy_id or 'nobody'} stands in for {officer_id}")


@contextmanager
def _opened() -> Iterator[tuple[Session, Lines, datetime]]:
    opened = open_installation(installed_settings())
    try:
        with opened.store.transaction() as session:
            yield session, opened.lines, system_clock()
    except (BadPlan, BadNumber, UnknownLine) as error:
        raise click.ClickException(str(error)) from None


def _officer(session: Session, officer_id: str) -> Officer:
    officer = session.get(Officer, officer_id)
    if officer is None:
        raise click.ClickException(f"there is no officer {officer_id}: `charterline directory list` shows them")
    return officer


def _print_found(text: str, line_id: str | None, as_json: bool) -> None:
    with _opened() as (session, _, at):
        entries = [_entry(session, officer, at) for officer in search(session, text, line=line_id)]
    if as_json:
        click.echo(json.dumps(entries, ensure_ascii=False))
    else:
        _print(entries)


def _print(entries: Sequence[OfficerEntry]) -> None:
    for entry in entries:
        person = f"{entry['department']} {entry['name']} {entry['title']}"
        away = f"  ({entry['absent']} until {entry['absent_until']})" if entry["absent"] else ""
        click.echo(f"{entry['officer']:<14} {person}  {entry['number'] or '-'}  {', '.join(entry['duties'])}{away}")


def _entry(session: Session, officer: Officer, at: datetime) -> OfficerEntry:
    absence = absence_of(session, officer.id, at=at)
    deputy = deputy_of(session, officer, at=at) if absence else None
    return {
        "officer": officer.id,
        "line": officer.line,
        "name": officer.name,
        "department": officer.department,
        "title": officer.title,
        "duties": list(officer.duty_words),
        "number": PhoneNumber.parse(officer.number).national if officer.number else None,
        "role": officer.role.value,
        "agent": officer.agent_id,
        "deputy": officer.deputy_id,
        "reminders": officer.reminder_number.masked if officer.reminder_number else None,
        "absent": absence.reason.value if absence else None,
        "absent_until": _local(absence.ends_at) if absence else None,
        "stands_in": deputy.id if deputy else None,
    }


def _coming(session: Session, officer_id: str, at: datetime) -> Sequence[Absence]:
    query = select(Absence).where(Absence.officer_id == officer_id, Absence.ends_at > at)
    return session.scalars(query.order_by(Absence.starts_at)).all()


def _absence(absence: Absence) -> AbsenceEntry:
    return {
        "starts_at": _local(absence.starts_at),
        "ends_at": _local(absence.ends_at),
        "reason": absence.reason.value,
    }


def _local(at: datetime) -> str:
    return at.astimezone(SEOUL).isoformat(timespec="minutes")
