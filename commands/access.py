"""`charterline access`: the monthly review of the log of who saw personal data, and who signed for it."""

from collections import Counter
from collections.abc import Sequence

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from commands.installation import installed_settings
from commands.opened import Opened, open_installation
from commands.shared import AS_JSON, LINE, ToldInWords, print_json
from config.clock import system_clock
from ivr.accounts.access_log import NoReason, first_broken
from ivr.accounts.access_review import MonthSeen, Owed, Signature, Why, month_seen, months_owed, sign_month
from ivr.accounts.rows import Account, Act, Grant, Role
from ivr.base import Refused
from ivr.billing.months import before, month_at, read_month
from ivr.billing.refusing import BillRefused
from ivr.lines.hours import SEOUL
from ivr.lines.model import UnknownLine
from ivr.reports.quarters import Month

MONTH = click.option("--month", help="The month, like 2026-10; the last one that is over where it is left out.")
TOLD = ToldInWords(Refused, NoReason, UnknownLine, BillRefused)
REVIEWERS = (Role.AUDITOR, Role.ADMINISTRATOR)


@click.group()
def access() -> None:
    """Review who saw personal data, month by month (docs/accounts.md); `accounts check-log` looks for gaps alone."""


@access.command("owed")
@AS_JSON
def owed(as_json: bool) -> None:
    """List the months of the last year that nobody has reviewed yet; status 1 where one is overdue."""
    opened, at = open_installation(installed_settings()), system_clock()
    with opened.store.reading() as session:
        waiting = months_owed(session, [line.id for line in opened.lines], at=at)
    if as_json:
        print_json([_owed_entry(one) | {"overdue": one.due_at <= at} for one in waiting])
    for one in waiting if not as_json else ():
        late = ", overdue" if one.due_at <= at else ""
        click.echo(
            f"{one.line:<12} {one.month}  {one.state.value}, until {one.due_at.astimezone(SEOUL):%Y-%m-%d}{late}"
        )
    if any(one.due_at <= at for one in waiting):
        raise click.ClickException(
            "a review is overdue: `charterline access review`, then `access sign` (or the console)"
        )


@access.command("review")
@LINE
@MONTH
@AS_JSON
@TOLD
def review(line_id: str, month: str | None, as_json: bool) -> None:
    """Show a month: who did what how often, what stands out, whether the log is whole, and who signed."""
    opened = open_installation(installed_settings())
    seen, broken = _looked_at(opened, line_id, month)
    if as_json:
        print_json(_entry(seen) | {"broken_at": broken})
        return
    for line in _told(seen):
        click.echo(line)
    click.echo("the log is whole" if broken is None else f"the log is broken from entry {broken} on")


@access.command("sign")
@LINE
@MONTH
@click.option("--by", required=True, help="Your account: an auditor or administrator of the line.")
@click.option("--remark", required=True, help="What was looked at and found.")
@TOLD
def sign(line_id: str, month: str | None, by: str, remark: str) -> None:
    """Sign for a month that you reviewed: an entry of the log that nobody can change."""
    opened, at = open_installation(installed_settings()), system_clock()
    seen, broken = _looked_at(opened, line_id, month)
    with opened.store.transaction() as session:
        _require_reviewer(session, line_id, by)
        sign_month(session, seen, Signature(by, remark, broken), at=at)
    click.echo(f"{by} has signed for {seen.month} of {line_id}")


def _looked_at(opened: Opened, line_id: str, written: str | None) -> tuple[MonthSeen, int | None]:
    at, line = system_clock(), opened.lines.by_id(line_id).id
    month: Month = read_month(written) if written else before(month_at(at))
    with opened.store.reading() as session:
        return month_seen(session, line, month, at=at), first_broken(session, line)


def _require_reviewer(session: Session, line_id: str, account_id: str) -> None:
    given = select(Grant.account_id).join(Account, Account.id == Grant.account_id)
    given = given.where(Grant.account_id == account_id, Grant.line == line_id, Grant.role.in_(REVIEWERS))
    if session.scalar(given.where(Account.disabled_at.is_(None)).limit(1)) is None:
        raise Refused(f"{account_id} is no auditor or administrator of {line_id}: `charterline accounts list`")


def _entry(seen: MonthSeen) -> dict[str, object]:
    return {
        "line": seen.line,
        "month": str(seen.month),
        "state": seen.state.value,
        "entries": seen.entries,
        "standing_out": seen.standing_out,
        "people": [
            {
                "account": person.account_id,
                "name": person.name,
                "roles": [role.value for role in person.roles],
                "acts": _counts(person.acts),
                "standing_out": _counts(person.outliers),
            }
            for person in seen.people
        ],
        "signed": [
            {"account": one.entry.account_id, "at": one.entry.at.isoformat(), "remark": one.entry.reason}
            for one in seen.signed
        ],
    }


def _counts(counter: Counter[Act] | Counter[Why]) -> dict[str, int]:
    return {str(what): count for what, count in sorted(counter.items(), key=lambda one: str(one[0]))}


def _told(seen: MonthSeen) -> Sequence[str]:
    head = f"{seen.line} {seen.month}: {seen.state.value}; {seen.entries} accesses, {seen.standing_out} stand out"
    people = [
        f"  {person.account_id:<16} {_spoken(person.acts)}"
        + (f"; stand out: {_spoken(person.outliers)}" if person.outliers else "")
        for person in seen.people
    ]
    signed = [
        f"  signed {one.entry.at.astimezone(SEOUL):%Y-%m-%d %H:%M} {one.entry.account_id}: {one.entry.reason}"
        for one in seen.signed
    ]
    return [head, *people, *signed]


def _spoken(counter: Counter[Act] | Counter[Why]) -> str:
    return ", ".join(f"{what} {count}" for what, count in _counts(counter).items())


def _owed_entry(one: Owed) -> dict[str, object]:
    return {"line": one.line, "month": str(one.month), "state": one.state.value, "due": one.due_at.isoformat()}
