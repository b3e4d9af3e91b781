"""The steps of a transfer: the caller is told and goes on, and one agent asks another meanwhile."""

from typing import TypeAlias

from sqlalchemy import Connection, Row, select
from sqlalchemy.orm import aliased

from ivr.addresses import Address
from ivr.agents.rows import Agent
from ivr.calls.facts import tell
from ivr.calls.meeting import agent_dismissed
from ivr.calls.rows import Fact, Offer, OfferPurpose, OfferState, Waiting
from ivr.calls.steps import CALLER, CONSULT_OVER, CONSULTING, TRANSFER_FAILED, TRANSFER_HEARD, TRANSFER_TOLD
from ivr.promises import Promise
from ivr.transfers import conversation
from ivr.transfers.following import TO_BACK, TO_MEET, TO_QUEUE
from ivr.transfers.rows import Transfer
from ivr.transfers.words import Officer, Words, officer_for, word
from webhooks.answers import Document, Views, talk_of
from webhooks.heard import Heard
from webhooks.switchboard import Switchboard

Second: TypeAlias = Row[str | None, OfferState, OfferPurpose | None, str, str | None, bool]
"""The offer to the second agent with its state and purpose, the caller's team and skill, whether that leg ended."""


def transfer(heard: Heard, board: Switchboard) -> Document:
    """The caller was taken out of the talk: department, name and number are said, as first told, and texted."""
    talk, transfer_id = talk_of(heard, board), heard.asked("transfer")
    promise = Promise(
        "tell-officer", f"tell-officer:{transfer_id}", heard.at, {"transfer": transfer_id, "call": heard.call}
    )
    with board.store.statement() as connection:
        words = word(talk.texts, talk.language, officer_for(connection, transfer_id, talk.line))
        fact = heard.step_fact(
            TRANSFER_TOLD,
            CALLER,
            transfer=transfer_id,
            before=words.before,
            text=words.text,
            language=words.language,
            version=words.version,
            parts=",".join(words.parts),
            out_of=heard.asked("offer"),
            **{"from": heard.asked("offer")},
        )
        told = tell(connection, fact, promises=[promise, _following(heard)])
    kept = {name: str(told.detail[name]) for name in ("before", "text", "language", "version")}
    said = Words(**kept, parts=words.parts)
    return Document(conversation.tell_caller(talk, transfer_id, said), talk.line, promised=True)


def transfer_heard(heard: Heard, board: Switchboard) -> Document:
    """The words were heard to their end: on to the agent who waits, into the queue for that agent, or back."""
    talk, transfer_id = talk_of(heard, board), heard.asked("transfer")
    with board.store.statement() as connection:
        found = _second(connection, transfer_id)
        fact = heard.step_fact(TRANSFER_HEARD, CALLER, transfer=transfer_id, next=_next(found), offer=found.to_offer)
        told = tell(connection, fact, promises=[_following(heard)])
    prompts = conversation.go_on(
        talk, str(told.detail["next"]), offer=told.detail["offer"], place=(found.team, found.skill)
    )
    return Document(prompts, talk.line, promised=True)


def _second(connection: Connection, transfer_id: str) -> Second:
    """How the ringing of the second agent stands, and the caller's old place."""
    ended = select(Fact.key).where(
        Fact.subject == Transfer.call_id, Fact.leg == Transfer.to_offer, Fact.kind == "leg-ended"
    )
    return connection.execute(
        select(
            Transfer.to_offer,
            Offer.state,
            Offer.purpose,
            Waiting.team,
            Waiting.skill,
            ended.exists().label("gone"),
        )
        .join(Waiting, Waiting.call_id == Transfer.call_id)
        .outerjoin(Offer, Offer.id == Transfer.to_offer)
        .where(Transfer.id == transfer_id)
    ).one()


def _next(found: Second) -> str:
    if found.purpose is not OfferPurpose.CONSULT:
        return TO_QUEUE
    if found.gone or found.state is OfferState.OVER:
        return TO_BACK
    return TO_MEET if found.state is OfferState.ACCEPTED else TO_QUEUE


def transfer_failed(heard: Heard, board: Switchboard) -> Document:
    """The other agent cannot be reached: the caller is told so and waits again."""
    talk, transfer_id = talk_of(heard, board), heard.asked("transfer")
    with board.store.statement() as connection:
        tell(connection, heard.step_fact(TRANSFER_FAILED, CALLER, transfer=transfer_id))
    return Document(conversation.come_back(talk, (heard.asked("team"), heard.query.get("skill"))), talk.line)


