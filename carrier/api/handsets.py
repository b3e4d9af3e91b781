"""The handset API: browsers, tests and load generators are callers and agents through it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from flask import Blueprint, Response, jsonify, make_response

from carrier import messages
from carrier.api.door import Refused, body, gate, text
from carrier.handsets import Handset
from carrier.legs import Misdialled
from carrier.numbers import normalise
from carrier.persons import BadPerson, PersonPlan, read_plan

Result = TypeVar("Result")
blueprint = Blueprint("handsets", __name__, url_prefix="/handsets")
WITHHELD = "anonymous"
WITHHELD_DIGITS = "+266696687"


@blueprint.get("")
def list_handsets() -> Response:
    with gate().entered() as network:
        return jsonify({"handsets": [handset.as_json() for handset in network.handsets.values()]})


@blueprint.get("/<number>")
def read_handset(number: str) -> Response:
    with gate().entered() as network:
        return jsonify(network.handset(number).as_json())


@blueprint.put("/<number>")
def set_handset(number: str) -> Response:
    accepts = body().get("accepts_messages")
    if not isinstance(accepts, bool):
        raise Refused("accepts_messages is missing: give true or false")
    with gate().entered() as network:
        handset = network.handset(number)
        handset.accepts_messages = accepts
        return jsonify(handset.as_json())


@blueprint.post("/<number>/calls")
def dial(number: str) -> Response:
    given = body()
    plan = _plan(given["person"]) if given.get("person") else None
    withheld = _withheld(given.get("withheld", False))
    with gate().entered() as network:
        call = _do(lambda: network.handset(number).dial(text(given, "to"), withheld=withheld, plan=plan))
        return make_response(jsonify({"call": call.sid}), 201)


@blueprint.post("/<number>/answer")
def answer(number: str) -> Response:
    return _act(number, Handset.answer)


@blueprint.post("/<number>/reject")
def reject(number: str) -> Response:
    return _act(number, Handset.reject)


@blueprint.post("/<number>/hangup")
def hang_up(number: str) -> Response:
    return _act(number, Handset.hang_up)


@blueprint.post("/<number>/digits")
def press(number: str) -> Response:
    digits = text(body(), "digits")
    if set(digits) - set("0123456789*#"):
        raise Refused("digits may hold 0-9, * and # only")
    return _act(number, lambda handset: handset.press(digits))


@blueprint.post("/<number>/speech")
def speak(number: str) -> Response:
    spoken = text(body(), "text")
    return _act(number, lambda handset: handset.speak(spoken))


@blueprint.post("/<number>/messages")
def write(number: str) -> Response:
    given = body()
    to, words = normalise(text(given, "to")), text(given, "body")
    with gate().entered() as network:
        line = network.lines.get(network.aliases.get(to, to))
        if line is None:
            raise Refused(f"no line has the number {to}", 404)
        message = messages.receive(network, line, sender=normalise(number), body=words)
        return make_response(jsonify({"message": message.sid}), 201)


@blueprint.get("/<number>/person")
def read_person(number: str) -> Response:
    with gate().entered() as network:
        plan = network.handset(number).plan
    if plan is None:
        raise Refused("nobody is scripted at this handset", 404)
    return jsonify(plan.as_json())


@blueprint.put("/<number>/person")
def set_person(number: str) -> Response:
    plan = _plan(body())
    with gate().entered() as network:
        network.handset(number).plan = plan
    return jsonify(plan.as_json())


@blueprint.delete("/<number>/person")
def remove_person(number: str) -> Response:
    with gate().entered() as network:
        network.handset(number).plan = None
    return make_response("", 204)


def _act(number: str, action: Callable[[Handset], None]) -> Response:
    with gate().entered() as network:
        handset = network.handset(number)
        _do(lambda: action(handset))
        return jsonify(handset.as_json())


def _do(action: Callable[[], Result]) -> Result:
    try:
        return action()
    except Misdialled as error:
        raise Refused(str(error), 409) from None


def _withheld(given: object) -> str:
    if given is False:
        return ""
    if given is True:
        return WITHHELD
    if given == "digits":
        return WITHHELD_DIGITS
    raise Refused('withheld must be true, false, or "digits" for the caller id +266696687')


def _plan(given: object) -> PersonPlan:
    if not isinstance(given, dict):
        raise Refused("person must be a JSON object")
    try:
        return read_plan(given)
    except BadPerson as error:
        raise Refused(str(error)) from None
