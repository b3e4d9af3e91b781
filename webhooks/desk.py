"""The steps of an agent's leg, and of the caller who is brought to the agent."""

from sqlalchemy import select

from ivr.addresses import Address
from ivr.agents.introductions import introduction_for
from ivr.calls import meeting
from ivr.calls.facts import tell
from ivr.calls.legs import CALLER
from ivr.calls.rows import Fact, Offer, OfferState, Waiting
from ivr.promises import Promise
from ivr.prompts import HangUp
from webhooks.answers import Document, Views, talk_of
from webhooks.heard import Heard
from webhooks.switchboard import Switchboard


def agent(heard: Heard, board: Switchboard) -> Document:
    """The agent's leg was picked up: whisper and ask on a telephone; a softphone has accepted by answering."""
    talk, offer = talk_of(heard, board), heard.asked("offer")
    if heard.query.get("softphone"):
        return _accept(heard, board, "leg-document")
    with board.store.statement() as connection:
        tell(connection, heard.step_fact("leg-document", offer))
    waited = int(heard.query.get("waited", "0"))
    return Document(meeting.whisper(talk, offer, heard.asked("team"), waited=waited, turn=1), talk.line)


def agent_key(heard: Heard, board: Switchboard) -> Document:
    """1 accepts, 2 rejects; other keys and silence are asked again, since a voicemail presses nothing."""
    talk, offer, turn = talk_of(heard, board), heard.asked("offer"), int(heard.asked("turn"))
    if heard.digits == meeting.ACCEPT:
        return _accept(heard, board, "accepted")
    if heard.digits == meeting.REJECT:
        promise = Promise("follow", f"follow:{offer}:rejected", heard.at, {"call": heard.call})
        with board.store.statement() as connection:
            tell(connection, heard.step_fact("rejected", offer), promises=[promise])
        return Document(meeting.agent_dismissed(talk, "whisper.declined"), talk.line, promised=True)
    with board.store.statement() as connection:
        tell(connection, heard.step_fact("agent-undecided", offer, turn=turn))
    waited = int(heard.asked("waited"))
    return Document(meeting.whisper(talk, offer, heard.asked("team"), waited=waited, turn=turn + 1), talk.line)


def _accept(heard: Heard, board: Switchboard, kind: str) -> Document:
    """Keep the acceptance and promise to bring the caller; the worker has the last word on who gets whom."""
    talk, offer = talk_of(heard, board), heard.asked("offer")
    promise = Promise("bridge", f"bridge:{offer}", heard.at, {"offer": offer, "call": heard.call})
    with board.store.statement() as connection:
        state = connection.scalar(select(Offer.state).where(Offer.id == offer))
        told = tell(connection, heard.step_fact(kind, offer, open=state is not OfferState.OVER), promises=[promise])
    if not told.detail["open"]:
        return Document(meeting.agent_dismissed(talk, "whisper.taken"), talk.line, promised=True)
    return Document(meeting.agent_joins(talk, offer), talk.line, promised=True)


def agent_after(heard: Heard, board: Switchboard) -> Document:
    """The room of the agent's leg has ended: the leg ends too."""
    talk = talk_of(heard, board)
    with board.store.statement() as connection:
        tell(connection, heard.step_fact("agent-left-room", heard.asked("offer")))
    return Document((HangUp(),), talk.line)


def agent_gone(heard: Heard, board: Switchboard) -> Document:
    """There is nobody to talk to any more: say so and end the agent's leg."""
    talk = talk_of(heard, board)
    with board.store.statement() as connection:
        tell(connection, heard.step_fact("agent-dismissed", heard.asked("offer")))
    return Document(meeting.agent_dismissed(talk, "whisper.gone"), talk.line)


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
        )
        told = tell(connection, fact)
    said = meeting.Introduction(str(told.detail["text"]), int(told.detail["version"]), told.detail["clip_url"])
    return Document(meeting.introduce(talk, offer, said), talk.line)


def join(heard: Heard, board: Switchboard) -> Document:
    """The announcement was heard to its end: into the room, or back to the queue if the agent is gone."""
    talk, offer = talk_of(heard, board), heard.asked("offer")
    ended = select(Fact.key).where(Fact.subject == heard.call, Fact.leg == offer, Fact.kind == "leg-ended")
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
    """The room ended with the caller still there: thank and end."""
    talk = talk_of(heard, board)
    with board.store.statement() as connection:
        tell(connection, heard.step_fact("room-ended", CALLER, offer=heard.asked("offer")))
    return Document(meeting.farewell(talk), talk.line)


def again(heard: Heard, board: Switchboard) -> Document:
    """The agent's leg ended during the talk: the caller is offered the queue again."""
    talk = talk_of(heard, board)
    with board.store.statement() as connection:
        tell(connection, heard.step_fact("again"))
    return Document(meeting.offer_again(talk, heard.asked("team")), talk.line)


def again_key(heard: Heard, board: Switchboard) -> Document:
    """0 waits again, anything else ends."""
    talk = talk_of(heard, board)
    with board.store.statement() as connection:
        told = tell(connection, heard.step_fact("again-key", digits=heard.digits))
    return Document(meeting.again_or_end(talk, heard.asked("team"), str(told.detail["digits"])), talk.line)


VIEWS: Views = {
    Address.AGENT: agent,
    Address.AGENT_KEY: agent_key,
    Address.AGENT_AFTER: agent_after,
    Address.AGENT_GONE: agent_gone,
    Address.MEET: meet,
    Address.JOIN: join,
    Address.AFTER: after,
    Address.AGAIN: again,
    Address.AGAIN_KEY: again_key,
}
