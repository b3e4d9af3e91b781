"""Recordings of calls and conferences, and their sound (docs voice/api/recording)."""

from __future__ import annotations

from flask import Blueprint

from carrier.network import Network
from carrier.recordings import Recording
from carrier.rest import shapes
from carrier.rest.calls import find_call, recording_target
from carrier.rest.conferences import find_conference
from carrier.rest.door import Answer, resource
from carrier.rest.errors import RestError, gone
from carrier.rest.fields import Fields
from carrier.rest.pages import page

blueprint = Blueprint("recordings", __name__)
CURRENT = "Twilio.CURRENT"
TRACKS = ("inbound", "outbound", "both")


@resource(blueprint, "/Recordings.json", "GET")
def list_recordings(network: Network, fields: Fields) -> Answer:
    found = [
        recording
        for recording in reversed(network.recordings.values())
        if fields.text("CallSid") in ("", recording.call)
        and fields.text("ConferenceSid") in ("", recording.conference)
        and fields.in_time("DateCreated", recording.started)
    ]
    return page("recordings", found, shape=shapes.account_recording, sid=lambda recording: recording.sid), 200


@resource(blueprint, "/Recordings/<sid>.json", "GET")
def read_recording(network: Network, fields: Fields, sid: str) -> Answer:
    return shapes.account_recording(_find(network, sid)), 200


@resource(blueprint, "/Recordings/<sid>.json", "DELETE")
def delete_recording(network: Network, fields: Fields, sid: str) -> Answer:
    _find(network, sid).stop()
    del network.recordings[sid]
    return None, 204


@resource(blueprint, "/Recordings/<sid>.wav", "GET")
def read_sound(network: Network, fields: Fields, sid: str) -> Answer:
    recording = _find(network, sid)
    if recording.status != "completed":
        raise gone(f"the sound of recording {sid}, which is {recording.status}")
    return recording.as_wav(), 200


@resource(blueprint, "/Recordings/<sid>", "GET")
def read_plain_sound(network: Network, fields: Fields, sid: str) -> Answer:
    return read_sound(network, fields, sid)


@resource(blueprint, "/Calls/<call>/Recordings.json", "POST")
def start_recording(network: Network, fields: Fields, call: str) -> Answer:
    leg = find_call(network, call)
    if leg.status != "in-progress":
        raise RestError(21220, detail=f"call {call} is {leg.status}, so it cannot be recorded")
    channels = 2 if fields.text("RecordingChannels") == "dual" else 1
    track = fields.text("RecordingTrack", "both")
    if track not in TRACKS:
        raise RestError(20001, detail=f"RecordingTrack must be one of {', '.join(TRACKS)}")
    recording = network.record(leg, source="StartCallRecordingAPI", channels=channels, target=recording_target(fields))
    recording.track = track
    return shapes.call_recording(recording), 201


@resource(blueprint, "/Calls/<call>/Recordings.json", "GET")
def list_call_recordings(network: Network, fields: Fields, call: str) -> Answer:
    find_call(network, call)
    found = [recording for recording in reversed(network.recordings.values()) if recording.call == call]
    return page("recordings", found, shape=shapes.call_recording, sid=lambda recording: recording.sid), 200


@resource(blueprint, "/Calls/<call>/Recordings/<sid>.json", "GET")
def read_call_recording(network: Network, fields: Fields, call: str, sid: str) -> Answer:
    return shapes.call_recording(_find_of_call(network, call, sid)), 200


@resource(blueprint, "/Calls/<call>/Recordings/<sid>.json", "POST")
def update_call_recording(network: Network, fields: Fields, call: str, sid: str) -> Answer:
    recording = _find_of_call(network, call, sid)
    _change(recording, fields)
    return shapes.call_recording(recording), 200


@resource(blueprint, "/Calls/<call>/Recordings/<sid>.json", "DELETE")
def delete_call_recording(network: Network, fields: Fields, call: str, sid: str) -> Answer:
    recording = _find_of_call(network, call, sid)
    recording.stop()
    del network.recordings[recording.sid]
    return None, 204


@resource(blueprint, "/Conferences/<sid>/Recordings.json", "GET")
def list_conference_recordings(network: Network, fields: Fields, sid: str) -> Answer:
    room = find_conference(network, sid)
    found = [recording for recording in network.recordings.values() if recording.conference == room.sid]
    return page("recordings", found, shape=shapes.recording, sid=lambda recording: recording.sid), 200


def _change(recording: Recording, fields: Fields) -> None:
    status = fields.required("Status", 20001)
    match status:
        case "paused":
            recording.pause(fields.text("PauseBehavior", "silence"))
        case "in-progress":
            recording.resume()
        case "stopped":
            recording.stop()
        case _:
            raise RestError(20001, detail="Status must be paused, in-progress or stopped")


def _find(network: Network, sid: str) -> Recording:
    recording = network.recordings.get(sid)
    if recording is None:
        raise gone(f"recording {sid}")
    return recording


def _find_of_call(network: Network, call: str, sid: str) -> Recording:
    for recording in reversed(network.recordings.values()):
        running = recording.status in ("in-progress", "paused")
        if recording.call == call and (sid == recording.sid or (sid == CURRENT and running)):
            return recording
    raise gone(f"recording {sid} of call {call}")
