"""The carrier's web application over one network, in real or in virtual time."""

from __future__ import annotations

from flask import Flask, Response, jsonify, make_response
from werkzeug.exceptions import HTTPException

from carrier.aggregator import rest as aggregator
from carrier.api import admin, handsets, people, sdk, streams, voice
from carrier.api.door import Refused, refuse
from carrier.api.origins import only_from_here, share
from carrier.gate import Gate
from carrier.rest import calls, conferences, messages, numbers, participants, queues, recordings, transcriptions

_BLUEPRINTS = (
    calls.blueprint,
    messages.blueprint,
    queues.blueprint,
    conferences.blueprint,
    participants.blueprint,
    recordings.blueprint,
    transcriptions.blueprint,
    numbers.blueprint,
    aggregator.blueprint,
    handsets.blueprint,
    streams.blueprint,
    voice.blueprint,
    sdk.blueprint,
    admin.blueprint,
    people.blueprint,
)


def create_app(gate: Gate) -> Flask:
    """Return the WSGI app: Twilio's REST API, the aggregator's, the handset API and the phone page."""
    app = Flask("carrier", static_folder=None)
    app.json.sort_keys = False  # type: ignore[attr-defined]  # Flask's default provider has it
    app.extensions["gate"] = gate
    app.before_request(only_from_here)
    app.after_request(share)
    app.register_error_handler(Refused, refuse)
    app.register_error_handler(HTTPException, _as_json)
    for blueprint in _BLUEPRINTS:
        app.register_blueprint(blueprint)
    return app


def _as_json(error: HTTPException) -> Response:
    status = error.code or 500
    code = {404: 20404, 405: 20004}.get(status, 20001)
    more = f"https://www.twilio.com/docs/errors/{code}"
    refusal = {"code": code, "message": error.description, "more_info": more, "status": status}
    return make_response(jsonify(refusal), status)
