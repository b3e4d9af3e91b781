"""What a verdict is about: a call, or what was owed after one; when it came in, and the records that prove it."""

from collections.abc import Sequence
from datetime import datetime
from typing import TypeVarTuple

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from ivr.callbacks.rows import Callback
from ivr.calls.rows import Call
from ivr.campaigns.rows import Dial
from ivr.cases.rows import Case
from ivr.charters.rows import Verdict
from ivr.dialling.rows import Attempt
from ivr.documents.rows import Document

Columns = TypeVarTuple("Columns")

MATTER: ColumnElement[str] = func.coalesce(Verdict.call_id, Verdict.subject)
"""The id of the call, or else of what was owed."""

CAME_AT: ColumnElement[datetime] = func.coalesce(
    Call.arrived_at, Callback.asked_at, Document.received_at, Case.received_at, Attempt.made_at, Dial.dialled_at
)
"""When the call arrived or the matter came in; for queries made by `with_matters`."""


def with_matters(query: Select[*Columns]) -> Select[*Columns]:
    """The same query of verdicts, with whatever each is about beside it."""
    return (
        query.outerjoin(Call, Call.id == Verdict.call_id)
        .outerjoin(Callback, Callback.id == Verdict.subject)
        .outerjoin(Document, Document.id == Verdict.subject)
        .outerjoin(Case, Case.id == Verdict.subject)
        .outerjoin(Attempt, Attempt.id == Verdict.subject)
        .outerjoin(Dial, Dial.id == Verdict.subject)
    )


def attempts_of(session: Session, matters: Sequence[str]) -> dict[str, str]:
    """By the attempts of callbacks, the callback: its verdict rests on their records too."""
    rows = session.execute(select(Attempt.id, Attempt.callback_id).where(Attempt.callback_id.in_(matters)))
    return {row.id: row.callback_id for row in rows}
