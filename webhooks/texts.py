"""What the carrier reports about text messages, and texts that people send us."""

from ivr.addresses import Address
from ivr.calls.facts import Told, tell
from ivr.messages.delivery import advance
from ivr.messages.states import FINAL, MISSED, STATE_OF_STATUS
from ivr.promises import Promise
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
    # What did not arrive may be read out or go another way, and a verdict may wait for what did.
    followed = state in MISSED or (state in FINAL and "about" in heard.query)
    over = [Promise("text-over", f"text-over:{message}:{state}", heard.at, {"message": message})] if followed else []
    with board.store.statement() as connection:
        tell(connection, fact, promises=over, rows=[advance(message, state, error, at=heard.at, sid=fact.sid or None)])
    return Noted(promised=bool(over))


def incoming_message(heard: Heard, board: Switchboard) -> Document:
    """A text from a person: noted without its words, and not answered."""
    sid = heard.form.get("MessageSid", "")[:64]
    if sid:
        fact = Told(sid[:40], "message:received", "message-received", "message", heard.at, sid=sid)
        with board.store.statement() as connection:
            tell(connection, fact)
    return Document(())


VIEWS: Views = {Address.MESSAGE_STATUS: message_status, Address.MESSAGE_IN: incoming_message}
