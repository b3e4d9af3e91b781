"""What must hold of every quarter: cases reminded and told at their moment, papers receipted at once, by day."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from sqlalchemy import select
from sqlalchemy.orm import Session

from commands.world import World
from ivr.calls.facts import Told, facts_of
from ivr.cases.ladder import rungs
from ivr.cases.rows import Case
from ivr.documents.rows import Document
from ivr.lines.daytime import daytime
from ivr.messages.rows import Message
from tests.hour.quarter import institution_of
from tests.hour.truths import SLACK, sent_at, violations_of

# The first receipt of papers is queued so soon after the event.
AT_ONCE = timedelta(seconds=5)


def wrong_in_quarter(world: World) -> list[str]:
    """Everything that is wrong with a quarter at its end."""
    wrong = violations_of(world)
    with world.store.reading() as session:
        for case in session.scalars(select(Case).order_by(Case.id)):
            facts = facts_of(session, case.id)
            wrong += _never_slips_untold(case, facts, session, world)
            wrong += _reminded_at_their_moment(case, facts, world)
        for document in session.scalars(select(Document).order_by(Document.id)):
            wrong += _receipted_at_once(document, session)
    return wrong


def _dates(case: Case, facts: Sequence[Told]) -> list[tuple[datetime, datetime]]:
    """Every date that stood, with the moment from which on."""
    moved = [(_moment(fact, "due"), fact.received_at) for fact in facts if fact.kind == "late-decided"]
    return [(case.first_due_at, case.taken_at), *moved]


def _ended(case: Case, world: World) -> datetime:
    return min((at for at in (case.answered_at, case.closed_at) if at is not None), default=world.now())


def _never_slips_untold(case: Case, facts: Sequence[Told], session: Session, world: World) -> Iterator[str]:
    """No date passes over an open case: another one was decided before, and the text of it was out."""
    dates = _dates(case, facts)
    for (due, _), (_, moved) in pairwise([*dates, (world.now(), _ended(case, world))]):
        if moved > due:
            yield f"case {case.id}: {due} passed without an answer or a notice"
    texts = session.scalars(
        select(Message)
        .where(Message.subject == f"case:{case.id}", Message.template.startswith("case-late/"))
        .order_by(Message.written_at)
    ).all()
    slips = [fact for fact in facts if fact.kind == "late-decided"]
    if len(texts) != len(slips):
        yield f"case {case.id}: {len(slips)} notices decided, {len(texts)} written"
    for text, fact in zip(texts, slips, strict=False):
        sent = sent_at(text, world)
        if sent is None or sent >= _moment(fact, "before"):
            yield f"case {case.id}: the notice for {fact.detail['before']} was sent at {sent}"


def _reminded_at_their_moment(case: Case, facts: Sequence[Told], world: World) -> Iterator[str]:
    """Each step of each date that stood then; the same step of the same date never twice."""
    institution = institution_of(world, world.lines.by_id(case.line))
    given = [fact.received_at for fact in facts if fact.kind == "reminded"]
    ends = [since for _, since in _dates(case, facts)[1:]] + [_ended(case, world)]
    due_moments = [
        rung.at
        for (due, since), until in zip(_dates(case, facts), ends, strict=True)
        for rung in rungs(institution, since=since, due=due)
        if rung.at < until - SLACK
    ]
    for at in due_moments:
        if not any(abs(moment - at) <= SLACK for moment in given):
            yield f"case {case.id}: no reminder at {at}"
    for moment, number in ((moment, given.count(moment)) for moment in set(given)):
        if number > 1:
            yield f"case {case.id}: reminded {number} times at {moment}"


def _receipted_at_once(document: Document, session: Session) -> Iterator[str]:
    """The receipt is queued within seconds of the event, at night at eight in the morning."""
    subject = f"document:{document.id}"
    written = session.scalars(
        select(Message.written_at).where(Message.subject == subject).order_by(Message.written_at)
    ).first()
    wished = daytime(document.noted_at)
    if written is None or not wished <= written <= wished + AT_ONCE:
        yield f"papers {document.id} of {document.noted_at}: the receipt was queued at {written}"


def _moment(fact: Told, name: str) -> datetime:
    return datetime.fromisoformat(str(fact.detail[name]))
