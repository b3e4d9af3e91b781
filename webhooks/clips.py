"""The steps of an agent who records the own announcement by telephone."""

from sqlalchemy import Insert, Row, Select, Update, select, update

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
    """The agent picked up: say what to speak."""
    talk = talk_of(heard, board)
    with board.store.statement() as connection:
        agent = connection.execute(_identity(heard)).one_or_none()
        tell(connection, heard.step_fact("clip-asked", "clip", known=agent is not None))
    if agent is None:
        return Document(clips.unknown_agent(talk), talk.line)
    return Document(clips.ask_clip(talk, heard.asked("agent"), _text(heard, board, agent)), talk.line)


def recorded(heard: Heard, board: Switchboard) -> Document:
    """Something was recorded: keep it as a draft and play it back."""
    talk, agent_id = talk_of(heard, board), heard.asked("agent")
    url, sid = heard.form.get("RecordingUrl", ""), heard.form.get("RecordingSid", "")[:64]
    with board.store.statement() as connection:
        agent = connection.execute(_identity(heard)).one_or_none()
        rows = [_draft(heard, board, _text(heard, board, agent))] if url and sid and agent else []
        tell(connection, heard.step_fact("clip-recorded", "clip", recording=sid), rows=rows)
    if not rows:
        return Document(clips.ask_clip_again(talk, agent_id, "clip.nothing"), talk.line)
    return Document(clips.play_back(talk, agent_id, clip=sid, url=url), talk.line)


def choice(heard: Heard, board: Switchboard) -> Document:
    """1 accepts the recording, 2 records again, anything else is asked once more."""
    talk, agent_id = talk_of(heard, board), heard.asked("agent")
    with board.store.statement() as connection:
        fact = heard.step_fact("clip-choice", "clip", digits=heard.digits)
        accepting = heard.digits == clips.ACCEPT
        told = tell(connection, fact, rows=[_replacing(heard), _accepting(heard)] if accepting else [])
    if told.detail["digits"] == clips.ACCEPT:
        return Document(clips.saved(talk), talk.line)
    if told.detail["digits"] == clips.AGAIN:
        return Document(clips.ask_clip_again(talk, agent_id, "clip.again"), talk.line)
    return Document(clips.ask_choice(talk, agent_id, heard.asked("clip")), talk.line)


def _identity(heard: Heard) -> Select[str, str, str]:
    return select(Agent.name, Agent.department, Agent.title).where(Agent.id == heard.asked("agent"))


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


def _replacing(heard: Heard) -> Update:
    return (
        update(Clip)
        .where(Clip.agent_id == heard.asked("agent"), Clip.state == ClipState.ACCEPTED)
        .where(Clip.id != heard.asked("clip"))
        .values(state=ClipState.REPLACED)
    )


VIEWS: Views = {Address.CLIP: clip, Address.CLIP_RECORDED: recorded, Address.CLIP_KEY: choice}
