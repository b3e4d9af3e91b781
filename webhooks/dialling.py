"""The steps of a dialled callback: the agent decides, the customer is greeted and asked, and both meet in a room.

In the addresses of these steps `call` is the id of the attempt.
"""

from datetime import datetime
from functools import lru_cache

from sqlalchemy import Select, select

from ivr.addresses import Address
from ivr.agents.rows import Agent
from ivr.callbacks.rows import Callback
from ivr.calls.facts import tell
from ivr.calls.rows import Call, Fact
from ivr.calls.steps import CALLER, JOINING
from ivr.dialling import conversation
from ivr.dialling.conversation import Asked
from ivr.dialling.known import AGENT, APOLOGISED, CONFIRMED, OTHER, UNSURE
from ivr.dialling.rows import Attempt, AttemptState
from ivr.lines.announcement import announce_outbound
from ivr.promises import Promise
from ivr.prompts import HangUp
from webhooks.answers import Document, Views, talk_of
from webhooks.heard import Heard
from webhooks.switchboard import Switchboard

CHECKED = {conversation.MYSELF: CONFIRMED, conversation.SOMEBODY_ELSE: OTHER}


def agent(heard: Heard, board: Switchboard) -> Document:
    """The agent's telephone was picked up: who asked is told; a softphone has accepted by answering."""
    talk, takes = talk_of(heard, board), heard.query.get("softphone") is not None
    with board.store.statement() as connection:
        found = connection.execute(_people().where(Attempt.id == heard.call)).one()
        # Only a softphone's pick-up decides something: whether the attempt was still open.
        detail = {"over": found.state is AttemptState.OVER, **({"open": True} if takes else {})}
        told = tell(
            connection,
            heard.step_fact("leg-document", AGENT, **detail),
            promises=_follow(heard, "answered") if takes else [],
        )
    if told.detail["over"]:
        return Document(conversation.agent_told(talk, "over"), talk.line)
    asked = Asked(found.team, found.since, found.due_at, talk.line.firms.get(found.firm or ""))
    parts = conversation.who_asks(talk, asked, told.received_at)
    if takes:
        return Document(conversation.agent_waits(talk, parts), talk.line, promised=True)
    return Document(conversation.ask_agent(talk, parts, turn=1), talk.line)


def agent_key(heard: Heard, board: Switchboard) -> Document:
    """1 dials, 2 leaves it; other keys and silence are asked again."""
    talk, turn = talk_of(heard, board), int(heard.asked("turn"))
    kind = {conversation.DIAL: "accepted", conversation.LATER: "rejected"}.get(heard.digits, "agent-undecided")
    with board.store.statement() as connection:
        promises = [] if kind == "agent-undecided" else _follow(heard, kind)
        tell(connection, heard.step_fact(kind, AGENT), promises=promises)
    if kind == "accepted":
        return Document(conversation.agent_waits(talk), talk.line, promised=True)
    if kind == "rejected":
        return Document(conversation.leave_it(talk), talk.line, promised=True)
    return Document(conversation.ask_agent(talk, (), turn=turn + 1), talk.line)


def agent_after(heard: Heard, board: Switchboard) -> Document:
    """The room of the agent's leg has ended: the leg ends too."""
    talk = talk_of(heard, board)
    with board.store.statement() as connection:
        tell(connection, heard.step_fact("agent-left-room", AGENT))
    return Document((HangUp(),), talk.line)


def agent_over(heard: Heard, board: Switchboard) -> Document:
    """There is nobody to talk to: the agent is told why."""
    talk, reason = talk_of(heard, board), heard.asked("reason")
    with board.store.statement() as connection:
        tell(connection, heard.step_fact("agent-dismissed", AGENT, reason=reason))
    return Document(conversation.agent_told(talk, reason), talk.line)


def greet(heard: Heard, board: Switchboard) -> Document:
    """The customer's telephone was picked up: greeting, affiliation, name and title, and the question who it is."""
    talk = talk_of(heard, board)
    with board.store.statement() as connection:
        found = connection.execute(_people().where(Attempt.id == heard.call)).one()
        names = {"department": found.department, "name": found.name, "title": found.title}
        made = announce_outbound(talk.line, **names, firm=talk.line.firms.get(found.firm or ""))
        fact = heard.step_fact(
            "announced",
            CALLER,
            offer=heard.call,
            text=made.text,
            template=f"{talk.line.id}/outbound/{made.version}",
            version=made.version,
            evidence="spoken by the system",
            parts=" ".join(made.parts),
            over=found.state is AttemptState.OVER,
        )
        told = tell(connection, fact)
    if told.detail["over"]:
        return Document(conversation.too_late(talk), talk.line)
    return Document(conversation.greet(talk, str(told.detail["text"]), found.customer), talk.line)


