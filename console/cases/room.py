"""The blueprint of cases, which of them a visitor may see and act on, and the institution whose they are."""

from flask import Blueprint, abort
from sqlalchemy.orm import Session

from console.finding import own, sight
from console.office import office
from console.stale import lock_unchanged
from console.visitor import visitor
from ivr.accounts.rows import Role
from ivr.cases.institution import Institution, Work
from ivr.cases.rows import Case

blueprint = Blueprint("cases", __name__, url_prefix="/cases")
ACTING = (Role.AGENT, Role.SUPERVISOR)


def institution() -> Institution:
    """The institution of the visitor's line."""
    here = office()
    return Institution(visitor().line, here.calendar, here.charters, here.store.keyring)


def work(session: Session) -> Work:
    """Work of the visitor on cases, now."""
    return Work(session, institution(), office().clock(), visitor().account_id)


def seen(session: Session, id: str) -> Case:
    """The case, if the visitor may see it; ends the request with 404 otherwise."""
    case, narrowed = own(session, Case, id), sight(session)
    if narrowed is not None and not narrowed.includes(case):
        abort(404)
    return case


def taken(session: Session, id: str, version: int) -> Case:
    """The same, locked; raises `Stale` where it has changed since the page with this version was made."""
    case = seen(session, id)
    lock_unchanged(session, case, version)
    return case
