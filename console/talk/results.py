"""What is behind an agent's own numbers: the calls of a figure, the verdicts of a promise, one talk with both."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import get_args

from flask import abort, render_template, request
from sqlalchemy import select
from sqlalchemy.orm import Session

from console.office import office
from console.talk.mine import DAY, MONTH, period_of, titles, whose
from console.talk.room import blueprint, own, own_agent
from console.visitor import allowed, visitor
from ivr.accounts.rows import Role
from ivr.agents.own_results import verdicts_behind
from ivr.agents.wrapping import WrapUp
from ivr.calls.rows import Call, Offer
from ivr.charters.rows import Verdict
from ivr.figures.asking import By, Part, Question, calls_behind
from ivr.figures.formulas import FORMULAS
from ivr.figures.rows import OfferFigure

MOST = 200


@dataclass(frozen=True, slots=True)
class Behind:
    """One talk or ringing behind a number; `ring_ms` is None where it was not measured."""

    offer: str
    arrived_at: datetime
    receipt: str
    ring_ms: int | None
    rings: str


@blueprint.get("/figures")
@allowed(Role.AGENT)
def figure_calls() -> str:
    """The agent's own calls that a figure counts."""
    figure, part, period = _asked("figure", FORMULAS), _asked("part", get_args(Part)), _asked("period", (DAY, MONTH))
    span = period_of(period, office().clock())
    question = Question(visitor().line.id, span, figure, "base" if part == "base" else "counted", By.AGENT, own_agent())
    with office().store.reading() as session:
        found = calls_behind(session, question, limit=MOST)
        rows = _rows(session, [one.subject for one in found])
    return render_template("talk/figure.html", rows=rows, figure=figure, part=part, period=period)


def _asked(name: str, known: Collection[str]) -> str:
    value = request.args.get(name, "")
    if value not in known:
        abort(404)
    return value


def _rows(session: Session, offers: list[str]) -> list[Behind]:
    query = (
        select(OfferFigure, Call.receipt_number)
        .join(Call, Call.id == OfferFigure.call_id)
        .where(OfferFigure.offer_id.in_(offers), OfferFigure.agent == own_agent())
        .order_by(OfferFigure.arrived_at.desc(), OfferFigure.offer_id)
    )
    return [
        Behind(figure.offer_id, figure.arrived_at, receipt, figure.ring_ms, figure.rings.value)
        for figure, receipt in session.execute(query)
    ]


@blueprint.get("/results")
@allowed(Role.AGENT)
def result_verdicts() -> str:
    """The verdicts of one promise about the agent's own work of this month, each with its reason."""
    standard, named = request.args.get("standard", ""), titles()
    if standard not in named:
        abort(404)
    period = period_of(MONTH, office().clock())
    with office().store.reading() as session:
        verdicts = verdicts_behind(session, whose(), period, standard_id=standard, limit=MOST)
        offers = _own_offers(session, verdicts)
    return render_template("talk/results.html", verdicts=verdicts, title=named[standard], offers=offers)


def _own_offers(session: Session, verdicts: list[Verdict]) -> dict[str, str]:
    """By call, the agent's own talk in it."""
    calls = [verdict.call_id for verdict in verdicts if verdict.call_id]
    mine = select(Offer.call_id, Offer.id).where(Offer.call_id.in_(calls), Offer.agent_id == own_agent())
    return {call: offer for call, offer in session.execute(mine.order_by(Offer.ordinal))}


@blueprint.get("/talks/<subject>")
@allowed(Role.AGENT)
def talk_one(subject: str) -> str:
    """One own talk: its memo, which can be changed on the same day, and what was judged of it."""
    with office().store.reading() as session:
        talk = own(session, subject)
        wrap = session.get(WrapUp, talk.id)
        figure = session.get(OfferFigure, talk.id)
        about = [talk.id, talk.call_id or talk.callback_id]
        verdicts = session.scalars(
            select(Verdict).where(Verdict.subject.in_(about)).order_by(Verdict.standard_id)
        ).all()
    editable = talk.is_of_today(office().clock())
    parts = {"talk": talk, "wrap": wrap, "figure": figure, "verdicts": verdicts, "titles": titles()}
    return render_template("talk/one.html", **parts, editable=editable)
