"""From the database to views of what is owed: a batch of one scope and line at a time, in a fixed number of queries."""

from collections.abc import Callable, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.calls.legs import read_leg
from ivr.calls.steps import CALLER, joined
from ivr.cases.rows import Case
from ivr.charters.judging_owed import AnyOwed
from ivr.charters.owing import OwedScope
from ivr.charters.reading_callbacks import callback_views
from ivr.charters.reading_surveys import survey_views
from ivr.charters.view_attempt import AttemptView
from ivr.charters.view_case import CaseView
from ivr.charters.view_document import DocumentView
from ivr.charters.view_owed import in_order
from ivr.charters.written import facts_by_subject, texts_of
from ivr.deadlines import WorkingTime
from ivr.dialling.rows import Attempt
from ivr.documents.rows import Contact, Document

Read = Callable[[Session, Sequence[str], WorkingTime], list[AnyOwed]]


def owed_views(session: Session, scope: OwedScope, ids: Sequence[str], *, time: WorkingTime) -> list[AnyOwed]:
    """Read these callbacks, papers, cases, attempts or dials of one line, in the order of their ids."""
    return READERS[scope](session, ids, time)


def _callbacks(session: Session, ids: Sequence[str], time: WorkingTime) -> list[AnyOwed]:
    return list(callback_views(session, ids, time))


def _documents(session: Session, ids: Sequence[str], time: WorkingTime) -> list[AnyOwed]:
    facts, texts = facts_by_subject(session, ids), texts_of(session, "document", ids)
    columns = (
        *(Document.id, Document.channel, Document.contact, Document.received_at, Document.noted_at),
        *(Document.closed_at, Document.is_test),
    )
    rows = session.execute(
        select(*columns).where(Document.id.in_(ids), Document.line == time.line.id).order_by(Document.id)
    )
    return [
        DocumentView(
            id=row.id,
            time=time,
            came_at=row.received_at,
            facts=in_order(facts[row.id]),
            texts=texts[row.id],
            is_test=row.is_test,
            over_at=row.closed_at,
            channel=row.channel.value,
            noted_at=row.noted_at,
            takes_texts=row.contact is Contact.MOBILE,
        )
        for row in rows
    ]


def _cases(session: Session, ids: Sequence[str], time: WorkingTime) -> list[AnyOwed]:
    facts, texts = facts_by_subject(session, ids), texts_of(session, "case", ids)
    columns = (
        *(Case.id, Case.kind, Case.channel, Case.topic, Case.owner, Case.handler, Case.first_owed, Case.received_at),
        *(Case.first_due_at, Case.answered_at, Case.closed_at, Case.is_test),
    )
    rows = session.execute(select(*columns).where(Case.id.in_(ids), Case.line == time.line.id).order_by(Case.id))
    return [
        CaseView(
            id=row.id,
            time=time,
            came_at=row.received_at,
            facts=in_order(facts[row.id]),
            texts=texts[row.id],
            is_test=row.is_test,
            over_at=row.closed_at,
            kind=row.kind,
            channel=row.channel,
            topic=row.topic,
            owner=row.owner,
            handler=row.handler,
            owed=row.first_owed.value,
            first_due_at=row.first_due_at,
            decided_at=row.answered_at,
        )
        for row in rows
    ]


def _attempts(session: Session, ids: Sequence[str], time: WorkingTime) -> list[AnyOwed]:
    facts = facts_by_subject(session, ids)
    rows = session.execute(
        select(Attempt.id, Attempt.callback_id, Attempt.made_at, Attempt.closed_at)
        .where(Attempt.id.in_(ids), Attempt.line == time.line.id)
        .order_by(Attempt.id)
    )
    return [
        AttemptView(
            id=row.id,
            time=time,
            came_at=row.made_at,
            facts=in_order(facts[row.id]),
            over_at=row.closed_at,
            callback_id=row.callback_id,
            customer=read_leg(CALLER, facts[row.id]),
            met=next((fact for fact in in_order(facts[row.id]) if joined(fact)), None),
        )
        for row in rows
    ]


def _surveys(session: Session, ids: Sequence[str], time: WorkingTime) -> list[AnyOwed]:
    return list(survey_views(session, ids, time))


READERS: Mapping[OwedScope, Read] = {
    "callback": _callbacks,
    "document": _documents,
    "case": _cases,
    "attempt": _attempts,
    "survey": _surveys,
}
