"""Taking the list of cases away as CSV or XLSX: for a reason that is kept, with names and numbers masked."""

from collections.abc import Iterator
from typing import BinaryIO, Literal

from flask import flash, redirect, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from console.cases.room import blueprint
from console.downloads import download
from console.filters import moment
from console.forms import Faults, Reason, read_form
from console.office import office
from console.visitor import allowed, visitor, wording
from ivr.accounts.access_log import Access, log_access
from ivr.accounts.rows import Act, Role
from ivr.cases.finding import Sought, find_cases
from ivr.cases.rows import Case
from ivr.cases.telling import until_words
from ivr.people.masking import masked_name
from ivr.tables import CSV, XLSX, Cell, write_rows

AT_ONCE, MOST = 1000, 100_000
COLUMNS = (
    *("receipt", "kind", "channel", "topic", "state", "handler", "officer", "customer", "number"),
    *("received", "due", "first_due", "answered", "slips"),
)


class Wish(Reason):
    """Which file, of which cases, and why."""

    form: Literal["csv", "xlsx"]
    only_open: bool = False


@blueprint.post("/export")
@allowed(Role.SUPERVISOR, Role.AUDITOR, Role.ADMINISTRATOR)
def export() -> Response:
    """The cases of the line, without what customers wrote."""
    wish = read_form(Wish)
    if isinstance(wish, Faults):
        flash(wording().say("common.reason_missing"), "error")
        return redirect(url_for("cases.page"), 303)
    sought, ending = Sought(visitor().line.id, is_open=wish.only_open), CSV if wish.form == "csv" else XLSX

    def write(file: BinaryIO) -> None:
        with office().store.reading() as session:
            head = [wording().say(f"cases.column.{name}") for name in COLUMNS]
            count = write_rows(file, ending, head=head, rows=_rows(session, sought))
        with office().store.transaction() as session:
            access = Access(visitor().account_id, sought.line, Act.EXPORT, "cases", wish.reason, {"rows": count})
            log_access(session, access, at=office().clock())

    return download(f"cases-{sought.line}", ending, write)


def _rows(session: Session, sought: Sought) -> Iterator[tuple[Cell, ...]]:
    after, count = None, 0
    while found := find_cases(session, sought, after=after, limit=AT_ONCE):
        yield from (_row(case) for case in found)
        last, count = found[-1], count + len(found)
        if count >= MOST:
            return
        after = ((last.due_at if sought.is_open else last.received_at), last.id)
        session.expunge_all()


def _row(case: Case) -> tuple[Cell, ...]:
    say = wording().say
    topic = visitor().line.cases.topics.get(case.topic or "")
    return (
        case.receipt_number,
        say(f"cases.kind.{case.kind}"),
        say(f"cases.channel.{case.channel}"),
        topic.name if topic else case.topic,
        say(f"cases.state.{case.state.value}"),
        case.handler or case.owner,
        case.officer_id,
        masked_name(case.customer),
        case.number.masked if case.number else None,
        moment(case.received_at),
        until_words(case.due_at),
        until_words(case.first_due_at),
        moment(case.answered_at),
        case.slips,
    )
