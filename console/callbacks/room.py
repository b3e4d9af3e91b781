"""The blueprint of callbacks, and which of them a visitor may see and act on."""

from flask import Blueprint, abort
from sqlalchemy.orm import Session

from console.finding import own, sight
from console.stale import lock_unchanged
from ivr.accounts.rows import Role
from ivr.callbacks.rows import Callback

blueprint = Blueprint("callbacks", __name__, url_prefix="/callbacks")
ACTING = (Role.AGENT, Role.SUPERVISOR)


def seen(session: Session, id: str) -> Callback:
    """The callback, if the visitor may see it; ends the request with 404 otherwise."""
    callback, narrowed = own(session, Callback, id), sight(session)
    if narrowed is not None and not narrowed.includes(callback):
        abort(404)
    return callback


def taken(session: Session, id: str, version: int) -> Callback:
    """The same, locked; raises `Stale` where it has changed since the page with this version was made."""
    callback = seen(session, id)
    lock_unchanged(session, callback, version)
    return callback
