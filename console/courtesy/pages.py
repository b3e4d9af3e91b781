"""The pages of courtesy rounds: the list, drawing one, one with its results, and an agent's own."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

from flask import abort, flash, redirect, render_template, url_for
from pydantic import BaseModel, Field, model_validator
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from console.courtesy import appeals, scoring
from console.courtesy.room import acting, blueprint, deed, forms, ledger_of, refuse_strange, words
from console.forms import Faults, Reason, faults_in, read_form
from console.office import office
from console.stories import accounts_of
from console.told import told_or
from console.visitor import STAFF, allowed, visitor, wording
from ivr.accounts.rows import Role
from ivr.base import Refused
from ivr.courtesy.appeals import appeals_of, is_late
from ivr.courtesy.form import UnknownForm
from ivr.courtesy.ledger import Ledger, plain, read_ledger
from ivr.courtesy.results import agreement_of, calls_of, items_of, stages_of, teams_of, whole_of
from ivr.courtesy.rounds import Plan, cancel, draw_sample, keep_round, publish, refuse_unfinished
from ivr.courtesy.rows import AppealState, CourtesyEvent, CourtesyPick, CourtesyRound, RoundState
from ivr.courtesy.sheets import own_place
from ivr.lines.hours import SEOUL

# Their views are of the same blueprint.
__all__ = ["appeals", "blueprint", "scoring"]
Answer = Response | str | tuple[str, int]
MOST_ROUNDS = 50


class Drawn(BaseModel):
    """What a round is drawn by."""

    first_day: date
    last_day: date
    size: Annotated[int, Field(ge=1, le=5000)] = 30
    seed: Annotated[int, Field(ge=0, le=2**31 - 1)]
    per_agent: Annotated[int, Field(ge=1)] | None = None
    second_share: Annotated[int, Field(ge=0, le=100)] | None = None
    held_by: Literal["own_staff", "outside_agency"] = "own_staff"

    @model_validator(mode="after")
    def _in_order(self) -> "Drawn":
        if self.last_day < self.first_day:
            raise ValueError("courtesy.days_order")
        return self


@dataclass(frozen=True, slots=True)
class RoundLine:
    """One round of the list with how far it is."""

    round: CourtesyRound
    calls: int
    scored: int
    unsettled: int


@blueprint.get("/")
@allowed()
def page() -> str:
    """The rounds, the newest first; agents see those published ones in which they were scored."""
    if not visitor().may(*STAFF):
        return _own_rounds()
    with office().store.reading() as session:
        ids = session.scalars(
            select(CourtesyRound.id)
            .where(CourtesyRound.institution == visitor().line.id)
            .order_by(CourtesyRound.drawn_at.desc(), CourtesyRound.id)
            .limit(MOST_ROUNDS)
        ).all()
        rounds = [_line(read_ledger(session, id)) for id in ids]
    return render_template("courtesy/page.html", rounds=rounds, own=None)


@blueprint.get("/new")
@allowed(Role.SUPERVISOR)
def new() -> str:
    """The form by which a round is drawn."""
    return _new()


@blueprint.post("/new")
@allowed(Role.SUPERVISOR)
def draw() -> Answer:
    """Draw the calls of a round; the same plan again finds the round that there is."""
    form = read_form(Drawn)
    if isinstance(form, Faults):
        return _new(form), 422
    plan = Plan(institution=visitor().line.id, **form.model_dump())
    here, done = office(), deed()
    try:
        # Before anything is drawn: of a busy line that takes seconds.
        refuse_unfinished(plan, done.at)
        sheet = forms().of(plan.institution, done.at.astimezone(SEOUL).date())
        with here.store.reading() as session:
            sample = draw_sample(session, plan, sheet)
        with here.store.transaction() as session:
            keep_round(session, plan, sample=sample, form=sheet, deed=done)
    except (Refused, UnknownForm) as refused:
        return _new(faults_in(form, {"": told_or(refused, "courtesy.draw_refused")})), 422
    flash(wording().say("courtesy.drawn"), "good")
    return redirect(url_for("courtesy.round_page", round_id=plan.id), 303)


@blueprint.get("/<round_id>")
@allowed(*STAFF)
def round_page(round_id: str) -> str:
    """One round: its calls, results, how far the raters agree, appeals, and what was done."""
    at = office().clock()
    with office().store.reading() as session:
        ledger = ledger_of(session, round_id)
        events = session.scalars(
            select(CourtesyEvent).where(CourtesyEvent.round_id == round_id).order_by(CourtesyEvent.id)
        ).all()
        appealed = appeals_of(session, round_id)
        names = accounts_of(session, [ledger.round.drawn_by, *(event.by for event in events)])
    scored = calls_of(ledger)
    return render_template(
        "courtesy/round.html",
        ledger=ledger,
        line=_line(ledger),
        mine={call: own_place(ledger, call, visitor().account_id) for call in ledger.picks},
        own={call for call in ledger.picks if _spoke(ledger, call)},
        whole=whole_of(scored),
        stages=stages_of(scored, ledger.form.heading.stages),
        items=items_of(scored),
        teams=teams_of(scored),
        agreement=agreement_of([ledger]),
        why_undefined=_why_undefined(ledger),
        appeals=[(appeal, is_late(appeal, at)) for appeal in appealed],
        filed=AppealState.FILED,
        events=events,
        names=names,
        may_act=visitor().may(Role.SUPERVISOR) and ledger.round.state is RoundState.OPEN,
    )


@blueprint.post("/<round_id>/publish")
@allowed(Role.SUPERVISOR)
def publish_round(round_id: str) -> Response:
    """Publish a round that is scored and reconciled; agents may appeal from then on."""
    with acting() as session:
        refuse_strange(session, round_id)
        publish(session, round_id, deed=deed())
        flash(wording().say("courtesy.published"), "good")
    return redirect(url_for("courtesy.round_page", round_id=round_id), 303)


@blueprint.post("/<round_id>/cancel")
@allowed(Role.SUPERVISOR)
def cancel_round(round_id: str) -> Response:
    """Give up a round that has not been published."""
    form = read_form(Reason)
    if isinstance(form, Faults):
        flash(wording().say("common.reason_missing"), "error")
        return redirect(url_for("courtesy.round_page", round_id=round_id), 303)
    with acting() as session:
        refuse_strange(session, round_id)
        cancel(session, round_id, deed=deed(form.reason))
        flash(wording().say("courtesy.cancelled"), "good")
    return redirect(url_for("courtesy.round_page", round_id=round_id), 303)


@blueprint.get("/<round_id>/mine")
@allowed()
def mine(round_id: str) -> str:
    """An agent's own scores in a published round beside those of all, with what can be appealed against."""
    agent, at = visitor().agent_id, office().clock()
    with office().store.reading() as session:
        ledger = ledger_of(session, round_id)
        appealed = {(one.call_id, one.item): one for one in appeals_of(session, round_id)}
    calls = calls_of(ledger)
    own = [call for call in calls if agent is not None and call.pick.agent_id == agent]
    if ledger.round.state is not RoundState.PUBLISHED or not own:
        abort(404)
    until = ledger.round.appeal_until
    return render_template(
        "courtesy/mine.html",
        ledger=ledger,
        own=own,
        whole=whole_of(own),
        whole_of_all=whole_of(calls),
        stages=stages_of(own, ledger.form.heading.stages),
        appealed=appealed,
        may_appeal=until is not None and at.astimezone(SEOUL).date() <= until,
    )


