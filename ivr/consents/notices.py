"""What somebody is told in writing: sender, fact, date and result within 14 days, and again before a consent ends.

Network Act, article 50, paragraphs 7 and 8; decree 62-2 and 62-3.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

from sqlalchemy import ColumnElement, SQLColumnExpression, exists, select
from sqlalchemy.orm import Session

from ivr.consents.links import consent_path
from ivr.consents.rows import (
    Consent,
    ConsentNotice,
    NoticeKind,
    Purpose,
    Standing,
    Suppression,
    SuppressionScope,
    Withdrawal,
)
from ivr.consents.suppressing import WITHDRAWN
from ivr.lines.hours import SEOUL
from ivr.lines.model import Line
from ivr.messages.texts import Texts
from ivr.messages.writing import Outgoing, write_message
from ivr.numbers import PhoneNumber
from ivr.people.rows import Person
from ivr.sealing import Keyring

# So long before a consent ends its giver is told how to keep or withdraw it; without an answer it ends.
ASKED_BEFORE = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Writer:
    """What it takes to write to somebody of a line; `base_url` is where pages are reached."""

    session: Session
    texts: Texts
    keyring: Keyring
    base_url: str
    line: Line
    at: datetime


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing to be told of: the entry's id, the day in Seoul of the wish, its purpose, and when it ends."""

    subject_id: int
    day: date
    purpose: Purpose | None
    ends: datetime | None = None


def tell_recorded(writer: Writer, person: Person) -> int:
    """Write what was recorded and not told of yet: one text for the consents, one for the withdrawals of a day.

    Gives how many texts were written; one that cannot be sent to that number is written too, and says so.
    """
    session = writer.session
    if person.number is None:
        return 0
    refused = _refused(session, person)
    withdrawn = [] if refused else _withdrawn(session, person)
    told = [
        (NoticeKind.REFUSED, refused),
        (NoticeKind.WITHDRAWN, withdrawn),
        (NoticeKind.GIVEN, _given(session, person)),
    ]
    if refused:
        _note(writer, person, NoticeKind.WITHDRAWN, _withdrawn(session, person), message_id="")
    return sum(_tell(writer, person, kind, entries) for kind, entries in told)


def tell_expiring(writer: Writer, person: Person) -> int:
    """Write which consents run out within 30 days, since when they hold, and how to keep or withdraw them."""
    session, at = writer.session, writer.at
    if person.number is None:
        return 0
    query = (
        select(Consent.id, Consent.given_at, Consent.purpose, Consent.expires_at)
        .join(Standing, Standing.consent_id == Consent.id)
        .where(Standing.person_id == person.id, Standing.expires_at > at, Standing.expires_at <= at + ASKED_BEFORE)
        .where(_untold(NoticeKind.EXPIRING, Consent.id))
        .order_by(Consent.given_at, Consent.id)
    )
    return _tell(writer, person, NoticeKind.EXPIRING, _entries(session.execute(query)))


def _given(session: Session, person: Person) -> list[Entry]:
    query = (
        select(Consent.id, Consent.given_at, Consent.purpose, Consent.expires_at)
        .where(Consent.person_id == person.id, Consent.notice_due_at.is_not(None))
        .where(_untold(NoticeKind.GIVEN, Consent.id))
        .order_by(Consent.given_at, Consent.id)
    )
    return _entries(session.execute(query))


def _withdrawn(session: Session, person: Person) -> list[Entry]:
    query = (
        select(Withdrawal.consent_id, Withdrawal.withdrawn_at, Withdrawal.purpose, Withdrawal.withdrawn_at)
        .where(Withdrawal.person_id == person.id, _untold(NoticeKind.WITHDRAWN, Withdrawal.consent_id))
        .order_by(Withdrawal.withdrawn_at, Withdrawal.consent_id)
    )
    return _entries(session.execute(query))


def _refused(session: Session, person: Person) -> list[Entry]:
    query = (
        select(Suppression.id, Suppression.added_at)
        .where(Suppression.number_index == person.number_index, Suppression.line == person.line)
        .where(Suppression.scope == SuppressionScope.INSTITUTION, Suppression.why == WITHDRAWN)
        .where(_untold(NoticeKind.REFUSED, Suppression.id))
    )
    return [Entry(id, _day(added), None) for id, added in session.execute(query)]


def _untold(kind: NoticeKind, subject: SQLColumnExpression[int]) -> ColumnElement[bool]:
    return ~exists().where(ConsentNotice.kind == kind, ConsentNotice.subject_id == subject)


def _entries(rows: Iterable[Sequence[object]]) -> list[Entry]:
    return [Entry(id, _day(at), purpose, ends) for id, at, purpose, ends in rows]  # type: ignore[arg-type]


def _tell(writer: Writer, person: Person, kind: NoticeKind, entries: Sequence[Entry]) -> int:
    """One text a day of the wish; each entry is noted with the text that told of it."""
    days = [list(same) for _, same in groupby(entries, key=lambda entry: entry.day)]
    for same in days:
        message_id = f"consent-{kind.value}-{same[0].subject_id}"
        outgoing = Outgoing(
            id=message_id,
            line=writer.line,
            to=_number_of(person),
            template=f"consent-{kind.value}",
            subject=f"consent:{person.id}",
            values=_values(writer, person, kind, same),
        )
        write_message(writer.session, writer.texts, outgoing, at=writer.at)
        _note(writer, person, kind, same, message_id=message_id)
    return len(days)


def _values(writer: Writer, person: Person, kind: NoticeKind, same: Sequence[Entry]) -> dict[str, str]:
    values = {"date": f"{same[0].day:%Y-%m-%d}"}
    if kind is NoticeKind.REFUSED:
        return values
    values["purposes"] = purposes_in_words(writer.texts, [entry.purpose for entry in same if entry.purpose])
    values["link"] = writer.base_url + consent_path(writer.keyring, person, at=writer.at)
    ends = [entry.ends for entry in same if entry.ends is not None]
    if kind is not NoticeKind.WITHDRAWN and ends:
        values["until"] = f"{last_day(min(ends)):%Y-%m-%d}"
    return values


def purposes_in_words(texts: Texts, purposes: Iterable[Purpose]) -> str:
    """The purposes as they are written to people, each once."""
    return ", ".join(texts.say(f"consent.purpose.{purpose.value}").text for purpose in dict.fromkeys(purposes))


def last_day(expires_at: datetime) -> date:
    """The last day in Seoul on which a consent holds."""
    return _day(expires_at - timedelta(microseconds=1))


def _note(writer: Writer, person: Person, kind: NoticeKind, entries: Sequence[Entry], *, message_id: str) -> None:
    for entry in entries:
        row = ConsentNotice(
            kind=kind, subject_id=entry.subject_id, person_id=person.id, message_id=message_id, told_at=writer.at
        )
        writer.session.add(row)
    writer.session.flush()


def _number_of(person: Person) -> PhoneNumber:
    if person.number is None:
        raise ValueError(f"the person {person.id} was forgotten: nobody can be told")
    return person.number


def _day(at: datetime) -> date:
    return at.astimezone(SEOUL).date()
