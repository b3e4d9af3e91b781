"""What the carrier reports about text messages, and texts that people send us."""

from ivr.addresses import Address
from ivr.calls.facts import Told, tell
from ivr.messages.delivery import advance
from ivr.messages.rows import STATE_OF_STATUS
from webhooks.answers import Document, Noted, Views
from webhooks.heard import Heard
from webhooks.switchboard import Switchboard


def message_status(heard: Heard, board: Switchboard) -> Noted:
    """A delivery report: kept as told, and the message moves on if it is news."""
    status = heard.form.get("MessageStatus", "").lower()
    state = STATE_OF_STATUS.get(status)
    message = heard.query.get("message")
    if state is None or message is None:
        return Noted()
    error = heard.form.get("ErrorCode", "")[:10] or None
    fact = Told(
        subject=message,
        key=f"message:{status}",
        kind="message",
        leg="message",
        received_at=heard.at,
        sid=heard.form.get("MessageSid", "")[:64],
        detail={"status": status, "error": error},
    )
    with board.store.statement() as connection:
        tell(connection, fact, rows=[advance(message, state, error)])
    return Noted()


def incoming_message(heard: Heard, board: Switchboard) -> Document:
    """A text from a person: noted without its words, and not answered."""
    sid = heard.form.get("MessageSid", "")[:64]
    if sid:
        fact = Told(sid[:40], "message:received", "message-received", "message", heard.at, sid=sid)
        with board.store.statement() as connection:
            tell(connection, fact)
    return Document(())


VIEWS: Views = {Address.MESSAGE_STATUS: message_status, Address.MESSAGE_IN: incoming_message}