def _own_rounds() -> str:
    with office().store.reading() as session:
        rounds = _rounds_with(session, visitor().agent_id) if visitor().agent_id else []
    return render_template("courtesy/page.html", rounds=[], own=rounds)


def _rounds_with(session: Session, agent: str | None) -> list[CourtesyRound]:
    picked = select(CourtesyPick.round_id).where(CourtesyPick.agent_id == agent, CourtesyPick.dropped.is_(None))
    query = select(CourtesyRound).where(
        CourtesyRound.institution == visitor().line.id,
        CourtesyRound.state == RoundState.PUBLISHED,
        CourtesyRound.id.in_(picked),
    )
    return list(session.scalars(query.order_by(CourtesyRound.drawn_at.desc()).limit(MOST_ROUNDS)))


def _line(ledger: Ledger) -> RoundLine:
    return RoundLine(ledger.round, len(ledger.picks), len(ledger.scored()), len(ledger.unsettled()))


def _spoke(ledger: Ledger, call_id: str) -> bool:
    """Whether the visitor spoke in a call, by account or by the id under which calls are taken."""
    person = visitor()
    return bool({plain(name) for name in (person.account_id, person.agent_id) if name} & ledger.names[call_id])


def _why_undefined(ledger: Ledger) -> str:
    undefined = agreement_of([ledger]).undefined
    return words().say(f"agreement.{undefined}") if undefined else ""


def _new(faults: Faults | None = None) -> str:
    today = office().clock().astimezone(SEOUL).date()
    sheet = forms().of(visitor().line.id, today)
    return render_template("courtesy/new.html", faults=faults, form=sheet, seed=today.strftime("%Y%m%d"))
