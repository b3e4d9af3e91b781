"""The steps of a supervisor's softphone beside a talk; in its addresses the call is the monitoring's own id."""

from sqlalchemy import select

from ivr.addresses import Address
from ivr.calls.facts import tell
from ivr.calls.legs import STATUS_KINDS
from ivr.calls.rows import Offer, OfferState
from ivr.monitoring.conversation import attend, dismissed
from ivr.monitoring.rows import Monitoring, MonitoringState
from ivr.promises import Promise
from webhooks.answers import Document, Noted, Views, talk_of
from webhooks.heard import Heard
from webhooks.switchboard import Switchboard


def monitor(heard: Heard, board: Switchboard) -> Document:
    """The softphone was answered: into the room, if the talk still goes on and nobody has thought better of it."""
    line = board.line(heard.asked("line"))
    ids = {"call": heard.call, "line": line.id, "offer": heard.asked("offer")}
    beside = (
        select(Monitoring.call_id, Monitoring.mode, Offer.leg_sid)
        .join(Offer, Offer.id == Monitoring.offer_id)
        .where(Monitoring.id == heard.call, Monitoring.state != MonitoringState.OVER)
        .where(Offer.state == OfferState.ACCEPTED)
    )
    promise = Promise("follow-monitor", f"follow-monitor:{heard.call}:joined", heard.at, {"monitoring": heard.call})
    with board.store.statement() as connection:
        found = connection.execute(beside).one_or_none()
        tell(connection, heard.step_fact("monitor-joined", "leg", found=found is not None), promises=[promise])
    if found is None:
        return Document(dismissed(talk_of(heard, board)), line, promised=True)
    call, mode, leg = found
    return Document(attend(ids, call=call, mode=mode, agent_leg=leg or ""), line, promised=True)


def over(heard: Heard, board: Switchboard) -> Document:
    """The talk is over, or the supervisor was taken out of it."""
    with board.store.statement() as connection:
        tell(connection, heard.step_fact("monitor-over", "leg"))
    return Document(dismissed(talk_of(heard, board)), board.line(heard.asked("line")))


def status(heard: Heard, board: Switchboard) -> Noted:
    """An event of the softphone's leg; its end is followed at once."""
    kind = STATUS_KINDS.get(heard.status)
    if kind is None or not heard.sid:
        return Noted()
    is_over = kind == "leg-ended"
    promise = Promise("follow-monitor", f"follow-monitor:{heard.call}:ended", heard.at, {"monitoring": heard.call})
    with board.store.statement() as connection:
        fact = heard.event_fact(f"leg:{heard.status}", kind, "leg", status=heard.status)
        tell(connection, fact, promises=[promise] if is_over else [])
    return Noted(promised=is_over)


VIEWS: Views = {
    Address.AGENT_MONITOR: monitor,
    Address.AGENT_MONITOR_OVER: over,
    Address.MONITOR_STATUS: status,
}
