"""Telling: facts about a case, and what the customer is told, by a text of ours or by an officer's letter or call."""

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, time, timedelta
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.calls.facts import Told, facts_of, tell
from ivr.calls.rows import Fact
from ivr.cases.institution import Work
from ivr.cases.rows import Case, ReplyBy
from ivr.charters.owing import promise_judging
from ivr.lines.daytime import daytime
from ivr.lines.hours import SEOUL
from ivr.promises import Promise, promise_all

LEG = "case"
MARK = 8
Detail = Mapping[str, str | int | bool | None]


class Notice(StrEnum):
    """What a customer is told about a case."""

    RECEIVED = "received"
    DIRECTED = "directed"
    FIRST_ANSWER = "first-answer"
    LATE = "late"
    MOVED = "moved"
    APOLOGY = "apology"
    RESULT = "result"
    RATING = "rating"


# The facts that stand once the customer has been told. A text with the result also asks for the rating.
TOLD_BY: Mapping[Notice, tuple[str, ...]] = {
    Notice.RECEIVED: ("acknowledged",),
    Notice.DIRECTED: ("directed",),
    Notice.FIRST_ANSWER: ("answered",),
    Notice.LATE: ("late-told",),
    Notice.MOVED: ("moved-told",),
    Notice.APOLOGY: ("apologised",),
    Notice.RESULT: ("answered", "result-told"),
    Notice.RATING: ("rating-invited",),
}


def note(work: Work, case: Case, kind: str, *, said_at: datetime | None = None, detail: Detail | None = None) -> None:
    """Keep a fact about a case, the same of one moment once, and have the case judged again."""
    at = said_at or work.at
    kept = {name: value for name, value in (detail or {}).items() if value is not None}
    mark = hashlib.sha256(json.dumps(kept, sort_keys=True).encode()).hexdigest()[:MARK]
    key = f"{kind}:{at.isoformat()}:{mark}"
    tell(work.session.connection(), Told(case.id, key, kind, LEG, work.at, said_at=said_at, detail=kept))
    promise_judging(work.session, "case", case.id, at=work.at)


def story_of(work: Work, case: Case) -> Sequence[Told]:
    """Everything told about a case, in the order in which it was told."""
    return facts_of(work.session, case.id)


def tell_customer(work: Work, case: Case, notice: Notice, *, detail: Detail | None = None) -> None:
    """Have the customer told: a text is promised for now, by night for the morning unless it is due before that.

    Call it before the due date is moved. A customer with whom the institution writes letters is told by an officer,
    who enters it; with no way at all it is noted that there is none.
    """
    case.tellings += 1
    match case.reply_by:
        case ReplyBy.SMS:
            _promise_text(work, case, notice, detail=detail)
        case ReplyBy.PHONE if notice is Notice.LATE:
            # Nobody may have telephoned before the date: a text is better than nothing.
            _promise_text(work, case, notice, detail=detail)
        case ReplyBy.NONE:
            if not any(fact.kind == "no-contact" for fact in story_of(work, case)):
                note(work, case, "no-contact")
        case _:
            owed = {"notice": notice.value, "by": case.reply_by.value, **(detail or {})}
            note(work, case, "telling-owed", detail=owed)


def told(
    work: Work, case: Case, notice: Notice, *, said_at: datetime | None = None, detail: Detail | None = None
) -> None:
    """Keep that the customer has been told; `detail` says how (`by`), and with which message."""
    given: Detail = detail or {}
    if notice in {Notice.FIRST_ANSWER, Notice.RESULT}:
        given = {"first": notice is Notice.FIRST_ANSWER, **given}
    for kind in TOLD_BY[notice]:
        note(work, case, kind, said_at=said_at, detail=given)


def until_words(due: datetime) -> str:
    """A due date as it is told: the end of a day is that day, not the midnight after it."""
    local = due.astimezone(SEOUL)
    if local.time() == time(0):
        return f"{local - timedelta(days=1):%Y-%m-%d}"
    return f"{local:%Y-%m-%d %H:%M}"


def tellings_owed(session: Session, case_ids: Collection[str]) -> Mapping[str, tuple[str, ...]]:
    """By case, what officers still have to tell customers, because no text can or because it did not arrive."""
    owed: dict[str, dict[str, None]] = {}
    kinds = [kind for kinds in TOLD_BY.values() for kind in kinds]
    query = select(Fact.subject, Fact.kind, Fact.detail).where(
        Fact.subject.in_(case_ids), Fact.kind.in_(["telling-owed", "rated", *kinds])
    )
    for subject, kind, detail in session.execute(query.order_by(Fact.received_at, Fact.key)):
        notices = owed.setdefault(subject, {})
        if kind == "telling-owed":
            notices[str(detail["notice"])] = None
        elif detail.get("by") != ReplyBy.SMS:
            notices.pop(_notice_of(kind, detail), None)
    return {subject: tuple(notices) for subject, notices in owed.items() if notices}


def _notice_of(kind: str, detail: Mapping[str, object]) -> str:
    if kind == "rated":
        return Notice.RATING.value
    if kind == "answered":
        return Notice.FIRST_ANSWER.value if detail.get("first") else Notice.RESULT.value
    return next(notice.value for notice, kinds in TOLD_BY.items() if kind in kinds)


def _promise_text(work: Work, case: Case, notice: Notice, *, detail: Detail | None) -> None:
    morning = daytime(work.at)
    at = work.at if work.at < case.due_at <= morning else morning
    args = {"case": case.id, "notice": notice.value, "number": case.tellings, **_plain(detail)}
    promise_all(work.session, [Promise("case-tell", f"case-tell:{case.id}:{case.tellings}", at, args)])


def _plain(detail: Detail | None) -> dict[str, str | int]:
    return {name: value for name, value in (detail or {}).items() if value is not None}
