"""The tools of one talk: drawn once when it begins, its live parts again whenever they have changed."""

import secrets
from typing import Final

from flask import render_template, request
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from console.office import office
from console.talk.live import TICKS, Live, live_of
from console.talk.room import acting, blueprint, own, own_call, refusal
from console.visitor import allowed, visitor
from ivr.accounts.rows import Role
from ivr.agents.rows import Agent
from ivr.agents.talks import OwnTalk
from ivr.agents.wrapping import WrapUp
from ivr.callbacks.memo import Lacking, WhyNotNow
from ivr.calls.known import load
from ivr.cases.taking import KINDS
from ivr.conduct.protecting import ask_ending, ask_warning, talk_now
from ivr.conduct.reading import Cause
from ivr.conduct.refusals import NotNow, Refusal
from ivr.conduct.ticking import Tick, tick
from ivr.conduct.ticks import SETTLED, UNSETTLED, ticked_parts
from ivr.messages.by_hand import offered
from ivr.messages.rows import Message

NOTHING_NEW: Final = ("", 204)
# One question with two answers.
OTHER: Final = {SETTLED: UNSETTLED, UNSETTLED: SETTLED}


@blueprint.get("/of/<subject>")
@allowed(Role.AGENT)
def tools(subject: str) -> str:
    """Everything an agent needs while talking; loaded once by its shell."""
    with office().store.reading() as session:
        talk = own(session, subject)
        parts = {
            "talk": talk,
            "live": live_of(session, talk),
            "wrap": session.get(WrapUp, talk.id),
            "sent": texts_of(session, talk),
            "agent": session.get_one(Agent, talk.agent_id),
        }
    return render_template("talk/of.html", **parts, **choices(), ticks=TICKS)


def choices() -> dict[str, object]:
    """What the forms of the tools are filled with: the lists, and a fresh mark against double clicks."""
    line = visitor().line
    return {
        "mark": fresh_mark(),
        "kinds": KINDS,
        "topics": line.cases.topics,
        "whys": list(WhyNotNow),
        "lackings": list(Lacking),
        "templates": offered(office().texts, line),
    }


def fresh_mark() -> str:
    """The name of one filling of a form: sent twice, it is the same wish."""
    return secrets.token_hex(4)


def texts_of(session: Session, talk: OwnTalk) -> list[Message]:
    """The texts that were written about a talk by hand, the newest first."""
    own_texts = Message.id.startswith(f"{talk.id}-", autoescape=True)
    about = Message.subject == subject_of(talk)
    return list(session.scalars(select(Message).where(about, own_texts).order_by(Message.written_at.desc()).limit(5)))


def subject_of(talk: OwnTalk) -> str:
    """What a text of this talk is about."""
    return f"call:{talk.call_id}" if talk.call_id else f"callback:{talk.callback_id}"


@blueprint.get("/of/<subject>/live")
@allowed(Role.AGENT)
def live(subject: str) -> str | tuple[str, int]:
    """The live parts, or nothing where the page shows them already."""
    with office().store.reading() as session:
        talk = own(session, subject)
        now = live_of(session, talk)
    return NOTHING_NEW if request.args.get("seen") == now.mark else _drawn(talk, now)


@blueprint.post("/of/<subject>/tick")
@allowed(Role.AGENT)
def tick_part(subject: str) -> Response | str:
    """Tick what was said, or take the tick back; the words of the agent are evidence of the closing."""
    part, is_said = request.form.get("part", ""), request.form.get("said") == "yes"
    with acting() as session:
        talk = own(session, subject)
        call, line, at = own_call(talk), visitor().line, office().clock()
        known = load(session, call)
        other = OTHER.get(part)
        if is_said and other in ticked_parts(known.facts, talk.id):
            tick(session, known, Tick((other,), False, talk.id, visitor().account_id), line=line, at=at)
            known = load(session, call)
        tick(session, known, Tick((part,), is_said, talk.id, visitor().account_id), line=line, at=at)
    return _again(subject)


@blueprint.post("/of/<subject>/warn")
@allowed(Role.AGENT)
def warn(subject: str) -> Response | str:
    """Have the next warning played to the caller; a second click while it plays is told so."""
    with acting() as session:
        talk = own(session, subject)
        known, at = load(session, own_call(talk)), office().clock()
        _refuse_other_talk(talk, talk_now(known).id)
        ask_warning(session, known, _cause(), line=visitor().line, at=at)
    return _again(subject)


@blueprint.post("/of/<subject>/end")
@allowed(Role.AGENT)
def end(subject: str) -> Response | str:
    """End the call for a cause that the caller was told of before."""
    with acting() as session:
        talk = own(session, subject)
        known, at = load(session, own_call(talk)), office().clock()
        _refuse_other_talk(talk, talk_now(known).id)
        ask_ending(session, known, _cause(), line=visitor().line, at=at)
    return _again(subject)


def _cause() -> Cause:
    try:
        return Cause(request.form.get("cause", ""))
    except ValueError:
        raise NotNow(Refusal.NO_TALK) from None


def _refuse_other_talk(talk: OwnTalk, talking: str) -> None:
    """The caller may be with somebody else by now: what one agent clicked late must not meet another's talk."""
    if talk.id != talking:
        raise NotNow(Refusal.NO_TALK)


def _again(subject: str) -> str:
    with office().store.reading() as session:
        talk = own(session, subject)
        return _drawn(talk, live_of(session, talk))


def _drawn(talk: OwnTalk, now: Live) -> str:
    return render_template("talk/live.html", talk=talk, live=now, ticks=TICKS, refusal=refusal(), oob=True)
