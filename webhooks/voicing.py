"""The steps of somebody to whom a text is read out by telephone; nothing of it is said before a key was pressed."""

from sqlalchemy import Connection, select

from ivr.addresses import Address
from ivr.calls.facts import tell
from ivr.calls.legs import STATUS_KINDS
from ivr.messages.delivery import advance
from ivr.messages.rows import Message
from ivr.messages.states import MessageState
from ivr.promises import Promise
from ivr.voicing import talking
from ivr.voicing.spoken import spoken
from webhooks.answers import Document, Noted, Views, talk_of
from webhooks.heard import Heard
from webhooks.switchboard import Switchboard


def reading(heard: Heard, board: Switchboard) -> Document:
    """The telephone was picked up: by a person or a machine, which is not known yet."""
    talk, leg = talk_of(heard, board), heard.asked("leg")
    with board.store.statement() as connection:
        tell(connection, heard.step_fact("leg-document", leg))
    return Document(talking.greet(talk, leg, turn=1), talk.line)


def reading_key(heard: Heard, board: Switchboard) -> Document:
    """1 proves a person, and the text is read."""
    talk, leg, turn = talk_of(heard, board), heard.asked("leg"), int(heard.asked("turn"))
    wants = heard.digits == talking.HEAR
    with board.store.statement() as connection:
        tell(connection, heard.step_fact("reading-wanted" if wants else "reading-unsure", leg, turn=turn))
        sentences = _sentences(connection, heard) if wants else []
    prompts = talking.read(talk, leg, sentences) if wants else talking.after_silence(talk, leg, turn=turn)
    return Document(prompts, talk.line)


def reading_heard(heard: Heard, board: Switchboard) -> Document:
    """The text was heard to its end: the message is as good as delivered."""
    talk, leg = talk_of(heard, board), heard.asked("leg")
    with board.store.statement() as connection:
        tell(connection, heard.step_fact("reading-heard", leg), rows=[advance(heard.call, MessageState.READ_OUT)])
    return Document(talking.offer_again(talk, leg), talk.line)


def reading_again(heard: Heard, board: Switchboard) -> Document:
    """* reads it once more; anything else is the end."""
    talk, leg = talk_of(heard, board), heard.asked("leg")
    again = heard.digits == talking.AGAIN and heard.step < 2 + 2 * talking.MOST_READINGS
    with board.store.statement() as connection:
        tell(connection, heard.step_fact("reading-again" if again else "reading-done", leg))
        sentences = _sentences(connection, heard) if again else []
    return Document(talking.read(talk, leg, sentences) if again else talking.goodbye(talk), talk.line)


def reading_status(heard: Heard, board: Switchboard) -> Noted:
    """An event of the leg; its end is followed up at once."""
    kind, leg = STATUS_KINDS.get(heard.status), heard.asked("leg")
    if kind is None or not heard.sid:
        return Noted()
    ended = kind == "leg-ended"
    args = {"message": heard.call, "leg": leg}
    promise = Promise("follow-reading", f"follow-reading:{heard.call}:{leg}:{heard.status}", heard.at, args)
    with board.store.statement() as connection:
        fact = heard.event_fact(f"{leg}:{heard.status}", kind, leg, status=heard.status)
        tell(connection, fact, promises=[promise] if ended else [])
    return Noted(promised=ended)


def _sentences(connection: Connection, heard: Heard) -> list[str]:
    return spoken(connection.scalar(select(Message.body).where(Message.id == heard.call)) or "")


VIEWS: Views = {
    Address.READING: reading,
    Address.READING_KEY: reading_key,
    Address.READING_HEARD: reading_heard,
    Address.READING_AGAIN: reading_again,
    Address.READING_STATUS: reading_status,
}
