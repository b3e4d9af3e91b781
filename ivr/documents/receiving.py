"""The one way in for papers: an event of another system becomes a row, a fact, and the promise to tell the sender."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from ivr.base import Refused
from ivr.calls.facts import Told, tell
from ivr.charters.owing import promise_judging
from ivr.documents.rows import DOCUMENT, Channel, Contact, Document, DocumentState, NoContact
from ivr.identifiers import document_id, receipt_number
from ivr.lines.daytime import daytime
from ivr.lines.hours import SEOUL
from ivr.lines.model import Line
from ivr.numbers import NumberKind, PhoneNumber
from ivr.promises import Promise, insert_for, promise_all
from ivr.sealing import index_of

# Clocks of other systems may be this much ahead of ours.
AHEAD = timedelta(minutes=5)


class NotTaken(ValueError):
    """Papers that cannot be taken: `field` is what is wrong, the message says why and what to do."""

    def __init__(self, field: str, why: str) -> None:
        self.field = field
        super().__init__(why)


@dataclass(frozen=True, slots=True)
class Arrival:
    """Papers as another system tells of them; `reference` is the id of that event there, `kind` a code of the line."""

    channel: Channel
    reference: str
    kind: str
    received_at: datetime
    pages: int | None = None
    sender: str | None = None
    number: PhoneNumber | None = None
    is_test: bool = False


def receive(session: Session, line: Line, arrival: Arrival, *, at: datetime) -> Document:
    """Keep papers and promise to tell their sender, in the session's transaction.

    The same event told again gives the row that is there. Raises `NotTaken` for a time that cannot be and for a kind
    that the line does not know, and `Refused` where the reference stands for other papers.
    """
    _check(line, arrival, at)
    id = document_id(line.id, arrival.reference)
    if _is_new(session, line, arrival, id=id, at=at):
        document = session.get_one(Document, id)
        _follow(session, document, at)
        return document
    document = session.get_one(Document, id)
    if not _is_same(session, document, arrival):
        raise Refused(
            f"the reference was told before, of papers with receipt number {document.receipt}, and differently: "
            "give each event a reference of its own"
        )
    return document


def _check(line: Line, arrival: Arrival, at: datetime) -> None:
    rule = line.documents
    if arrival.kind not in rule.kinds:
        raise NotTaken("kind", f"Is no kind of papers of this line: known are {', '.join(rule.kinds) or 'none'}.")
    if arrival.received_at > at + AHEAD:
        raise NotTaken("received_at", "Lies in the future: give the time at which the papers reached the institution.")
    if arrival.received_at < at - timedelta(days=rule.oldest_days):
        raise NotTaken("received_at", f"Is more than {rule.oldest_days} days ago: look at the date and its offset.")


def _is_new(session: Session, line: Line, arrival: Arrival, *, id: str, at: datetime) -> bool:
    """Add the row unless the event is known: two who tell it at once cannot both add it."""
    contact, why = contact_of(arrival.number)
    values: dict[str, object] = {
        "id": id,
        "receipt": receipt_number(id, f"{arrival.received_at.astimezone(SEOUL):%m%d}"),
        "line": line.id,
        "channel": arrival.channel,
        "reference": arrival.reference,
        "kind": arrival.kind,
        "pages": arrival.pages,
        "sender": arrival.sender,
        "number": arrival.number,
        "number_index": index_of(session, arrival.number) if arrival.number else None,
        "contact": contact,
        "no_contact": why,
        "received_at": min(arrival.received_at, at),
        "noted_at": at,
        "state": DocumentState.RECEIVED,
        "missing": [],
        "rounds": 0,
        "is_test": arrival.is_test,
        "version": 1,
    }
    statement = insert_for(session.get_bind().dialect.name, Document).values(values)
    return session.scalar(statement.on_conflict_do_nothing().returning(Document.id)) is not None


def contact_of(number: PhoneNumber | None) -> tuple[Contact, NoContact | None]:
    """How a number can be told something, or why it cannot. Abroad nobody is rung unasked: that is for an officer."""
    if number is None:
        return Contact.NONE, NoContact.NO_NUMBER
    if number.takes_texts:
        return Contact.MOBILE, None
    if number.kind is NumberKind.FOREIGN:
        return Contact.NONE, NoContact.ABROAD
    return (Contact.TELEPHONE, None) if number.may_be_called else (Contact.NONE, NoContact.NOT_A_PERSONS)


def _follow(session: Session, document: Document, at: datetime) -> None:
    """What follows at once: the fact, and either the notice (by day) or an officer who finds another way."""
    detail = {"channel": document.channel.value, "kind": document.kind}
    fact = Told(document.id, "received", "received", DOCUMENT, at, said_at=document.received_at, detail=detail)
    tell(session.connection(), fact)
    if document.no_contact is None:
        promise_notice(session, document, "receipt", at=at)
    else:
        lacking = {"reason": document.no_contact.value}
        tell(session.connection(), Told(document.id, "no-contact", "no-contact", DOCUMENT, at, detail=lacking))
        task = Promise("document-task", f"document-task:{document.id}", at, {"document": document.id})
        promise_all(session, [task])
    promise_judging(session, "document", document.id, at=at)


def promise_notice(session: Session, document: Document, what: str, *, at: datetime) -> None:
    """Promise to tell the sender: at once by day, at eight in the morning otherwise."""
    key = f"document-notice:{document.id}:{what}:{document.rounds}"
    args: dict[str, str | int] = {"document": document.id, "what": what, "round": document.rounds}
    promise_all(session, [Promise("document-notice", key, daytime(at), args)])


def _is_same(session: Session, document: Document, arrival: Arrival) -> bool:
    number = index_of(session, arrival.number) if arrival.number else None
    told = (arrival.channel, arrival.kind, arrival.pages, arrival.sender, number)
    return told == (document.channel, document.kind, document.pages, document.sender, document.number_index)
