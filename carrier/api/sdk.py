"""The modules of the voice SDK, and the sound of recordings for the phone page, where people hear them played."""

from __future__ import annotations

from pathlib import Path

from flask import Blueprint, Response, make_response, send_from_directory

from carrier.api.door import Refused, gate

blueprint = Blueprint("sdk", __name__)
SDK = Path(__file__).resolve().parent.parent / "sdk"


@blueprint.get("/sdk/<path:name>")
def read_module(name: str) -> Response:
    return send_from_directory(SDK, name)


@blueprint.get("/sounds/<sid>")
def read_sound(sid: str) -> Response:
    """A recording as WAV; the page has no credentials for the REST API, where apps read it."""
    with gate().entered() as network:
        recording = network.recordings.get(sid)
        if recording is None or recording.ended is None:
            raise Refused(f"no recording {sid} is there to be heard", 404)
        sound = recording.as_wav()
    return make_response(sound, {"Content-Type": "audio/wav", "Cache-Control": "no-store"})
