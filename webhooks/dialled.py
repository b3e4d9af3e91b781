"""What the carrier reports about the telephones and the room of a dialled callback: kept as told, then followed."""

from ivr.addresses import Address
from ivr.calls.facts import tell
from ivr.calls.legs import ROOM, STATUS_KINDS
from ivr.promises import Promise
from webhooks.answers import Noted, Views
from webhooks.heard import Heard
from webhooks.switchboard import Switchboard

# Where the customer is, is told by the steps; a telephone that rings changes nothing for anybody.
FOLLOWED = {"leg-answered", "leg-ended"}


def status(heard: Heard, board: Switchboard) -> Noted:
    """An event of the agent's or of the customer's telephone."""
    kind = STATUS_KINDS.get(heard.status)
    if kind is None or not heard.sid:
        return Noted()
    leg = heard.asked("leg")
    fact = heard.event_fact(f"{leg}:{heard.status}", kind, leg, status=heard.status)
    promises = [_follow(heard, fact.key)] if kind in FOLLOWED else []
    with board.store.statement() as connection:
        tell(connection, fact, promises=promises)
    return Noted(promised=bool(promises))


def room(heard: Heard, board: Switchboard) -> Noted:
    """An event of the room: the order of leaving tells who hung up first."""
    event = heard.form.get("StatusCallbackEvent", "")[:30]
    if not event:
        return Noted()
    number = heard.sequence if heard.sequence is not None else heard.form.get("Timestamp", "")
    fact = heard.event_fact(
        f"room:{event}:{heard.sid[-8:]}:{number}",
        "room",
        ROOM,
        room_sid=heard.form.get("ConferenceSid", "")[:64],
        event=event,
        reason=heard.form.get("ReasonParticipantLeft", "")[:60],
        label=heard.form.get("ParticipantLabel", "")[:20],
    )
    with board.store.statement() as connection:
        tell(connection, fact)
    return Noted()


def _follow(heard: Heard, why: str) -> Promise:
    return Promise("follow-attempt", f"follow-attempt:{heard.call}:{why}", heard.at, {"attempt": heard.call})


VIEWS: Views = {Address.DIAL_STATUS: status, Address.DIAL_ROOM: room}
