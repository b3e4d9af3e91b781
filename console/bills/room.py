"""The blueprint of bills, and what its requests are about: a month, a firm, a line of a bill."""

from contextlib import suppress
from typing import NoReturn

from flask import Blueprint, abort, flash, redirect, request, url_for
from sqlalchemy.orm import Session

from console.bills.showing import ShownBill, shown_bill
from console.centre import centre_line
from console.office import office
from console.told import told
from console.visitor import wording
from ivr.billing.months import month_at, read_month
from ivr.billing.refusing import BillRefused
from ivr.reports.quarters import Month

blueprint = Blueprint("bills", __name__, url_prefix="/bills")
UNKNOWN = frozenset({"unknown_firm", "bad_month", "unknown_statement", "unknown_line"})


def month_asked() -> Month:
    """The month of `?month=`, the present one where none is asked for; 404 for what is none."""
    with suppress(BillRefused):
        written = request.args.get("month", "")
        return read_month(written) if written else month_at(office().clock())
    abort(404)


def shown(session: Session, firm: str, month: str) -> ShownBill:
    """A firm's month; 404 where there is no such firm or month."""
    line, _ = centre_line()
    try:
        return shown_bill(session, line, firm, month=month, at=office().clock())
    except BillRefused as refused:
        refuse(refused)


def refuse(refused: BillRefused) -> NoReturn:
    """End the request: 404 for what is not there; what cannot be reckoned leads to the prices."""
    if refused.rule in UNKNOWN:
        abort(404)
    flash(worded(refused), "error")
    abort(redirect(url_for("bills.prices"), 303))


def worded(refused: Exception) -> str:
    """A refusal in the visitor's language."""
    if not isinstance(refused, BillRefused):
        return told(refused)
    return wording().say(f"bills.refused.{refused.rule}", **refused.values)
