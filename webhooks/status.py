"""What the carrier reports about legs and rooms: kept as told, and followed up by a worker."""

from datetime import timedelta

from sqlalchemy import Insert, exists, select

from ivr.addresses import Address
from ivr.calls.facts import Told, tell
from ivr.calls.legs import ROOM, STATUS_KINDS
from ivr.calls.rows import Fact
from ivr.calls.steps import CALLER
from ivr.promises import Promise, promise_unless
from webhooks.answers import Noted, Views
from webhooks.heard import Heard
from webhooks.switchboard import Switchboard

# What comes so late may change what was concluded of a call meanwhile.
LATE = timedelta(seconds=5)


def status(heard: Heard, board: Switchboard) -> Noted:
    """An event of a leg: the caller's, or an agent's where the address names an offer."""
    kind = STATUS_KINDS.get(heard.status)
    if kind is None or not heard.sid:
        return Noted()
    leg = heard.query.get("offer", CALLER)
    fact = heard.event_fact(f"{leg}:{heard.status}", kind, leg, status=heard.status)
    late = heard.said_at is not None and heard.at - heard.said_at > LATE
    rows = [_late_follow(heard, board, fact)] if late and kind != "leg-ended" else []
    promises = _following(heard, board, kind, leg)
    with board.store.statement() as connection:
        tell(connection, fact, promises=promises, rows=rows)
    return Noted(promised=late or kind in {"leg-ringing", "leg-ended"})


def _following(heard: Heard, board: Switchboard, kind: str, leg: str) -> list[Promise]:
    """A ringing telephone is given its time; an ended leg is followed at once, unless nobody waits for it."""
    if kind == "leg-ended":
        key, call = f"follow:{heard.call}:{leg}:{heard.status}", {"call": heard.call}
        if leg == CALLER and board.is_shut() and _was_turned_away(heard, board):
            return [Promise("follow-later", key, heard.at, call)]
        return [Promise("follow", key, heard.at, call)]
    if kind == "leg-ringing" and leg != CALLER:
        ends = heard.at + timedelta(seconds=board.line(heard.asked("line")).ring.offer_seconds)
        return [Promise("lapse", f"lapse:{leg}:rung", ends, {"offer": leg, "call": heard.call})]
    return []


def _was_turned_away(heard: Heard, board: Switchboard) -> bool:
    with board.store.reading() as session:
        told = session.scalars(select(Fact.detail).where(Fact.subject == heard.call, Fact.kind == "arrived")).first()
    return bool(told and told.get("turned_away"))


def _late_follow(heard: Heard, board: Switchboard, fact: Told) -> Insert:
    """What is told late for the first time is followed; a repetition of what was told in time is nothing new."""
    known = exists().where(Fact.subject == fact.subject, Fact.key == fact.key)
    promise = Promise("follow", f"follow:{heard.call}:{fact.key}", heard.at, {"call": heard.call})
    return promise_unless(board.store.dialect, promise, known)


def room(heard: Heard, board: Switchboard) -> Noted:
    """An event of a call's room; the order of leaving tells who hung up first."""
    event = heard.form.get("StatusCallbackEvent", "")[:30]
    if not event:
        return Noted()
    # Each room counts its events anew, and one call may see several rooms.
    offer = heard.asked("offer")
    number = heard.sequence if heard.sequence is not None else heard.form.get("Timestamp", "")
    fact = heard.event_fact(
        f"room:{offer}:{event}:{heard.sid[-8:]}:{number}",
        "room",
        ROOM,
        offer=offer,
        room_sid=heard.form.get("ConferenceSid", "")[:64],
        event=event,
        reason=heard.form.get("ReasonParticipantLeft", "")[:60],
        label=heard.form.get("ParticipantLabel", "")[:20],
    )
    promise = Promise("follow", f"follow:{heard.call}:{fact.key}", heard.at, {"call": heard.call})
    with board.store.statement() as connection:
        tell(connection, fact, promises=[promise] if event == "participant-leave" else [])
    return Noted(promised=event == "participant-leave")


VIEWS: Views = {Address.STATUS: status, Address.ROOM: room}
