"""The blueprint of callbacks, and which of them a visitor may see and act on."""

from flask import Blueprint, abort
from sqlalchemy.orm import Session

from console.finding import own
from console.problems import Stale
from console.visitor import visitor
from ivr.accounts.rows import Role
from ivr.base import ROW_LOCK
from ivr.callbacks.rows import Callback
from ivr.directory.sight import Sight, sight_of

blueprint = Blueprint("callbacks", __name__, url_prefix="/callbacks")
# Who looks after all callbacks of the line; agents look after their own.
ALL = (Role.SUPERVISOR, Role.AUDITOR, Role.ADMINISTRATOR)
ACTING = (Role.AGENT, Role.SUPERVISOR)


def sight(session: Session) -> Sight | None:
    """What an agent's sight is narrowed to; None for who sees the whole line."""
    person = visitor()
    if person.may(*ALL):
        return None
    return sight_of(session, officer_id=person.officer_id, agent_id=person.agent_id)


def seen(session: Session, id: str) -> Callback:
    """The callback, if the visitor may see it; ends the request with 404 otherwise."""
    callback, narrowed = own(session, Callback, id), sight(session)
    if narrowed is not None and not narrowed.includes(callback):
        abort(404)
    return callback


def taken(session: Session, id: str, version: int) -> Callback:
    """The same, locked; raises `Stale` where it has changed since the page with this version was made."""
    callback = seen(session, id)
    session.refresh(callback, with_for_update=ROW_LOCK)
    if callback.version != version:
        raise Stale
    return callback
