"""Wishes to be called back, from the institution's own systems: ask, look, withdraw."""

from collections.abc import Sequence

from flask_smorest import Blueprint
from sqlalchemy import select

from ivr.base import ROW_LOCK
from ivr.callbacks.asking import BadTime, Wish, ask_callback
from ivr.callbacks.closing import withdraw
from ivr.callbacks.rows import Callback, CallbackState, Origin
from ivr.identifiers import callback_id
from webhooks.api.callbacks_shapes import CallbackShape, CallbacksQuery, WishShape
from webhooks.api.operations import Asked, Given, changes, makes, reads
from webhooks.api.problems import Problem, wrong_fields

blueprint = Blueprint("callbacks", __name__, url_prefix="/api/callbacks", description="Wishes to be called back")


@makes(blueprint, "", scope="callbacks:write", takes=WishShape, gives=CallbackShape)
def ask(asked: Asked, given: Given) -> Callback:
    """Ask that a customer be called back; a wish of the same number that is open is joined."""
    line = asked.line(given.get("line"))
    team = given.get("team", line.team)
    if team not in line.teams:
        raise Problem(422, "Unprocessable content", f"Known are {', '.join(line.teams)}.", field="team")
    if not given["number"].may_be_called:
        raise Problem(422, "Unprocessable content", "Nobody can be called at this number.", field="number")
    if "not_before" in given and "due_at" not in given:
        raise Problem(422, "Unprocessable content", "Say until when as well.", field="due_at")
    wish = Wish(
        id=callback_id(f"api:{asked.token.id}:{given['number'].e164}:{asked.at.isoformat()}"),
        line=line,
        team=team,
        origin=Origin.API,
        number=given["number"],
        not_before=given.get("not_before"),
        due_at=given.get("due_at"),
        customer=given.get("customer"),
        content=given.get("content"),
        reason=given.get("reason"),
    )
    try:
        return ask_callback(asked.session, wish, calendar=asked.board.calendar, at=asked.at)
    except BadTime as error:
        raise wrong_fields({"due_at": [f"{error}."]}) from None


@reads(blueprint, "", scope="callbacks:read", takes=CallbacksQuery, gives=CallbackShape(many=True))
def find(asked: Asked, given: Given) -> Sequence[Callback]:
    """List callbacks, the newest first."""
    query = select(Callback).where(Callback.line.in_(asked.lines())).order_by(Callback.asked_at.desc(), Callback.id)
    if "state" in given:
        query = query.where(Callback.state == CallbackState(given["state"]))
    if "number" in given:
        query = query.where(Callback.number_index == asked.board.store.keyring.index(given["number"]))
    return asked.session.scalars(query.limit(given["limit"])).all()


@reads(blueprint, "/<id>", scope="callbacks:read", takes=None, gives=CallbackShape)
def show(asked: Asked, given: Given, id: str) -> Callback:
    """One callback as it stands."""
    return asked.found(asked.session.get(Callback, id), "callback")


@changes(blueprint, "/<id>/withdraw", scope="callbacks:write", takes=None, gives=CallbackShape)
def take_back(asked: Asked, given: Given, id: str) -> Callback:
    """The customer does not wish to be called any more."""
    callback = asked.found(asked.session.get(Callback, id, with_for_update=ROW_LOCK), "callback")
    withdraw(asked.session, callback, f"token:{asked.token.id}", at=asked.at)
    return callback
