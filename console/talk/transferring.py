"""Passing the caller on: a colleague found as one types, blind or after a consultation, completed or cancelled."""

from flask import render_template, request
from sqlalchemy.orm import Session

from console.office import office
from console.talk.live import live_of
from console.talk.room import acting, blueprint, own, own_call, refusal
from console.visitor import allowed, visitor
from ivr.accounts.rows import Role
from ivr.agents.talks import OwnTalk
from ivr.calls.known import load
from ivr.conduct.protecting import talk_now
from ivr.directory.colleagues import Colleague, colleagues
from ivr.transfers.asking import NoTransfer, WhyNot, Wish, ask, cancel, complete
from ivr.transfers.rows import Manner
from ivr.transfers.words import officer_of, word

MOST = 12


@blueprint.get("/of/<subject>/colleagues")
@allowed(Role.AGENT)
def find_colleagues(subject: str) -> str:
    """Officers whose duty, department, name, title or number has these words, with where they stand now."""
    text, line = request.args.get("q", "").strip(), visitor().line
    with office().store.reading() as session:
        talk = own(session, subject)
        own_agent = talk.agent_id
        found = colleagues(session, line, text, at=office().clock(), limit=MOST + 2)
    others = [one for one in found if one.agent is None or one.agent.id != own_agent]
    there = [one.deputy or one for one in others]
    spoken = {one.officer.id: told_of(one) for one in there}
    shown = {"colleagues": others[:MOST], "more": len(others) > MOST, "asked": text, "spoken": spoken}
    return render_template("talk/colleagues.html", talk=talk, **shown)


def told_of(colleague: Colleague) -> str:
    """The words in which a caller is told of a colleague: department, name and number."""
    if colleague.agent is None:
        return ""
    line = visitor().line
    return word(office().texts.of(line.id), line.language, officer_of(colleague.agent, line)).text


@blueprint.post("/of/<subject>/transfer")
@allowed(Role.AGENT)
def transfer(subject: str) -> str:
    """Begin: blind at once, or with a consultation first."""
    manner = Manner.CONSULT if request.form.get("manner") == Manner.CONSULT.value else Manner.BLIND
    with acting() as session:
        talk = own(session, subject)
        call = own_call(talk)
        _refuse_another(session, talk)
        ask(session, call, Wish(request.form.get("agent", ""), manner), line=visitor().line, at=office().clock())
    return _state(subject)


@blueprint.post("/of/<subject>/transfer/complete")
@allowed(Role.AGENT)
def complete_transfer(subject: str) -> str:
    """The agents have talked: the caller is told of the colleague and brought there."""
    with acting() as session:
        talk = own(session, subject)
        _refuse_anothers_transfer(session, talk)
        complete(session, own_call(talk), line=visitor().line, at=office().clock())
    return _state(subject)


@blueprint.post("/of/<subject>/transfer/cancel")
@allowed(Role.AGENT)
def cancel_transfer(subject: str) -> str:
    """Let the colleague go and talk on with the caller."""
    with acting() as session:
        talk = own(session, subject)
        _refuse_anothers_transfer(session, talk)
        cancel(session, own_call(talk), line=visitor().line, at=office().clock())
    return _state(subject)


def _refuse_another(session: Session, talk: OwnTalk) -> None:
    """Only who talks with the caller now passes on: what was clicked late must not meet another's talk."""
    known = load(session, own_call(talk))
    if known.transfer is None and talk_now(known).id != talk.id:
        raise NoTransfer(WhyNot.NO_TALK)


def _refuse_anothers_transfer(session: Session, talk: OwnTalk) -> None:
    transfer = load(session, own_call(talk)).transfer
    if transfer is not None and transfer.from_offer != talk.id:
        raise NoTransfer(WhyNot.NO_TALK)


def _state(subject: str) -> str:
    with office().store.reading() as session:
        talk = own(session, subject)
        live = live_of(session, talk)
    return render_template("talk/transfer_state.html", talk=talk, live=live, refusal=refusal())
