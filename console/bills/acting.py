"""What supervisors do about bills: close a month that is over, and put a line of a statement right."""

from functools import partial
from typing import Annotated

from flask import abort, render_template, url_for
from pydantic import BaseModel, Field
from werkzeug.wrappers import Response

from console.bills.drawn import drawn_lines
from console.bills.room import blueprint, shown, worded
from console.centre import centre_line
from console.doing import at_form, doing, done, on_page, read_or_again
from console.forms import Faults, faults_in, read_form
from console.office import office
from console.shell import SUPERVISING
from console.stale import mark_of, refuse_stale
from console.visitor import allowed, visitor, wording
from ivr.billing.correcting import LONGEST_REASON, Wrong, correct, left_of
from ivr.billing.refusing import BillRefused
from ivr.billing.rows import StatementLine
from ivr.billing.statements import close_month

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
    with doing(on_page(worded, url_for("bills.page"))) as session:
        closed = close_month(session, line, form.month, by=visitor().account_id, at=office().clock())
    say = wording().say
    said = say("bills.closed_now", count=len(closed.made)) if closed.made else say("bills.closed_none")
    return done(said, url_for("bills.page", month=form.month))


@blueprint.get("/<firm>/<month>/lines/<int:ordinal>/correct")
@allowed(*SUPERVISING)
def correcting(firm: str, month: str, ordinal: int) -> str:
    """The form that puts a line right."""
    return _form(firm, month, ordinal)


@blueprint.post("/<firm>/<month>/lines/<int:ordinal>/correct")
@allowed(*SUPERVISING)
def correct_line(firm: str, month: str, ordinal: int) -> Response:
    """Keep a correction, of what the form has shown, once; the firm's next statement carries it."""
    page, (line, _) = partial(_form, firm, month, ordinal), centre_line()
    form = read_or_again(Correcting, page)
    with doing(at_form(page, partial(_fault_of, form))) as session:
        one = shown(session, firm, month)
        id = one.bill.statement.id if one.bill.statement else ""
        wrong = Wrong(id, ordinal, form.owed, form.reason)
        row = correct(session, line.id, wrong, by=visitor().account_id, at=office().clock())
        corrected = session.get_one(StatementLine, (row.statement_id, ordinal))
        refuse_stale({"left": left_of(session, corrected) - form.owed})
    return done(wording().say("bills.corrected_now"), url_for("bills.statement", firm=firm, month=month))


def _fault_of(form: Correcting, refused: Exception) -> Faults:
    is_reason = isinstance(refused, BillRefused) and refused.rule == "no_reason"
    return faults_in(form, {"reason" if is_reason else "owed": worded(refused)})


def _form(firm: str, month: str, ordinal: int, *, faults: Faults | None = None) -> str:
    with office().store.reading() as session:
        one = shown(session, firm, month)
        if one.bill.statement is None or not 1 <= ordinal <= len(one.bill.lines):
            abort(404)
        left = left_of(session, session.get_one(StatementLine, (one.bill.statement.id, ordinal)))
    drawn = drawn_lines(one, wording().say)[ordinal - 1]
    if drawn.is_correction:
        abort(404)
    parts = {"left": max(left, 0), "mark": mark_of({"left": left})}
    return render_template("bills/correct.html", shown=one, drawn=drawn, faults=faults, **parts)
