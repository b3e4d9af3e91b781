"""What a supervisor may ask for: to be beside a talk, in another way, and to leave it; each with its audit."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from ivr.accounts.access_log import Access, log_access
from ivr.accounts.rows import Act
from ivr.base import Refused
from ivr.calls.facts import Told, tell
from ivr.calls.known import load
from ivr.calls.legs import ROOM
from ivr.calls.rows import Offer, OfferState
from ivr.lines.model import Line
from ivr.monitoring.moves import MonitoringEvent, move_monitoring
from ivr.monitoring.rows import Mode, Monitoring, MonitoringState
from ivr.promises import Promise, promise_all

# The fact in the call itself: who looks at the call later sees that somebody listened, and how.
MONITORED = "monitored"


class WhyNot(StrEnum):
    """Why somebody may not be beside a talk."""

    NOT_ALLOWED = "not_allowed"
    NO_TALK = "no_talk"
    BESIDE_ANOTHER = "beside_another"
    OVER = "over"


class NotBeside(Refused):
    """A wish to be beside a talk is refused; `why` tells the reason."""

    def __init__(self, why: WhyNot) -> None:
        self.why = why
        super().__init__(f"monitoring is refused: {why.value}")


@dataclass(frozen=True, slots=True)
class Wish:
    """An account that wants to be beside the talk of an offer in this way, on its softphone, and why."""

    account_id: str
    softphone: str
    mode: Mode
    reason: str


def come_beside(session: Session, offer: Offer, wish: Wish, *, line: Line, at: datetime) -> Monitoring:
    """Ask for it: the softphone is rung, and the audit says who, when and why.

    Raises `NotBeside`, or `NoReason` of the access log.
    """
    if not line.monitoring.allowed:
        raise NotBeside(WhyNot.NOT_ALLOWED)
    known = load(session, offer.call_id)
    present = known.offer(offer.id)
    if present is None or present.state is not OfferState.ACCEPTED or known.caller_gone or not known.met(present):
        raise NotBeside(WhyNot.NO_TALK)
    if session.scalars(_open(wish.account_id)).one_or_none() is not None:
        raise NotBeside(WhyNot.BESIDE_ANOTHER)
    before = session.scalar(select(func.count()).select_from(Monitoring).where(Monitoring.offer_id == offer.id)) or 0
    monitoring = Monitoring(
        id=f"{offer.id}-m{before + 1}",
        line=line.id,
        call_id=offer.call_id,
        offer_id=offer.id,
        account_id=wish.account_id,
        softphone=wish.softphone,
        mode=wish.mode,
        state=MonitoringState.ASKED,
        asked_at=at,
    )
    session.add(monitoring)
    session.flush()
    promise_all(session, [Promise("monitor", f"monitor:{monitoring.id}", at, {"monitoring": monitoring.id})])
    _note(session, monitoring, wish.reason, at=at)
    return monitoring


def change_mode(session: Session, monitoring: Monitoring, mode: Mode, *, reason: str, at: datetime) -> None:
    """Be beside the talk in another way; the same way again changes nothing. Raises `NotBeside` when it is over."""
    if monitoring.state is MonitoringState.OVER:
        raise NotBeside(WhyNot.OVER)
    if monitoring.mode is mode:
        return
    monitoring.mode = mode
    session.flush()
    key = f"monitor-mode:{monitoring.id}:{monitoring.version}"
    promise_all(session, [Promise("monitor-mode", key, at, {"monitoring": monitoring.id})])
    _note(session, monitoring, reason, at=at)


def leave(session: Session, monitoring: Monitoring, *, at: datetime) -> None:
    """Leave the talk, which goes on; who has left already stays gone."""
    if monitoring.state is MonitoringState.OVER:
        return
    move_monitoring(monitoring, MonitoringEvent.END, at)
    promise_all(session, [Promise("monitor-end", f"monitor-end:{monitoring.id}", at, {"monitoring": monitoring.id})])


def beside(session: Session, account_id: str) -> Monitoring | None:
    """The talk that an account is beside now, locked for a change."""
    return session.scalars(_open(account_id).with_for_update(key_share=True)).one_or_none()


def listeners(session: Session, offer_id: str) -> list[Monitoring]:
    """Who is beside the talk of an offer now, for the agent to see."""
    open_ones = select(Monitoring).where(Monitoring.offer_id == offer_id, Monitoring.ended_at.is_(None))
    return list(session.scalars(open_ones.order_by(Monitoring.asked_at)))


def _open(account_id: str) -> Select[Monitoring]:
    return select(Monitoring).where(Monitoring.account_id == account_id, Monitoring.ended_at.is_(None))


def _note(session: Session, monitoring: Monitoring, reason: str, *, at: datetime) -> None:
    """Into the call's own facts, and into the log of who heard personal data."""
    fact = Told(
        subject=monitoring.call_id,
        key=f"{MONITORED}:{monitoring.id}:{monitoring.version}",
        kind=MONITORED,
        leg=ROOM,
        received_at=at,
        detail={"offer": monitoring.offer_id, "mode": monitoring.mode.value, "account": monitoring.account_id},
    )
    tell(session.connection(), fact)
    about: dict[str, str | int] = {"offer": monitoring.offer_id}
    access = Access(
        monitoring.account_id, monitoring.line, Act(monitoring.mode.value), f"call:{monitoring.call_id}", reason, about
    )
    log_access(session, access, at=at)
