"""For which lines things are changed: the visitor's own, or all of them by who administers every line."""

from flask import abort, g, request
from sqlalchemy import select

from console.office import office
from console.visitor import visitor
from ivr.accounts.rows import Grant, Role
from ivr.editions.rows import ALL_LINES, Edition

ALL = "all"


def may_all() -> bool:
    """Whether the visitor administers every line of the installation; asked for once a request."""
    if "administers_all" not in g:
        g.administers_all = visitor().may(Role.ADMINISTRATOR) and _granted() >= {line.id for line in office().lines}
    return bool(g.administers_all)


def scope() -> str:
    """The line that this request is about, empty where it asks for all of them; ends with 403 for who may not."""
    if request.values.get("scope") != ALL:
        return visitor().line.id
    if not may_all():
        abort(403)
    return ALL_LINES


def may_withdraw(edition: Edition) -> bool:
    """Whether the visitor, who may edit, may withdraw this one."""
    return edition.line == visitor().line.id or (edition.line == ALL_LINES and may_all())


def _granted() -> set[str]:
    own = select(Grant.line).where(Grant.account_id == visitor().account_id, Grant.role == Role.ADMINISTRATOR)
    with office().store.reading() as session:
        return set(session.scalars(own))
