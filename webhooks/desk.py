"""The steps of an agent's leg: who waits, accept or reject, and the way into the room."""

from sqlalchemy import select

from ivr.addresses import Address, address
from ivr.calls import meeting
from ivr.calls.facts import tell
from ivr.calls.rows import Offer, OfferState
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
    heard_at = address(Address.TRANSCRIBED, call=talk.call, line=talk.line.id, offer=offer)
    listening = board.transcriber.begin(talk.line.language, board.public_base_url + heard_at)
    return Document(meeting.agent_joins(talk, offer, listening=listening), talk.line, promised=True)


def agent_after(heard: Heard, board: Switchboard) -> Document:
    """The room of the agent's leg has ended: the leg ends too."""
    talk = talk_of(heard, board)
    with board.store.statement() as connection:
        tell(connection, heard.step_fact("agent-left-room", heard.asked("offer")))
    return Document((HangUp(),), talk.line)


def agent_gone(heard: Heard, board: Switchboard) -> Document:
    """There is nobody to talk to any more, or the time to decide is over: say so and end the agent's leg."""
    talk = talk_of(heard, board)
    reason = "whisper.late" if heard.query.get("late") else "whisper.gone"
    with board.store.statement() as connection:
        tell(connection, heard.step_fact("agent-dismissed", heard.asked("offer")))
    return Document(meeting.agent_dismissed(talk, reason), talk.line)


VIEWS: Views = {
    Address.AGENT: agent,
    Address.AGENT_KEY: agent_key,
    Address.AGENT_AFTER: agent_after,
    Address.AGENT_GONE: agent_gone,
}
