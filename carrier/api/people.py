"""Many scripted people in one request, and the carrier's own ledger of the calls that it was asked to place."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify

from carrier.api.door import Refused, body, gate, text
from carrier.calls import Call
from carrier.hearing import stamp
from carrier.persons import BadPerson, PersonPlan, read_plan

blueprint = Blueprint("people", __name__)


@blueprint.put("/admin/people")
def script_people() -> Response:
    """Give every handset of a list its person; all of them, or none where one does not fit."""
    given = body().get("people")
    if not isinstance(given, list):
        raise Refused("people is missing: give a list of {number, person}")
    read = [_read(position, entry) for position, entry in enumerate(given)]
    with gate().entered() as network:
        for number, plan in read:
            network.handset(number).plan = plan
    return jsonify({"people": len(read)})


@blueprint.get("/truth/placed")
def list_placed() -> Response:
    """Every call that the account asked this carrier to place by REST, in that order."""
    with gate().entered() as network:
        return jsonify({"placed": [_placed(call) for call in network.calls.values() if _is_asked_for(call)]})


def _read(position: int, entry: object) -> tuple[str, PersonPlan]:
    if not isinstance(entry, dict) or not isinstance(person := entry.get("person"), dict):
        raise Refused(f"people[{position}] must be an object with number and person")
    try:
        return text(entry, "number"), read_plan(person)
    except (BadPerson, Refused) as error:
        raise Refused(f"people[{position}]: {error}") from None


def _is_asked_for(call: Call) -> bool:
    return call.route.direction == "outbound-api"


def _placed(call: Call) -> dict[str, object]:
    times = {name: stamp(call.times.get(name)) for name in ("created", "ringing", "answered", "ended")}
    return {"sid": call.sid, "to": call.route.to, "from": call.route.from_, "status": call.status, **times}
