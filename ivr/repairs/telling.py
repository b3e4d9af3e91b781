"""What happened to a repair, kept as facts, and what the customer is told of it by text."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from ivr.calls.facts import Told, tell
from ivr.lines.daytime import daytime
from ivr.lines.model import Line
from ivr.messages.rows import Message
from ivr.messages.texts import Texts
from ivr.messages.writing import Outgoing, write_message
from ivr.promises import Promise, promise_all
from ivr.repairs.rows import Repair

LEG = "repair"
"""The leg of the facts about repairs; their subject is the row's id."""


class Happened(StrEnum):
    """What can have happened to a repair; the words are kinds of facts."""

    ASKED = "repair-asked"
    ACCEPTED = "repair-accepted"
    DELAYED = "repair-delayed"
    DONE = "repair-done"
    CANCELLED = "repair-cancelled"


TEMPLATES = {
    Happened.ACCEPTED: "repair-accepted",
    Happened.DELAYED: "repair-delayed",
    Happened.DONE: "repair-done",
    Happened.CANCELLED: "repair-cancelled",
}


def note(session: Session, repair: Repair, what: Happened, *, by: str, at: datetime) -> None:
    """Keep that it happened, and promise to tell the customer what is to be told of it, by day."""
    session.flush()
    until = repair.due_on.isoformat() if repair.due_on else ""
    detail = {"who": by[:60], "reference": repair.reference or "", "until": until, "outcome": repair.outcome or ""}
    kept = {name: value for name, value in detail.items() if value}
    key = f"{what.value}:{repair.version}"
    tell(session.connection(), Told(repair.id, key, what.value, LEG, at, detail=kept))
    if what in TEMPLATES and repair.number is not None:
        args = {"repair": repair.id, "what": what.value, "version": repair.version}
        promise_all(session, [Promise("repair-notice", f"repair-notice:{repair.id}:{key}", daytime(at), args)])


@dataclass(frozen=True, slots=True)
class Notice:
    """What is to be told of a repair of a line."""

    line: Line
    repair: Repair
    what: Happened


def tell_customer(session: Session, texts: Texts, notice: Notice, *, at: datetime) -> Message | None:
    """Write to the customer what happened; None where nothing is told of it, or there is no number to write to."""
    line, repair, template = notice.line, notice.repair, TEMPLATES.get(notice.what)
    if template is None or repair.number is None:
        return None
    partner, firm = line.repairs.partners.get(repair.partner), line.firms.get(repair.firm)
    values = {
        "firm": firm.name if firm else line.institution,
        "partner": partner.name if partner else repair.partner,
        "receipt": repair.reference or "",
        "until": repair.due_on.isoformat() if repair.due_on else "",
    }
    fields = texts.of(line.id).template(template).fields
    outgoing = Outgoing(
        id=f"{repair.id}-{notice.what.value}-{repair.version}",
        line=line,
        to=repair.number,
        template=template,
        subject=f"repair:{repair.id}",
        values={name: value for name, value in values.items() if name in fields},
    )
    return write_message(session, texts, outgoing, at=at)
