"""Calls taken along as a file: what is sought, with a reason, numbers masked, no cell that runs as a formula."""

from collections.abc import Iterator
from datetime import datetime
from fractions import Fraction
from io import BytesIO
from typing import Any, Literal

from flask import Response, abort, flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from console.calls.asking import Asked, read_asked
from console.calls.room import blueprint
from console.forms import Faults, Reason, read_form
from console.office import office
from console.reports.rows import rows as as_csv
from console.reports.tables import Cell, Column, Table, row
from console.reports.workbook import sheet_of, workbook
from console.visitor import STAFF, allowed, visitor, wording
from ivr.accounts.access_log import Access, log_access
from ivr.accounts.rows import Act
from ivr.calls.found import FoundCall, found_calls
from ivr.calls.searching import all_calls
from ivr.lines.hours import SEOUL

# A file of more rows is asked for in parts, by days.
MOST_ROWS = 20_000
COLUMNS: tuple[tuple[str, Literal["text", "label", "seconds"]], ...] = (
    ("arrived", "label"),
    ("receipt", "label"),
    ("caller", "label"),
    ("outcome", "label"),
    ("team", "text"),
    ("agents", "text"),
    ("ring", "seconds"),
    ("reading", "label"),
    ("wait", "seconds"),
    ("talk", "seconds"),
    ("missed", "text"),
    ("indeterminate", "text"),
)
TYPES = {"csv": "text/csv", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


class Wish(Reason):
    """What the form of a file has beside the search."""

    kind: Literal["csv", "xlsx"] = "csv"


@blueprint.post("/file")
@allowed(*STAFF)
def take() -> AnyResponse:
    """The calls that are sought, as a file; who took them and why is kept."""
    wish = read_form(Wish)
    if isinstance(wish, Faults):
        flash(wording().say("common.reason_missing"), "error")
        return redirect(url_for("calls.page", **_address()), 303)
    with office().store.reading() as reading:
        asked = read_asked(reading, request.form.to_dict())
        if asked.faults or asked.is_over:
            abort(409)
        found = [
            call
            for page in all_calls(reading, asked.sought, most=MOST_ROWS)
            for call in found_calls(reading, [place.id for place in page])
        ]
    table = _table(found)
    _log(asked, wish, len(found))
    name = f"calls-{office().clock().astimezone(SEOUL):%Y%m%d-%H%M}.{wish.kind}"
    return Response(
        _written(table, wish.kind),
        content_type=TYPES[wish.kind],
        headers={"Content-Disposition": f"attachment; filename={name}"},
    )


def _address() -> dict[str, Any]:  # Any: as `url_for` takes it
    with office().store.reading() as reading:
        return read_asked(reading, request.form.to_dict()).address


def _log(asked: Asked, wish: Wish, count: int) -> None:
    person = visitor()
    detail: dict[str, str | int] = {**asked.address, "rows": count, "file": wish.kind}
    access = Access(person.account_id, person.line.id, Act.EXPORT, f"calls:{person.line.id}", wish.reason, detail)
    with office().store.transaction() as session:
        log_access(session, access, at=office().clock())


def _written(table: Table, kind: str) -> bytes:
    if kind == "csv":
        return b"".join(as_csv(table))
    out = BytesIO()
    workbook([sheet_of(table)], title=table.caption, dated=office().clock().astimezone(SEOUL).date(), out=out)
    return out.getvalue()


def _table(found: list[FoundCall]) -> Table:
    say = wording().say
    columns = tuple(Column(say(f"calls.column.{name}"), kind) for name, kind in COLUMNS)
    return Table(say("calls.sheet"), columns, tuple(_cells(call) for call in found))


def _cells(call: FoundCall) -> tuple[Cell, ...]:
    say, line, met = wording().say, visitor().line, call.answered_by
    return row(
        _local(call.arrived_at),
        call.receipt_number,
        call.caller.masked if call.caller else "",
        say(f"calls.outcome.{call.outcome or 'going_on'}"),
        line.teams[call.team].name if call.team and call.team in line.teams else call.team or "",
        ", ".join(_names(call)),
        _seconds(met.ring_ms if met else None),
        say(f"common.verdict.{met.rings}") if met else "",
        _seconds(call.wait_ms),
        _seconds(met.talk_ms if met else None),
        ", ".join(call.missed),
        ", ".join(call.indeterminate),
    )


def _names(call: FoundCall) -> Iterator[str]:
    return iter(dict.fromkeys(rung.name for rung in call.rung if rung.is_talk))


def _local(at: datetime) -> str:
    return f"{at.astimezone(SEOUL):%Y-%m-%d %H:%M:%S}"


def _seconds(milliseconds: int | None) -> Cell:
    return Cell(None if milliseconds is None else Fraction(milliseconds, 1000))
