"""What commands about cases share: an opened installation, work on one case, local times, and how a case is shown."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypedDict

import click

from commands.installation import installed_settings
from commands.opened import Opened, open_installation
from config.bell import bell_at
from config.clock import system_clock
from ivr.base import Refused
from ivr.calls.facts import Told
from ivr.cases.institution import Institution, UnknownCase, Work, locked_case
from ivr.cases.moves import OPEN
from ivr.cases.reading import find_case
from ivr.cases.rows import Case, ReplyBy
from ivr.deadlines import NoDeadline
from ivr.lines.hours import SEOUL
from ivr.lines.model import UnknownLine
from ivr.numbers import BadNumber
from ivr.people.masking import masked_name
from workers.verdicts import installed_rules

WHEN = click.DateTime(["%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M", "%Y-%m-%d"])
ACTOR = click.option("--by", default="agent", show_default=True, help="Who does it: an agent's or officer's id.")


class CaseEntry(TypedDict):
    """One case as printed: times in ISO 8601, local; the number masked. `left_minutes` is negative when overdue."""

    case: str
    receipt: str
    line: str
    kind: str
    topic: str | None
    channel: str
    state: str
    owner: str
    handler: str | None
    officer: str | None
    customer: str | None
    number: str | None
    reply_by: str
    received_at: str
    due_at: str
    first_due_at: str
    owed: str
    standard: str | None
    left_minutes: int | None
    slips: int
    answered_at: str | None
    call: str | None
    objects_to: str | None


class ListedCase(CaseEntry):
    """One case of a list; `to_tell` is what an officer still has to tell the customer, `repeated` a repeat (S12)."""

    to_tell: list[str]
    repeated: bool


@dataclass(frozen=True, slots=True)
class Desk:
    """The installation as opened, and the moment of the command."""

    opened: Opened
    at: datetime

    def institution(self, line_id: str) -> Institution:
        """The institution of a line; raises `UnknownLine`."""
        opened = self.opened
        return Institution(
            opened.lines.by_id(line_id), opened.calendar, installed_rules().charters, opened.store.keyring
        )

    def ring(self) -> None:
        """Wake the relay: something was promised."""
        bell_at(self.opened.settings.redis_url)()


def desk() -> Desk:
    """The desk of this installation, now."""
    return Desk(open_installation(installed_settings()), system_clock())


@contextmanager
def refusals() -> Iterator[None]:
    """What is refused is told in words, with exit status 1."""
    try:
        yield
    except (Refused, UnknownCase, UnknownLine, NoDeadline, BadNumber) as refused:
        raise click.ClickException(str(refused)) from None


@contextmanager
def on_case(name: str, by: str) -> Iterator[tuple[Work, Case]]:
    """Work on the case with this id or receipt number, in one transaction; the relay is woken afterwards."""
    here = desk()
    with refusals(), here.opened.store.transaction() as session:
        case = locked_case(session, find_case(session, name).id)
        yield Work(session, here.institution(case.line), here.at, by), case
    here.ring()


def moment(given: datetime) -> datetime:
    """A local time as typed."""
    return given.replace(tzinfo=SEOUL)


def end_of(given: datetime) -> datetime:
    """A date until which something is done: a day alone means its end."""
    local = given.replace(tzinfo=SEOUL)
    return local + timedelta(days=1) if local.time() == local.time().min else local


def local(at: datetime | None) -> str | None:
    """A moment as printed."""
    return at.astimezone(SEOUL).isoformat(timespec="minutes") if at else None


def entry_of(case: Case, at: datetime) -> CaseEntry:
    """One case as printed."""
    return {
        "case": case.id,
        "receipt": case.receipt_number,
        "line": case.line,
        "kind": case.kind,
        "topic": case.topic,
        "channel": case.channel,
        "state": case.state.value,
        "owner": case.owner,
        "handler": case.handler,
        "officer": case.officer_id,
        "customer": masked_name(case.customer),
        "number": case.number.masked if case.number else None,
        "reply_by": case.reply_by.value,
        "received_at": local(case.received_at) or "",
        "due_at": local(case.due_at) or "",
        "first_due_at": local(case.first_due_at) or "",
        "owed": case.owed.value,
        "standard": case.standard_id,
        "left_minutes": int((case.due_at - at).total_seconds() // 60) if case.state in OPEN else None,
        "slips": case.slips,
        "answered_at": local(case.answered_at),
        "call": case.call_id,
        "objects_to": case.objects_to,
    }


def row_of(entry: CaseEntry | ListedCase) -> str:
    """One line of a list, due ones first."""
    left = _left(entry["left_minutes"])
    due = datetime.fromisoformat(entry["due_at"])
    who = entry["officer"] or entry["handler"] or "-"
    what = f"{entry['line']:<9} {entry['kind']:<10} {entry['channel']:<6}"
    return (
        f"{entry['receipt']:<13} {what} due {due:%m-%d %H:%M} {left:>9}  {entry['state']:<17} {who:<14} {entry['case']}"
    )


def told_line(fact: Told) -> str:
    """One line of a case's story."""
    at = (fact.said_at or fact.received_at).astimezone(SEOUL)
    detail = "  ".join(f"{name}={_shown(value)}" for name, value in fact.detail.items())
    return f"  {at:%Y-%m-%d %H:%M:%S}  {fact.kind:<18} {detail}"


def reply_by(word: str | None) -> ReplyBy | None:
    """The way a customer is told things, as typed."""
    return ReplyBy(word) if word else None


def _left(minutes: int | None) -> str:
    if minutes is None:
        return "-"
    days, rest = divmod(abs(minutes), 24 * 60)
    sign = "-" if minutes < 0 else ""
    return f"{sign}{days}d {rest // 60}h" if days else f"{sign}{rest // 60}h {rest % 60}m"


def _shown(value: object) -> str:
    """Moments within a detail are told in local time."""
    try:
        return local(datetime.fromisoformat(str(value))) or ""
    except ValueError:
        return str(value)
