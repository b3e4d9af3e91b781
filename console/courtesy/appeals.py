"""Appeals: an agent against a score, and the decision of somebody who did not give it."""

from typing import Annotated

from flask import abort, flash, redirect, render_template, url_for
from pydantic import BaseModel, Field
from werkzeug.wrappers import Response

from console.courtesy.room import acting, blueprint, deed, ledger_of, refuse_own_call, refuse_strange
from console.forms import Faults, read_form
from console.office import office
from console.visitor import STAFF, allowed, visitor, wording
from ivr.accounts.rows import Role
from ivr.courtesy.appeals import Against, appeals_of, dismiss, file_appeal, is_late, uphold, withdraw
from ivr.courtesy.rows import AppealState

Answer = Response | str | tuple[str, int]
DISMISS, NOT_APPLICABLE = "dismiss", "-"


class Appeal(BaseModel):
    """What is wrong with a score."""

    text: Annotated[str, Field(min_length=2, max_length=1000)]


class Decision(BaseModel):
    """The better score, `-` for not applicable, or that the old one stands; and why."""

    points: Annotated[str, Field(pattern=r"^(\d{1,3}|-|dismiss)$")]
    reason: Annotated[str, Field(min_length=2, max_length=1000)]


@blueprint.post("/<round_id>/calls/<call_id>/<item>/appeal")
@allowed(Role.AGENT)
def appeal(round_id: str, call_id: str, item: str) -> Response:
    """Appeal against one score of an own call; once."""
    form, agent = read_form(Appeal), visitor().agent_id
    if agent is None:
        abort(403)
    if isinstance(form, Faults):
        flash(wording().say("common.reason_missing"), "error")
        return _mine(round_id)
    with acting() as session:
        refuse_strange(session, round_id)
        file_appeal(session, round_id, against=Against(call_id, item), deed=deed(form.text, by=agent))
        flash(wording().say("courtesy.appealed"), "good")
    return _mine(round_id)


@blueprint.post("/<round_id>/calls/<call_id>/<item>/withdraw")
@allowed(Role.AGENT)
def withdraw_appeal(round_id: str, call_id: str, item: str) -> Response:
    """Take an appeal back that has not been decided."""
    agent = visitor().agent_id
    if agent is None:
        abort(403)
    with acting() as session:
        refuse_strange(session, round_id)
        withdraw(session, round_id, against=Against(call_id, item), deed=deed(by=agent))
        flash(wording().say("courtesy.appeal_withdrawn"), "good")
    return _mine(round_id)


@blueprint.get("/<round_id>/calls/<call_id>/<item>/appeal")
@allowed(*STAFF)
def appeal_page(round_id: str, call_id: str, item: str) -> str:
    """One appeal with the score that it is about, and the decision or its form."""
    return _page(round_id, call_id, item)


@blueprint.post("/<round_id>/calls/<call_id>/<item>/decide")
@allowed(Role.SUPERVISOR)
def decide(round_id: str, call_id: str, item: str) -> Answer:
    """Give the agent right with a better score, or let the score stand, with the reason."""
    form, against = read_form(Decision), Against(call_id, item)
    if isinstance(form, Faults):
        return _page(round_id, call_id, item, faults=form), 422
    with acting() as session:
        refuse_own_call(session, round_id, call_id)
        if form.points == DISMISS:
            dismiss(session, round_id, against=against, deed=deed(form.reason))
        else:
            points = None if form.points == NOT_APPLICABLE else int(form.points)
            uphold(session, round_id, against=against, points=points, deed=deed(form.reason))
        flash(wording().say("courtesy.decided"), "good")
    return redirect(url_for("courtesy.appeal_page", round_id=round_id, call_id=call_id, item=item), 303)


def _page(round_id: str, call_id: str, item: str, *, faults: Faults | None = None) -> str:
    at = office().clock()
    with office().store.reading() as session:
        ledger = ledger_of(session, round_id)
        found = [one for one in appeals_of(session, round_id) if (one.call_id, one.item) == (call_id, item)]
    asked = ledger.form.item(item)
    sheet = ledger.counting(call_id) if call_id in ledger.picks else None
    if not found or asked is None or sheet is None:
        abort(404)
    return render_template(
        "courtesy/appeal.html",
        ledger=ledger,
        appeal=found[0],
        item=asked,
        points=sheet.scores[item],
        is_late=is_late(found[0], at),
        is_filed=found[0].state is AppealState.FILED,
        faults=faults,
        dismiss=DISMISS,
        not_applicable=NOT_APPLICABLE,
    )


def _mine(round_id: str) -> Response:
    return redirect(url_for("courtesy.mine", round_id=round_id), 303)
