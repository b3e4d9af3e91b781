"""The agent's own announcement: what to say, recording it on the own telephone, hearing it, using it or not."""

from flask import render_template, request
from werkzeug.wrappers import Response

from console.office import office
from console.talk.room import acting, blueprint, own_agent, refusal
from console.visitor import allowed, visitor, wording
from ivr.accounts.rows import Role
from ivr.agents.recording import accept_clip, ask_recording, clips_of, drop_clip
from ivr.agents.rows import Agent
from ivr.base import ROW_LOCK
from ivr.lines.announcement import announce

Answer = Response | str | tuple[str, int]


@blueprint.get("/announcement")
@allowed(Role.AGENT)
def announcement() -> str:
    """How it stands."""
    return _piece()


@blueprint.post("/announcement/record")
@allowed(Role.AGENT)
def record() -> Answer:
    """Have the own telephone rung: to record, or to hear the recording that is named."""
    with acting() as session:
        agent = session.get_one(Agent, own_agent(), with_for_update=ROW_LOCK)
        ask_recording(session, agent, clip=request.form.get("clip", ""), at=office().clock())
    return _piece("ringing")


@blueprint.post("/announcement/accept")
@allowed(Role.AGENT)
def accept() -> Answer:
    """Use a recording that was heard; callers hear it from the next call on."""
    with acting() as session:
        agent = session.get_one(Agent, own_agent(), with_for_update=ROW_LOCK)
        accept_clip(session, agent, request.form.get("clip", ""), at=office().clock())
    return _piece("accepted")


@blueprint.post("/announcement/drop")
@allowed(Role.AGENT)
def drop() -> Answer:
    """Use it no more; callers hear the words of the line."""
    with acting() as session:
        agent = session.get_one(Agent, own_agent(), with_for_update=ROW_LOCK)
        drop_clip(session, agent, request.form.get("clip", ""))
    return _piece("dropped")


def _piece(done: str = "") -> str:
    line = visitor().line
    with office().store.reading() as session:
        agent = session.get_one(Agent, own_agent())
        clips = clips_of(session, agent.id)
    words = announce(line, department=agent.department, name=agent.name, title=agent.title).text
    said = wording().say("talk.announcement.refused") if refusal() else ""
    worded = wording().say(f"talk.announcement.{done}") if done and not refusal() else ""
    return render_template("talk/announcement.html", agent=agent, clips=clips, words=words, said=said, done=worded)
