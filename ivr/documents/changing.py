"""What happens to papers after they came: some are missing, all are there, they are withdrawn, somebody was told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy.orm import Session

from ivr.base import ROW_LOCK
from ivr.calls.facts import Told, tell
from ivr.charters.owing import promise_judging
from ivr.deadlines import FURTHEST_DAYS, WorkingTime
from ivr.documents.moves import DocumentEvent, move_document
from ivr.documents.receiving import NotTaken, promise_notice
from ivr.documents.rows import DOCUMENT, Document
from ivr.lines.hours import SEOUL, moment_of
from ivr.lines.model import Line


class Lack(StrEnum):
    """Why a paper counts as missing."""

    ABSENT = "absent"
    UNREADABLE = "unreadable"
    OUTDATED = "outdated"
    UNSIGNED = "unsigned"


class What(StrEnum):
    """What a sender is told of."""

    RECEIPT = "receipt"
    OFFICER = "officer"
    MISSING = "missing"


class Way(StrEnum):
    """How a person tells a sender what the system did not (D12 names these four)."""

    PHONE = "phone"
    POST = "post"
    FAX = "fax"
    EMAIL = "email"


TELLING = {What.RECEIPT: "receipt-written", What.OFFICER: "officer-told", What.MISSING: "missing-told"}


@dataclass(frozen=True, slots=True)
class Missing:
    """A paper of the line's file that is missing, and why."""

    paper: str
    lack: Lack = Lack.ABSENT


def locked_document(session: Session, document_id: str) -> Document | None:
    """The papers with this id, locked for a change."""
    return session.get(Document, document_id, with_for_update=ROW_LOCK, populate_existing=True)


def note_missing(
    session: Session, document: Document, missing: Sequence[Missing], *, until: datetime, at: datetime
) -> None:
    """Note which papers are missing and by when they are asked for; the sender is told at once, by day.

    Noting the same again changes nothing. Raises `Refused` when the papers are complete or withdrawn.
    """
    noted = [{"paper": one.paper, "lack": one.lack.value} for one in missing]
    if document.missing == noted and document.missing_until == until:
        return
    move_document(document, DocumentEvent.LACK)
    document.missing, document.missing_until, document.rounds = noted, until, document.rounds + 1
    detail = {"papers": [one.paper for one in missing], "until": until.isoformat()}
    _tell(session, document, f"missing-found:{document.rounds}", at=at, detail=detail)
    if document.no_contact is None:
        promise_notice(session, document, What.MISSING, at=at)


def hand_in_by(working: WorkingTime, last_day: date | None, *, at: datetime) -> datetime:
    """The moment by which missing papers are asked for: the end of the day given, or the line's; raises `NotTaken`."""
    if last_day is None:
        return working.due(at, working.line.documents.missing_within, "business_days")
    if not 0 <= (last_day - at.astimezone(SEOUL).date()).days <= FURTHEST_DAYS:
        raise NotTaken("until", f"Must be a day from today on, at most {FURTHEST_DAYS} days ahead.")
    return moment_of(last_day + timedelta(days=1), 0)


def check_papers(line: Line, missing: Sequence[Missing]) -> None:
    """Raise `NotTaken` for a paper that the line's file does not name, or one that is named twice."""
    known = line.documents.papers
    for place, one in enumerate(missing):
        if one.paper not in known:
            raise NotTaken(f"missing.{place}.paper", f"Is no paper of this line: known are {', '.join(known)}.")
        if one.paper in {earlier.paper for earlier in missing[:place]}:
            raise NotTaken(f"missing.{place}.paper", "Is named twice: name each paper once.")


def complete(session: Session, document: Document, *, at: datetime) -> None:
    """All papers are there; raises `Refused` when they were withdrawn or complete before."""
    move_document(document, DocumentEvent.COMPLETE)
    document.missing, document.missing_until, document.closed_at = [], None, at
    _tell(session, document, "completed", at=at)


def withdraw_document(session: Session, document: Document, *, at: datetime) -> None:
    """The customer takes the papers back; raises `Refused` when that is too late."""
    move_document(document, DocumentEvent.WITHDRAW)
    document.closed_at = at
    _tell(session, document, "withdrawn", at=at)


@dataclass(frozen=True, slots=True)
class Telling:
    """A person told the sender: what, how and when."""

    what: What
    by: Way
    on: datetime


def note_telling(session: Session, document: Document, telling: Telling, *, at: datetime) -> None:
    """Keep that a person told the sender; raises `NotTaken` for a time that cannot be."""
    if not document.received_at <= telling.on <= at:
        raise NotTaken("on", "Must lie between the receipt of the papers and now.")
    kind = TELLING[telling.what]
    key = f"{kind}:{telling.by}:{telling.on.isoformat()}"
    detail = {"by": telling.by.value, "round": document.rounds}
    fact = Told(document.id, key, kind, DOCUMENT, at, said_at=telling.on, detail=detail)
    tell(session.connection(), fact)
    promise_judging(session, "document", document.id, at=at)


def _tell(
    session: Session, document: Document, key: str, *, at: datetime, detail: Mapping[str, object] | None = None
) -> None:
    session.flush()
    tell(session.connection(), Told(document.id, key, key.partition(":")[0], DOCUMENT, at, detail=dict(detail or {})))
    promise_judging(session, "document", document.id, at=at)
