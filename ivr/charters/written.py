"""What is written down of several matters at once: their facts, and how far their text messages are."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ivr.calls.facts import Told, as_corrected
from ivr.calls.rows import Fact
from ivr.charters.view_owed import Text
from ivr.messages.rows import Message
from ivr.messages.states import MessageState

# Told of a text that was read out by telephone.
HEARD = "reading-heard"
TOLD = (
    *(Fact.subject, Fact.key, Fact.kind, Fact.leg, Fact.received_at, Fact.sid),
    *(Fact.said_at, Fact.sequence, Fact.detail),
)


def facts_by_subject(session: Session, subjects: Sequence[str]) -> Mapping[str, list[Told]]:
    """Everything told about these subjects, in no order; nothing of one of which nothing was told."""
    found: defaultdict[str, list[Told]] = defaultdict(list)
    for row in session.execute(select(*TOLD).where(Fact.subject.in_(subjects))):
        found[row.subject].append(Told(*row))
    for subject, facts in found.items():
        found[subject] = as_corrected(facts)
    return found


def texts_of(session: Session, scope: str, ids: Sequence[str]) -> Mapping[str, Mapping[str, Text]]:
    """The texts about each matter of a scope, by the id of the message; nothing sealed is opened."""
    columns = (Message.subject, Message.id, Message.state, Message.worth_until)
    rows = session.execute(select(*columns).where(Message.subject.in_([f"{scope}:{id}" for id in ids]))).all()
    heard = _heard(session, [row.id for row in rows if row.state is MessageState.READ_OUT])
    found: defaultdict[str, dict[str, Text]] = defaultdict(dict)
    for row in rows:
        found[row.subject.partition(":")[2]][row.id] = Text(row.state, row.worth_until, heard.get(row.id))
    return found


def _heard(session: Session, messages: Sequence[str]) -> Mapping[str, datetime]:
    """When texts were read out by telephone and heard to their end."""
    if not messages:
        return {}
    told = select(Fact.subject, func.min(Fact.received_at)).where(Fact.subject.in_(messages), Fact.kind == HEARD)
    return {row[0]: row[1] for row in session.execute(told.group_by(Fact.subject))}
