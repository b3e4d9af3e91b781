"""Delivery states of text messages: told in any order, never going backwards."""

from sqlalchemy import Update, update

from ivr.messages.rows import RANK, Message, MessageState


def advance(message_id: str, state: MessageState, error: str | None = None) -> Update:
    """The statement that moves a message on to `state`, unless it is as far already."""
    return (
        update(Message)
        .where(Message.id == message_id, Message.rank < RANK[state])
        .values(state=state, rank=RANK[state], error=error)
    )
