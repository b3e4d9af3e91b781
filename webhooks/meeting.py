"""The steps of a caller who is brought to an agent: announcement, room, and what follows when it empties."""

from sqlalchemy import select

from ivr.addresses import Address
from ivr.agents.introductions import introduction_for
from ivr.calls import meeting
from ivr.calls.facts import tell
from ivr.calls.rows import Fact, Waiting
from ivr.calls.steps import CALLER
from ivr.promises import Promise
from ivr.surveys import entering
from webhooks.answers import Document, Views, talk_of
from webhooks.heard import Heard
from webhooks.switchboard import Switchboard

# An agent who was told that nobody comes is on the way out, also before the end of that leg is told.
AGENT_GONE = ("leg-ended", "agent-dismissed")


def meet(heard: Heard, board: Switchboard) -> Document:
    """The caller left the queue for an agent: affiliation, name and title are said, as first told."""
    talk, offer = talk_of(heard, board), heard.asked("offer")
    with board.store.statement() as connection:
        made = introduction_for(connection, offer, talk.line)
        fact = heard.step_fact(
            "announced",
            CALLER,
            offer=offer,
            text=made.text,
            template=f"{talk.line.id}/announcement/{made.version}",
            version=made.version,
            clip_url=made.clip_url,
            evidence=made.evidence,
            **({"firm": made.firm} if made.firm else {}),
        )
        told = tell(connection, fact)
    said = meeting.Introduction(str(told.detail["text"]), int(told.detail["version"]), told.detail["clip_url"])
    return Document(meeting.introduce(talk, offer, said), talk.line)


def join(heard: Heard, board: Switchboard) -> Document:
    """The announcement was heard to its end: into the room, or back to the queue if the agent is gone."""
    talk, offer = talk_of(heard, board), heard.asked("offer")
    ended = select(Fact.key).where(Fact.subject == heard.call, Fact.leg == offer, Fact.kind.in_(AGENT_GONE))
    place = select(Waiting.team, Waiting.skill, ended.exists().label("gone")).where(Waiting.call_id == heard.call)
    promise = Promise("follow", f"follow:{offer}:join:{heard.step}", heard.at, {"call": heard.call})
    with board.store.statement() as connection:
        team, skill, gone = connection.execute(place).one()
        fact = heard.step_fact("joining", CALLER, offer=offer, agent_gone=gone)
        told = tell(connection, fact, promises=[promise])
    if told.detail["agent_gone"]:
        return Document(meeting.back_to_queue(talk, team, skill), talk.line, promised=True)
    return Document(meeting.caller_joins(talk, offer), talk.line, promised=True)


def after(heard: Heard, board: Switchboard) -> Document:
    """The room ended with the caller still there: ask how it was where the line does, thank and end."""
    talk = talk_of(heard, board)
    invited = entering.invitation(talk, board.surveys)
    with board.store.statement() as connection:
        fact = heard.step_fact("room-ended", CALLER, offer=heard.asked("offer"), ends=not invited)
        tell(connection, fact)
    return Document(invited or meeting.farewell(talk), talk.line)


def again(heard: Heard, board: Switchboard) -> Document:
    """The agent's leg ended during the talk: the caller is offered the queue again, or was handed over to a survey."""
    talk = talk_of(heard, board)
    invited = entering.invitation(talk, board.surveys)
    with board.store.statement() as connection:
        handed = bool(invited) and bool(connection.scalar(select(entering.was_handed_over(heard.call))))
        told = tell(connection, heard.step_fact("again", CALLER, handed=handed))
    if told.detail.get("handed"):
        return Document(invited, talk.line)
    return Document(meeting.offer_again(talk, heard.asked("team")), talk.line)


def again_key(heard: Heard, board: Switchboard) -> Document:
    """0 waits again; anything else ends, where the line does so with the question how it was."""
    talk = talk_of(heard, board)
    invited = () if heard.digits == meeting.QUEUE_AGAIN else entering.invitation(talk, board.surveys)
    with board.store.statement() as connection:
        ends = heard.digits != meeting.QUEUE_AGAIN and not invited
        told = tell(connection, heard.step_fact("again-key", CALLER, digits=heard.digits, ends=ends))
    if invited:
        return Document(invited, talk.line)
    return Document(meeting.again_or_end(talk, heard.asked("team"), str(told.detail["digits"])), talk.line)


VIEWS: Views = {
    Address.MEET: meet,
    Address.JOIN: join,
    Address.AFTER: after,
    Address.AGAIN: again,
    Address.AGAIN_KEY: again_key,
}
