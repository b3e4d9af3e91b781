"""An agent's own day: callbacks with their countdowns, cases that are due, figures, and the last talks."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from flask import render_template
from sqlalchemy import select
from sqlalchemy.orm import Session

from console.office import office
from console.talk.room import blueprint, own_agent
from console.visitor import allowed, visitor
from ivr.accounts.rows import Role
from ivr.agents.own_results import Who, own_results
from ivr.agents.recording import clips_of
from ivr.agents.rows import Agent
from ivr.agents.wrapping import WrapUp
from ivr.callbacks.reading import Sought, find_callbacks
from ivr.callbacks.rows import Callback
from ivr.calls.offers import OfferOutcome
from ivr.calls.rows import Call, Offer
from ivr.cases.reading import Wanted, cases_of
from ivr.cases.rows import Case
from ivr.charters.model import UnknownCharter
from ivr.dialling.rows import Attempt, AttemptOutcome
from ivr.directory.sight import sight_of
from ivr.figures.asking import By, Period, figures_by
from ivr.figures.sums import Figures
from ivr.lines.announcement import announce
from ivr.lines.hours import SEOUL
from ivr.numbers import PhoneNumber

FEW: Final = 5
MANY: Final = 50
DAY, MONTH = "day", "month"
LOOKED_BACK: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class LastTalk:
    """One of the agent's last talks, of an offer or of an attempt, with what was written about it."""

    id: str
    began_at: datetime
    number: PhoneNumber | None
    receipt: str
    wrap: WrapUp | None
    is_of_today: bool


@blueprint.get("/")
@allowed(Role.AGENT)
def page() -> str:
    """The whole day on a page of its own; who takes no calls is told so."""
    if visitor().agent_id is None:
        return render_template("talk/nobody.html")
    return render_template("talk/day.html", **_picture(MANY), whole=True)


@blueprint.get("/kept")
@allowed(Role.AGENT)
def kept() -> str:
    """What the charter says of the agent's work of this month; by itself, as it reads every talk of the month."""
    with office().store.reading() as session:
        results = own_results(session, whose(), period_of(MONTH, office().clock()))
    return render_template("talk/kept.html", results=results, titles=titles())


@blueprint.get("/mine")
@allowed(Role.AGENT)
def mine() -> str:
    """The panel beside the desk."""
    return render_template("talk/mine_panel.html", **_picture(FEW), whole=False)


def _picture(most: int) -> dict[str, object]:
    line, agent_id = visitor().line, own_agent()
    with office().store.reading() as session:
        agent = session.get_one(Agent, agent_id)
        return {
            "agent": agent,
            "clips": clips_of(session, agent_id),
            "words": announce(line, department=agent.department, name=agent.name, title=agent.title).text,
            "callbacks": own_callbacks(session, most),
            "cases": own_cases(session, most),
            "rings": {name: rings_of(session, name) for name in (DAY, MONTH)},
            "talks": last_talks(session, most),
        }


def own_callbacks(session: Session, most: int) -> Sequence[Callback]:
    """The open ones of the agent, and of the agent's teams those that nobody has; due first."""
    sight = sight_of(session, officer_id=visitor().officer_id, agent_id=own_agent())
    return find_callbacks(session, Sought(visitor().line.id, sight=sight), limit=most)


def own_cases(session: Session, most: int) -> Sequence[Case]:
    """The open ones that the agent handles; due first."""
    officer = visitor().officer_id
    if officer is None:
        return ()
    return cases_of(session, Wanted(lines=(visitor().line.id,), officer=officer), limit=most)


def rings_of(session: Session, name: str) -> Figures:
    """The agent's figures of today or of this month."""
    period = period_of(name, office().clock())
    found = figures_by(session, [visitor().line.id], period=period, by=By.AGENT)
    return dict(found).get(own_agent(), Figures())


def period_of(name: str, at: datetime) -> Period:
    """Today, or this month up to today, by the clock in Seoul."""
    today = at.astimezone(SEOUL).date()
    return Period(today if name == DAY else today.replace(day=1), today)


def whose() -> Who:
    """The visitor's own work."""
    return Who(visitor().line.id, own_agent(), visitor().officer_id)


def titles() -> dict[str, str]:
    """What each promise of the line's charter is called, by the id of its standard."""
    try:
        charter = office().charters.of(visitor().line.id)
    except UnknownCharter:
        return {}
    return {
        standard.id: standard.title
        for standard in charter.standards(charter.at(office().clock().astimezone(SEOUL).date()))
    }


def last_talks(session: Session, most: int) -> list[LastTalk]:
    """The last talks of the agent, of either direction, the newest first."""
    since = office().clock() - LOOKED_BACK
    found = sorted([*_answered(session, since, most), *_dialled(session, since, most)], key=_newest)
    return found[:most]


def _newest(talk: LastTalk) -> tuple[float, str]:
    return -talk.began_at.timestamp(), talk.id


def _answered(session: Session, since: datetime, most: int) -> Iterator[LastTalk]:
    query = (
        select(Offer.id, Offer.made_at, Call.caller, Call.receipt_number, WrapUp)
        .join(Call, Call.id == Offer.call_id)
        .outerjoin(WrapUp, WrapUp.id == Offer.id)
        .where(Offer.agent_id == own_agent(), Offer.closed_at > since)
        .where(Offer.outcome == OfferOutcome.FINISHED.value)
        .order_by(Offer.closed_at.desc(), Offer.id.desc())
    )
    for id, at, number, receipt, wrap in session.execute(query.limit(most)):
        yield LastTalk(id, at, number, receipt, wrap, _is_of_today(at))


def _dialled(session: Session, since: datetime, most: int) -> Iterator[LastTalk]:
    query = (
        select(Attempt.id, Attempt.made_at, Callback.number, Callback.receipt_number, WrapUp)
        .join(Callback, Callback.id == Attempt.callback_id)
        .outerjoin(WrapUp, WrapUp.id == Attempt.id)
        .where(Attempt.agent_id == own_agent(), Attempt.made_at > since)
        .where(Attempt.outcome == AttemptOutcome.REACHED)
        .order_by(Attempt.made_at.desc(), Attempt.id.desc())
    )
    for id, at, number, receipt, wrap in session.execute(query.limit(most)):
        yield LastTalk(id, at, number, receipt, wrap, _is_of_today(at))


def _is_of_today(at: datetime) -> bool:
    return at.astimezone(SEOUL).date() == office().clock().astimezone(SEOUL).date()
