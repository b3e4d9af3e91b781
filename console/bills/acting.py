"""What supervisors do about bills: close a month that is over, and put a line of a statement right."""

from typing import Annotated

from flask import abort, flash, redirect, render_template, url_for
from pydantic import BaseModel, Field
from werkzeug.wrappers import Response

from console.bills.drawn import drawn_lines
from console.bills.room import blueprint, shown, worded
from console.centre import centre_line
from console.forms import Faults, read_form
from console.office import office
from console.shell import SUPERVISING
from console.stale import mark_of, refuse_stale
from console.visitor import allowed, visitor, wording
from ivr.billing.correcting import LONGEST_REASON, Wrong, correct, left_of
from ivr.billing.refusing import BillRefused
from ivr.billing.rows import StatementLine
from ivr.billing.statements import close_month

Answer = Response | str | tuple[str, int]
MOST_WON = 10_000_000_000


class Closing(BaseModel):
    """Which month is closed."""

    month: Annotated[str, Field(max_length=10)]


class Correcting(BaseModel):
    """Won to be taken off (below 0) or added, and why."""

    owed: Annotated[int, Field(ge=-MOST_WON, le=MOST_WON)]
    reason: Annotated[str, Field(min_length=2, max_length=LONGEST_REASON)]


@blueprint.post("/close")
@allowed(*SUPERVISING)
def close() -> Response:
    """Make the statements of a month that are not there yet."""
    form, (line, _) = read_form(Closing), centre_line()
    if isinstance(form, Faults):
        abort(400)
    try:
        with office().store.transaction() as session:
            closed = close_month(session, line, form.month, by=visitor().account_id, at=office().clock())
    except BillRefused as refused:
        flash(worded(refused), "error")
        return redirect(url_for("bills.page"), 303)
    say = wording().say
    told = say("bills.closed_now", count=len(closed.made)) if closed.made else say("bills.closed_none")
    flash(told, "good")
    return redirect(url_for("bills.page", month=form.month), 303)


@blueprint.get("/<firm>/<month>/lines/<int:ordinal>/correct")
@allowed(*SUPERVISING)
def correcting(firm: str, month: str, ordinal: int) -> Answer:
    """The form that puts a line right."""
    return _form(firm, month, ordinal)


@blueprint.post("/<firm>/<month>/lines/<int:ordinal>/correct")
@allowed(*SUPERVISING)
def correct_line(firm: str, month: str, ordinal: int) -> Answer:
    """Keep a correction, of what the form has shown, once; the firm's next statement carries it."""
    form, (line, _) = read_form(Correcting), centre_line()
    if isinstance(form, Faults):
        return _form(firm, month, ordinal, faults=form)
    try:
        with office().store.transaction() as session:
            one = shown(session, firm, month)
            id = one.bill.statement.id if one.bill.statement else ""
            wrong = Wrong(id, ordinal, form.owed, form.reason)
            row = correct(session, line.id, wrong, by=visitor().account_id, at=office().clock())
            corrected = session.get_one(StatementLine, (row.statement_id, ordinal))
            refuse_stale({"left": left_of(session, corrected) - form.owed})
    except BillRefused as refused:
        typed = {"owed": str(form.owed), "reason": form.reason}
        field = "reason" if refused.rule == "no_reason" else "owed"
        return _form(firm, month, ordinal, faults=Faults(typed, {field: worded(refused)}))
    flash(wording().say("bills.corrected_now"), "good")
    return redirect(url_for("bills.statement", firm=firm, month=month), 303)


def _form(firm: str, month: str, ordinal: int, *, faults: Faults | None = None) -> Answer:
    with office().store.reading() as session:
        one = shown(session, firm, month)
        if one.bill.statement is None or not 1 <= ordinal <= len(one.bill.lines):
            abort(404)
        left = left_of(session, session.get_one(StatementLine, (one.bill.statement.id, ordinal)))
    drawn = drawn_lines(one, wording().say)[ordinal - 1]
    if drawn.is_correction:
        abort(404)
    parts = {"left": max(left, 0), "mark": mark_of({"left": left})}
    page = render_template("bills/correct.html", shown=one, drawn=drawn, faults=faults, **parts)
    return (page, 422) if faults else page
