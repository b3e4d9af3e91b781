"""The access log of a line: looked through, checked for gaps, and taken out as a file, which is itself an entry."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Annotated, BinaryIO

from flask import abort, flash, redirect, render_template, request, url_for
from pydantic import BaseModel, Field, ValidationError
from werkzeug.wrappers import Response

from console.access import reviewing
from console.access.room import blueprint
from console.downloads import download
from console.filters import moment
from console.forms import Faults, Reason, read_form
from console.office import office
from console.paging import asked_after, cut
from console.visitor import allowed, visitor, wording
from ivr.accounts.access_log import Access, first_broken, log_access
from ivr.accounts.access_reading import Seen, Sought, all_entries, entries, people_of
from ivr.accounts.access_review import overdue_reviews
from ivr.accounts.rows import Act, Role
from ivr.tables import CSV, Cell, write_rows

# Its views are of the same blueprint.
__all__ = ["blueprint", "reviewing"]
SIZE = 50
COLUMNS = ("place", "at", "account", "name", "address", "act", "subject", "reason", "detail")
# A place in the log is a number that databases hold.
LARGEST_PLACE = 2**31 - 1


class FilterForm(BaseModel):
    """What is asked for in the address."""

    account: Annotated[str, Field(max_length=40)] = ""
    act: Act | None = None
    subject: Annotated[str, Field(max_length=80)] = ""
    first: date | None = None
    last: date | None = None

    def sought(self) -> Sought:
        """The same as a question to the log of the visitor's line."""
        return Sought(visitor().line.id, self.account, self.act, self.subject.strip(), self.first, self.last)


class ExportForm(FilterForm, Reason):
    """What is taken out, and why."""


@blueprint.get("")
@allowed(Role.AUDITOR, Role.ADMINISTRATOR)
def page() -> str:
    """The entries that are asked for, the newest first; with `check` the whole log is gone through for gaps."""
    given, here, line = _given(), office(), visitor().line.id
    with here.store.reading() as reading:
        found = entries(reading, given.sought(), before=_before(), size=SIZE + 1)
        is_checked = "check" in request.args
        return render_template(
            "access/page.html",
            page=cut(found, SIZE, _mark),
            given=given,
            people=people_of(reading, line),
            acts=list(Act),
            is_checked=is_checked,
            broken=first_broken(reading, line) if is_checked else None,
            owed=overdue_reviews(reading, [line], at=here.clock()),
        )


@blueprint.post("/export")
@allowed(Role.AUDITOR, Role.ADMINISTRATOR)
def export() -> Response:
    """The entries as a file; who took them, and why, is the newest entry from now on."""
    form, person, here = read_form(ExportForm), visitor(), office()
    if isinstance(form, Faults):
        flash(wording().say("common.reason_missing"), "error")
        return redirect(url_for("access.page"), 303)
    sought = form.sought()
    reason, subject = form.reason, f"access:{sought.line}"

    def write(file: BinaryIO) -> None:
        with here.store.reading() as reading:
            head = [wording().say(f"access.column.{name}") for name in COLUMNS]
            count = write_rows(file, CSV, head=head, rows=_rows(all_entries(reading, sought)))
        access = Access(person.account_id, sought.line, Act.EXPORT, subject, reason, {"rows": count})
        with here.store.transaction() as writing:
            log_access(writing, access, at=here.clock())

    return download(f"access-{sought.line}-{here.clock():%Y%m%d}", CSV, write)


def _given() -> FilterForm:
    asked = {name: value.strip() for name, value in request.args.items() if value.strip()}
    try:
        return FilterForm.model_validate(asked)
    except ValidationError:
        abort(404)


def _before() -> int | None:
    after = asked_after(1)
    if after is None:
        return None
    if not after[0].isdecimal() or int(after[0]) > LARGEST_PLACE:
        abort(404)
    return int(after[0])


def _mark(seen: Seen) -> tuple[str]:
    return (str(seen.entry.place),)


def _rows(found: Iterator[Seen]) -> Iterator[Sequence[Cell]]:
    say = wording().say
    for seen in found:
        entry = seen.entry
        yield (
            *(entry.place, moment(entry.at), entry.account_id, seen.name, entry.address),
            *(say(f"access.act.{entry.act.value}"), entry.subject, entry.reason),
            ", ".join(f"{name}={value}" for name, value in entry.detail.items()),
        )