def asked(heard: Heard, board: Switchboard) -> Document:
    """An agent who is asked by a colleague picked up: who asks is said; a softphone has accepted by answering."""
    talk, offer = talk_of(heard, board), heard.asked("offer")
    if heard.query.get("softphone"):
        return _accept(heard, board, "leg-document")
    with board.store.statement() as connection:
        asking = _asking(connection, offer)
        tell(connection, heard.step_fact("leg-document", offer))
    return Document(conversation.ask_colleague(talk, offer, asking, turn=1), talk.line)


def _asking(connection: Connection, offer: str) -> Officer:
    """Who asks the agent of this offer."""
    first = aliased(Offer)
    department, name = connection.execute(
        select(Agent.department, Agent.name)
        .join(first, first.agent_id == Agent.id)
        .join(Transfer, Transfer.from_offer == first.id)
        .where(Transfer.to_offer == offer)
    ).one()
    return Officer(department, name, "", "")


def asked_key(heard: Heard, board: Switchboard) -> Document:
    """1 accepts, 2 rejects; other keys and silence are asked again."""
    talk, offer, turn = talk_of(heard, board), heard.asked("offer"), int(heard.asked("turn"))
    if heard.digits == conversation.ACCEPT:
        return _accept(heard, board, "accepted")
    if heard.digits == conversation.REJECT:
        with board.store.statement() as connection:
            tell(connection, heard.step_fact("rejected", offer), promises=[_following(heard)])
        return Document(agent_dismissed(talk, "whisper.declined"), talk.line, promised=True)
    with board.store.statement() as connection:
        tell(connection, heard.step_fact("agent-undecided", offer, turn=turn))
    return Document(conversation.ask_colleague(talk, offer, Officer("", "", "", ""), turn=turn + 1), talk.line)


def _accept(heard: Heard, board: Switchboard, kind: str) -> Document:
    """Keep the acceptance and promise to bring the colleague, or the caller where the colleague has left."""
    talk, offer = talk_of(heard, board), heard.asked("offer")
    promise = Promise("consult", f"consult:{offer}", heard.at, {"offer": offer, "call": heard.call})
    with board.store.statement() as connection:
        state = connection.scalar(select(Offer.state).where(Offer.id == offer))
        told = tell(connection, heard.step_fact(kind, offer, open=state is not OfferState.OVER), promises=[promise])
    if not told.detail["open"]:
        return Document(conversation.released(talk), talk.line, promised=True)
    return Document(conversation.colleague_joins(talk, offer), talk.line, promised=True)


def consulting(heard: Heard, board: Switchboard) -> Document:
    """The agent who asks is brought to the colleague."""
    talk, first, second = talk_of(heard, board), heard.asked("offer"), heard.asked("second")
    with board.store.statement() as connection:
        tell(connection, heard.step_fact(CONSULTING, first, transfer=heard.asked("transfer")))
    return Document(conversation.consult(talk, first, second), talk.line)


def awaits(heard: Heard, board: Switchboard) -> Document:
    """The agent who was asked hears beside the room that the caller is coming; nothing of it is kept."""
    talk = talk_of(heard, board)
    return Document((talk.say("whisper.awaits"),), talk.line)


def consult_over(heard: Heard, board: Switchboard) -> Document:
    """The agent who asked is brought back, and the caller taken off hold."""
    talk, first = talk_of(heard, board), heard.asked("offer")
    with board.store.statement() as connection:
        fact = heard.step_fact(CONSULT_OVER, first, transfer=heard.asked("transfer"))
        tell(connection, fact, promises=[_following(heard)])
    return Document(conversation.return_to_caller(talk, first), talk.line, promised=True)


def released(heard: Heard, board: Switchboard) -> Document:
    """The consultation is over for the agent who was asked."""
    talk = talk_of(heard, board)
    with board.store.statement() as connection:
        tell(connection, heard.step_fact("agent-dismissed", heard.asked("offer")))
    return Document(conversation.released(talk), talk.line)


def _following(heard: Heard) -> Promise:
    leg = heard.query.get("offer", CALLER)
    return Promise("follow", f"follow:{heard.call}:{leg}:passing:{heard.step}", heard.at, {"call": heard.call})


VIEWS: Views = {
    Address.TRANSFER: transfer,
    Address.TRANSFER_HEARD: transfer_heard,
    Address.TRANSFER_FAILED: transfer_failed,
    Address.AGENT_ASKED: asked,
    Address.AGENT_ASKED_KEY: asked_key,
    Address.AGENT_CONSULT: consulting,
    Address.AGENT_AWAITS: awaits,
    Address.AGENT_RETURN: consult_over,
    Address.AGENT_RELEASED: released,
}
