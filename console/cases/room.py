"""The blueprint of cases, which of them a visitor may see and act on, and the institution whose they are."""

from flask import Blueprint, abort
from sqlalchemy.orm import Session

from console.finding import own
from console.office import office
from console.problems import Stale
from console.visitor import visitor
from ivr.accounts.rows import Role
from ivr.base import ROW_LOCK
from ivr.cases.institution import Institution, Work
from ivr.cases.rows import Case
from ivr.directory.sight import Sight, sight_of

blueprint = Blueprint("cases", __name__, url_prefix="/cases")
# Who looks after all cases of the line; agents look after their own.
ALL = (Role.SUPERVISOR, Role.AUDITOR, Role.ADMINISTRATOR)
ACTING = (Role.AGENT, Role.SUPERVISOR)


def institution() -> Institution:
    """The institution of the visitor's line."""
    here = office()
    return Institution(visitor().line, here.calendar, here.charters, here.store.keyring)


def work(session: Session) -> Work:
    """Work of the visitor on cases, now."""
    return Work(session, institution(), office().clock(), visitor().account_id)


def sight(session: Session) -> Sight | None:
    """What an agent's sight is narrowed to; None for who sees the whole line."""
    person = visitor()
    if person.may(*ALL):
        return None
    return sight_of(session, officer_id=person.officer_id, agent_id=person.agent_id)


def seen(session: Session, id: str) -> Case:
    """The case, if the visitor may see it; ends the request with 404 otherwise."""
    case, narrowed = own(session, Case, id), sight(session)
    if narrowed is not None and not narrowed.includes(case):
        abort(404)
    return case


def taken(session: Session, id: str, version: int) -> Case:
    """The same, locked; raises `Stale` where it has changed since the page with this version was made."""
    case = seen(session, id)
    session.refresh(case, with_for_update=ROW_LOCK)
    if case.version != version:
        raise Stale
    return case
