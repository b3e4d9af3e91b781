"""The monthly review of the access log: a month by person and act, what stands out, and who signs for it."""

from typing import Annotated

from flask import abort, flash, redirect, render_template, request, url_for
from pydantic import BaseModel, Field
from werkzeug.wrappers import Response

from console.access.room import blueprint
from console.forms import Faults, read_form
from console.office import office
from console.visitor import allowed, visitor, wording
from ivr.accounts.access_log import NoReason, first_broken
from ivr.accounts.access_reading import entry_at
from ivr.accounts.access_review import (
    DUE_AFTER,
    LOOKED_BACK,
    MANY_A_DAY,
    OF_THE_LOG,
    SHOWN,
    Signature,
    State,
    Why,
    month_seen,
    months_owed,
    sign_month,
)
from ivr.accounts.rows import Act, Role
from ivr.base import Refused
from ivr.billing.months import before, month_at, read_month
from ivr.billing.refusing import BillRefused
from ivr.reports.quarters import Month

ACTS = tuple(act for act in Act if act not in OF_THE_LOG)


class SignForm(BaseModel):
    """Whoever has looked at a month says what was found."""

    month: Annotated[str, Field(max_length=7)]
    remark: Annotated[str, Field(min_length=2, max_length=300)]


@blueprint.get("/review")
@allowed(Role.AUDITOR, Role.ADMINISTRATOR)
def review() -> str:
    """One month, the last one that is over where none is asked for; and the months that nobody signed for."""
    here, line = office(), visitor().line.id
    at = here.clock()
    month = _asked() or before(month_at(at))
    with here.store.reading() as reading:
        broken = first_broken(reading, line)
        return render_template(
            "access/review.html",
            seen=month_seen(reading, line, month, at=at),
            owed=months_owed(reading, [line], at=at),
            months=_offered(month_at(at)),
            acts=ACTS,
            whys=list(Why),
            states=State,
            broken=broken,
            there=entry_at(reading, line, broken) if broken is not None else None,
            due_days=DUE_AFTER.days,
            many=MANY_A_DAY,
            most=SHOWN,
        )


@blueprint.post("/review")
@allowed(Role.AUDITOR, Role.ADMINISTRATOR)
def sign() -> Response:
    """Sign for a month; the log is gone through for gaps at that moment, and what was found is part of the entry."""
    form, here, person = read_form(SignForm), office(), visitor()
    if isinstance(form, Faults):
        flash(wording().say("access.remark_missing"), "error")
        return redirect(url_for("access.review", month=_written(form.typed.get("month", ""))), 303)
    month, line, at = _month(form.month), person.line.id, here.clock()
    with here.store.reading() as reading:
        seen, broken = month_seen(reading, line, month, at=at), first_broken(reading, line)
    try:
        with here.store.transaction() as session:
            sign_month(session, seen, Signature(person.account_id, form.remark, broken), at=at)
    except (Refused, NoReason):
        flash(wording().say("access.not_signed"), "error")
    else:
        flash(wording().say("access.signed", month=str(month)), "good")
    return redirect(url_for("access.review", month=str(month)), 303)


def _asked() -> Month | None:
    written = request.args.get("month", "").strip()
    return _month(written) if written else None


def _month(written: str) -> Month:
    try:
        return read_month(written)
    except BillRefused:
        abort(404)


def _written(typed: str) -> str | None:
    try:
        return str(read_month(typed))
    except BillRefused:
        return None


def _offered(newest: Month) -> list[Month]:
    months = [newest]
    for _ in range(LOOKED_BACK):
        months.append(before(months[-1]))
    return months
