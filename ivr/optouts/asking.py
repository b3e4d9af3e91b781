"""Whether a person has refused texts of a line: asked by whoever writes or sends one."""

from sqlalchemy import ColumnElement, SQLColumnExpression, exists, select
from sqlalchemy.orm import Session

from ivr.messages.texts import TemplateKind
from ivr.optouts.rows import OptOut, Scope

# What confirms a refusal is told in spite of it, once (article 50, paragraph 7 of the same Act).
OPT_OUT_DONE = "opt-out-done"


def opted_out(session: Session, number_index: str, line_id: str, *, kind: TemplateKind) -> bool:
    """Whether texts of this kind are refused at this moment.

    A service message (a receipt, a promise) only by somebody who refused every text; information and
    advertisements by any refusal (Act on Promotion of Information and Communications Network Utilization,
    article 50, paragraph 2).
    """
    return bool(session.scalar(select(is_refused(number_index, line_id, kind))))


def is_refused(
    number_index: str | SQLColumnExpression[str | None], line_id: str, kind: TemplateKind
) -> ColumnElement[bool]:
    """The same as a condition, for a statement that knows the number's index by a column."""
    scopes = [Scope.ALL] if kind == "service" else list(Scope)
    return exists().where(
        OptOut.number_index == number_index,
        OptOut.line == line_id,
        OptOut.scope.in_(scopes),
        OptOut.withdrawn_at.is_(None),
    )
