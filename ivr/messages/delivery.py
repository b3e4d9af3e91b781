"""Delivery states of text messages: told in any order, never going backwards."""

from datetime import datetime

from sqlalchemy import Update, func, update

from ivr.messages.rows import Message
from ivr.messages.states import RANK, MessageState

LONGEST_ERROR = 200


def advance(
    message_id: str,
    state: MessageState,
    error: str | None = None,
    *,
    at: datetime | None = None,
    sid: str | None = None,
) -> Update:
    """The statement that moves a message on to `state`, unless it is as far already.

    `at` is when it arrived, `sid` the provider's id of it, kept where none is known yet.
    """
    values: dict[str, object] = {"state": state, "rank": RANK[state], "error": error and error[:LONGEST_ERROR]}
    if state is MessageState.DELIVERED and at is not None:
        values["delivered_at"] = at
    if sid is not None:
        values["sid"] = func.coalesce(Message.sid, sid)
    statement = update(Message).where(Message.id == message_id, Message.rank < RANK[state]).values(values)
    # A message that is loaded is not brought up to date: that would double the work of every report.
    return statement.execution_options(synchronize_session=False)
