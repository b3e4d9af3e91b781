"""Real-time transcriptions of a call: started and stopped, never read (docs voice/api/realtime-transcription)."""

from __future__ import annotations

from flask import Blueprint

from carrier.callbacks import CallbackTarget
from carrier.calls import Call
from carrier.network import Network
from carrier.rest import shapes
from carrier.rest.calls import find_call
from carrier.rest.door import Answer, resource
from carrier.rest.errors import RestError, gone
from carrier.rest.fields import Fields
from carrier.transcriptions import BOTH, INBOUND, OUTBOUND, Hearing, Transcription, transcribe

blueprint = Blueprint("transcriptions", __name__)


@resource(blueprint, "/Calls/<call>/Transcriptions.json", "POST")
def start_transcription(network: Network, fields: Fields, call: str) -> Answer:
    leg = find_call(network, call)
    if leg.status != "in-progress":
        raise RestError(21220, detail=f"call {call} is {leg.status}, so it cannot be transcribed")
    track = fields.text("Track", BOTH)
    if track not in (INBOUND, OUTBOUND, BOTH):
        raise RestError(20001, detail=f"Track must be {INBOUND}, {OUTBOUND} or {BOTH}")
    url = fields.url("StatusCallbackUrl")
    asked = Hearing(
        name=fields.text("Name"),
        track=track,
        language=fields.text("LanguageCode", "en-US"),
        partials=fields.flag("PartialResults", default=False),
        target=CallbackTarget(url, fields.method("StatusCallbackMethod")) if url else None,
    )
    return shapes.transcription(transcribe(leg, asked)), 200


@resource(blueprint, "/Calls/<call>/Transcriptions/<sid>.json", "POST")
def stop_transcription(network: Network, fields: Fields, call: str, sid: str) -> Answer:
    started = _find(find_call(network, call), sid)
    if fields.required("Status", 20001) != "stopped":
        raise RestError(20001, detail="Status must be stopped")
    started.stop()
    return shapes.transcription(started), 200


def _find(call: Call, sid: str) -> Transcription:
    """By sid, or a running one by its name."""
    for started in reversed(call.transcriptions):
        if sid == started.sid or (sid == started.asked.name and started.status == "in-progress"):
            return started
    raise gone(f"transcription {sid} of call {call.sid}")
