"""What the sender of papers is told: that they came, who is in charge, and what is missing; each is a fact."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from ivr.calls.facts import Told, tell
from ivr.charters.owing import promise_judging
from ivr.directory.asking import in_charge
from ivr.directory.rows import Officer
from ivr.documents.changing import TELLING, What
from ivr.documents.rows import DOCUMENT, OFFICER_LACKING, Contact, Document, DocumentState
from ivr.lines.hours import SEOUL
from ivr.lines.model import Line
from ivr.messages.rows import Message
from ivr.messages.texts import Texts
from ivr.messages.writing import Outgoing, write_message
from ivr.numbers import PhoneNumber

RECEIVED, WITH_OFFICER, OFFICER_ALONE, LACKING = (
    "document-received",
    "document-received-officer",
    "document-officer",
    "document-missing",
)
TEMPLATES = (RECEIVED, WITH_OFFICER, OFFICER_ALONE, LACKING)


def tell_receipt(session: Session, texts: Texts, document: Document, *, line: Line, at: datetime) -> bool:
    """Write that the papers came, in the same text with the officer in charge (D11, D2); tells whether there is one."""
    officer = _officer(session, document, line, at)
    values = {
        "receipt": document.receipt,
        "paper": line.documents.kinds.get(document.kind, document.kind),
        "date": f"{document.received_at.astimezone(SEOUL):%Y-%m-%d %H:%M}",
    }
    outgoing = Outgoing(
        id=f"{document.id}-receipt",
        line=line,
        to=_number(document),
        template=WITH_OFFICER if officer else RECEIVED,
        subject=f"document:{document.id}",
        values=values | (_about(officer, line) if officer else {}),
    )
    message = write_message(session, texts, outgoing, at=at)
    _note(session, document, What.RECEIPT, message=message, at=at)
    if officer:
        _note(session, document, What.OFFICER, message=message, at=at, **_parts(officer))
    else:
        tell(session.connection(), Told(document.id, OFFICER_LACKING, OFFICER_LACKING, DOCUMENT, at))
    return officer is not None


def tell_officer(session: Session, texts: Texts, document: Document, *, line: Line, at: datetime) -> bool:
    """Write who is in charge, where nobody was when the receipt was written; tells whether somebody is now."""
    officer = _officer(session, document, line, at)
    if officer is None:
        return False
    outgoing = Outgoing(
        id=f"{document.id}-officer",
        line=line,
        to=_number(document),
        template=OFFICER_ALONE,
        subject=f"document:{document.id}",
        values={"receipt": document.receipt} | _about(officer, line),
    )
    message = write_message(session, texts, outgoing, at=at)
    _note(session, document, What.OFFICER, message=message, at=at, **_parts(officer))
    return True


def tell_missing(session: Session, texts: Texts, document: Document, *, line: Line, at: datetime) -> None:
    """Write what is missing, why, and by when it is asked for (D12)."""
    if document.state is not DocumentState.MISSING or document.missing_until is None:
        return
    officer = _officer(session, document, line, at)
    last_day = (document.missing_until - timedelta(seconds=1)).astimezone(SEOUL)
    values = {
        "receipt": document.receipt,
        "missing": ", ".join(_named(texts, line, **one) for one in document.missing),
        "until": f"{last_day:%Y-%m-%d}",
        "number": _direct_number(officer, line),
    }
    outgoing = Outgoing(
        id=f"{document.id}-missing-{document.rounds}",
        line=line,
        to=_number(document),
        template=LACKING,
        subject=f"document:{document.id}",
        values=values,
    )
    message = write_message(session, texts, outgoing, at=at)
    _note(session, document, What.MISSING, message=message, at=at, until=document.missing_until.isoformat())


def give_to_officer(session: Session, document: Document, *, line: Line, at: datetime) -> bool:
    """Leave it to the officer in charge to tell a sender whom we cannot; tells whether there is one."""
    officer = _officer(session, document, line, at)
    if officer is None:
        return False
    session.flush()
    detail = {"officer": officer.id}
    tell(session.connection(), Told(document.id, "assigned", "assigned", DOCUMENT, at, detail=detail))
    return True


def _named(texts: Texts, line: Line, *, paper: str, lack: str) -> str:
    return f"{line.documents.papers.get(paper, paper)}({texts.say(f'paper.{lack}').text})"


def _officer(session: Session, document: Document, line: Line, at: datetime) -> Officer | None:
    officer = in_charge(session, line, team=line.documents.team or line.team, at=at)
    if officer is not None:
        document.officer_id = officer.id
    return officer


def _number(document: Document) -> PhoneNumber:
    if document.number is None:
        raise ValueError(f"the papers {document.id} have no number: nothing may be promised to be told to it")
    return document.number


def _about(officer: Officer, line: Line) -> dict[str, str]:
    return {
        "department": officer.department,
        "name": officer.name,
        "title": officer.title,
        "number": _direct_number(officer, line),
    }


def _direct_number(officer: Officer | None, line: Line) -> str:
    """The officer's own public number, or the line's."""
    return PhoneNumber.parse((officer.number if officer else None) or line.number).national


def _parts(officer: Officer) -> dict[str, str]:
    """What of the officer was told; D2 wants affiliation, name and title."""
    told = {"department": officer.department, "name": officer.name, "title": officer.title}
    return {"officer": officer.id, "parts": ",".join(part for part, value in told.items() if value)}


def _note(session: Session, document: Document, what: What, *, message: Message, at: datetime, **more: str) -> None:
    """The fact that it was written; whether it arrived stands in the message's row."""
    kind = TELLING[what]
    by = "sms" if document.contact is Contact.MOBILE else "phone"
    detail = {"message": message.id, "by": by, "round": document.rounds} | more
    session.flush()
    tell(session.connection(), Told(document.id, f"{kind}:{message.id}", kind, DOCUMENT, at, detail=detail))
    promise_judging(session, "document", document.id, at=at)
