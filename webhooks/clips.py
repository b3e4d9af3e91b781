"""The steps of an agent who records the own announcement by telephone."""

from sqlalchemy import ColumnElement, Insert, Row, Select, Update, exists, select, update
from sqlalchemy.orm import aliased

from ivr.addresses import Address
from ivr.agents import clips
from ivr.agents.rows import Agent, Clip, ClipState
from ivr.calls.facts import tell
from ivr.lines.announcement import announce
from ivr.promises import insert_for
from webhooks.answers import Document, Views, talk_of
from webhooks.heard import Heard
from webhooks.switchboard import Switchboard


def clip(heard: Heard, board: Switchboard) -> Document:
    """The agent picked up: say what to speak, or play the recording that the agent wishes to hear."""
    talk, wished = talk_of(heard, board), heard.query.get("clip")
    with board.store.statement() as connection:
        agent = connection.execute(_identity(heard)).one_or_none()
        tell(connection, heard.step_fact("clip-asked", "clip", known=agent is not None))
        url = connection.scalar(_own_url(heard, wished)) if wished else None
    if agent is None:
        return Document(clips.unknown_agent(talk), talk.line)
    if wished and url:
        return Document(clips.play_back(talk, heard.asked("agent"), clip=wished, url=url), talk.line)
    return Document(clips.ask_clip(talk, heard.asked("agent"), _text(heard, board, agent)), talk.line)


def recorded(heard: Heard, board: Switchboard) -> Document:
    """Something was recorded: keep it as a draft and play it back."""
    talk, agent_id = talk_of(heard, board), heard.asked("agent")
    url, sid = heard.form.get("RecordingUrl", ""), heard.form.get("RecordingSid", "")[:64]
    with board.store.statement() as connection:
        agent = connection.execute(_identity(heard)).one_or_none()
        rows = [_draft(heard, board, _text(heard, board, agent))] if url and sid and agent else []
        tell(connection, heard.step_fact("clip-recorded", "clip", recording=sid), rows=rows)
    if heard.step > clips.MOST_STEPS:
        return Document(clips.enough(talk), talk.line)
    if not rows:
        return Document(clips.ask_clip_again(talk, agent_id, "clip.nothing"), talk.line)
    return Document(clips.play_back(talk, agent_id, clip=sid, url=url), talk.line)


def choice(heard: Heard, board: Switchboard) -> Document:
    """1 accepts the recording, 2 records again, * plays it again, anything else is asked once more."""
    talk, agent_id, clip_id = talk_of(heard, board), heard.asked("agent"), heard.asked("clip")
    with board.store.statement() as connection:
        fact = heard.step_fact("clip-choice", "clip", digits=heard.digits)
        accepting = heard.digits == clips.ACCEPT
        told = tell(connection, fact, rows=[_replacing(heard), _accepting(heard)] if accepting else [])
        url = connection.scalar(select(Clip.url).where(Clip.id == clip_id)) or ""
    if told.detail["digits"] == clips.ACCEPT:
        return Document(clips.saved(talk), talk.line)
    if heard.step > clips.MOST_STEPS:
        return Document(clips.enough(talk), talk.line)
    if told.detail["digits"] == clips.AGAIN:
        return Document(clips.ask_clip_again(talk, agent_id, "clip.again"), talk.line)
    if told.detail["digits"] == clips.HEAR:
        return Document(clips.play_back(talk, agent_id, clip=clip_id, url=url), talk.line)
    return Document(clips.ask_choice(talk, agent_id, clip_id), talk.line)


def _identity(heard: Heard) -> Select[str, str, str]:
    return select(Agent.name, Agent.department, Agent.title).where(Agent.id == heard.asked("agent"))


def _own_url(heard: Heard, wished: str) -> Select[str]:
    return select(Clip.url).where(Clip.id == wished, Clip.agent_id == heard.asked("agent"))


def _text(heard: Heard, board: Switchboard, agent: Row[str, str, str]) -> str:
    line = board.line(heard.asked("line"))
    return announce(line, department=agent.department, name=agent.name, title=agent.title).text


def _draft(heard: Heard, board: Switchboard, text: str) -> Insert:
    seconds = heard.form.get("RecordingDuration", "0")
    return (
        insert_for(board.store.dialect, Clip)
        .values(
            id=heard.form["RecordingSid"][:64],
            agent_id=heard.asked("agent"),
            url=heard.form["RecordingUrl"],
            text=text,
            seconds=int(seconds) if seconds.isascii() and seconds.isdigit() else 0,
            state=ClipState.DRAFT,
            made_at=heard.at,
        )
        .on_conflict_do_nothing()
    )


def _accepting(heard: Heard) -> Update:
    return (
        update(Clip)
        .where(Clip.id == heard.asked("clip"), Clip.state == ClipState.DRAFT)
        .values(state=ClipState.ACCEPTED, accepted_at=heard.at)
    )


def _still_draft(heard: Heard) -> ColumnElement[bool]:
    """A repeated acceptance must not switch off a newer recording."""
    this = aliased(Clip)
    return exists().where(this.id == heard.asked("clip"), this.state == ClipState.DRAFT)


def _replacing(heard: Heard) -> Update:
    return (
        update(Clip)
        .where(Clip.agent_id == heard.asked("agent"), Clip.state == ClipState.ACCEPTED)
        .where(Clip.id != heard.asked("clip"), _still_draft(heard))
        .values(state=ClipState.REPLACED)
    )


VIEWS: Views = {Address.CLIP: clip, Address.CLIP_RECORDED: recorded, Address.CLIP_KEY: choice}