def check(heard: Heard, board: Switchboard) -> Document:
    """1 is the right person; of anybody else, and of silence, the reason of the call is kept from."""
    talk, turn = talk_of(heard, board), int(heard.asked("turn"))
    with board.store.statement() as connection:
        tell(connection, heard.step_fact(CHECKED.get(heard.digits, UNSURE)))
    return Document(conversation.after_check(talk, heard.digits, turn), talk.line)


def join(heard: Heard, board: Switchboard) -> Document:
    """The right person comes into the room, or hears an apology where the agent has gone meanwhile."""
    talk = talk_of(heard, board)
    ended = select(Fact.key).where(Fact.subject == heard.call, Fact.leg == AGENT, Fact.kind == "leg-ended")
    with board.store.statement() as connection:
        gone = connection.execute(ended).first() is not None
        fact = heard.step_fact(JOINING, CALLER, offer=heard.call, agent_gone=gone)
        told = tell(connection, fact, promises=_follow(heard, JOINING))
    if told.detail["agent_gone"]:
        return Document(conversation.apologise(talk), talk.line, promised=True)
    return Document(conversation.customer_joins(talk), talk.line, promised=True)


def after(heard: Heard, board: Switchboard) -> Document:
    """The room ended with the customer still there: thank and end."""
    talk = talk_of(heard, board)
    with board.store.statement() as connection:
        tell(connection, heard.step_fact("room-ended"))
    return Document(conversation.farewell(talk), talk.line)


def sorry(heard: Heard, board: Switchboard) -> Document:
    """The agent has gone: an apology, and after a talk the question whether we should call again."""
    talk, talked = talk_of(heard, board), heard.query.get("talked") is not None
    with board.store.statement() as connection:
        tell(connection, heard.step_fact(APOLOGISED, CALLER, talked=talked))
    return Document(conversation.offer_again(talk) if talked else conversation.apologise(talk), talk.line)


def again(heard: Heard, board: Switchboard) -> Document:
    """1 is a new wish to be called, anything else ends."""
    talk = talk_of(heard, board)
    wishes = heard.digits == conversation.CALL_AGAIN
    promise = Promise("ask-again", f"ask-again:{heard.call}", heard.at, {"attempt": heard.call})
    with board.store.statement() as connection:
        fact = heard.step_fact("again-key", CALLER, digits=heard.digits)
        tell(connection, fact, promises=[promise] if wishes else [])
    return Document(conversation.again_or_end(talk, heard.digits), talk.line, promised=wishes)


@lru_cache(maxsize=1)
def _people() -> Select[AttemptState, str, datetime, datetime, str | None, str | None, str, str, str]:
    """The attempt, what was asked for and of which firm, and the agent, to be looked up by the attempt's id."""
    return (
        select(
            Attempt.state,
            Callback.team,
            Callback.since,
            Callback.due_at,
            Callback.customer,
            Call.firm,
            Agent.name,
            Agent.department,
            Agent.title,
        )
        .join(Callback, Callback.id == Attempt.callback_id)
        .outerjoin(Call, Call.id == Callback.call_id)
        .join(Agent, Agent.id == Attempt.agent_id)
    )


def _follow(heard: Heard, why: str) -> list[Promise]:
    return [Promise("follow-attempt", f"follow-attempt:{heard.call}:{why}", heard.at, {"attempt": heard.call})]


VIEWS: Views = {
    Address.AGENT_DIAL: agent,
    Address.AGENT_DIAL_KEY: agent_key,
    Address.AGENT_DIAL_AFTER: agent_after,
    Address.AGENT_DIAL_OVER: agent_over,
    Address.DIAL_GREET: greet,
    Address.DIAL_CHECK: check,
    Address.DIAL_JOIN: join,
    Address.DIAL_AFTER: after,
    Address.DIAL_SORRY: sorry,
    Address.DIAL_AGAIN: again,
}
