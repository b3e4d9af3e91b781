"""Who is still to be told, piece by piece: an import of a million consents makes one promise, not a million."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from ivr.consents.notices import ASKED_BEFORE
from ivr.consents.rows import Consent, ConsentNotice, NoticeKind, Standing
from ivr.lines.daytime import daytime
from ivr.lines.hours import SEOUL, moment_of
from ivr.promises import Promise, promise_all

PIECE = 200
# Every day at 10:00 in Seoul; whoever starts it earlier has it done at once.
AT = time(10)


@dataclass(frozen=True, slots=True)
class Piece:
    """People to be told of one kind of notice; `after` is where the next piece begins, None at the end."""

    person_ids: Sequence[int]
    after: int | None


def promise_working_through(session: Session, *, at: datetime) -> None:
    """Promise to work through all who are to be told: from now by day, and then every day by itself."""
    promise_piece(session, NoticeKind.GIVEN, day=at, after=0, at=daytime(at))


def promise_piece(session: Session, kind: NoticeKind, *, day: datetime, after: int, at: datetime) -> None:
    """Promise one piece of a day's work; the same piece of the same day is the same promise."""
    named = f"{day.astimezone(SEOUL):%Y%m%d}"
    args = {"kind": kind.value, "after": after, "day": named}
    promise_all(session, [Promise("consent-notices", f"consent-notices:{kind.value}:{named}:{after}", at, args)])


def promise_next_day(session: Session, *, at: datetime) -> None:
    """Promise tomorrow's work, at 10:00."""
    tomorrow = moment_of(at.astimezone(SEOUL).date() + timedelta(days=1), AT.hour * 60)
    promise_piece(session, NoticeKind.GIVEN, day=tomorrow, after=0, at=tomorrow)


def next_piece(session: Session, kind: NoticeKind, *, after: int, at: datetime) -> Piece:
    """The next people with a consent that they were not told of, or with one that ends within 30 days."""
    if kind is NoticeKind.GIVEN:
        key, whose = Consent.id, Consent.person_id
        query = select(key, whose).where(Consent.notice_due_at.is_not(None), key > after)
        subject = Consent.id
    else:
        key, whose = Standing.person_id, Standing.person_id
        query = select(key, whose).where(key > after)
        query = query.where(Standing.expires_at > at, Standing.expires_at <= at + ASKED_BEFORE)
        subject = Standing.consent_id
    told = exists().where(ConsentNotice.kind == kind, ConsentNotice.subject_id == subject)
    rows = session.execute(query.where(~told).order_by(key).limit(PIECE)).all()
    return Piece(list(dict.fromkeys(row[1] for row in rows)), rows[-1][0] if len(rows) == PIECE else None)
