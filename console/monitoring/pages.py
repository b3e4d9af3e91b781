"""The page of talks that go on now; every step beside one is written into the access log."""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, Response, abort, flash, jsonify, redirect, render_template, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from console.desk.tokens import mint
from console.forms import Faults, Reason, read_form
from console.office import office
from console.visitor import allowed, visitor, wording
from ivr.accounts.access_log import NoReason
from ivr.accounts.rows import Role
from ivr.agents.posts import SUPERVISING
from ivr.agents.rows import Agent
from ivr.calls.rows import Call, Offer, OfferState
from ivr.monitoring.asking import NotBeside, Wish, beside, change_mode, come_beside, leave
from ivr.monitoring.rows import Mode, Monitoring

blueprint = Blueprint("monitoring", __name__, url_prefix="/monitoring")
MOST_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Talk:
    """A talk that goes on: its offer, its call, the agent, and since when they talk."""

    offer: Offer
    call: Call
    agent: Agent
    since: datetime


class BesideForm(Reason):
    """How, and why."""

    mode: Mode


@blueprint.get("")
@allowed(Role.SUPERVISOR)
def page() -> str:
    """Talks of the line that go on now, renewed every three seconds."""
    with office().store.reading() as session:
        present = _present(session)
        template = "monitoring/talks.html" if request.headers.get("HX-Target") == "talks" else "monitoring/page.html"
        return render_template(
            template,
            talks=_talks(session),
            present=present,
            modes=list(Mode),
            softphone_driver=office().softphones.driver,
        )


@blueprint.get("/standing")
@allowed(Role.SUPERVISOR)
def standing() -> AnyResponse:
    """Whether one is in the talk by now; when it is over, the page is shown anew."""
    with office().store.reading() as session:
        present = _present(session)
        if present is None:
            return Response(status=204, headers={"HX-Refresh": "true"})
        return Response(render_template("monitoring/standing.html", present=present))


@blueprint.post("/<offer_id>")
@allowed(Role.SUPERVISOR)
def come(offer_id: str) -> AnyResponse:
    """Be beside a talk, or, where one is already, be there in another way."""
    form, here, person = read_form(BesideForm), office(), visitor()
    if isinstance(form, Faults):
        flash(wording().say("common.reason_missing"), "error")
        return redirect(url_for("monitoring.page"), 303)
    with here.store.transaction() as session:
        offer = _own_offer(session, offer_id)
        present = beside(session, person.account_id)
        try:
            if present is not None and present.offer_id == offer.id:
                change_mode(session, present, form.mode, reason=form.reason, at=here.clock())
            else:
                wish = Wish(person.account_id, softphone_of(person.account_id), form.mode, form.reason)
                come_beside(session, offer, wish, line=person.line, at=here.clock())
        except (NotBeside, NoReason) as refusal:
            why = f"monitoring.{refusal.why.value}" if isinstance(refusal, NotBeside) else "common.reason_missing"
            flash(wording().say(why), "error")
    here.ring_bell()
    return redirect(url_for("monitoring.page"), 303)


@blueprint.post("/leave")
@allowed(Role.SUPERVISOR)
def go() -> AnyResponse:
    """Leave the talk, which goes on."""
    here = office()
    with here.store.transaction() as session:
        present = beside(session, visitor().account_id)
        if present is not None:
            leave(session, present, at=here.clock())
    here.ring_bell()
    return redirect(url_for("monitoring.page"), 303)


@blueprint.post("/token")
@allowed(Role.SUPERVISOR)
def token() -> Response:
    """A token for the supervisor's own softphone, for an hour."""
    here = office()
    if not here.softphones.driver:
        abort(409)
    identity = softphone_of(visitor().account_id)
    made = mint(here.softphones, identity, at=here.clock())
    return jsonify(identity=identity, token=made.text, url=here.softphones.carrier_url)


def softphone_of(account_id: str) -> str:
    """The identity of a supervisor's softphone (Twilio, Client: letters, digits and underscores); nobody else's.

    Log-in names may differ in signs that no identity has, so that the name itself could be that of two people.
    """
    readable = re.sub(r"\W", "_", account_id, flags=re.ASCII)[:20]
    return f"{SUPERVISING}{readable}_{hashlib.sha256(account_id.encode()).hexdigest()[:16]}"


def _present(session: Session) -> Monitoring | None:
    own = select(Monitoring).where(Monitoring.account_id == visitor().account_id, Monitoring.ended_at.is_(None))
    return session.scalars(own).one_or_none()


def _talks(session: Session) -> list[Talk]:
    query = (
        select(Offer, Call, Agent)
        .join(Call, Call.id == Offer.call_id)
        .join(Agent, Agent.id == Offer.agent_id)
        .where(Call.line == visitor().line.id, Call.ended_at.is_(None), Offer.state == OfferState.ACCEPTED)
        .order_by(Call.arrived_at)
        .limit(MOST_SHOWN)
    )
    return [Talk(offer, call, agent, agent.state_since) for offer, call, agent in session.execute(query)]


def _own_offer(session: Session, offer_id: str) -> Offer:
    offer = session.get(Offer, offer_id)
    if offer is None or session.get_one(Call, offer.call_id).line != visitor().line.id:
        abort(404)
    return offer
