"""The memo of a talk, kept while it is written, and the code of what the talk came to."""

from typing import Annotated

from flask import make_response, render_template, request
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from console.forms import Faults, read_form
from console.office import office
from console.talk.room import DESK, acting, blueprint, own, refusal, telling
from console.visitor import allowed, visitor, wording
from ivr.accounts.rows import Role
from ivr.agents.presence import finish
from ivr.agents.rows import Agent
from ivr.agents.talks import OwnTalk, Stage
from ivr.agents.wrapping import LONGEST_MEMO, ChangedMeanwhile, WrapUp, Written, keep
from ivr.base import ROW_LOCK


class MemoForm(BaseModel):
    """The memo as typed; `version` is that of the memo that the page was made from."""

    memo: Annotated[str, Field(max_length=LONGEST_MEMO)] = ""
    version: int = 0
    code: str | None = None


@blueprint.post("/of/<subject>/memo")
@allowed(Role.AGENT)
def draft(subject: str) -> Response:
    """Keep what is typed so far; the code is left as it is."""
    form, other = read_form(MemoForm), ""
    if isinstance(form, Faults):
        return _status(subject, form["memo"])
    with telling() as session:
        other = _keep(session, own(session, subject), form, code=None)
    return _status(subject, refusal(), other=other)


@blueprint.post("/of/<subject>/wrap-up")
@allowed(Role.AGENT)
def wrap_up(subject: str) -> Response:
    """Keep memo and code, also when the wrap-up is over; with `then=finish` the agent takes the next call."""
    form, other = read_form(MemoForm), ""
    if isinstance(form, Faults):
        return _status(subject, form["memo"] or form["code"])
    if visitor().line.wrap_up.codes and not form.code:
        return _status(subject, wording().say("talk.memo.no_code"))
    with acting() as session:
        talk = own(session, subject)
        other = _keep(session, talk, form, code=form.code)
        if request.form.get("then") == "finish" and talk.stage is Stage.WRAPPING and not other:
            agent = session.get_one(Agent, talk.agent_id, with_for_update=ROW_LOCK)
            finish(session, agent, line=visitor().line, at=office().clock())
    answer = _status(subject, refusal(), other=other)
    # The desk draws the agent's state anew at once.
    answer.headers["HX-Trigger"] = DESK
    return answer


def _keep(session: Session, talk: OwnTalk, form: MemoForm, *, code: str | None) -> str:
    """Keep it, or return the memo that another page wrote meanwhile and that must be read first."""
    written = Written(visitor().account_id, form.memo, form.version, code)
    try:
        keep(session, talk, written, line=visitor().line, at=office().clock())
    except ChangedMeanwhile as changed:
        return changed.memo
    return ""


def _status(subject: str, fault: str, *, other: str = "") -> Response:
    """How far the memo is kept, for the line below it: 422 for a fault, 409 where another page was first."""
    with office().store.reading() as session:
        talk = own(session, subject)
        wrap = session.get(WrapUp, talk.id)
    piece = render_template("talk/memo_status.html", talk=talk, wrap=wrap, fault=fault, other=other)
    return make_response(piece, 422 if fault else 409 if other else 200)
