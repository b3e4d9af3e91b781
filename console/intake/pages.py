"""The pages of intake: calls drawn to be marked, the accuracy of a period, and the mark on a call's page."""

import secrets
from datetime import date, timedelta
from typing import Annotated

from flask import Blueprint, flash, redirect, render_template, request, url_for
from pydantic import BaseModel, Field
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from console.centre import centre_line
from console.days import read_day
from console.finding import own
from console.forms import Faults, read_form
from console.office import office
from console.stories import accounts_of
from console.told import told_or
from console.visitor import STAFF, allowed, visitor, wording
from ivr.accounts.rows import Role
from ivr.agents.rows import Agent
from ivr.base import Refused
from ivr.calls.rows import Call
from ivr.intake.accuracy import Accuracy, accuracy
from ivr.intake.marking import LONGEST_NOTE, Finding, mark_intake, marks_of
from ivr.intake.rows import IntakeMark
from ivr.intake.sampling import MOST, Draw, sample
from ivr.lines.hours import SEOUL
from ivr.repairs.reading import Sought, repairs_of

blueprint = Blueprint("intake", __name__, url_prefix="/intake")
MARKING = (Role.SUPERVISOR, Role.AUDITOR)
Answer = Response | str | tuple[str, int]
SEEDS = 1_000_000
WRONG = tuple(mark for mark in IntakeMark if mark is not IntakeMark.RIGHT)
LONGEST = timedelta(days=366)


class Marked(BaseModel):
    """What somebody found about the intake of a call."""

    mark: IntakeMark
    note: Annotated[str, Field(max_length=LONGEST_NOTE)] = ""


@blueprint.get("/")
@allowed(*STAFF)
def page() -> str:
    """The accuracy of a period (by default this month), and calls drawn from it by a seed."""
    line, _ = centre_line()
    first, last = _days()
    firm = request.args.get("firm") or None
    size, seed = _number("size", 20, MOST), _number("seed", secrets.randbelow(SEEDS), SEEDS)
    with office().store.reading() as session:
        counted = accuracy(session, line.id, first=first, last=last, firm=firm)
        drawn = sample(session, line.id, Draw(first, last, seed, size, firm)) if request.args.get("seed") else []
        return render_template(
            "intake/page.html",
            first=first,
            last=last,
            firm=firm or "",
            firms=[("", wording().say("common.all")), *((one.id, one.name) for one in line.firms.values())],
            size=size,
            seed=seed,
            is_drawn=bool(request.args.get("seed")),
            counted=counted,
            agents=_agents(session, counted),
            drawn=drawn,
            firm_names={one.id: one.name for one in line.firms.values()},
            wrong=WRONG,
            wrong_columns=[(wording().say(f"intake.mark.{mark.value}"), "number") for mark in WRONG],
        )


@blueprint.post("/calls/<id>")
@allowed(*MARKING)
def mark(id: str) -> Answer:
    """Mark the intake of a call; the piece of the call's page is drawn anew."""
    centre_line()
    form = read_form(Marked)
    faults = form if isinstance(form, Faults) else None
    with office().store.transaction() as session:
        call = own(session, Call, id)
        if not isinstance(form, Faults):
            try:
                mark_intake(session, call, Finding(form.mark, form.note), by=visitor().account_id, at=office().clock())
            except Refused as error:
                faults = Faults(dict(request.form), {"note": told_or(error, "intake.refused")})
    if "HX-Request" not in request.headers:
        flash(wording().say("intake.done") if faults is None else _said(faults), "good" if faults is None else "error")
        return redirect(url_for("calls.call", id=id), 303)
    with office().store.reading() as session:
        piece = render_template("intake/mark.html", call=own(session, Call, id), faults=faults, **of_call(session, id))
    return piece if faults is None else (piece, 422)


def of_call(session: Session, id: str) -> dict[str, object]:
    """What a call's page shows of a centre: the marks and the repairs of the call; nothing on any other line."""
    if visitor().line.centre is None:
        return {"intake": None}
    marks = marks_of(session, id)
    return {
        "intake": marks,
        "intake_names": accounts_of(session, (one.marked_by for one in marks)),
        "intake_marks": [(mark.value, wording().say(f"intake.mark.{mark.value}")) for mark in IntakeMark],
        "may_mark": visitor().may(*MARKING),
        "repairs": repairs_of(session, visitor().line.id, sought=Sought(call_id=id)),
    }


def _said(faults: Faults) -> str:
    return next(iter(faults.by_field.values()), wording().say("intake.refused"))


def _days() -> tuple[date, date]:
    """The days that are asked for; this month up to today where they are none."""
    today = office().clock().astimezone(SEOUL).date()
    first, last = read_day(request.args.get("first", "")), read_day(request.args.get("last", ""))
    if first is None or last is None or first > date.max - LONGEST:
        return today.replace(day=1), today
    return first, min(max(first, last), first + LONGEST)


def _number(name: str, otherwise: int, most: int) -> int:
    given = request.args.get(name, "")
    return min(int(given), most) if given.isascii() and given.isdigit() and len(given) < 10 else otherwise


def _agents(session: Session, counted: Accuracy) -> dict[str, str]:
    rows = session.execute(select(Agent.id, Agent.name).where(Agent.id.in_(list(counted.by_agent))))
    return {id: name for id, name in rows}
