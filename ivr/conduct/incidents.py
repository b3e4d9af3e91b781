"""The record of incidents: brought into line with the facts of a talk, kept as evidence, open to appeal."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from ivr.calls.facts import Told, facts_of
from ivr.calls.rows import Call, Offer
from ivr.conduct.reading import ENDING_ASKED, WARNING_HEARD, ended_for, is_lawful
from ivr.conduct.refusals import NotNow, Refusal
from ivr.conduct.rows import Incident


@dataclass(frozen=True, slots=True)
class IncidentReading:
    """What the facts say of one talk: its cause, the warnings heard in it, when it was and whether we ended it."""

    cause: str
    warnings: int
    at: datetime
    ended_at: datetime | None
    lawful: bool | None


def read_incident(facts: list[Told], offer_id: str) -> IncidentReading | None:
    """Read one talk; None where nobody was warned in it and it was not ended by us."""
    warned = [fact for fact in facts if fact.kind == WARNING_HEARD and fact.leg == offer_id]
    ended = ended_for(facts, offer_id)
    told = ([ended] if ended else []) + warned[::-1]
    if not told:
        return None
    return IncidentReading(
        cause=str(told[0].detail["cause"]),
        warnings=len(warned),
        at=min(fact.received_at for fact in told),
        ended_at=ended.received_at if ended else None,
        lawful=_was_lawful(facts, offer_id) if ended else None,
    )


def _was_lawful(facts: list[Told], offer_id: str) -> bool:
    return any(is_lawful(facts, fact) for fact in facts if fact.kind == ENDING_ASKED and fact.leg == offer_id)


def keep_incident(session: Session, offer_id: str) -> None:
    """Write the row of a talk as its facts have it, or bring it into line; an appeal and the hold stay as they are."""
    offer = session.get_one(Offer, offer_id)
    read = read_incident(facts_of(session, offer.call_id), offer_id)
    if read is None:
        return
    row = session.get(Incident, offer_id)
    if row is None:
        line = session.get_one(Call, offer.call_id).line
        row = Incident(id=offer_id, call_id=offer.call_id, line=line, agent_id=offer.agent_id)
        session.add(row)
    row.cause, row.warnings, row.at = read.cause, read.warnings, read.at
    row.ended_at, row.lawful = read.ended_at, read.lawful


def appeal(incident: Incident, text: str, *, by: str, at: datetime) -> None:
    """Keep a caller's objection word for word; the recording stays held. A second one raises `NotNow`."""
    if incident.appealed_at is not None:
        raise NotNow(Refusal.APPEALED, incident=incident.id)
    incident.appeal, incident.appeal_by, incident.appealed_at = text, by, at
    incident.keep_recording = True


def is_held(session: Session, call_id: str) -> bool:
    """Whether recordings and transcripts of a call are evidence and must not be deleted."""
    held = select(exists().where(Incident.call_id == call_id, Incident.keep_recording))
    return bool(session.scalar(held))
