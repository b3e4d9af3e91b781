"""The record of one call as the service has it, in the form that is promised to the outside."""

from datetime import datetime
from typing import TypedDict

from sqlalchemy import select
from sqlalchemy.orm import Session

from commands.opened import Opened
from ivr.calls.facts import Told, facts_of
from ivr.calls.record import (
    Announcement,
    OfferRecord,
    announcement_of,
    call_ring,
    ended_by,
    notices_of,
    outcome_of,
    read_offer,
)
from ivr.calls.rings import RingLimits, RingTime, ring_limits
from ivr.calls.rows import Call, Offer
from ivr.calls.story import texts_about
from ivr.charters.rows import Verdict
from ivr.charters.view_transfers import read_transfer
from ivr.lines.model import RingRule, UnknownLine
from ivr.listening.views import heard_in
from ivr.transfers.rows import Transfer


class OfferEntry(TypedDict):
    """One offer: `agent` is the agent's id, times in seconds."""

    agent: str
    ring_seconds: float | None
    uncertainty_seconds: float | None
    clock: str | None
    answered: bool
    outcome: str | None
    readings: dict[str, str]


class RingEntry(TypedDict):
    """The caller's view: from the first telephone that rang to the pick-up."""

    seconds: float
    uncertainty_seconds: float
    clock: str
    reading: str


class AnnouncementEntry(TypedDict):
    """What was said of affiliation, name and title, and whether it was heard to its end.

    `heard` are the parts that the agent was heard to say in the opening of the talk, None where it was not transcribed.
    """

    text: str
    played: bool
    complete: bool
    version: str
    evidence: str
    heard: list[str] | None


class NoticeEntry(TypedDict):
    """A notice before the first menu, and whether the caller stayed to its end."""

    notice: str
    version: int
    at: str
    complete: bool


class MessageEntry(TypedDict):
    """A text message; `to` is masked."""

    to: str
    state: str
    text: str


class TransferEntry(TypedDict):
    """One transfer: `to` is the second agent's id, `told` the words to the caller, `complete` if heard to their end."""

    id: str
    manner: str
    to: str
    state: str
    outcome: str | None
    told: str | None
    complete: bool


class VerdictEntry(TypedDict):
    """What was found of one promise; `subject` is the call, or one offer or transfer of it."""

    promise: str
    verdict: str
    reason: str
    standard: str
    subject: str


class CallEntry(TypedDict):
    """A call, as `charterline call --json` prints it."""

    call: str
    line: str
    receipt_number: str
    arrived_at: str
    ended_at: str | None
    outcome: str | None
    offers: list[OfferEntry]
    ring: RingEntry | None
    notices: list[NoticeEntry]
    announcement: AnnouncementEntry | None
    transfers: list[TransferEntry]
    ended_by: str
    messages: list[MessageEntry]
    verdicts: list[VerdictEntry]
    facts: int


def record_of(session: Session, opened: Opened, call_id: str) -> CallEntry | None:
    """Read a call and everything that belongs to it; None for one that does not exist."""
    call = session.get(Call, call_id)
    if call is None:
        return None
    facts = facts_of(session, call_id)
    offers = list(session.scalars(select(Offer).where(Offer.call_id == call_id).order_by(Offer.ordinal)))
    messages = texts_about(session, call_id)
    verdicts = session.scalars(
        select(Verdict).where(Verdict.call_id == call_id).order_by(Verdict.standard_id, Verdict.subject)
    )
    transfers = session.scalars(select(Transfer).where(Transfer.call_id == call_id).order_by(Transfer.ordinal))
    rule = _ring_rule(opened, call.line)
    limits = ring_limits(rings=rule.rings, tone_ms=rule.tone_ms, pause_ms=rule.pause_ms)
    return {
        "call": call.id,
        "line": call.line,
        "receipt_number": call.receipt_number,
        "arrived_at": call.arrived_at.isoformat(),
        "ended_at": _iso(call.ended_at),
        "outcome": outcome_of(facts).value if call.ended_at else None,
        "offers": [_offer(read_offer(offer, facts, limits)) for offer in offers],
        "ring": _ring(call_ring(offers, facts), limits, rule),
        "notices": [
            {"notice": n.notice, "version": n.version, "at": n.at.isoformat(), "complete": n.complete}
            for n in notices_of(facts)
        ],
        "announcement": _announcement(announcement_of(facts), heard_in(session, call_id)),
        "transfers": [_transfer(transfer, facts) for transfer in transfers],
        "ended_by": ended_by(offers, facts).value,
        "messages": [
            {"to": message.recipient.masked, "state": message.state.value, "text": message.body} for message in messages
        ],
        "verdicts": [_verdict(verdict) for verdict in verdicts],
        "facts": len(facts),
    }


def timeline(facts: list[Told]) -> list[dict[str, str]]:
    """The facts of a call in the order in which they arrived, for people."""
    return [
        {"at": fact.received_at.isoformat(timespec="milliseconds"), "leg": fact.leg, "kind": fact.kind}
        for fact in facts
    ]


def _ring_rule(opened: Opened, line_id: str) -> RingRule:
    """The rule of the line; the common one where the line's file has been removed since."""
    try:
        return opened.lines.by_id(line_id).ring
    except UnknownLine:
        return RingRule()


def _offer(record: OfferRecord) -> OfferEntry:
    ring = record.ring
    return {
        "agent": record.offer.agent_id,
        "ring_seconds": ring.milliseconds / 1000 if ring else None,
        "uncertainty_seconds": ring.uncertainty / 1000 if ring else None,
        "clock": ring.source.value if ring else None,
        "answered": record.answered,
        "outcome": record.offer.outcome,
        "readings": {name: reading.value for name, reading in record.readings.items()},
    }


def _ring(ring: RingTime | None, limits: RingLimits, rule: RingRule) -> RingEntry | None:
    if ring is None:
        return None
    limit = {"strict": limits.strict, "literal": limits.literal, "customary": limits.customary}[rule.reading]
    return {
        "seconds": ring.milliseconds / 1000,
        "uncertainty_seconds": ring.uncertainty / 1000,
        "clock": ring.source.value,
        "reading": ring.read(limit).value,
    }


def _announcement(made: Announcement | None, heard: list[str] | None) -> AnnouncementEntry | None:
    if made is None:
        return None
    return {
        "text": made.text,
        "played": made.played,
        "complete": made.complete,
        "version": made.template,
        "evidence": made.evidence,
        "heard": heard,
    }


def _transfer(transfer: Transfer, facts: list[Told]) -> TransferEntry:
    seen = read_transfer(transfer, facts)
    return {
        "id": transfer.id,
        "manner": transfer.manner.value,
        "to": transfer.to_agent,
        "state": transfer.state.value,
        "outcome": transfer.outcome,
        "told": str(seen.told.detail["text"]) if seen.told else None,
        "complete": seen.heard is not None,
    }


def _verdict(verdict: Verdict) -> VerdictEntry:
    return {
        "promise": verdict.key,
        "verdict": verdict.verdict.value,
        "reason": verdict.reason,
        "standard": verdict.standard_id,
        "subject": verdict.subject,
    }


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
